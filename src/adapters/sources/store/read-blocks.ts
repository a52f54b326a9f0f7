import { LRUCache } from 'lru-cache';
import type { Source } from '../../../domain/item.ts';

/** Tiles that a viewer asks for together often lie side by side. */
const BLOCK_BYTES = 256 * 1024;
/** What is longer is read as it is, and not kept. */
const MOST_BLOCKS = 16;

type ReadRange = (source: Source, start: number, length: number) => Promise<Uint8Array>;

export interface BlockReader {
  readonly read: ReadRange;
  /** Forgets the blocks of these files. */
  forget(isMeant: (file: string) => boolean): void;
}

/** Reads ranges in blocks that are kept in memory, `maxBytes` at most; one request for whoever wants the same. */
export function createBlockReader(maxBytes: number, readRange: ReadRange): BlockReader {
  const blocks = new LRUCache<string, Promise<Uint8Array>>({ maxSize: maxBytes, sizeCalculation: () => BLOCK_BYTES });

  /** Those from `first` to `last` that are not kept, in one request for each run of them. */
  function blocksOf(source: Source, first: number, last: number): ReadonlyArray<Promise<Uint8Array>> {
    const keyOf = (index: number) => `${source.file}\n${source.version}\n${index}`;
    for (let index = first; index <= last; index++) {
      if (blocks.has(keyOf(index))) continue;
      let end = index;
      while (end < last && !blocks.has(keyOf(end + 1))) end += 1;
      const start = index * BLOCK_BYTES;
      const run = readRange(source, start, Math.min(source.bytes, (end + 1) * BLOCK_BYTES) - start);
      for (let each = index; each <= end; each++) keep(keyOf(each), run, (each - index) * BLOCK_BYTES);
      index = end;
    }
    return Array.from({ length: last - first + 1 }, (_, i) => blocks.get(keyOf(first + i)) ?? Promise.reject(new Error('A block is gone')));
  }

  function keep(key: string, run: Promise<Uint8Array>, at: number): void {
    const block = run.then((bytes) => bytes.slice(at, at + BLOCK_BYTES));
    blocks.set(key, block);
    block.catch(() => {
      if (blocks.peek(key) === block) blocks.delete(key);
    });
  }

  async function read(source: Source, start: number, length: number): Promise<Uint8Array> {
    const [first, last] = [Math.floor(start / BLOCK_BYTES), Math.floor((start + length - 1) / BLOCK_BYTES)];
    if (length === 0) return new Uint8Array(0);
    if (last - first >= MOST_BLOCKS) return readRange(source, start, length);
    const parts = await Promise.all(blocksOf(source, first, last));
    const [only] = parts;
    const from = start - first * BLOCK_BYTES;
    if (parts.length === 1 && only !== undefined) return only.subarray(from, from + length);
    return new Uint8Array(Buffer.concat(parts).subarray(from, from + length));
  }

  return {
    read,
    forget(isMeant) {
      for (const key of [...blocks.keys()]) if (isMeant(key.slice(0, key.indexOf('\n')))) blocks.delete(key);
    },
  };
}
