import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { LRUCache } from 'lru-cache';
import type { FolderEntry, Item, Source, StreamPart } from '../../domain/item.ts';
import { belongsToStreams } from '../../domain/media-types.ts';
import type { ItemSource, StreamSource } from '../../domain/ports.ts';
import { createFolderReader, type FolderNames } from './folder-listing.ts';
import {
  type ItemPath,
  isModelName,
  mediaTypeOfName,
  parseFolderPath,
  parseItemPath,
  parseModelPartPath,
  parsePartPath,
} from './item-path.ts';
import { createModelReader } from './model-parts.ts';
import { findPlace, findRoot, type Place, unlessAbsent } from './place.ts';
import { findPlaylists } from './stream-playlists.ts';

export interface FolderSourceOptions {
  /** How long a file found once is believed to be there unchanged. 0 asks the disk each time. */
  readonly memoMilliseconds?: number;
}

/** A viewer asks for tiles of few pictures at a time; a crawler shall not fill the memory. */
const MAX_MEMOS = 10_000;

/**
 * Items are the files below a folder whose endings are in `domain/media-types.ts`; the identifier is the path in it. There is no index: each question goes to the
 * disk, so that the start costs nothing and new, changed and removed files are seen at once.
 *
 * Only a file's one real path is its identifier. Links and other spellings, where the disk ignores case, find nothing: a
 * policy about a path cannot be walked around by a second name for it. Page 1 of `book.tif` is `book.tif`, page 2 is
 * `book.tif/2`; whether there is a page 2 shows when the source is described.
 *
 * @throws Failure when `root` is not a folder that can be read.
 */
