import { LRUCache } from 'lru-cache';
import type { AccessModel, Decision } from '../../domain/access.ts';
import { findPolicy } from '../../domain/decide.ts';
import type { Item } from '../../domain/item.ts';
import type { DerivativeCache, DerivativeSharing } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import { decideAgain } from '../../flows/decide-again.ts';
import { mayReadWithCredentials } from '../../flows/may-read-with-credentials.ts';
import type { RememberedVisitors } from '../../flows/remember-visitors.ts';
import type { ImageOutcome } from '../../flows/serve-image.ts';
import type { AskAtOnce, MadeAtOnce } from '../../flows/serve-image-at-once.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { isFresh } from '../server/conditional.ts';
import { openToViewers } from '../server/cors.ts';
import type { HttpRequest, PlainRequest, WholeReply } from '../server/exchange.ts';
import { recallVisitor, recogniseVisitor } from '../server/recognise-again.ts';

/** Images that can be answered without waiting for anything: because they were a moment ago, or because they lie at hand. */
export interface ReadyImages {
  /** Whoever asks for content; the next request with the same evidence need not wait for it. */
  recognise(request: HttpRequest, find: () => Promise<Visitor>): Promise<Visitor>;
  /** Keeps what an answer was made of, and the access file that the visitor was judged by. */
  keep(asked: AskedImage, made: MadeImage, access: AccessModel): void;
  /** Judges the visitor, and answers; null where there is more to find out. */
  answer(version: ImageApiVersion, request: PlainRequest): WholeReply | null;
}

export interface AskedImage {
  /** The path that the request was read from, below that of the API. */
  readonly path: string;
  readonly base: string;
  readonly request: ImageRequest;
  /** Before its item was looked for. */
  readonly at: Date;
}

type Shown = Extract<ImageOutcome, { kind: 'image' | 'not-modified' }>;
type Denied = Extract<ImageOutcome, { kind: 'denied' }>;
type Image = Extract<ImageOutcome, { kind: 'image' }>;
export type MadeImage = Image | Denied;

export interface ReadyImagesDeps {
  readonly visitors: RememberedVisitors;
  readonly visits: VisitAudit;
  /** What has gone from there, purged or to make room, is not answered from here either. */
  readonly cache: Pick<DerivativeCache, 'recall'> & DerivativeSharing;
  readonly maxBytes: number;
  /** Told who asks. */
  readonly onRecalled?: ((request: PlainRequest, visitor: Visitor) => void) | undefined;
  access(): AccessModel;
  now(): Date;
  /** The request for an image below the API of a version; null for anything else. */
  parse(version: ImageApiVersion, path: string): ImageRequest | null;
  serveAtOnce(ask: AskAtOnce): MadeAtOnce | null;
  /** The same reply as it goes over the wire, with a body that is a part of that. */
  seal(reply: WholeReply): WholeReply;
  /** The same answers as if nothing had been kept. */
  shownReply(request: PlainRequest, asked: ImageRequest, outcome: Shown, visitor: Visitor): WholeReply;
  deniedReply(request: PlainRequest, decision: Denied['decision'], visitor: Visitor): WholeReply;
}

interface Ready {
  readonly asked: ImageRequest;
  readonly item: Item;
  /** Its bytes are for the cache to keep. */
  readonly image: Omit<Image, 'bytes'>;
  /** By what the answer depends on besides. */
  readonly replies: Map<string, WholeReply>;
}

/** A tile; larger answers are not asked for so often that it would count. */
const MOST_BYTES = 128 * 1024;
/** Of an entry without its bytes: texts, plan, replies. */
const OVERHEAD_BYTES = 2_000;
/** How long a file found once is believed to be there unchanged. */
const FOUND_MILLISECONDS = 1_000;
const MOST_ITEMS = 10_000;
/** Viewers on different sites that ask for one tile. */
const MOST_REPLIES = 8;

