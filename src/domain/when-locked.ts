import type { AccessModel, Decision, Policy, Tier } from './access.ts';
import { decide } from './decide.ts';
import type { Item } from './item.ts';
import type { Visitor } from './visitor.ts';

/** What may be told of an item to one visitor. Of what they may see: everything. */
export interface Telling {
  /** Its label, and what else is written about it. */
  readonly label: boolean;
  /** Width, height, duration, bytes. */
  readonly dimensions: boolean;
  /** A small version of a picture, or else a lesser one, which everybody may see. */
  readonly thumbnail: Tier | null;
  /** Whether lists name it: pages, collections, manifests of folders. */
  readonly listed: boolean;
  /** Whether there is a manifest of it for this visitor. */
  readonly manifest: boolean;
}

const EVERYTHING: Telling = { label: true, dimensions: true, thumbnail: null, listed: true, manifest: true };

/** Where a policy says nothing else, an item that nobody can open is in no list. */
export function tellingOf(decision: Decision): Telling {
  // Who only has to wait may know what for.
  if (decision.outcome === 'allowed' || decision.reason.code === 'no-seat') return EVERYTHING;
  const { outcome, policy, embargoUntil } = decision;
  const { label = true, dimensions = true, listed = outcome !== 'refused', manifest = 'open' } = policy?.whenLocked ?? {};
  // An embargo keeps tiers closed too.
  const thumbnail =
    policy === null || embargoUntil !== undefined ? null : (thumbnailTier(policy) ?? (dimensions ? openTier(policy) : null));
  return { label, dimensions, listed, manifest: manifest === 'open', thumbnail };
}

/** The same of a tier too: that tells its own dimensions, and the label of the item it is one of. */
export function tellingAbout(access: AccessModel, { path, tier }: Pick<Item, 'path' | 'tier'>, visitor: Visitor, now: Date): Telling {
  const telling = tellingOf(decide(access, path, visitor, now));
  return tier === undefined ? telling : { ...telling, dimensions: true, manifest: true };
}

/** Whether the policy keeps an item out of every list, whatever stands for it. */
export function isKeptOut({ outcome, policy, reason }: Decision): boolean {
  return outcome !== 'allowed' && reason.code !== 'no-seat' && policy?.whenLocked?.listed === false;
}

/** A tier by its name: one of `otherwise`, or the thumbnail. */
export function findNamedTier(policy: Policy | null, name: string): Tier | null {
  const tiers = [...(policy?.otherwise ?? []), ...(policy === null ? [] : [thumbnailTier(policy)])];
  return tiers.find((tier) => tier?.name === name) ?? null;
}

/** The last segment of its identifier is `~thumbnail`. */
export const THUMBNAIL_TIER = 'thumbnail';

/** Of a picture as it is, so that it has a thumbnail of any size. */
function openTier({ otherwise = [] }: Policy): Tier | null {
  return otherwise.find((tier) => tier.for === 'everyone' && tier.item === null && tier.maxOutput === null) ?? null;
}

function thumbnailTier({ whenLocked }: Policy): Tier | null {
  const maxSize = whenLocked?.thumbnail ?? null;
  if (maxSize === null) return null;
  const plain = { item: null, maxOutput: null, gray: false, watermark: null, blur: [], blackout: [] };
  return { name: THUMBNAIL_TIER, label: null, for: 'everyone', maxSize, ...plain };
}
