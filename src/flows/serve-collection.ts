import type { Decision } from '../domain/access.ts';
import type { CatalogueEntry } from '../domain/catalogue.ts';
import { decide } from '../domain/decide.ts';
import type { FolderEntry } from '../domain/item.ts';
import { mayBeListed } from '../domain/may-be-listed.ts';
import { findMediaType } from '../domain/media-types.ts';
import type { GivenManifests, StoredManifest } from '../domain/ports.ts';
import { tierIdentifier } from '../domain/tier.ts';
import type { Visitor } from '../domain/visitor.ts';
import { tellingOf } from '../domain/when-locked.ts';
import { Failure } from '../lib/problems.ts';
import { hasStandIn } from './find-substitutes.ts';
import { type GatheredPictures, gatherPictures } from './gather-pictures.ts';
import { ITEMS_OF_A_MANIFEST, type ManifestFlowDeps } from './serve-manifest.ts';

export interface CollectionFlowDeps extends ManifestFlowDeps {
  readonly manifests: Pick<GivenManifests, 'list'>;
}

export type CollectionOutcome =
  | { readonly kind: 'not-found' }
  | {
      readonly kind: 'collection';
      readonly entry: CatalogueEntry | null;
      /** How many manifests the folder's own items make, each of `ITEMS_OF_A_MANIFEST`; 0 where none may be listed. */
      readonly manifests: number;
      /** In all of them. */
      readonly items: number;
      /** Identifier of a picture of the folder that everybody may see, if one was met. */
      readonly thumbnail: string | null;
      readonly folders: readonly CollectionFolder[];
      /** Where there are too many folders for one document: how many documents hold them; else 0, and `folders` has all. */
      readonly folderParts: number;
      /** Folders in all of these. */
      readonly totalFolders: number;
      /** At the root: what somebody else wrote. */
      readonly given: readonly StoredManifest[];
      /** Whether everybody gets this collection. */
      readonly open: boolean;
    };

export interface CollectionFolder {
  readonly path: string;
  readonly entry: CatalogueEntry | null;
  /** A folder of items is its one manifest; with folders in it, or very many items, it is a collection. */
  readonly kind: 'manifest' | 'collection';
  /** Identifier of a picture in it that everybody may see, if one was met. */
  readonly thumbnail: string | null;
}

/** Each costs a look into the folder. A folder with more has a collection of collections. */
export const FOLDERS_OF_A_COLLECTION = 100;
/** Looks below the folders of one document, over all of them: what it may cost on a tree of any size. */
const LISTINGS = 200;
/** Names that one look asks for. A folder whose first hundred items are all closed may hold open ones, and is listed. */
const LOOKED_AT = 100;

/** More are served, and not listed. */
const MOST_GIVEN = 1_000;

/** What a folder holds, one level down. `part`: one hundred of its folders, counted from 1; null for the folder itself. */
export async function serveCollection(
  deps: CollectionFlowDeps,
  folder: string,
  part: number | null,
  visitor: () => Promise<Visitor>,
): Promise<CollectionOutcome> {
  const size = await deps.items.list(folder, { offset: 0, limit: 0 });
  if (size === null || (part !== null && part > partsOf(size.folders))) return { kind: 'not-found' };
  const access = deps.access();
  const who = await visitor();
  const judge = (path: string) => decide(access, path, who, deps.now());
  const lists: Lists = {
    listed: (path) => mayBeListed(judge(path)) || hasStandIn(deps.items, access, path, who, deps.now()),
    thumbnailOf: (path) => (findMediaType(path)?.kind === 'image' ? openIdentifier(path, judge(path)) : null),
  };
  const own = part === null ? await ownItems(deps, folder, lists) : NO_ITEMS;
  const direct = part !== null || size.folders <= FOLDERS_OF_A_COLLECTION;
  return {
    kind: 'collection',
    entry: await deps.catalogue.find(folder),
    ...own,
    folders: direct ? await foldersOf(deps, folder, part ?? 1, size.folders, lists) : [],
    folderParts: direct ? 0 : partsOf(size.folders),
    totalFolders: size.folders,
    given: folder === '' && part === null ? await deps.manifests.list(MOST_GIVEN) : [],
    open: !access.enforced,
  };
}

