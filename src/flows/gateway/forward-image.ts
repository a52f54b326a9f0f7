import type { AccessModel, Decision, Tier } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { Item } from '../../domain/item.ts';
import type { UpstreamAnswer, Upstreams } from '../../domain/upstream.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { ImageRequest } from '../../iiif/image/request.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';
import type { VisitAudit } from '../audit-visits.ts';
import { findItem } from '../find-item.ts';
import { type AllowedImage, giveImage, type ImageAsk, type ImageDeps, type ImageOutcome } from '../serve-image.ts';
import type { Seating } from '../take-seat.ts';
import { findOutside } from './find-outside.ts';
import { isHadByLimits, limitRequest } from './limit-request.ts';

export interface ForwardDeps {
  readonly upstreams: Upstreams;
  /** What is made here; `limits` are of lesser versions, as of the images themselves the upstream has limits of its own. */
  readonly making: Omit<ImageDeps, 'items' | 'seating' | 'access' | 'visits' | 'now'>;
  readonly visits: VisitAudit;
  readonly seating: Pick<Seating, 'seat'>;
  access(): AccessModel;
  now(): Date;
}

export interface ForwardAsk {
  readonly request: ImageRequest;
  readonly visitor: () => Promise<Visitor>;
  readonly ifNoneMatch: string | null;
  readonly ifModifiedSince: string | null;
  /** Of what is made here: whether the reader has it already. */
  readonly isFresh: ImageAsk['isFresh'];
  readonly signal: AbortSignal;
}

export type ForwardOutcome =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'denied'; readonly decision: Exclude<Decision, { outcome: 'allowed' }> }
  | Exclude<ImageOutcome, { kind: 'denied' }>
  | {
      readonly kind: 'answered';
      readonly answer: Exclude<UpstreamAnswer, Refusal>;
      /** Whether shared caches may keep it. */
      readonly open: boolean;
      /** When that may change by itself. */
      readonly until?: Date | undefined;
    };

/** One image request for an upstream: find, decide, and only then ask it, and whether the reader's copy is still good. */
export async function forwardImage(deps: ForwardDeps, ask: ForwardAsk): Promise<ForwardOutcome> {
  const access = deps.access();
  const item = await findItem(deps.upstreams.items, access, ask.request.identifier);
  if (item === null || deps.upstreams.versionOf(item) !== ask.request.version) return { kind: 'not-found' };

  const visitor = await deps.seating.seat(await ask.visitor(), item);
  const decision = decide(access, item.path, visitor, deps.now(), item.tier);
  if (decision.outcome !== 'allowed') {
    deps.visits.refused(visitor, item, decision);
    return { kind: 'denied', decision };
  }
  const { tier } = item;
  if (tier !== undefined && !isHadByLimits(tier)) return makeTier(deps, { item, visitor, decision }, ask);
  const outside = await findOutside(deps.upstreams, item, ask.request);
  if (outside !== null) return outside;
  const request = tier === undefined ? ask.request : await limit(deps, item, tier, ask.request);
  if (isRefusal(request)) return request;
  const answer = await deps.upstreams.askImage(item, { ...ask, request });
  if (answer.kind === 'refused') return answer;
  deps.visits.given(visitor, item, decision);
  return { kind: 'answered', answer, open: decision.open, until: decision.until };
}

async function limit({ upstreams, making }: ForwardDeps, item: Item, tier: Tier, request: ImageRequest): Promise<ImageRequest | Refusal> {
  const { description } = await upstreams.readInformation(item);
  return limitRequest(request, description, tier, making.limits);
}

/** What is marked, hidden or gray is made here, of the pixels of the upstream. */
async function makeTier({ upstreams, making, visits, now }: ForwardDeps, allowed: AllowedImage, ask: ForwardAsk) {
  const { version } = await upstreams.readInformation(allowed.item);
  const item = { ...allowed.item, source: { ...allowed.item.source, version } };
  return giveImage({ ...making, visits, now }, { ...allowed, item }, ask);
}
