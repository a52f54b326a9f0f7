import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a file by position. */
export interface FileReader {
  readonly size: number;
  /** As many as there are, up to `length`; a view of them, to read numbers from. */
  read(offset: number, length: number): Promise<DataView>;
}

/** Headers lie close together, so one read of this many bytes serves most of them. */
const CHUNK_BYTES = 16 * 1024;
/** A file made to be walked through for ever is left. */
const MOST_READS = 500;

/** Opens the file for the time of `use`. Rejects where it asks for more than a description can need. */
export async function withFile<T>(file: string, use: (reader: FileReader) => Promise<T>): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await use(readerOf((await handle.stat()).size, (offset, length) => readAt(handle, offset, length)));
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const room = new Uint8Array(length);
  const { bytesRead } = await handle.read(room, 0, length, offset);
  return room.subarray(0, bytesRead);
}

/** `readBytes` is never asked for bytes beyond the end. */
export function readerOf(size: number, readBytes: (offset: number, length: number) => Promise<Uint8Array>): FileReader {
  let chunk = new Uint8Array(0);
  let chunkAt = 0;
  let reads = 0;
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (offset < chunkAt || offset + wanted > chunkAt + chunk.length) {
        reads += 1;
        if (reads > MOST_READS) throw new Error(`more than ${MOST_READS} reads for a description`);
        chunk = new Uint8Array(await readBytes(offset, Math.max(0, Math.min(Math.max(wanted, CHUNK_BYTES), size - offset))));
        chunkAt = offset;
      }
      const from = offset - chunkAt;
      const found = chunk.subarray(from, from + wanted);
      return new DataView(found.buffer, found.byteOffset, found.byteLength);
    },
  };
}

/** Letters at a place; what is not there is left out. */
export function lettersAt(view: DataView, offset: number, length: number): string {
  const end = Math.min(offset + length, view.byteLength);
  return end <= offset ? '' : String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, end - offset));
}
