import type { AccessModel, Tier } from '../domain/access.ts';
import { findPolicy } from '../domain/decide.ts';
import { type Item, pageOf } from '../domain/item.ts';
import type { ItemSource } from '../domain/ports.ts';
import { standInPath } from '../domain/stand-in.ts';
import { isTierOf, parseTierIdentifier, tierIdentifier } from '../domain/tier.ts';
import { findNamedTier } from '../domain/when-locked.ts';

type Finder = Pick<ItemSource, 'find'>;

/** The item, or the tier of an item, that an identifier stands for; null where there is none. */
export async function findItem(items: Finder, access: AccessModel, identifier: string): Promise<Item | null> {
  const parsed = parseTierIdentifier(identifier);
  const item = await items.find(parsed.identifier);
  if (item === null || parsed.tier === null) return item;
  const tier = findNamedTier(findPolicy(access, item.path), parsed.tier);
  return tier === null ? null : findTier(items, item, tier);
}

/** A tier of an item, as an item that is judged as such; null where there is none of this kind, or its other item is not there. */
export async function findTier(items: Finder, item: Item, tier: Tier): Promise<Item | null> {
  if (!isTierOf(tier, item.kind)) return null;
  const identifier = tierIdentifier(item.identifier, tier);
  if (tier.item === null) return { ...item, identifier, tier };
  const other = await findOther(items, item, standInPath(tier.item, item.path));
  return other === null ? null : { ...other, identifier, path: item.path, tier, standIn: other.path };
}

/** The same page of it. A viewer puts it where the item would be, so it is of the same kind. */
async function findOther(items: Finder, item: Item, path: string): Promise<Item | null> {
  const first = await items.find(path);
  if (first === null || first.path !== path || path === item.path || first.kind !== item.kind) return null;
  return item.page === 1 ? first : items.find(pageOf(first, item.page).identifier);
}
