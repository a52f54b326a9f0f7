/** Large buffers that are used over and over: made anew for each request, they would keep the garbage collector busy. */
export interface Scratch {
  /** At least so many bytes, with whatever was in them. */
  take(bytes: number): Buffer;
  /** For a buffer that nobody reads any more, once. One that is not given back is only made anew. */
  giveBack(buffer: Buffer): void;
}

/** Sizes are rounded up to this, so that those of nearly the same size find each other's buffers. */
const STEP_BYTES = 1 << 16;
/** A larger one is left for those who need it. */
const MOST_TIMES_TOO_LARGE = 2;

/** Keeps up to `maxBytes` that nobody uses at the moment. */
export function createScratch(maxBytes: number): Scratch {
  const spare: Buffer[] = [];
  let spareBytes = 0;
  return {
    take(bytes) {
      const needed = Math.ceil(bytes / STEP_BYTES) * STEP_BYTES;
      const at = spare.findLastIndex(({ length }) => length >= needed && length <= needed * MOST_TIMES_TOO_LARGE);
      const [found] = at === -1 ? [] : spare.splice(at, 1);
      if (found === undefined) return Buffer.allocUnsafeSlow(needed);
      spareBytes -= found.length;
      return found;
    },
    giveBack(buffer) {
      if (buffer.length > maxBytes) return;
      while (spareBytes + buffer.length > maxBytes) spareBytes -= spare.shift()?.length ?? 0;
      spare.push(buffer);
      spareBytes += buffer.length;
    },
  };
}
