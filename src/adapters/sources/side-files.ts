import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { parseSideFile } from '../../config/side-file.ts';
import type { CatalogueEntry } from '../../domain/catalogue.ts';
import type { Catalogue } from '../../domain/ports.ts';
import { parseFolderPath, parseItemPath } from './item-path.ts';
import { findPlace, findRoot, type Place, unlessAbsent } from './place.ts';

export interface SideFileLog {
  warn(message: string): void;
}

/** A side file is a few lines; a large one is something else. */
const LARGEST_BYTES = 256_000;
/** Kept over all folders; a folder of a few hundred pages is asked for at once. */
const MAX_ENTRIES = 20_000;

interface Reading {
  readonly state: string;
  readonly entry: CatalogueEntry | null;
}

/**
 * Side files: `letter.jpg.meta.yaml` is about the picture beside it, `meta.yaml` about its folder. Each question looks at
 * the disk, so a changed file is seen at once. One with mistakes counts as none, and the log names them, once for each state
 * of the file.
 */
export function createSideFiles(root: string, log: SideFileLog): Catalogue {
  const realRoot = findRoot(root);
  const readings = new LRUCache<string, Reading>({ max: MAX_ENTRIES });

  async function read(file: string, { stats, file: place }: Place): Promise<CatalogueEntry | null> {
    const state = `${stats.ino}-${stats.mtimeNs}-${stats.size}`;
    const known = readings.get(file);
    if (known?.state === state) return known.entry;
    const entry = await readEntry(place, file, Number(stats.size), log);
    readings.set(file, { state, entry });
    return entry;
  }

  return {
    async find(path) {
      const file = sideFileOf(path);
      const place = file === null ? null : await findPlace(realRoot, file);
      return file === null || place === null || !place.stats.isFile() ? null : read(file, place);
    },
  };
}

/** Null for what is neither a picture nor a folder by its name. */
function sideFileOf(path: string): string | null {
  if (path === '') return 'meta.yaml';
  if (parseItemPath(path)?.page === 1) return `${path}.meta.yaml`;
  return parseFolderPath(path) === null ? null : `${path}/meta.yaml`;
}

async function readEntry(place: string, file: string, bytes: number, log: SideFileLog): Promise<CatalogueEntry | null> {
  if (bytes > LARGEST_BYTES) {
    log.warn(`${file}: it is larger than ${LARGEST_BYTES} bytes, and is left out.`);
    return null;
  }
  const text = await unlessAbsent(place, () => readFile(place, 'utf8'));
  const result = text === null ? null : parseSideFile(text, file);
  if (result?.ok) return result.entry;
  for (const { line, column, sentence } of result?.mistakes ?? []) log.warn(`${file}:${line}:${column}: ${sentence}`);
  return null;
}
