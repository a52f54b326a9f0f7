import { LRUCache } from 'lru-cache';
import type { ByteSource } from './read-bytes.ts';

/** A viewer asks for tiles that lie side by side: the bytes around one are those of the next. */
export const BLOCK_BYTES = 64 * 1024;
/** Reads of more than this go past the blocks. */
const MOST_BYTES = BLOCK_BYTES / 2;

export interface BlockReads {
  /** The same bytes, of which small reads are served from blocks that are kept for a while. What is read is not to be changed. */
  over(bytes: ByteSource): ByteSource;
  clear(): void;
}

/** Blocks of any number of files, so many bytes at most. */
export function createBlockReads(maxBytes: number): BlockReads {
  const blocks = new LRUCache<string, Promise<Uint8Array>>({ max: Math.max(1, Math.floor(maxBytes / BLOCK_BYTES)) });
  let files = 0;

  function readBlock(bytes: ByteSource, file: number, block: number): Promise<Uint8Array> {
    const key = `${file} ${block}`;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    const at = block * BLOCK_BYTES;
    const reading = bytes.read(at, Math.min(BLOCK_BYTES, bytes.size - at));
    blocks.set(key, reading);
    reading.catch(() => blocks.delete(key));
    return reading;
  }

  return {
    over(bytes) {
      files += 1;
      const file = files;
      return {
        size: bytes.size,
        async read(offset, length) {
          if (length === 0 || length > MOST_BYTES || offset < 0 || offset + length > bytes.size) return bytes.read(offset, length);
          const first = Math.floor(offset / BLOCK_BYTES);
          const last = Math.floor((offset + length - 1) / BLOCK_BYTES);
          const start = offset - first * BLOCK_BYTES;
          if (first === last) return (await readBlock(bytes, file, first)).subarray(start, start + length);
          const [head, tail] = await Promise.all([readBlock(bytes, file, first), readBlock(bytes, file, last)]);
          const whole = new Uint8Array(length);
          whole.set(head.subarray(start));
          whole.set(tail.subarray(0, length - (BLOCK_BYTES - start)), BLOCK_BYTES - start);
          return whole;
        },
      };
    },
    clear: () => blocks.clear(),
  };
}
