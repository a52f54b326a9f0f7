import type { AccessModel, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import { decideStreamPart, decideTierPart } from '../domain/decide-stream.ts';
import type { Item, Source, StreamPart } from '../domain/item.ts';
import { hasParts } from '../domain/media-types.ts';
import type { ItemSource, StreamSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findItem } from './find-item.ts';
import { bestOpened, findSubstitutes } from './find-substitutes.ts';
import type { Seating } from './take-seat.ts';

export interface MediaDeps {
  readonly items: Pick<ItemSource, 'find'>;
  readonly streams: StreamSource;
  /** Whether files of images are served beside the Image API, whose limits they walk around. */
  readonly imageFiles: boolean;
  readonly visits: VisitAudit;
  readonly seating: Pick<Seating, 'seat'>;
  access(): AccessModel;
  now(): Date;
}

export type MediaOutcome =
  | { readonly kind: 'not-found' }
  | {
      readonly kind: 'denied';
      readonly decision: Exclude<Decision, { outcome: 'allowed' }>;
      /** The best tier that the visitor may have instead. */
      readonly tier: Item | null;
    }
  /** The item is a stream, or a model: it is asked for by its path, so that what it names is found beside it. */
  | { readonly kind: 'stream'; readonly item: Item }
  | MediaFile;

export interface MediaFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mediaType: string;
  readonly source: Source;
  /** Whether shared caches may keep it. */
  readonly open: boolean;
  /** To be called where content of it is given. */
  readonly noteView: () => void;
  /** When that may change by itself. */
  readonly until?: Date | undefined;
}

/** One request for the file of an item, whole or a part of it: find, decide, and nothing of the file before that. */
export async function serveMedia(deps: MediaDeps, identifier: string, visitor: () => Promise<Visitor>): Promise<MediaOutcome> {
  const item = await findItem(deps.items, deps.access(), identifier);
  if (item === null || !hasFile(deps, item)) return { kind: 'not-found' };
  const who = await deps.seating.seat(await visitor(), item);
  const decision = decide(deps.access(), item.path, who, deps.now(), item.tier);
  if (decision.outcome !== 'allowed') {
    deps.visits.refused(who, item, decision);
    return { kind: 'denied', decision, tier: await findLesser(deps, item, who) };
  }
  if (hasParts(item.mediaType)) return { kind: 'stream', item };
  const noteView = () => deps.visits.given(who, item, decision);
  const { open, until } = decision;
  return { kind: 'file', path: item.standIn ?? item.path, mediaType: item.mediaType, source: item.source, open, until, noteView };
}

/** Of an image its file, and nothing less: pages and tiers are made by the Image API alone. */
function hasFile({ imageFiles }: MediaDeps, { kind, page, tier }: Item): boolean {
  return kind !== 'image' || (imageFiles && page === 1 && tier === undefined);
}

/** One request for a file of a stream, its playlist, a segment, a key, or for one of a model. */
export async function serveStreamPart(deps: MediaDeps, path: string, visitor: () => Promise<Visitor>): Promise<MediaOutcome> {
  const ofTier = await findTierPart(deps, path);
  const part = ofTier?.part ?? (await deps.streams.findPart(path));
  if (part === null) return { kind: 'not-found' };
  const item = ofTier?.item ?? part.item;
  const who = await deps.seating.seat(await visitor(), item);
  const access = deps.access();
  const decision =
    ofTier === null ? decideStreamPart(access, part, who, deps.now()) : decideTierPart(access, ofTier.item, part, who, deps.now());
  if (decision.outcome !== 'allowed') {
    deps.visits.refused(who, item, decision);
    return { kind: 'denied', decision, tier: path === part.item.path ? await findLesserStream(deps, part, who) : null };
  }
  const noteView = () => deps.visits.given(who, item, decision);
  return {
    kind: 'file',
    path: part.path,
    mediaType: part.mediaType,
    source: part.source,
    open: decision.open,
    until: decision.until,
    noteView,
  };
}

/** The identifier of the stream, or of the tier that is one, that a file belongs to; null where it belongs to none. */
export async function findStream(deps: MediaDeps, path: string): Promise<string | null> {
  const ofTier = await findTierPart(deps, path);
  return ofTier?.item.identifier ?? (await deps.streams.findPart(path))?.item.path ?? null;
}

/** `films/talk.mp4/~low/1.m4s`: a tier whose other item is a stream has the files of that stream below its own identifier. */
const TIER_PART = /^(.+?\/~[a-z0-9-]+)\/(.+)$/s;

async function findTierPart(deps: MediaDeps, path: string): Promise<{ readonly item: Item; readonly part: StreamPart } | null> {
  const [, identifier, rest] = TIER_PART.exec(path) ?? [];
  const item = identifier === undefined ? null : await findItem(deps.items, deps.access(), identifier);
  if (rest === undefined || item?.standIn === undefined || !hasParts(item.mediaType)) return null;
  const part = await deps.streams.findPart(`${item.standIn.slice(0, item.standIn.lastIndexOf('/') + 1)}${rest}`);
  return part === null || part.item.path !== item.standIn ? null : { item, part };
}

async function findLesser(deps: MediaDeps, item: Item, visitor: Visitor): Promise<Item | null> {
  if (item.kind === 'image') return null;
  return bestOpened(await findSubstitutes(deps.items, deps.access(), item, visitor, deps.now()));
}

/** Whoever asks for a playlist goes on with what it is told, so it is no other kind of file. */
async function findLesserStream(deps: MediaDeps, { item, mediaType }: StreamPart, visitor: Visitor): Promise<Item | null> {
  const tier = await findLesser(deps, item, visitor);
  return tier?.mediaType === mediaType ? tier : null;
}
