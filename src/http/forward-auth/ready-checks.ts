import { LRUCache } from 'lru-cache';
import { findPolicy } from '../../domain/decide.ts';
import type { Item } from '../../domain/item.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { decideAgain } from '../../flows/decide-again.ts';
import type { ForwardDeps } from '../../flows/gateway/forward-image.ts';
import { mayReadWithCredentials } from '../../flows/may-read-with-credentials.ts';
import type { RememberedVisitors } from '../../flows/remember-visitors.ts';
import type { HttpRequest, PlainRequest, WholeReply } from '../server/exchange.ts';
import { recallVisitor, recogniseVisitor } from '../server/recognise-again.ts';
import { letThrough } from './let-through.ts';
import { type AskingWay, type OriginalRequest, readOriginalRequest } from './original-request.ts';

/** Questions of proxies that were answered a moment ago, and are answered again without waiting for anything. */
export interface ReadyChecks {
  /** Whoever asks for content; the next request with the same evidence need not wait for it. */
  recognise(request: HttpRequest, find: () => Promise<Visitor>): Promise<Visitor>;
  /** Keeps what was found of an image that somebody may see. `address`: path and query at the upstream. */
  keep(way: AskingWay, request: PlainRequest, original: OriginalRequest, found: { readonly item: Item; readonly address: string }): void;
  /** Judges the visitor; null where there is more to find out. */
  answer(way: AskingWay, request: PlainRequest): WholeReply | null;
}

export interface ReadyChecksDeps extends Pick<ForwardDeps, 'visits' | 'access' | 'now'> {
  readonly visitors: RememberedVisitors;
  isProxy(address: string): boolean;
  /** The same reply as it goes over the wire. */
  seal(reply: WholeReply): WholeReply;
}

interface Ready {
  readonly item: Item;
  readonly address: string;
  readonly at: number;
  /** By what the answer depends on besides. */
  readonly replies: Map<string, WholeReply>;
}

/** Texts of some hundred bytes each. */
const MOST_ADDRESSES = 20_000;
/** How long the upstream's image is believed to have the size that it had. */
const FOUND_MILLISECONDS = 60_000;
/** People, and viewers on different sites, that ask for one tile. */
const MOST_REPLIES = 8;

export function createReadyChecks(deps: ReadyChecksDeps): ReadyChecks {
  const ready = new LRUCache<string, Ready>({ max: MOST_ADDRESSES });

  return {
    recognise: (request, find) => recogniseVisitor(deps.visitors, request, find),

    keep(way, request, original, { item, address }) {
      const key = keyOf(way, request, original);
      ready.set(key, { item, address, at: deps.now().getTime(), replies: new Map() });
    },

    answer(way, request) {
      if (!deps.isProxy(request.raw.peer)) return null;
      const original = readOriginalRequest(way, request);
      const entry = original === null ? undefined : ready.get(keyOf(way, request, original));
      const visitor = entry === undefined ? null : recallVisitor(deps.visitors, request);
      if (entry === undefined || visitor === null) return null;
      const now = deps.now();
      const age = now.getTime() - entry.at;
      const access = deps.access();
      // Who needs a seat takes it, which has to be written down.
      if (age < 0 || age >= FOUND_MILLISECONDS || findPolicy(access, entry.item.path)?.seats !== undefined) return null;
      const decision = decideAgain(access, entry.item, visitor, now);
      // What caches are told changes with every second before the end.
      if (decision.outcome !== 'allowed' || decision.until !== undefined) return null;
      deps.visits.given(visitor, entry.item, decision);
      const origin = request.header('origin');
      const { user } = visitor;
      const variant = [decision.open, mayReadWithCredentials(visitor, origin), origin, user?.name, user?.roles.join(' ')].join('\n');
      const known = entry.replies.get(variant);
      if (known !== undefined) return known;
      const reply = deps.seal(letThrough(request, { visitor, decision, address: entry.address }, now));
      if (entry.replies.size >= MOST_REPLIES) entry.replies.clear();
      entry.replies.set(variant, reply);
      return reply;
    },
  };
}

function keyOf(way: AskingWay, { base }: PlainRequest, { method, path, hasQuery }: OriginalRequest): string {
  return `${way} ${method} ${path} ${hasQuery} ${base}`;
}
