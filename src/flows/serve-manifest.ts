import PQueue from 'p-queue';
import type { AccessService, Decision } from '../domain/access.ts';
import type { CatalogueEntry } from '../domain/catalogue.ts';
import { decide } from '../domain/decide.ts';
import type { FolderEntry, Item, MediaDescription } from '../domain/item.ts';
import { mayBeListed } from '../domain/may-be-listed.ts';
import { firstOf } from '../domain/period.ts';
import type { Catalogue, MediaFiles } from '../domain/ports.ts';
import { describeTier } from '../domain/tier.ts';
import type { Visitor } from '../domain/visitor.ts';
import { isKeptOut, type Telling, tellingAbout, tellingOf } from '../domain/when-locked.ts';
import { Failure } from '../lib/problems.ts';
import { type DescribedPage, describePages } from './describe-pages.ts';
import { findItem } from './find-item.ts';
import { findSubstitutes, standFor } from './find-substitutes.ts';
import { type InformationDeps, serveInformation, servicesOf } from './serve-information.ts';

export interface ManifestFlowDeps extends InformationDeps {
  readonly files: Pick<MediaFiles, 'describe'>;
  readonly catalogue: Catalogue;
  /** A file that cannot be read is left out of its folder's manifest, and the log says why. */
  onFailure(error: unknown): void;
}

/** A manifest names what can be asked for; whether that is refused shows when it is. */
const UNSEEN = { refused: () => {} };
/** Nor does it take a seat: whoever only has to wait may know what for. */
const UNSEATED = { seat: async (visitor: Visitor) => visitor };

export type ManifestFile = ManifestPicture | ManifestMedia;

interface FileFacts {
  readonly item: Item;
  /** Null too where nothing of it may be told. */
  readonly entry: CatalogueEntry | null;
  /** Every access service that opens the file. */
  readonly services: readonly AccessService[];
  readonly telling: Telling;
  /** Whether nothing opens it: it is named, and cannot be shown. */
  readonly closed: boolean;
}

/** An image file, with every page of it that is shown. The first of `pages` is `item`. */
export interface ManifestPicture extends FileFacts {
  readonly kind: 'picture';
  readonly pages: readonly [DescribedPage, ...DescribedPage[]];
}

/** A film, a sound, a document, a model or a text. */
export interface ManifestMedia extends FileFacts {
  readonly kind: 'media';
  readonly description: MediaDescription;
}

export type ManifestOutcome =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused'; readonly decision: Extract<Decision, { outcome: 'refused' }> }
  | LockedManifest
  | {
      readonly kind: 'manifest';
      /** Identifier of the item, or path of the folder; `''` is the root. */
      readonly path: string;
      /** Null for the manifest of one item. */
      readonly folder: FolderPart | null;
      /** About the folder that holds the items. */
      readonly folderEntry: CatalogueEntry | null;
      readonly files: readonly [ManifestFile, ...ManifestFile[]];
      /** Whether everybody gets this manifest. */
      readonly open: boolean;
      /** When that may change by itself. */
      readonly until: Date | undefined;
    };

/** A manifest that is as locked as what is in it. */
export interface LockedManifest {
  readonly kind: 'locked';
  readonly path: string;
  /** Null for a folder. */
  readonly item: Item | null;
  /** About the item or the folder; null too where nothing of it may be told. */
  readonly entry: CatalogueEntry | null;
  /** Whether it may be called by its name. */
  readonly named: boolean;
  /** What opens it. */
  readonly services: readonly AccessService[];
}

/** Which items of its folder a manifest has, counted from 1. */
export interface FolderPart {
  readonly part: number;
  readonly parts: number;
  readonly first: number;
  readonly last: number;
}

/** A folder of more items has several manifests. Viewers take a few hundred canvases well, and each costs a look at its file. */
export const ITEMS_OF_A_MANIFEST = 500;
/** Files with many pages add up; the first page of every file is shown all the same. */
const CANVASES_OF_A_MANIFEST = 1000;
const DESCRIBED_AT_ONCE = 4;

