import { hash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import PQueue from 'p-queue';
import type { Purge } from '../../../domain/derivative.ts';
import type { Source } from '../../../domain/item.ts';
import { isMarked, marksOf } from '../../../lib/path-marks.ts';
import { Failure, refuse } from '../../../lib/problems.ts';

/** Sources brought here whole, in a folder that is bounded. Several processes may share it. */
export interface KeptCopies {
  borrow<T>(source: Source, use: (file: string) => Promise<T>): Promise<T>;
  /** What is lent goes when it is given back. Tells how many go. */
  purge(purge: Purge): Promise<number>;
}

export interface KeptCopiesOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** Path of the item behind a source, by the name of its file. */
  readonly pathOf: (file: string) => string;
  readonly stream: (source: Source, start: number, length: number) => AsyncIterable<Uint8Array>;
}

/** At once; more would only share the line. */
const MOST_DOWNLOADS = 4;
const PART = '.part';
/** Nobody is still writing to such a file. */
const LEFT_AFTER_MILLISECONDS = 3_600_000;
/** What was just lent is not removed: who has its name may not have opened it yet. */
const LENT_MILLISECONDS = 60_000;
/** Its own name of a file goes to programs that look at endings. */
const ENDING = /^\.[a-z0-9]{1,5}$/;

export function createKeptCopies({ folder, maxBytes, pathOf, stream }: KeptCopiesOptions): KeptCopies {
  const downloads = new PQueue({ concurrency: MOST_DOWNLOADS });
  const underWay = new Map<string, Promise<void>>();
  const lent = new Map<string, number>();
  /** Of those: they are to go. */
  const purged = new Set<string>();

  function bring(source: Source, file: string): Promise<void> {
    const begun = underWay.get(file);
    if (begun !== undefined) return begun;
    const bringing = downloads.add(() => download(source, file)).finally(() => underWay.delete(file));
    underWay.set(file, bringing);
    return bringing;
  }

  async function download(source: Source, file: string): Promise<void> {
    // Locked ones too: for the account that runs this program only.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await makeRoom(source.bytes);
    const part = `${file}.${randomUUID()}${PART}`;
    try {
      const to = await open(part, 'wx');
      try {
        for await (const bytes of stream(source, 0, source.bytes)) await to.writeFile(bytes);
      } finally {
        await to.close();
      }
      await utimes(part, new Date(), source.modified);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** The least recently used ones go, and what a process that has ended left half done. */
  async function makeRoom(bytes: number): Promise<void> {
    const now = Date.now();
    const files = (await Promise.all((await readdir(folder)).map((name) => describe(join(folder, name))))).filter((each) => each !== null);
    const isLeft = (each: KeptFile) => each.name.endsWith(PART) && now - each.usedAt > LEFT_AFTER_MILLISECONDS;
    await Promise.all(files.filter(isLeft).map(({ name }) => rm(name, { force: true })));
    const copies = files.filter((each) => !isLeft(each)).sort((a, b) => a.usedAt - b.usedAt);
    let total = copies.reduce((sum, each) => sum + each.bytes, bytes);
    for (const { name, bytes: freed, usedAt } of copies) {
      if (total <= maxBytes) return;
      if (name.endsWith(PART) || lent.has(name) || now - usedAt < LENT_MILLISECONDS) continue;
      await rm(name, { force: true });
      total -= freed;
    }
  }

  async function giveBack(file: string): Promise<void> {
    const users = (lent.get(file) ?? 1) - 1;
    if (users > 0) {
      lent.set(file, users);
      return;
    }
    lent.delete(file);
    if (purged.delete(file)) await rm(file, { force: true });
  }

  return {
    async borrow(source, use) {
      if (source.bytes > maxBytes) throw tooLarge(source, maxBytes);
      const file = join(folder, nameOf(source, pathOf(source.file)));
      lent.set(file, (lent.get(file) ?? 0) + 1);
      try {
        if (!(await isWhole(file, source.bytes))) await bring(source, file);
        return await use(file);
      } finally {
        await giveBack(file);
      }
    },

    purge(purge) {
      for (const file of lent.keys()) if (isMarked(basename(file), purge)) purged.add(file);
      return purgeCopies(folder, purge, lent);
    },
  };
}

/** Removes those of these items, but not what is lent. Tells how many there were. What is being brought is for the process that brings it. */
export async function purgeCopies(folder: string, purge: Purge, lent: ReadonlyMap<string, number> = new Map()): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const meant = names.filter((name) => !name.endsWith(PART) && isMarked(name, purge)).map((name) => join(folder, name));
  for (const file of meant) if (!lent.has(file)) await rm(file, { force: true });
  return meant.length;
}

/** How many there are, and their bytes. */
export async function countCopies(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith(PART));
  const copies = (await Promise.all(names.map((name) => describe(join(folder, name))))).filter((each) => each !== null);
  return { files: copies.length, bytes: copies.reduce((sum, { bytes }) => sum + bytes, 0) };
}

interface KeptFile {
  readonly name: string;
  readonly bytes: number;
  /** The time of the last access is set by hand: many file systems do not keep it. */
  readonly usedAt: number;
  readonly modified: Date;
}

/** Null where another process has removed it. */
async function describe(name: string): Promise<KeptFile | null> {
  const stats = await stat(name).catch(() => null);
  return stats === null || !stats.isFile() ? null : { name, bytes: stats.size, usedAt: stats.atimeMs, modified: stats.mtime };
}

/** And says that it is used. */
async function isWhole(file: string, bytes: number): Promise<boolean> {
  const kept = await describe(file);
  if (kept === null || kept.bytes !== bytes) return false;
  const now = new Date();
  if (now.getTime() - kept.usedAt > LENT_MILLISECONDS / 2) await utimes(file, now, kept.modified).catch(() => {});
  return true;
}

/** Of other bytes another name. */
function nameOf({ file, version }: Source, path: string): string {
  const ending = extname(file).toLowerCase();
  return `${marksOf(path)}${hash('sha256', `${file}\n${version}`, 'hex').slice(0, 40)}${ENDING.test(ending) ? ending : ''}`;
}

function tooLarge({ file, bytes }: Source, maxBytes: number): Failure {
  const sentence = 'The file behind this item is larger than this server brings here. As a tiled TIFF it could be read in parts.';
  return new Failure(refuse('source.too-large', sentence), `${file}: ${bytes} bytes, of at most ${maxBytes}`);
}
