import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftBehind } from './claim.ts';
import { UNFINISHED } from './make-pyramid.ts';

interface Kept {
  readonly file: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** Removes those that were used least recently until all together are within the bound. `spared` stays, where it fits alone. */
export async function keepWithin(folder: string, maxBytes: number, spared: string): Promise<void> {
  const kept = await list(folder);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const rank = ({ file, usedAt }: Kept) => (file === spared ? Number.POSITIVE_INFINITY : usedAt);
  for (const each of kept.toSorted((a, b) => rank(a) - rank(b))) {
    if (total <= maxBytes) return;
    await rm(each.file, { force: true });
    total -= each.bytes;
  }
}

/** Removes what makers left behind that were killed. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const unfinished = join(folder, name);
    if (await isLeftBehind(unfinished)) await rm(unfinished, { recursive: true, force: true });
  }
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
