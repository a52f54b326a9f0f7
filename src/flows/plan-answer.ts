import type { Decision } from '../domain/access.ts';
import type { DerivativeKey } from '../domain/derivative.ts';
import type { Item, SourceDescription } from '../domain/item.ts';
import { describeTier, limitTier } from '../domain/tier.ts';
import { type ImageLimits, type Plan, planImage } from '../iiif/image/plan.ts';
import type { ImageRequest } from '../iiif/image/request.ts';
import { isRefusal, type Refusal } from '../lib/problems.ts';
import { derivativeKey } from './derivative-key.ts';
import { isPageOf } from './has-page.ts';

export interface PlanningDeps {
  readonly limits: ImageLimits;
  /** Everything of this server that changes how pictures look: options, and the version that made them. */
  readonly rendering: string;
  /** Short text of a cache key, for an ETag. */
  digest(key: string): string;
}

export interface AnswerToPlan {
  readonly request: ImageRequest;
  readonly item: Item;
  readonly decision: Extract<Decision, { outcome: 'allowed' }>;
  readonly source: SourceDescription;
}

/** Everything of an answer but its bytes. */
export interface PlannedAnswer {
  readonly item: Item;
  readonly key: DerivativeKey;
  readonly plan: Plan;
  readonly etag: string;
  /** Null for a tier: it changes with the access file too. */
  readonly modified: Date | null;
  /** Whether shared caches may keep it. */
  readonly open: boolean;
  /** When that may change by itself. */
  readonly until?: Date | undefined;
}

/** Numbers only: what of an item is answered to whom it was allowed, and by which name it is kept. */
export function planAnswer(
  deps: PlanningDeps,
  { request, item, decision, source }: AnswerToPlan,
): PlannedAnswer | Refusal | { readonly kind: 'not-found' } {
  if (!isPageOf(item, source)) return { kind: 'not-found' };
  const plan = planImage(request, describeTier(source, item.tier), limitTier(deps.limits, item.tier));
  if (isRefusal(plan)) return plan;
  const key = derivativeKey(deps.rendering, item, plan);
  const modified = item.tier === undefined ? item.source.modified : null;
  return { item, key, plan, etag: `"${deps.digest(key.text)}"`, modified, open: decision.open, until: decision.until };
}