/** The manifest of an item, or of the items of a folder. `part` counts from 1, and is for folders with many. */
export async function serveManifest(
  deps: ManifestFlowDeps,
  path: string,
  part: number,
  visitor: () => Promise<Visitor>,
): Promise<ManifestOutcome> {
  const outcome =
    path === '' || part > 1
      ? ({ kind: 'not-found' } as const)
      : await serveInformation({ ...deps, visits: UNSEEN, seating: UNSEATED }, path, visitor);
  if (outcome.kind === 'not-found') {
    const item = part > 1 ? null : await findItem(deps.items, deps.access(), path);
    return item === null || item.kind === 'image'
      ? serveFolderManifest(deps, path, part, visitor)
      : serveMediaManifest(deps, item, await visitor());
  }
  if (outcome.kind === 'refused') return outcome;
  const { item, description, services, decision, tier, telling } = outcome;
  // Of what nobody can open a lesser version may be open: then it stands for the picture.
  if (decision.outcome === 'refused')
    return tier === null ? { kind: 'refused', decision } : serveManifest(deps, tier.identifier, part, visitor);
  const [entry, folderEntry] = await Promise.all([toldEntry(deps, item, telling), deps.catalogue.find(folderOf(item.path))]);
  if (!telling.manifest || description === null) return { kind: 'locked', path, item, entry, named: telling.label, services };
  const pages = await describePages(deps.images, item, description);
  const file = { kind: 'picture' as const, item, pages, entry, services, telling, closed: false };
  return { kind: 'manifest', path, folder: null, folderEntry, files: [file], open: isOpen(decision), until: decision.until };
}

async function serveMediaManifest(deps: ManifestFlowDeps, item: Item, visitor: Visitor): Promise<ManifestOutcome> {
  const access = deps.access();
  const decision = decide(access, item.path, visitor, deps.now(), item.tier);
  if (decision.outcome === 'refused') {
    const tier = standFor(decision, await findSubstitutes(deps.items, access, item, visitor, deps.now()));
    return tier === null ? { kind: 'refused', decision } : serveMediaManifest(deps, tier, visitor);
  }
  const telling = tellingAbout(access, item, visitor, deps.now());
  const services = servicesOf(access, item.path, decision, visitor, deps.now());
  const [description, entry, folderEntry] = await Promise.all([
    deps.files.describe(item),
    toldEntry(deps, item, telling),
    deps.catalogue.find(folderOf(item.path)),
  ]);
  if (!telling.manifest) return { kind: 'locked', path: item.identifier, item, entry, named: telling.label, services };
  const file = { kind: 'media' as const, item, description, entry, services, telling, closed: false };
  return {
    kind: 'manifest',
    path: item.identifier,
    folder: null,
    folderEntry,
    files: [file],
    open: isOpen(decision),
    until: decision.until,
  };
}

async function toldEntry(deps: ManifestFlowDeps, { path }: Item, { label }: Telling): Promise<CatalogueEntry | null> {
  return label ? deps.catalogue.find(path) : null;
}

function isOpen(decision: Decision): boolean {
  return decision.outcome === 'allowed' && decision.open;
}

async function serveFolderManifest(
  deps: ManifestFlowDeps,
  folder: string,
  part: number,
  visitor: () => Promise<Visitor>,
): Promise<ManifestOutcome> {
  const before = (part - 1) * ITEMS_OF_A_MANIFEST;
  const listing = await deps.items.list(folder, { offset: before, limit: ITEMS_OF_A_MANIFEST, only: 'items' });
  if (listing === null) return { kind: 'not-found' };
  const { files, open, until, withheld } = await describeFiles(deps, listing.entries, await visitor());
  const [first, ...rest] = files;
  if (first === undefined && withheld.length === 0) return { kind: 'not-found' };
  if (first === undefined) {
    return { kind: 'locked', path: folder, item: null, entry: await deps.catalogue.find(folder), named: true, services: withheld };
  }
  return {
    kind: 'manifest',
    path: folder,
    folder: {
      part,
      parts: Math.ceil(listing.total / ITEMS_OF_A_MANIFEST),
      first: before + 1,
      last: Math.min(before + ITEMS_OF_A_MANIFEST, listing.total),
    },
    folderEntry: await deps.catalogue.find(folder),
    files: [first, ...rest],
    open,
    until,
  };
}

