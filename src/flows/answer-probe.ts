import type { AccessModel, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import type { Clock, ImageReader, ItemSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findItem } from './find-item.ts';
import { findSubstitutes, type Substitute } from './find-substitutes.ts';
import { hasPage } from './has-page.ts';
import type { Seating } from './take-seat.ts';

export interface ProbeDeps {
  readonly items: ItemSource;
  readonly images: Pick<ImageReader, 'describe'>;
  readonly clock: Clock;
  readonly visits: Pick<VisitAudit, 'refused'>;
  readonly seating: Pick<Seating, 'seat'>;
  access(): AccessModel;
}

/** What the content itself would answer, and why. */
export type ProbeOutcome =
  /** `open`: to everybody. */
  | { readonly status: 200; readonly item: Item; readonly open: boolean; readonly until?: Date | undefined }
  | {
      readonly status: 401 | 403;
      readonly item: Item;
      readonly decision: Exclude<Decision, { outcome: 'allowed' }>;
      /** Tiers that the visitor may see instead, and those that could be unlocked. */
      readonly substitutes: readonly Substitute[];
    }
  | { readonly status: 404 };

/** https://iiif.io/api/auth/2.0/#probe-service */
export async function answerProbe(deps: ProbeDeps, identifier: string, asking: Visitor): Promise<ProbeOutcome> {
  const access = deps.access();
  const item = await findItem(deps.items, access, identifier);
  if (item === null) return { status: 404 };
  const visitor = await deps.seating.seat(asking, item);
  const now = deps.clock.now();
  const decision = decide(access, item.path, visitor, now, item.tier);
  if (decision.outcome === 'allowed') {
    return (await hasPage(deps.images, item)) ? { status: 200, item, open: decision.open, until: decision.until } : { status: 404 };
  }
  deps.visits.refused(visitor, item, decision);
  const substitutes = await findSubstitutes(deps.items, access, item, visitor, now);
  return { status: decision.outcome === 'access-needed' ? 401 : 403, item, decision, substitutes };
}
