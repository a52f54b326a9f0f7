import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Source } from '../../domain/item.ts';
import type { ItemSource, StreamSource } from '../../domain/ports.ts';
import { createFolderReader } from './folder-listing.ts';
import { createKeptListings } from './kept-listings.ts';
import { createPathItems } from './path-items.ts';
import { findPlace, findRoot, type Place, unlessAbsent } from './place.ts';

export interface FolderSourceOptions {
  /** How long a file found once is believed to be there unchanged. 0 asks the disk each time. */
  readonly memoMilliseconds?: number;
  /** Where listings of large folders are kept; only in memory without it. */
  readonly listingsIn?: string;
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
export function createFolderSource(
  root: string,
  { memoMilliseconds = 1_000, listingsIn }: FolderSourceOptions = {},
): ItemSource & StreamSource {
  const realRoot = findRoot(root);
  const readFolder = createFolderReader(memoMilliseconds, listingsIn === undefined ? null : createKeptListings(listingsIn));
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

  return createPathItems({
    findSource,
    async namesIn(folder) {
      const place = await findPlace(realRoot, folder);
      if (place === null || !place.stats.isDirectory()) return null;
      return unlessAbsent(place.file, () => readFolder(place.file, place.stats));
    },
    async describe(path) {
      const source = toSource(await findPlace(realRoot, path));
      return source === null ? null : { bytes: source.bytes, modified: source.modified };
    },
    readText: ({ file }) => readFile(file, 'utf8'),
  });
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
