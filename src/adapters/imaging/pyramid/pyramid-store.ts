import { hash } from 'node:crypto';
import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { isPurged, type Purge } from '../../../domain/derivative.ts';
import type { Source } from '../../../domain/item.ts';
import { marksOf } from '../../../lib/path-marks.ts';
import { type Settling, settling } from '../../../lib/settling.ts';
import { pathInKey } from '../source-key.ts';
import type { TileCoding } from './encode-tiles.ts';
import { purgePyramids } from './tidy-pyramids.ts';

/** Everything that changes the pixels of a pyramid, beside its source. */
export interface PyramidRecipe extends TileCoding {
  readonly colour: 'srgb' | 'keep-profile';
}

/** Pyramids kept in a folder under keys of sources, each a file with a name made of its source's version: a changed source never finds its old one. */
export interface PyramidStore {
  find(key: string): Promise<Source | null>;
  /** What `find` found; undefined where it has to look. */
  recall(key: string): Source | null | undefined;
  /** The name under which it is to be made; the folder is there. */
  prepare(key: string): Promise<string>;
  /** Another process may have made it: the next question goes to the disk. */
  look(key: string): void;
  /** It was read: it goes later than those that nobody reads. */
  noteUse(key: string, source: Source): void;
  remove(key: string): Promise<void>;
  /** Of whatever versions. Tells how many went. */
  purge(purge: Purge): Promise<number>;
}

/** Raised when pyramids are made in another way, so that the old ones are not read any more. */
const GENERATION = 1;

const MOST_KEYS = 20_000;
/** Another process may make one: so long it may be overlooked. */
const ABSENT_MILLISECONDS = 2_000;
/** The time of the last use is exact to this. */
const USE_MILLISECONDS = 30 * 60_000;

export function createPyramidStore(folder: string, recipe: PyramidRecipe): PyramidStore {
  const found = new LRUCache<string, Settling<Source | null>>({ max: MOST_KEYS });
  const used = new LRUCache<string, true>({ max: MOST_KEYS, ttl: USE_MILLISECONDS });
  const fileOf = (key: string) => pyramidFile(folder, nameOf(key, recipe));

  return {
    find(key) {
      const known = found.get(key);
      if (known !== undefined) return known.promise;
      const looking = settling(lookUp(fileOf(key)));
      found.set(key, looking);
      looking.promise.then((source) => {
        if (source === null && found.peek(key) === looking) found.set(key, looking, { ttl: ABSENT_MILLISECONDS });
      });
      return looking.promise;
    },
    recall: (key) => found.get(key)?.value,
    async prepare(key) {
      const file = fileOf(key);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      return file;
    },
    look: (key) => void found.delete(key),
    noteUse(key, { file, modified }) {
      if (used.has(key)) return;
      used.set(key, true);
      // The time of access counts; that of the last change tells whether it is still the same file.
      utimes(file, new Date(), modified).catch(() => found.delete(key));
    },
    async remove(key) {
      // Gone from now on, and not when the disk has done it.
      found.set(key, settling(Promise.resolve(null)), { ttl: ABSENT_MILLISECONDS });
      await rm(fileOf(key), { force: true });
    },
    async purge(purge) {
      const gone = await purgePyramids(folder, purge);
      for (const key of [...found.keys()]) if (isPurged(purge, { item: pathInKey(key) })) found.delete(key);
      return gone;
    },
  };
}

function nameOf(key: string, { quality, subsampling, colour }: PyramidRecipe): string {
  const parts = [GENERATION, key, quality, subsampling, colour];
  return `${marksOf(pathInKey(key))}${hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)}`;
}

/** In folders by the first two characters: file systems and people are slow with a hundred thousand names in one. */
function pyramidFile(folder: string, name: string): string {
  return join(folder, `p${name.slice(0, 2)}`, `${name}.tif`);
}

/** What cannot be asked for is not there: the source can still be read. */
async function lookUp(file: string): Promise<Source | null> {
  const stats = await stat(file, { bigint: true }).catch(() => null);
  return stats === null ? null : { file, bytes: Number(stats.size), modified: stats.mtime, version: basename(file) };
}
