import type { BigIntStats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { belongsToStreams } from '../../domain/media-types.ts';
import type { FolderNames } from './folder-names.ts';
import { isFolderName, isPlaylistName, mediaTypeOfName } from './item-path.ts';
import type { KeptListings } from './kept-listings.ts';
import { sortNaturally } from './natural-order.ts';

interface Reading {
  /** Of the folder that was read; another state of it has another. */
  readonly state: string;
  /** When the reading began. */
  readonly at: number;
  /** Whether a later change must show in the folder's time. */
  readonly settled: boolean;
  readonly names: FolderNames;
}

/** Kept over all folders; some 100 bytes each. */
const MAX_NAMES = 1_000_000;

/** File systems count time in steps, of up to two seconds: a change within the same step as another leaves no trace. */
const SETTLED_AFTER_MILLISECONDS = 2_000;

/** Reads folders, and keeps what it read as long as the folder has not changed. */
export function createFolderReader(
  memoMilliseconds: number,
  kept: KeptListings | null = null,
): (folder: string, stats: BigIntStats) => Promise<FolderNames> {
  const readings = new LRUCache<string, Reading>({
    maxSize: MAX_NAMES,
    sizeCalculation: ({ names }) => 1 + names.folders.length + names.items.length + names.playlists.length,
  });
  const underWay = new Map<string, Promise<FolderNames>>();

  async function read(folder: string, state: string, changedAt: number): Promise<FolderNames> {
    const at = Date.now();
    const settled = at - changedAt > SETTLED_AFTER_MILLISECONDS;
    const known = settled ? await kept?.find(folder, state) : null;
    const names = known ?? (await readNames(folder));
    readings.set(folder, { state, at, settled, names });
    if (settled && known === null) void kept?.keep(folder, state, names);
    return names;
  }

  return (folder, stats) => {
    const state = `${stats.ino}-${stats.mtimeNs}`;
    const reading = readings.get(folder);
    if (reading?.state === state && (reading.settled || Date.now() - reading.at < memoMilliseconds)) return Promise.resolve(reading.names);

    const key = `${state} ${folder}`;
    const begun = underWay.get(key);
    if (begun !== undefined) return begun;
    const names = read(folder, state, Number(stats.mtimeMs)).finally(() => underWay.delete(key));
    underWay.set(key, names);
    return names;
  };
}

async function readNames(folder: string): Promise<FolderNames> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const files = entries.filter((entry) => entry.isFile());
  return toFolderNames(
    folders.map((entry) => entry.name),
    files.map((entry) => entry.name),
  );
}

/** Without what is neither folder nor item by its name. */
export async function toFolderNames(folders: readonly string[], files: readonly string[]): Promise<FolderNames> {
  const items = await sortNaturally(files.filter((name) => mediaTypeOfName(name) !== null));
  return {
    folders: await sortNaturally(folders.filter(isFolderName)),
    items,
    playlists: mainFirst(items.filter(isPlaylistName)),
    hasStreams: items.some((name) => belongsToStreams(mediaTypeOfName(name)?.kind)),
  };
}

/** What encoders call the playlist that names the others, or has the most in it. */
const MAIN_PLAYLISTS = ['manifest.mpd', 'master.m3u8', 'main.m3u8', 'index.m3u8'];

function mainFirst(playlists: readonly string[]): readonly string[] {
  const main = MAIN_PLAYLISTS.find((name) => playlists.includes(name)) ?? playlists[0];
  return main === undefined ? [] : [main, ...playlists.filter((name) => name !== main)];
}
