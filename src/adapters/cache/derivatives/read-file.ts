import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A use is written down at most this often. */
const USE_MINUTES = 10;

/** A plain file as a whole, and a note that it was used; null for what is no plain file, or longer than `most`. */
export async function readAndNote(file: string, most: number): Promise<Uint8Array | null> {
  return withPlainFile(file, async (handle, { size, mtimeMs }) => {
    if (size > most) return null;
    const bytes = await readFrom(handle, size);
    const now = Date.now();
    // The disk may be read-only by now, and the reader need not know.
    if (now - mtimeMs > USE_MINUTES * 60_000) await handle.utimes(now / 1000, now / 1000).catch(() => {});
    return bytes;
  });
}

/** The first `most` bytes of a plain file; null for what is no plain file. */
export async function readBeginning(file: string, most: number): Promise<Uint8Array | null> {
  return withPlainFile(file, (handle, { size }) => readFrom(handle, Math.min(size, most)));
}

type Work = (handle: FileHandle, stats: { readonly size: number; readonly mtimeMs: number }) => Promise<Uint8Array | null>;

/** No link leads out of the folder, and a pipe keeps nobody waiting. */
async function withPlainFile(file: string, work: Work): Promise<Uint8Array | null> {
  const handle = await openOrNull(file);
  if (handle === null) return null;
  try {
    const stats = await handle.stat();
    return stats.isFile() ? await work(handle, stats) : null;
  } finally {
    await handle.close();
  }
}

async function openOrNull(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return null;
    throw error;
  }
}

/** Fewer than `length` where the file ends before. */
async function readFrom(handle: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
