import type { FolderEntry, Item, Source, StreamPart } from '../../domain/item.ts';
import { belongsToStreams } from '../../domain/media-types.ts';
import type { ItemSource, StreamSource } from '../../domain/ports.ts';
import type { FolderNames } from './folder-names.ts';
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
import { findPlaylists } from './stream-playlists.ts';

/** Where files lie under paths. Every path that it is asked about has been parsed. */
export interface FilePlace {
  /** Null where there is no file. */
  findSource(path: string): Promise<Source | null>;
  /** Null where there is no folder. */
  namesIn(folder: string): Promise<FolderNames | null>;
  /** A file as a listing shows it; null where it has gone since the folder was read. */
  describe(path: string): Promise<{ readonly bytes: number; readonly modified: Date } | null>;
  readText(source: Source): Promise<string>;
}

/** Items are files whose endings are in `domain/media-types.ts`; the identifier is the path. */
export function createPathItems(place: FilePlace): ItemSource & StreamSource {
  const { findSource } = place;
  const readModel = createModelReader(place.readText);

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
  async function itemsOf(folder: string, { items, hasStreams }: FolderNames): Promise<readonly string[]> {
    if (!hasStreams) return items;
    const within = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    const playlists = await findPlaylists(within('any'), playlistsIn);
    if (playlists === null) return items;
    return items.filter((name) => within(name) === playlists.main || !belongsToStreams(mediaTypeOfName(name)?.kind));
  }

  async function namesIn(folder: string): Promise<FolderNames | null> {
    return parseFolderPath(folder) === null ? null : place.namesIn(folder);
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

  async function describeEntry(folder: string, { kind, name }: NamedEntry): Promise<FolderEntry | null> {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'folder') return { kind, path, name };
    const described = await place.describe(path);
    return described === null ? null : { kind, path, name, ...described };
  }

  return {
    find,

    async list(folder, { offset, limit, only }) {
      const names = await namesIn(folder);
      if (names === null) return null;
      const shown = { folders: only === 'items' ? [] : names.folders, items: await itemsOf(folder, names) };
      const entries = await Promise.all(slice(shown, offset, limit).map((entry) => describeEntry(folder, entry)));
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