export function createReadyImages(deps: ReadyImagesDeps): ReadyImages {
  const ready = new LRUCache<string, Ready>({
    maxSize: Math.max(1, deps.maxBytes),
    // Of the answers for several viewers one has the bytes of the cache.
    sizeCalculation: ({ replies }, key) => OVERHEAD_BYTES + 2 * key.length + bytesOfOthers(replies),
  });
  const found = new LRUCache<string, { readonly item: Item; readonly at: number }>({ max: MOST_ITEMS });
  const denials = new WeakMap<Decision, Map<string, WholeReply>>();
  let access = deps.access();

  /** Tiers, and what stands for what, come from the access file. */
  function forgetOtherAccess(): AccessModel {
    const now = deps.access();
    if (now !== access) {
      ready.clear();
      found.clear();
    }
    access = now;
    return now;
  }

  /** The item, where it was found a moment ago. */
  function findLately(identifier: string, now: Date): Item | null {
    const last = found.get(identifier);
    if (last === undefined) return null;
    const age = now.getTime() - last.at;
    return age >= 0 && age < FOUND_MILLISECONDS ? last.item : null;
  }

  /** The reply to a visitor, of an image that is kept; null where it has gone. */
  function show(
    key: string,
    entry: Ready,
    request: PlainRequest,
    visitor: Visitor,
    { open, until }: Pick<Image, 'open' | 'until'>,
  ): WholeReply | null {
    if (changesByItself({ open, until })) return null;
    const { image, asked, replies } = entry;
    const bytes = deps.cache.recall(image.key);
    if (bytes === null) {
      ready.delete(key);
      return null;
    }
    const kind = isFresh(conditionsOf(request), image.etag, image.modified) ? 'not-modified' : 'image';
    const variant = variantOf(request, visitor, kind, open);
    const known = replies.get(variant);
    if (known !== undefined) return known;
    const reply = write(request, asked, { ...image, kind, bytes, open, until }, visitor);
    if (reply.body instanceof Uint8Array) deps.cache.share(image.key, reply.body);
    if (replies.size >= MOST_REPLIES) replies.clear();
    replies.set(variant, reply);
    // Weighed anew, as another value.
    if (replies.size > 1) ready.set(key, { ...entry });
    return reply;
  }

  function write(request: PlainRequest, asked: ImageRequest, outcome: Shown, visitor: Visitor): WholeReply {
    return deps.seal(openToViewers(deps.shownReply(request, asked, outcome, visitor), request.header('origin')));
  }

  /** The reply to a visitor, of an image that was made just now, and is remembered where the cache keeps it. */
  function showAnew(key: string, asked: ImageRequest, made: Image, request: PlainRequest, visitor: Visitor): WholeReply {
    const reply = write(request, asked, made, visitor);
    if (!changesByItself(made) && reply.body instanceof Uint8Array && deps.cache.share(made.key, reply.body)) {
      remember(key, asked, made).replies.set(variantOf(request, visitor, 'image', made.open), reply);
    }
    return reply;
  }

  function refuse(request: PlainRequest, visitor: Visitor, decision: Denied['decision']): WholeReply {
    const origin = request.header('origin');
    const key = `${request.header('sec-fetch-storage-access')} ${origin}`;
    const known = denials.get(decision) ?? new Map<string, WholeReply>();
    denials.set(decision, known);
    const reply = known.get(key) ?? deps.seal(openToViewers(deps.deniedReply(request, decision, visitor), origin));
    if (known.size >= MOST_REPLIES) known.clear();
    known.set(key, reply);
    return reply;
  }

  function remember(key: string, asked: ImageRequest, made: Image): Ready {
    const { bytes: _, ...image } = made;
    const entry = { asked, item: made.item, image, replies: new Map<string, WholeReply>() };
    ready.set(key, entry);
    return entry;
  }

  /** What nobody has asked for yet, or what has gone meanwhile. */
  function answerAnew(key: string, version: ImageApiVersion, request: PlainRequest, visitor: Visitor, now: Date): WholeReply | null {
    const asked = deps.parse(version, request.path);
    const item = asked === null ? null : findLately(asked.identifier, now);
    if (asked === null || item === null) return null;
    const isFreshFor = (etag: string, modified: Date | null) => isFresh(conditionsOf(request), etag, modified);
    const made = deps.serveAtOnce({ request: asked, item, visitor, isFresh: isFreshFor, mostBytes: MOST_BYTES });
    if (made === null) return null;
    if (made.kind === 'denied') return refuse(request, visitor, made.decision);
    if (made.kind === 'image') return showAnew(key, asked, made, request, visitor);
    return openToViewers(deps.shownReply(request, asked, made, visitor), request.header('origin'));
  }

  return {
    recognise: (request, find) => recogniseVisitor(deps.visitors, request, find),

    keep({ path, base, request, at }, made, judgedBy) {
      if (forgetOtherAccess() !== judgedBy) return;
      const { item } = made;
      found.set(item.identifier, { item, at: at.getTime() });
      if (made.kind !== 'image' || made.bytes.length > MOST_BYTES) return;
      const key = keyOf(request.version, path, base);
      const known = ready.peek(key);
      const isKnown = known?.item.source.version === item.source.version && known.image.etag === made.etag;
      if (!isKnown && deps.cache.share(made.key, made.bytes)) remember(key, request, made);
    },

    answer(version, request) {
      const model = forgetOtherAccess();
      const visitor = recallVisitor(deps.visitors, request);
      if (visitor === null) return null;
      deps.onRecalled?.(request, visitor);
      const now = deps.now();
      const key = keyOf(version, request.path, request.base);
      const entry = ready.get(key);
      const isStillThere = entry !== undefined && findLately(entry.item.identifier, now)?.source.version === entry.item.source.version;
      if (!isStillThere) return answerAnew(key, version, request, visitor, now);
      const { item } = entry;
      // Who needs a seat takes it, which has to be written down.
      if (findPolicy(model, item.path)?.seats !== undefined) return null;
      const decision = decideAgain(model, item, visitor, now);
      if (decision.outcome !== 'allowed') {
        deps.visits.refused(visitor, item, decision);
        return refuse(request, visitor, decision);
      }
      const reply = show(key, entry, request, visitor, decision);
      if (reply === null) return answerAnew(key, version, request, visitor, now);
      deps.visits.given(visitor, item, decision);
      return reply;
    },
  };
}

/** What shared caches are told changes with every second before the end. */
function changesByItself({ open, until }: Pick<Image, 'open' | 'until'>): boolean {
  return open && until !== undefined;
}

/** What a reply depends on besides its image. */
function variantOf(request: PlainRequest, visitor: Visitor, kind: Shown['kind'], open: boolean): string {
  const origin = request.header('origin');
  return `${kind} ${open} ${mayReadWithCredentials(visitor, origin)} ${origin}`;
}

function conditionsOf(request: PlainRequest) {
  return { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: request.header('if-modified-since') };
}

function bytesOfOthers(replies: ReadonlyMap<string, WholeReply>): number {
  let [all, largest] = [0, 0];
  for (const { body } of replies.values()) {
    all += body?.length ?? 0;
    largest = Math.max(largest, body?.length ?? 0);
  }
  return all - largest;
}

function keyOf(version: ImageApiVersion, path: string, base: string): string {
  return `${version} ${path} ${base}`;
}
