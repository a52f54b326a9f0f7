import type { AccessModel, Tier } from '../domain/access.ts';
import { decide, findPolicy } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import { findMediaType } from '../domain/media-types.ts';
import type { ItemSource } from '../domain/ports.ts';
import { parseTierIdentifier, tierIdentifier } from '../domain/tier.ts';
import type { Visitor } from '../domain/visitor.ts';

/** The item, or the tier of an item, that an identifier stands for; null where there is none. */
export async function findItem(items: Pick<ItemSource, 'find'>, access: AccessModel, identifier: string): Promise<Item | null> {
  const parsed = parseTierIdentifier(identifier);
  const item = await items.find(parsed.identifier);
  if (item === null || parsed.tier === null) return item;
  if (item.kind !== 'image') return null;
  const tier = findPolicy(access, item.path)?.otherwise?.find(({ name }) => name === parsed.tier);
  return tier === undefined ? null : { ...item, identifier, tier };
}

/** The tiers of an item that this visitor may see, best first; none of a tier. */
export function findTiers(access: AccessModel, item: Item, visitor: Visitor, now: Date): readonly Item[] {
  if (item.tier !== undefined) return [];
  return listTiers(access, item.path, visitor, now).map((tier) => ({ ...item, identifier: tierIdentifier(item.identifier, tier), tier }));
}

/** The same by path: what the policy has, without a look at the disk. Tiers are of images only. */
export function listTiers(access: AccessModel, path: string, visitor: Visitor, now: Date): readonly Tier[] {
  if (findMediaType(path)?.kind !== 'image') return [];
  const tiers = findPolicy(access, path)?.otherwise ?? [];
  return tiers.filter((tier) => decide(access, path, visitor, now, tier).outcome === 'allowed');
}
