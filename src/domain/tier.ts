/**
 * Tiers: lesser versions of an item, computed from its one source or taken from another item, each with an identifier of its own.
 * https://iiif.io/api/auth/1.0/#tiered-access and https://iiif.io/api/auth/2.0/#tiered-access
 */
import type { ImageLimits } from '../iiif/image/plan.ts';
import type { Tier } from './access.ts';
import type { Item, SourceDescription } from './item.ts';

/** No file has such a name: those of images have a dot. */
const TIER_SEGMENT = /^(.+)\/~([a-z0-9][a-z0-9-]{0,63})$/s;

/** `letters/anna.jpg/~preview` is tier `preview` of `letters/anna.jpg`. */
export function parseTierIdentifier(identifier: string): { readonly identifier: string; readonly tier: string | null } {
  const [, item, tier] = TIER_SEGMENT.exec(identifier) ?? [];
  return item === undefined || tier === undefined ? { identifier, tier: null } : { identifier: item, tier };
}

export function tierIdentifier(identifier: string, tier: Tier): string {
  return `${identifier}/~${tier.name}`;
}

/** Whether there can be such a tier of an item of this kind: pixels are changed of images only. */
export function isTierOf(tier: Tier, kind: Item['kind']): boolean {
  return kind === 'image' || (tier.item !== null && !changesPixels(tier));
}

function changesPixels({ maxSize, maxOutput, gray, watermark, blur, blackout }: Tier): boolean {
  return maxSize !== null || maxOutput !== null || gray || watermark !== null || blur.length > 0 || blackout.length > 0;
}

/** The image as a tier serves it: its dimensions, and nothing stored that is larger. */
export function describeTier(source: SourceDescription, tier: Tier | undefined): SourceDescription {
  if (tier === undefined) return source;
  const gray = source.gray || tier.gray;
  const longest = Math.max(source.width, source.height);
  if (tier.maxSize === null || tier.maxSize >= longest) return { ...source, gray };
  const scale = tier.maxSize / longest;
  const side = (full: number): number => Math.max(1, Math.round(full * scale));
  return { ...source, gray, width: side(source.width), height: side(source.height), tile: null, levels: [] };
}

/**
 * What may be asked of a tier. Of one that is limited in size nothing is enlarged: every pixel that leaves is one of the
 * tier's, or stands for several. One that is limited in output is not turned by odd angles, which would make a larger box.
 */
export function limitTier(limits: ImageLimits, tier: Tier | undefined): ImageLimits {
  if (tier === undefined) return limits;
  const { maxSize, maxOutput } = tier;
  const unenlarged = maxSize === null ? limits : { ...limits, sizeAboveFull: false, upscaling: false };
  if (maxOutput === null) return unenlarged;
  const { maxWidth, maxHeight } = unenlarged;
  return { ...unenlarged, maxWidth: Math.min(maxWidth, maxOutput), maxHeight: Math.min(maxHeight, maxOutput), quarterTurnsOnly: true };
}

/** Everything about a tier that changes pixels, beside the source, for cache keys. */
export function tierKey({ maxSize, gray, watermark, blur, blackout }: Tier): string {
  const mark = watermark === null || typeof watermark.mark === 'string' ? watermark : { ...watermark, mark: [watermark.mark.version] };
  return JSON.stringify([maxSize, gray, mark, blur, blackout]);
}