interface Lists {
  listed(path: string): boolean | Promise<boolean>;
  /** Identifier of what everybody may see of a picture; null for nothing. */
  thumbnailOf(path: string): string | null;
}

function openIdentifier(path: string, decision: Decision): string | null {
  if (decision.outcome === 'allowed') return decision.open ? path : null;
  const { listed, thumbnail } = tellingOf(decision);
  return listed && thumbnail !== null ? tierIdentifier(path, thumbnail) : null;
}

function firstThumbnail(paths: readonly string[], { thumbnailOf }: Lists): string | null {
  return paths.map(thumbnailOf).find((identifier) => identifier !== null) ?? null;
}

interface OwnItems {
  readonly manifests: number;
  readonly items: number;
  readonly thumbnail: string | null;
}

const NO_ITEMS: OwnItems = { manifests: 0, items: 0, thumbnail: null };

function partsOf(folders: number): number {
  return folders <= FOLDERS_OF_A_COLLECTION ? 0 : Math.ceil(folders / FOLDERS_OF_A_COLLECTION);
}

async function ownItems(deps: ManifestFlowDeps, folder: string, lists: Lists): Promise<OwnItems> {
  const listing = await deps.items.list(folder, { offset: 0, limit: LOOKED_AT, only: 'items' });
  if (listing === null || listing.total === 0) return NO_ITEMS;
  const paths = listing.entries.map(({ path }) => path);
  if (listing.total <= LOOKED_AT && !(await isAnyListed(paths, lists))) return NO_ITEMS;
  const manifests = Math.ceil(listing.total / ITEMS_OF_A_MANIFEST);
  return { manifests, items: listing.total, thumbnail: firstThumbnail(paths, lists) };
}

async function isAnyListed(paths: readonly string[], lists: Lists): Promise<boolean> {
  for (const path of paths) if (await lists.listed(path)) return true;
  return false;
}

/** Folders with something to show, or too large to know. */
async function foldersOf(
  deps: ManifestFlowDeps,
  folder: string,
  part: number,
  count: number,
  lists: Lists,
): Promise<readonly CollectionFolder[]> {
  const offset = (part - 1) * FOLDERS_OF_A_COLLECTION;
  const limit = Math.min(FOLDERS_OF_A_COLLECTION, count - offset);
  const listing = limit <= 0 ? null : await deps.items.list(folder, { offset, limit });
  const paths = listing?.entries.filter(({ kind }: FolderEntry) => kind === 'folder').map(({ path }) => path) ?? [];
  const limits = { listings: LISTINGS, entries: LOOKED_AT, picturesOfAFolder: 1, pictures: paths.length };
  const gathered = await gatherPictures(deps.items, paths, limits, lists.listed, (error) => notReadable(deps, error));
  const described = await Promise.all(gathered.filter(hasSomething).map((each) => describeFolder(deps, each, lists)));
  return described.filter((each) => each !== null);
}

function hasSomething({ pictures, complete }: GatheredPictures): boolean {
  return pictures.length > 0 || !complete;
}

/** Null for a folder without items or folders, or one that cannot be read, which leaves the others standing. */
async function describeFolder(
  deps: ManifestFlowDeps,
  { folder, pictures }: GatheredPictures,
  lists: Lists,
): Promise<CollectionFolder | null> {
  try {
    const nothing = { offset: 0, limit: 0 };
    const [all, items, entry] = await Promise.all([
      deps.items.list(folder, nothing),
      deps.items.list(folder, { ...nothing, only: 'items' }),
      deps.catalogue.find(folder),
    ]);
    if (all === null || items === null || all.folders + items.total === 0) return null;
    const [first] = pictures;
    return {
      path: folder,
      entry,
      kind: all.folders === 0 && items.total <= ITEMS_OF_A_MANIFEST ? 'manifest' : 'collection',
      thumbnail: first === undefined ? null : lists.thumbnailOf(first.path),
    };
  } catch (error) {
    notReadable(deps, error);
    return null;
  }
}

function notReadable(deps: ManifestFlowDeps, error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  deps.onFailure(error);
}