async function describeFiles(
  deps: ManifestFlowDeps,
  entries: readonly FolderEntry[],
  visitor: Visitor,
): Promise<{ files: readonly ManifestFile[]; open: boolean; until: Date | undefined; withheld: readonly AccessService[] }> {
  const access = deps.access();
  const judged = entries.map(({ path }) => ({ path, decision: decide(access, path, visitor, deps.now()) }));
  const queue = new PQueue({ concurrency: DESCRIBED_AT_ONCE });
  const found = await queue.addAll(judged.map((each) => () => describeFile(deps, each, visitor)));
  const files = await addPages(
    deps,
    found.filter((file) => file !== null),
  );
  const withheld = judged.filter(({ decision }) => isWithheld(decision) && mayBeListed(decision));
  const services = withheld.flatMap(({ path, decision }) => servicesOf(access, path, decision, visitor, deps.now()));
  const decisions = judged.map(({ decision }) => decision);
  return { files, open: decisions.every(isOpen), until: firstOf(decisions), withheld: [...new Set(services)] };
}

/** With the first page of a picture; null for a file that is gone, cannot be read, or is not to be named. */
async function describeFile(
  deps: ManifestFlowDeps,
  { path, decision }: { readonly path: string; readonly decision: Decision },
  visitor: Visitor,
): Promise<ManifestFile | null> {
  try {
    const item = mayBeListed(decision) || hasTiers(decision) ? await deps.items.find(path) : null;
    const shown = item === null ? null : await findShown(deps, item, decision, visitor);
    if (shown === null) return null;
    const telling = tellingAbout(deps.access(), shown.item, visitor, deps.now());
    const facts = { ...shown, telling, entry: await toldEntry(deps, shown.item, telling) };
    if (shown.item.kind !== 'image') return { kind: 'media', description: await deps.files.describe(shown.item), ...facts };
    const description = describeTier(await deps.images.describe(shown.item), shown.item.tier);
    return { kind: 'picture', pages: [{ item: shown.item, description }], ...facts };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    deps.onFailure(error);
    return null;
  }
}

/** What a manifest shows of an item, with the services that open it: of one that nobody may open, the tier that stands for it. */
async function findShown(
  deps: ManifestFlowDeps,
  item: Item,
  decision: Decision,
  visitor: Visitor,
): Promise<Pick<ManifestFile, 'item' | 'services' | 'closed'> | null> {
  const access = deps.access();
  if (decision.outcome !== 'refused') {
    return isWithheld(decision) ? null : { item, services: servicesOf(access, item.path, decision, visitor, deps.now()), closed: false };
  }
  const [best] = await findSubstitutes(deps.items, access, item, visitor, deps.now());
  if (best !== undefined)
    return { item: best.item, services: servicesOf(access, item.path, best.decision, visitor, deps.now()), closed: false };
  return mayBeListed(decision) && !isWithheld(decision) ? { item, services: [], closed: true } : null;
}

/** Whether manifests are for those alone who may see the item. */
function isWithheld(decision: Decision): boolean {
  return !tellingOf(decision).manifest;
}

function hasTiers(decision: Decision): boolean {
  return decision.policy?.otherwise !== undefined && !isKeptOut(decision);
}

/** The later pages of files that have some, as far as the manifest has room. */
async function addPages(deps: ManifestFlowDeps, files: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
  let room = CANVASES_OF_A_MANIFEST - files.length;
  const whole: ManifestFile[] = [];
  for (const file of files) {
    if (file.kind === 'media') {
      whole.push(file);
      continue;
    }
    const [{ item, description }] = file.pages;
    const more = Math.max(0, Math.min(description.pages - 1, room));
    room -= more;
    whole.push(more === 0 ? file : { ...file, pages: await describePages(deps.images, item, description, more + 1) });
  }
  return whole;
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
