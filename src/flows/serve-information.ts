import type { AccessModel, AccessService, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { Item, SourceDescription } from '../domain/item.ts';
import { findServiceByName } from '../domain/item-service.ts';
import { offerOf } from '../domain/offered-services.ts';
import { rulesInForce } from '../domain/period.ts';
import type { ImageReader, ItemSource } from '../domain/ports.ts';
import { describeTier } from '../domain/tier.ts';
import type { Visitor } from '../domain/visitor.ts';
import { type Telling, tellingAbout } from '../domain/when-locked.ts';
import { Failure } from '../lib/problems.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findItem } from './find-item.ts';
import { findSubstitutes, standFor } from './find-substitutes.ts';
import { isPageOf } from './has-page.ts';
import type { Seating } from './take-seat.ts';

export interface InformationDeps {
  readonly items: ItemSource;
  readonly images: Pick<ImageReader, 'describe'>;
  access(): AccessModel;
  now(): Date;
}

export type InformationOutcome =
  | { readonly kind: 'not-found' }
  /** Nothing the visitor does can help, so nothing of the item is told. */
  | { readonly kind: 'refused'; readonly decision: Extract<Decision, { outcome: 'refused' }> }
  | {
      readonly kind: 'information';
      readonly item: Item;
      /** As it is served: of a tier its own. Null where the visitor is told nothing of it, and not even whether it is there. */
      readonly description: SourceDescription | null;
      /** `refused` only where there is a tier. */
      readonly decision: Decision;
      /** The best tier that the visitor may see instead, or may unlock of an item that nobody may open; null where the item itself is open to them. */
      readonly tier: Item | null;
      readonly telling: Telling;
      /** The services that open the item, in the order of the policy: also for those who have access, so that they can sign out. */
      readonly services: readonly AccessService[];
    };

/** One information request: find, decide, describe. Who lacks access gets the true document all the same (Authentication 1.0 §3.1). */
export async function serveInformation(
  deps: InformationDeps & { readonly visits: Pick<VisitAudit, 'refused'>; readonly seating: Pick<Seating, 'seat'> },
  identifier: string,
  visitor: () => Promise<Visitor>,
): Promise<InformationOutcome> {
  const access = deps.access();
  const item = await findItem(deps.items, access, identifier);
  if (item?.kind !== 'image') return { kind: 'not-found' };

  const who = await deps.seating.seat(await visitor(), item);
  const decision = decide(access, item.path, who, deps.now(), item.tier);
  if (decision.outcome !== 'allowed') deps.visits.refused(who, item, decision);
  const tier = decision.outcome === 'allowed' ? null : standFor(decision, await findSubstitutes(deps.items, access, item, who, deps.now()));
  if (decision.outcome === 'refused' && tier === null) return { kind: 'refused', decision };

  const telling = tellingAbout(access, item, who, deps.now());
  const source = await describeTo(deps.images, item, decision, telling);
  if (source !== null && !isPageOf(item, source)) return { kind: 'not-found' };
  return {
    kind: 'information',
    item,
    description: source === null ? null : describeTier(source, item.tier),
    decision,
    tier,
    telling,
    services: servicesOf(access, item.path, decision, who, deps.now()),
  };
}

/**
 * Of an item that nobody has looked for before the decision, its pixels are refused whether it is there or not. So they are told
 * no more by its document: null, where it is not there, or nothing of it is told anyway.
 */
async function describeTo(
  images: InformationDeps['images'],
  item: Item,
  { outcome }: Decision,
  { dimensions }: Telling,
): Promise<SourceDescription | null> {
  if (outcome === 'allowed' || item.unseen !== true) return images.describe(item);
  if (!dimensions) return null;
  try {
    return await images.describe(item);
  } catch (error) {
    if (error instanceof Failure && error.refusal.code === 'not-found') return null;
    throw error;
  }
}

/** Every service that opens what was decided about, in the order of the policy. */
export function servicesOf(access: AccessModel, path: string, decision: Decision, visitor: Visitor, now: Date): readonly AccessService[] {
  if (decision.outcome === 'access-needed') return decision.services;
  const rules = decision.policy === null ? 'everyone' : rulesInForce(decision.policy, now);
  const services = rules === 'everyone' ? [] : offerOf(rules, { access, item: path, visitor, now }).services;
  const signedInBy = decision.outcome === 'allowed' && decision.reason.code === 'item-grant' ? decision.reason.service : null;
  if (signedInBy === null || services.some(({ name }) => name === signedInBy)) return services;
  // Nobody but the person with the grant is offered it: a viewer needs it for the probe, and for signing out.
  const service = findServiceByName(access, signedInBy);
  return service === null ? services : [...services, service];
}
