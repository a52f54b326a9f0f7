import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createPyramidStore } from '../adapters/imaging/pyramid/pyramid-store.ts';
import type { PyramidTask } from '../adapters/imaging/pyramid/pyramid-task.ts';
import { removeUnfinished } from '../adapters/imaging/pyramid/tidy-pyramids.ts';
import { sourceKey } from '../adapters/imaging/source-key.ts';
import type { Options } from '../config/options.ts';
import type { Item } from '../domain/item.ts';
import { pyramidFolder, pyramidRecipe } from './pyramids.ts';

/** Where the pyramid of a page goes, and what it has to keep to. */
export type PyramidPlace = Pick<PyramidTask, 'file' | 'within' | 'bound' | 'always'>;

export interface PyramidPlaces {
  /** A sentence where there can be none. The folder is there then. */
  placeOf(item: Item): Promise<PyramidPlace | string>;
  /** Whether it is there already, and of the file as it is now. */
  isThere(item: Item, place: PyramidPlace): Promise<boolean>;
}

/** In the data folder, where the server reads them. None goes that was used since `now`, or made. */
export async function placesInStore(options: Options, now: Date): Promise<PyramidPlaces> {
  const folder = pyramidFolder(options);
  const store = createPyramidStore(folder, pyramidRecipe(options));
  const bound = { maxBytes: options.pyramidDiskMegabytes * 1_000_000, unusedSince: now.getTime() };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeUnfinished(folder);
  return {
    placeOf: async (item) => ({ file: await store.prepare(sourceKey(item)), within: folder, bound, always: false }),
    async isThere(item) {
      const key = sourceKey(item);
      const source = await store.find(key);
      if (source !== null) store.noteUse(key, source);
      return source !== null;
    },
  };
}

/** In a folder of its own, under the names of the sources. */
export function placesOutside(out: string): PyramidPlaces {
  const taken = new Map<string, string>();
  const cleared = new Set<string>();
  return {
    async placeOf(item) {
      const file = join(out, nameOf(item));
      const other = taken.get(file) ?? item.identifier;
      if (other !== item.identifier) return `its pyramid would have the name of that of ${other}`;
      taken.set(file, item.identifier);
      const within = dirname(file);
      await mkdir(within, { recursive: true });
      if (!cleared.has(within)) await removeUnfinished(within);
      cleared.add(within);
      return { file, within, bound: null, always: true };
    },
    async isThere({ source }, { file }) {
      const stats = await stat(file).catch(() => null);
      return stats !== null && stats.mtimeMs >= Math.floor(source.modified.getTime() / 1000) * 1000;
    },
  };
}

/** `maps/world.png` -> `maps/world.tif`, page 2 of `book.tif` -> `book-2.tif` */
function nameOf({ path, page }: Item): string {
  const withoutEnding = path.replace(/\.[^./]+$/, '');
  return `${withoutEnding}${page === 1 ? '' : `-${page}`}.tif`;
}
