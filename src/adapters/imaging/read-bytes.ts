import { type FileHandle, open } from 'node:fs/promises';

/** Bytes by position. A read past the end rejects with `TruncatedError`. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export class TruncatedError extends Error {
  override readonly name = 'TruncatedError';
}

/** Headers lie close together, so one read of this many bytes serves most of them. */
const CHUNK_BYTES = 64 * 1024;

/** Opens the file for the time of `use`. Small reads are served from the last chunk. */
export async function withBytes<T>(file: string, use: (bytes: ByteSource) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await use(await readerOf(handle));
  } finally {
    await handle.close();
  }
}

async function readerOf(handle: FileHandle): Promise<ByteSource> {
  const { size } = await handle.stat();
  let chunk = new Uint8Array(0);
  let chunkAt = 0;
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) throw new TruncatedError(`${length} bytes at ${offset} of ${size}`);
      if (offset < chunkAt || offset + length > chunkAt + chunk.length) {
        chunk = await readFully(handle, offset, Math.min(Math.max(length, CHUNK_BYTES), size - offset));
        chunkAt = offset;
      }
      return chunk.subarray(offset - chunkAt, offset - chunkAt + length);
    },
  };
}

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new TruncatedError('The file became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

/** The same over bytes in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new TruncatedError(`${length} bytes at ${offset}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}
