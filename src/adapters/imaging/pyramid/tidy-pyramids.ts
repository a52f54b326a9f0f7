import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Purge } from '../../../domain/derivative.ts';
import { isMarked } from '../../../lib/path-marks.ts';
import { isLeftBehind } from './claim.ts';
import { UNFINISHED } from './make-pyramid.ts';
import type { PyramidBound } from './pyramid-task.ts';

interface Kept {
  readonly file: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/**
 * Removes those that were used least recently until all together are within the bound. Where that is not enough, the one
 * that was just `made` goes as well. Answers whether it stays.
 */
export async function keepWithin(folder: string, { maxBytes, unusedSince }: PyramidBound, made: string): Promise<boolean> {
  const kept = await list(folder);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const others = kept.filter(({ file, usedAt }) => file !== made && usedAt < unusedSince);
  for (const each of others.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) return true;
    await rm(each.file, { force: true });
    total -= each.bytes;
  }
  if (total <= maxBytes) return true;
  await rm(made, { force: true });
  return false;
}

/** Removes what makers left behind that were killed. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const unfinished = join(folder, name);
    if (await isLeftBehind(unfinished)) await rm(unfinished, { recursive: true, force: true });
  }
}

/** Removes those of these items, of all versions. Tells how many they were. */
export async function purgePyramids(folder: string, purge: Purge): Promise<number> {
  const meant = (await list(folder)).filter(({ file }) => isMarked(basename(file), purge));
  for (const { file } of meant) await rm(file, { force: true });
  return meant.length;
}

/** How many there are, and their bytes. */
export async function countPyramids(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const kept = await list(folder);
  return { files: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function list(folder: string): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const name of await namesIn(folder)) {
    if (name.startsWith('.')) continue;
    for (const file of await namesIn(join(folder, name))) {
      const stats = await stat(join(folder, name, file)).catch(() => null);
      if (stats !== null) kept.push({ file: join(folder, name, file), bytes: stats.size, usedAt: stats.atimeMs });
    }
  }
  return kept;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
