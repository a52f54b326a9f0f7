import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { StoreAddress } from '../../../config/store-address.ts';
import type { Source } from '../../../domain/item.ts';
import type { Catalogue, ItemSource, RemoteFiles, StreamSource } from '../../../domain/ports.ts';
import { toFolderNames } from '../folder-listing.ts';
import type { FolderNames } from '../folder-names.ts';
import { createPathItems } from '../path-items.ts';
import { createSideFileReader, type SideFileLog, sideFileOf } from '../side-files.ts';
import type { ObjectStore } from './object-store.ts';
import type { ListedObject } from './parse-listing.ts';

export interface StoreSourceOptions {
  /** How long an object found once is believed to be there unchanged; what changed sooner is noticed when its bytes are read. */
  readonly memoMilliseconds?: number;
  readonly log: SideFileLog;
}

/** What lies directly below a prefix. */
interface Folder {
  readonly names: FolderNames;
  /** All objects by their names in it, those that are no items too. */
  readonly objects: ReadonlyMap<string, ListedObject>;
}

const MEMO_MILLISECONDS = 5_000;
/** A folder is believed this many times as long as it took to list it: one of many thousands takes seconds. */
const LISTING_TIMES = 20;
const MAX_MEMOS = 10_000;
/** Names kept over all folders; some 200 bytes each. */
const MAX_NAMES = 500_000;
/** Of 1000 objects each. */
const MOST_LISTINGS = 2_000;

/**
 * Items are the objects below a prefix of a bucket; the identifier is the rest of the key. There are no folders in a store:
 * what keys have in common up to a slash is shown as one.
 */
export function createStoreSource(
  store: ObjectStore,
  { prefix }: StoreAddress,
  files: RemoteFiles,
  { memoMilliseconds = MEMO_MILLISECONDS, log }: StoreSourceOptions,
): { items: ItemSource & StreamSource; catalogue: Catalogue } {
  const found = new LRUCache<string, Promise<Source | null>>({ max: MAX_MEMOS, ttl: Math.max(1, memoMilliseconds) });
  const folders = new LRUCache<string, Promise<Folder>>({
    maxSize: MAX_NAMES,
    ttl: Math.max(1, memoMilliseconds),
  });
  const readSideFile = createSideFileReader(log);
  const underWay = new Map<string, Promise<Folder>>();

  /** The look-up is kept, not its answer: forty tiles that arrive together cost one. What is absent is not kept. */
  function findSource(path: string): Promise<Source | null> {
    const memo = found.get(path);
    if (memo !== undefined) return memo;
    const source = store.head(prefix + path).then((object) => (object === null ? null : toSource(store, object)));
    found.set(path, source);
    const forget = (): void => {
      if (found.peek(path) === source) found.delete(path);
    };
    source.then((object) => (object === null || memoMilliseconds <= 0 ? forget() : undefined), forget);
    return source;
  }

  function folderOf(folder: string): Promise<Folder> {
    const kept = memoMilliseconds <= 0 ? undefined : folders.get(folder);
    const begun = kept ?? underWay.get(folder);
    if (begun !== undefined) return begun;
    const start = performance.now();
    const listing = listFolder(store, folder === '' ? prefix : `${prefix}${folder}/`);
    underWay.set(folder, listing);
    listing
      .then((listed) => {
        const ttl = Math.max(memoMilliseconds, LISTING_TIMES * (performance.now() - start));
        folders.set(folder, listing, { ttl, size: 1 + listed.objects.size + listed.names.folders.length });
      })
      .catch(() => {})
      .finally(() => underWay.delete(folder));
    return listing;
  }

  async function readText(source: Source): Promise<string> {
    return new TextDecoder().decode(await files.read(source, 0, source.bytes));
  }

  async function objectOf(path: string): Promise<ListedObject | null> {
    const slash = path.lastIndexOf('/');
    const { objects } = await folderOf(path.slice(0, Math.max(0, slash)));
    return objects.get(path.slice(slash + 1)) ?? null;
  }

  const items = createPathItems({
    findSource,
    async namesIn(folder) {
      const { names, objects } = await folderOf(folder);
      const isThere = folder === '' || objects.size > 0 || names.folders.length > 0;
      return isThere ? names : null;
    },
    describe: objectOf,
    readText,
  });

  return {
    items,
    catalogue: {
      async find(path) {
        const file = sideFileOf(path);
        const object = file === null ? null : await objectOf(file);
        if (file === null || object === null) return null;
        const source = toSource(store, object);
        return readSideFile(file, source, () => readText(source));
      },
    },
  };
}

async function listFolder(store: ObjectStore, prefix: string): Promise<Folder> {
  const objects = new Map<string, ListedObject>();
  const folders: string[] = [];
  let after: string | null = null;
  for (let i = 0; i < MOST_LISTINGS; i++) {
    const listing = await store.list(prefix, after);
    for (const object of listing.objects) {
      // Some programs keep a folder as an object whose key ends in a slash.
      if (object.key.startsWith(prefix) && object.key !== prefix) objects.set(object.key.slice(prefix.length), object);
    }
    folders.push(...listing.prefixes.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length, -1)));
    if (listing.next === null || listing.next === after) break;
    after = listing.next;
  }
  return { names: await toFolderNames(folders, [...objects.keys()]), objects };
}

function toSource(store: ObjectStore, { key, etag, bytes, modified }: ListedObject): Source {
  return { file: store.nameOf(key), bytes, modified, version: versionOf(etag, bytes), remote: { key, etag } };
}

/** Hashed, because it is published in ETags, and some stores put a checksum of the original into theirs. */
function versionOf(etag: string, bytes: number): string {
  return createHash('sha256').update(`${etag} ${bytes}`).digest('base64url').slice(0, 16);
}
