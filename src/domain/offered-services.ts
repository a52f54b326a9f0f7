import { hoursTexts } from '../iiif/auth/hours-texts.ts';
import type { AccessModel, AccessService, AllowRule } from './access.ts';
import { canHelp, findAspect } from './authorizing-aspect.ts';
import { serviceOfRules } from './item-service.ts';
import { isOpen, nextOpening } from './opening-hours.ts';
import type { Visitor } from './visitor.ts';

/** Whether a service opens at this time, and what was got there counts. */
export function isServiceOpen({ hours }: AccessService, now: Date): boolean {
  return hours === undefined || isOpen(hours, now);
}

/** What viewers are told of. */
export interface Offer {
  readonly services: readonly AccessService[];
  /** None of them can help this visitor, here and now. */
  readonly outOfReach: boolean;
}

/** Who asks, for the item at which path. */
interface OfferAsk {
  readonly access: AccessModel;
  readonly item: string;
  readonly visitor: Visitor;
  readonly now: Date;
}

/**
 * In the order of the rules, each service once. One that opens at other places or times only is left out where another can
 * help: some viewers try nothing else once it has failed.
 */
export function offerOf(rules: readonly AllowRule[], ask: OfferAsk): Offer {
  const names = [...new Set(rules.map(({ service }) => service))];
  const found = names.flatMap((name) => {
    const service = serviceOfRules(rules, name, ask.access, ask.item);
    const isHelp = service !== null && rules.some((rule) => rule.service === name && isRuleWithinReach(rule, service, ask));
    return service === null ? [] : [{ service, isHelp }];
  });
  const helpful = found.filter(({ isHelp }) => isHelp);
  const offered = helpful.length > 0 ? helpful : found;
  return { services: offered.map(({ service }) => tellHours(service, ask.now)), outOfReach: helpful.length === 0 };
}

function isRuleWithinReach(rule: AllowRule, service: AccessService, ask: OfferAsk): boolean {
  return isServiceOpen(service, ask.now) && canHelp(service, ask.visitor) && isAtPlaceOf(rule, ask);
}

/** Whether the visitor is where a rule wants them to be besides. */
export function isAtPlaceOf({ at }: AllowRule, { access, visitor, now }: Omit<OfferAsk, 'item'>): boolean {
  if (at === undefined) return true;
  const place = access.services.get(at);
  return place !== undefined && isServiceOpen(place, now) && findAspect(place, visitor) !== null;
}

/** A viewer that gets nothing at a closed service says why. */
function tellHours(service: AccessService, now: Date): AccessService {
  const texts = closedTexts(service, now);
  return texts === null ? service : { ...service, errorHeading: texts.heading, errorNote: texts.note };
}

/** What to say of a service that is closed now; null of an open one. */
export function closedTexts({ hours }: AccessService, now: Date): ReturnType<typeof hoursTexts> | null {
  return hours === undefined || isOpen(hours, now) ? null : hoursTexts(nextOpening(hours, now), hours.zone);
}
