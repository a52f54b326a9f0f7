import type { Decision } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { Item } from '../../domain/item.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { findItem } from '../find-item.ts';
import type { ForwardDeps } from './forward-image.ts';

export type CheckOutcome =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'denied'; readonly decision: Exclude<Decision, { outcome: 'allowed' }> }
  | {
      readonly kind: 'allowed';
      readonly item: Item;
      readonly visitor: Visitor;
      readonly decision: Extract<Decision, { outcome: 'allowed' }>;
    };

/** What a proxy asks about, which then gets the bytes from the upstream itself: find, decide, and write it down. */
export async function checkAtGateway(
  deps: ForwardDeps,
  asked: { readonly version: ImageApiVersion; readonly identifier: string },
  visitor: () => Promise<Visitor>,
): Promise<CheckOutcome> {
  const access = deps.access();
  const item = await findItem(deps.upstreams.items, access, asked.identifier);
  if (item === null || deps.upstreams.versionOf(item) !== asked.version) return { kind: 'not-found' };

  const who = await deps.seating.seat(await visitor(), item);
  const decision = decide(access, item.path, who, deps.now(), item.tier);
  if (decision.outcome === 'allowed') {
    deps.visits.given(who, item, decision);
    return { kind: 'allowed', item, visitor: who, decision };
  }
  deps.visits.refused(who, item, decision);
  return { kind: 'denied', decision };
}