export function createFolderSource(root: string, { memoMilliseconds = 1_000 }: FolderSourceOptions = {}): ItemSource & StreamSource {
  const realRoot = findRoot(root);
  const readFolder = createFolderReader(memoMilliseconds);
  const readModel = createModelReader();
  const memos = new LRUCache<string, Promise<Source | null>>({ max: MAX_MEMOS, ttl: Math.max(1, memoMilliseconds) });

  /** The look-up is kept, not its answer: forty tiles that arrive together cost one. What is absent is not kept. */
  function findSource(path: string): Promise<Source | null> {
    const memo = memos.get(path);
    if (memo !== undefined) return memo;
    const source = findPlace(realRoot, path).then(toSource);
    if (memoMilliseconds <= 0) return source;
    memos.set(path, source);
    const forget = (): void => {
      if (memos.peek(path) === source) memos.delete(path);
    };
    source.then((found) => (found === null ? forget() : undefined), forget);
    return source;
  }

  async function find(identifier: string): Promise<Item | null> {
    const parsed = parseItemPath(identifier);
    if (parsed === null) return null;
    const source = await findSource(parsed.path);
    if (source === null || (await isInsideStream(parsed))) return null;
    return { identifier, ...parsed, source };
  }

  /** Such a file has no address of its own, by which it would be judged without its stream. */
  async function isInsideStream({ path, kind }: Pick<ItemPath, 'path' | 'kind'>): Promise<boolean> {
    if (!belongsToStreams(kind)) return false;
    const playlists = await findPlaylists(path, playlistsIn);
    return playlists !== null && playlists.main !== path;
  }

  async function playlistsIn(folder: string): Promise<readonly string[]> {
    return (await namesIn(folder))?.playlists ?? [];
  }

  /** Without what belongs to a stream; its main playlist stands for it. */
  async function itemsOf(folder: string, { items }: FolderNames): Promise<readonly string[]> {
    if (!items.some((name) => belongsToStreams(mediaTypeOfName(name)?.kind))) return items;
    const within = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    const playlists = await findPlaylists(within('any'), playlistsIn);
    if (playlists === null) return items;
    return items.filter((name) => within(name) === playlists.main || !belongsToStreams(mediaTypeOfName(name)?.kind));
  }

  async function namesIn(folder: string): Promise<FolderNames | null> {
    const path = parseFolderPath(folder);
    if (path === null) return null;
    const place = await findPlace(realRoot, path);
    if (place === null || !place.stats.isDirectory()) return null;
    return unlessAbsent(place.file, () => readFolder(place.file, place.stats));
  }

  async function findStreamPart(path: string): Promise<StreamPart | null> {
    const mediaType = parsePartPath(path);
    const source = mediaType === null ? null : await findSource(path);
    if (mediaType === null || source === null) return null;
    const playlists = await findPlaylists(path, playlistsIn);
    const item = playlists === null ? null : await find(playlists.main);
    return playlists === null || item === null ? null : { path, mediaType, source, item, otherPlaylists: playlists.others };
  }

  async function findModelPart(path: string): Promise<StreamPart | null> {
    const mediaType = parseModelPartPath(path);
    const source = mediaType === null ? null : await findSource(path);
    if (mediaType === null || source === null) return null;
    const models = isModelName(path.slice(path.lastIndexOf('/') + 1)) ? [await find(path)] : await findModelsNaming(path);
    const [item, ...others] = models.filter((model) => model !== null);
    return item === undefined ? null : { path, mediaType, source, item, otherPlaylists: others.map((other) => other.path) };
  }

  /** Beside the file and above it, the nearest first. */
  async function findModelsNaming(path: string): Promise<readonly Item[]> {
    const models: Item[] = [];
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      for (const name of (await namesIn(folder))?.items.filter(isModelName) ?? []) {
        const model = await find(folder === '' ? name : `${folder}/${name}`);
        if (model !== null && (await readModel(model.path, model.source)).has(path)) models.push(model);
      }
      if (folder === '') return models;
    }
  }

  return {
    find,

    async list(folder, { offset, limit, only }) {
      const names = await namesIn(folder);
      if (names === null) return null;
      const shown = { folders: only === 'items' ? [] : names.folders, items: await itemsOf(folder, names) };
      const entries = await Promise.all(slice(shown, offset, limit).map((entry) => describeEntry(realRoot, folder, entry)));
      return {
        entries: entries.filter((entry) => entry !== null),
        total: shown.folders.length + shown.items.length,
        folders: shown.folders.length,
      };
    },

    async findPart(path) {
      return (await findStreamPart(path)) ?? findModelPart(path);
    },
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function toSource(place: Place | null): Source | null {
  if (place === null || !place.stats.isFile()) return null;
  const { file, stats } = place;
  return { file, bytes: Number(stats.size), modified: stats.mtime, version: versionOf(stats) };
}

/** Hashed, because it is published in ETags, and an inode number is nobody's business. */
function versionOf({ mtimeNs, size, ino }: BigIntStats): string {
  return createHash('sha256').update(`${mtimeNs} ${size} ${ino}`).digest('base64url').slice(0, 16);
}

type NamedEntry = { readonly kind: FolderEntry['kind']; readonly name: string };

/** Folders first. */
function slice({ folders, items }: Pick<FolderNames, 'folders' | 'items'>, offset: number, limit: number): NamedEntry[] {
  const start = Math.max(0, offset);
  const end = start + Math.max(0, limit);
  const itemStart = Math.max(0, start - folders.length);
  const itemEnd = Math.max(0, end - folders.length);
  return [
    ...folders.slice(start, end).map((name) => ({ kind: 'folder' as const, name })),
    ...items.slice(itemStart, itemEnd).flatMap((name) => {
      const type = mediaTypeOfName(name);
      return type === null ? [] : [{ kind: type.kind, name }];
    }),
  ];
}

/** Null when the file has gone since the folder was read. */
async function describeEntry(realRoot: string, folder: string, { kind, name }: NamedEntry): Promise<FolderEntry | null> {
  const path = folder === '' ? name : `${folder}/${name}`;
  if (kind === 'folder') return { kind, path, name };
  const source = toSource(await findPlace(realRoot, path));
  return source === null ? null : { kind, path, name, bytes: source.bytes, modified: source.modified };
}
