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
  const read = createSideFileReader(log);
  return {
    async find(path) {
      const file = sideFileOf(path);
      const place = file === null ? null : await findPlace(realRoot, file);
      if (file === null || place === null || !place.stats.isFile()) return null;
      return read(file, stateOf(place), () => unlessAbsent(place.file, () => readFile(place.file, 'utf8')));
    },
  };
}

function stateOf({ stats }: Place): SideFileState {
  return { version: `${stats.ino}-${stats.mtimeNs}-${stats.size}`, bytes: Number(stats.size) };
}

export interface SideFileState {
  readonly version: string;
  readonly bytes: number;
}

/** Reads side files, whatever keeps them, each state of one once. `readText` may find that it has gone. */
export function createSideFileReader(log: SideFileLog) {
  const readings = new LRUCache<string, Reading>({ max: MAX_ENTRIES });
  return async (file: string, state: SideFileState, readText: () => Promise<string | null>): Promise<CatalogueEntry | null> => {
    const known = readings.get(file);
    if (known?.state === state.version) return known.entry;
    const entry = await readEntry(file, state.bytes, readText, log);
    readings.set(file, { state: state.version, entry });
    return entry;
  };
}

/** Null for what is neither a picture nor a folder by its name. */
export function sideFileOf(path: string): string | null {
  if (path === '') return 'meta.yaml';
  if (parseItemPath(path)?.page === 1) return `${path}.meta.yaml`;
  return parseFolderPath(path) === null ? null : `${path}/meta.yaml`;
}

async function readEntry(
  file: string,
  bytes: number,
  readText: () => Promise<string | null>,
  log: SideFileLog,
): Promise<CatalogueEntry | null> {
  if (bytes > LARGEST_BYTES) {
    log.warn(`${file}: it is larger than ${LARGEST_BYTES} bytes, and is left out.`);
    return null;
  }
  const text = await readText();
  const result = text === null ? null : parseSideFile(text, file);
  if (result?.ok) return result.entry;
  for (const { line, column, sentence } of result?.mistakes ?? []) log.warn(`${file}:${line}:${column}: ${sentence}`);
  return null;
}
