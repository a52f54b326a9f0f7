import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDERS, isFileName, UNFINISHED } from './file-names.ts';

/** A file that nobody finished in this time is of a process that ended. */
const UNFINISHED_MINUTES = 10;
/** Asked of the disk at once, so that readers who wait for bytes are not behind a thousand questions. */
const AT_ONCE = 8;
/** What a file takes on disk is rounded up, and its name takes some too. */
const BLOCK_BYTES = 4096;

export interface KeptFile {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly usedAt: number;
}

export function bytesOnDisk(bytes: number): number {
  return (Math.floor(bytes / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}

/** Every derivative below the folder. What is none, and what was left half-written, is removed on the way. */
export async function findKept(root: string, now: number): Promise<readonly KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const folder of FOLDERS) {
    const names = await namesIn(join(root, folder));
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const found = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => look(join(root, folder), name, now)));
      kept.push(...found.filter((file) => file !== null));
    }
  }
  return kept;
}

/** Removes what was used the longest ago, until no more than so many bytes are left. */
export async function removeOldest(kept: readonly KeptFile[], mostBytes: number): Promise<void> {
  let bytes = kept.reduce((all, file) => all + file.bytes, 0);
  for (const oldest of kept.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= mostBytes) return;
    await rm(oldest.file, { recursive: true, force: true });
    bytes -= oldest.bytes;
  }
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function look(folder: string, name: string, now: number): Promise<KeptFile | null> {
  const file = join(folder, name);
  const stats = await lstat(file).catch(() => null);
  if (stats === null) return null;
  if (stats.isFile() && isFileName(name)) return { file, bytes: bytesOnDisk(stats.size), usedAt: stats.mtimeMs };
  const isBeingWritten = name.startsWith(UNFINISHED) && now - stats.mtimeMs < UNFINISHED_MINUTES * 60_000;
  if (!isBeingWritten) await rm(file, { recursive: true, force: true });
  return null;
}
