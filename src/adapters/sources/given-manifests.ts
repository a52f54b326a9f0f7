import { readdir, readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { GivenManifests, StoredManifest } from '../../domain/ports.ts';
import { recogniseDocument } from '../../iiif/presentation/given/recognise-document.ts';
import type { Json } from '../../lib/json.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { isFolderName } from './item-path.ts';
import { sortNaturally } from './natural-order.ts';
import { findPlace, findRoot, type Place, unlessAbsent } from './place.ts';

export interface GivenManifestLog {
  warn(message: string): void;
}

/** The manifest of a large newspaper. */
const LARGEST_BYTES = 64_000_000;
/** Parsed documents that are kept, by the bytes of their files. */
const KEPT_BYTES = 64_000_000;
const ENDING = '.json';

interface Reading {
  readonly state: string;
  /** Null where the file is none; a failure where it cannot be read as JSON. */
  readonly found: StoredManifest | Failure | null;
}

/**
 * Manifests and collections that somebody already has: JSON files in a folder, and below it, called by their paths without
 * the ending. Each question looks at the disk, so a changed file is seen at once. Of one with a mistake the log says where,
 * once for each state of the file.
 */
export function createGivenManifests(root: string, log: GivenManifestLog): GivenManifests {
  const realRoot = findRoot(root, 'manifest');
  const readings = new LRUCache<string, Reading>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ state }) => Number(state.split('-')[1]) + 1_000,
  });

  async function read(name: string, { file, stats }: Place): Promise<StoredManifest | Failure | null> {
    const state = `${stats.mtimeNs}-${stats.size}-${stats.ino}`;
    const known = readings.get(name);
    if (known?.state === state) return known.found;
    const found = await readManifest(name, file, Number(stats.size));
    if (found instanceof Failure) log.warn(found.message);
    if (found === null)
      log.warn(`${name}${ENDING}: it is no manifest and no collection of Presentation API 2.1 or 3.0, and is not served.`);
    readings.set(name, { state, found });
    return found;
  }

  async function find(name: string): Promise<StoredManifest | Failure | null> {
    if (!name.split('/').every(isFolderName)) return null;
    const place = await findPlace(realRoot, `${name}${ENDING}`);
    return place === null || !place.stats.isFile() ? null : read(name, place);
  }

  return {
    async find(name) {
      const found = await find(name);
      if (found instanceof Failure) throw found;
      return found;
    },
    async list(most) {
      const names = (await namesBelow(realRoot, '', most)).slice(0, most);
      const found = await Promise.all(names.map(find));
      return found.filter((each): each is StoredManifest => each !== null && !(each instanceof Failure));
    },
  };
}

async function namesBelow(root: string, folder: string, most: number): Promise<readonly string[]> {
  const place = await findPlace(root, folder);
  const entries = place === null ? null : await unlessAbsent(place.file, () => readdir(place.file, { withFileTypes: true }));
  const within = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const names: string[] = [];
  for (const name of await sortNaturally((entries ?? []).filter((entry) => isFolderName(entry.name)).map((entry) => entry.name))) {
    if (names.length >= most) break;
    const entry = entries?.find((each) => each.name === name);
    if (entry?.isDirectory()) names.push(...(await namesBelow(root, within(name), most - names.length)));
    else if (entry?.isFile() && name.endsWith(ENDING)) names.push(within(name.slice(0, -ENDING.length)));
  }
  return names;
}

async function readManifest(name: string, file: string, bytes: number): Promise<StoredManifest | Failure | null> {
  if (bytes > LARGEST_BYTES) return broken(`${name}${ENDING}: it is larger than ${LARGEST_BYTES} bytes, and is not served.`);
  const text = await unlessAbsent(file, () => readFile(file, 'utf8'));
  if (text === null) return null;
  try {
    const document = recogniseDocument(JSON.parse(text.replace(/^\uFEFF/, '')) as Json);
    return document === null ? null : { name, ...document };
  } catch (cause) {
    return broken(`${name}${ENDING}: it cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function broken(sentence: string, cause?: unknown): Failure {
  return new Failure(refuse('source.broken', 'The file of this manifest cannot be read.'), sentence, { cause });
}
