import { LRUCache } from 'lru-cache';
import type { AccessModel, Decision } from '../../domain/access.ts';
import { findPolicy } from '../../domain/decide.ts';
import type { Item } from '../../domain/item.ts';
import type { DerivativeCache } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import { decideAgain } from '../../flows/decide-again.ts';
import { mayReadWithCredentials } from '../../flows/may-read-with-credentials.ts';
import type { RememberedVisitors } from '../../flows/remember-visitors.ts';
import type { ImageOutcome } from '../../flows/serve-image.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { isFresh } from '../server/conditional.ts';
import { openToViewers } from '../server/cors.ts';
import type { HttpRequest, PlainRequest, WholeReply } from '../server/exchange.ts';

/** Image requests that were answered a moment ago, and are answered again without waiting for anything. */
export interface ReadyImages {
  /** Whoever asks for content; the next request with the same evidence need not wait for it. */
  recognise(request: HttpRequest, find: () => Promise<Visitor>): Promise<Visitor>;
  /** Keeps what an answer was made of, and the access file that the visitor was judged by. */
  keep(asked: AskedImage, made: MadeImage, access: AccessModel): void;
  /** Judges the visitor, and answers from memory; null where there is more to find out. */
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
export type MadeImage = Extract<ImageOutcome, { kind: 'image' }> | Denied;

export interface ReadyImagesDeps {
  readonly visitors: RememberedVisitors;
  readonly visits: VisitAudit;
  /** What has gone from there, purged or to make room, is not answered from here either. */
  readonly cache: Pick<DerivativeCache, 'recall'>;
  readonly maxBytes: number;
  access(): AccessModel;
  now(): Date;
  /** The same answers as if nothing had been kept. */
  shownReply(request: PlainRequest, asked: ImageRequest, outcome: Shown, visitor: Visitor): WholeReply;
  deniedReply(request: PlainRequest, decision: Denied['decision'], visitor: Visitor): WholeReply;
}

interface Ready {
  readonly asked: ImageRequest;
  readonly item: Item;
  /** Null where the last visitor was refused. */
  readonly image: Extract<ImageOutcome, { kind: 'image' }> | null;
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
const MOST_REFUSED = 5_000;
/** Viewers on different sites that ask for one tile. */
const MOST_REPLIES = 8;

export function createReadyImages(deps: ReadyImagesDeps): ReadyImages {
  const ready = new LRUCache<string, Ready>({
    maxSize: Math.max(1, deps.maxBytes),
    // As they go over the wire, once for each viewer; the bytes themselves are those of the cache.
    sizeCalculation: ({ image, replies }, key) => OVERHEAD_BYTES + 2 * key.length + Math.max(1, replies.size) * (image?.bytes.length ?? 0),
  });
  /** What was only asked for by those who may not see it: however much that is, it takes no room from the others. */
  const refusedOnly = new LRUCache<string, Ready>({ max: MOST_REFUSED });
  const found = new LRUCache<string, { readonly version: string; readonly at: number }>({ max: MOST_ITEMS });
  const denials = new WeakMap<Decision, Map<string, WholeReply>>();
  let access = deps.access();

  /** Tiers, and what stands for what, come from the access file. */
  function forgetOtherAccess(): AccessModel {
    const now = deps.access();
    if (now !== access) {
      ready.clear();
      refusedOnly.clear();
      found.clear();
    }
    access = now;
    return now;
  }

  function isStillThere({ identifier, source }: Item, now: Date): boolean {
    const last = found.get(identifier);
    if (last === undefined || last.version !== source.version) return false;
    const age = now.getTime() - last.at;
    return age >= 0 && age < FOUND_MILLISECONDS;
  }

  function show(
    key: string,
    entry: Ready,
    request: PlainRequest,
    visitor: Visitor,
    decision: Extract<Decision, { outcome: 'allowed' }>,
  ): WholeReply | null {
    const { image, asked, replies } = entry;
    // What shared caches are told changes with every second before the end.
    if (image === null || (decision.open && decision.until !== undefined)) return null;
    if (deps.cache.recall(image.key) === null) return null;
    const { etag, modified } = image;
    const conditions = { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: request.header('if-modified-since') };
    const kind = isFresh(conditions, etag, modified) ? 'not-modified' : 'image';
    const origin = request.header('origin');
    const variant = `${kind} ${decision.open} ${mayReadWithCredentials(visitor, origin)} ${origin}`;
    const known = replies.get(variant);
    if (known !== undefined) return known;
    const outcome: Shown = { ...image, kind, open: decision.open, until: decision.until };
    const reply = openToViewers(deps.shownReply(request, asked, outcome, visitor), origin);
    if (replies.size >= MOST_REPLIES) replies.clear();
    replies.set(variant, reply);
    // Weighed anew, as another value.
    ready.set(key, { ...entry });
    return reply;
  }

  function refuse(request: PlainRequest, visitor: Visitor, decision: Denied['decision']): WholeReply {
    const origin = request.header('origin');
    const key = `${request.header('sec-fetch-storage-access')} ${origin}`;
    const known = denials.get(decision) ?? new Map<string, WholeReply>();
    denials.set(decision, known);
    const reply = known.get(key) ?? openToViewers(deps.deniedReply(request, decision, visitor), origin);
    if (known.size >= MOST_REPLIES) known.clear();
    known.set(key, reply);
    return reply;
  }

  return {
    recognise(request, find) {
      return request.header('authorization') === null ? deps.visitors.recognise(evidenceOf(request), find) : find();
    },

    keep({ path, base, request, at }, made, judgedBy) {
      if (forgetOtherAccess() !== judgedBy) return;
      const { item } = made;
      found.set(item.identifier, { version: item.source.version, at: at.getTime() });
      const image = made.kind === 'image' && made.bytes.length <= MOST_BYTES ? made : null;
      if (made.kind === 'image' && image === null) return;
      const key = keyOf(request.version, path, base);
      if (image === null) {
        if (!ready.has(key)) refusedOnly.set(key, { asked: request, item, image, replies: new Map() });
        return;
      }
      const known = ready.peek(key);
      const isKnown = known?.item.source.version === item.source.version && known.image?.etag === image.etag;
      if (!isKnown) ready.set(key, { asked: request, item, image, replies: new Map() });
    },

    answer(version, request) {
      const model = forgetOtherAccess();
      const key = keyOf(version, request.path, request.base);
      const entry = ready.get(key) ?? refusedOnly.get(key);
      if (entry === undefined) return null;
      const now = deps.now();
      if (!isStillThere(entry.item, now)) return null;
      const visitor = deps.visitors.recall(evidenceOf(request));
      // Who needs a seat takes it, which has to be written down.
      if (visitor === null || findPolicy(model, entry.item.path)?.seats !== undefined) return null;
      const decision = decideAgain(model, entry.item, visitor, now);
      if (decision.outcome !== 'allowed') {
        deps.visits.refused(visitor, entry.item, decision);
        return refuse(request, visitor, decision);
      }
      const reply = show(key, entry, request, visitor, decision);
      if (reply !== null) deps.visits.given(visitor, entry.item, decision);
      return reply;
    },
  };
}

/** All that says who asks for content, but for credentials of scripts, which are not remembered. */
function evidenceOf(request: PlainRequest): string {
  return `${request.address}\n${request.header('origin') ?? ''}\n${request.header('cookie') ?? ''}`;
}

function keyOf(version: ImageApiVersion, path: string, base: string): string {
  return `${version} ${path} ${base}`;
}
