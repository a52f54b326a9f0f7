import type { AccessModel, Decision } from '../domain/access.ts';
import { decide, findPolicy } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import type { ItemSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import { isKeptOut } from '../domain/when-locked.ts';
import { findTier } from './find-item.ts';

/** A tier that a visitor may see instead of the item, or may unlock. */
export interface Substitute {
  readonly item: Item;
  readonly decision: Exclude<Decision, { outcome: 'refused' }>;
}

/**
 * The tiers of an item that are worth naming to this visitor: those they may see, best first, and after them those that
 * an access service of their own would open, best first. A viewer that takes the first one shows something. None of a tier.
 * https://iiif.io/api/auth/2.0/#substitute
 */
export async function findSubstitutes(
  items: Pick<ItemSource, 'find'>,
  access: AccessModel,
  item: Item,
  visitor: Visitor,
  now: Date,
): Promise<readonly Substitute[]> {
  if (item.tier !== undefined) return [];
  const tiers = findPolicy(access, item.path)?.otherwise ?? [];
  const found = await Promise.all(
    tiers.map(async (tier): Promise<Substitute | null> => {
      const decision = decide(access, item.path, visitor, now, tier);
      if (decision.outcome === 'refused' || isEmbargoed(decision) || !isWithinReach(decision)) return null;
      const lesser = await findTier(items, item, tier);
      return lesser === null ? null : { item: lesser, decision };
    }),
  );
  const substitutes = found.filter((each) => each !== null);
  return [...substitutes.filter(isOpened), ...substitutes.filter((each) => !isOpened(each))];
}

/** Whether an item that nobody may open has a tier that this visitor may see or unlock: then it is named in lists all the same. */
export async function hasStandIn(
  items: Pick<ItemSource, 'find'>,
  access: AccessModel,
  path: string,
  visitor: Visitor,
  now: Date,
): Promise<boolean> {
  const decision = decide(access, path, visitor, now);
  if (decision.policy?.otherwise === undefined || isKeptOut(decision)) return false;
  const item = await items.find(path);
  return item !== null && (await findSubstitutes(items, access, item, visitor, now)).length > 0;
}

/** The best tier that the visitor may see now; null where there is none. */
export function bestOpened(substitutes: readonly Substitute[]): Item | null {
  return substitutes.find(isOpened)?.item ?? null;
}

/**
 * What stands for an item that nobody may open: the best tier that the visitor may see, or else the best that can be
 * unlocked, for nothing else leads to its services.
 */
export function standFor(decision: Decision, substitutes: readonly Substitute[]): Item | null {
  return bestOpened(substitutes) ?? (decision.outcome === 'refused' ? (substitutes[0]?.item ?? null) : null);
}

function isOpened({ decision }: Substitute): boolean {
  return decision.outcome === 'allowed';
}

/** Then what would open the tier opens the item. */
function isEmbargoed(decision: Decision): boolean {
  return decision.outcome === 'access-needed' && decision.embargoUntil !== undefined;
}

/** A service that opens at other places only is not for this visitor. */
function isWithinReach(decision: Decision): boolean {
  return decision.outcome !== 'access-needed' || decision.outOfReach !== true;
}
