import type { Tier } from '../../domain/access.ts';
import type { SourceDescription } from '../../domain/item.ts';
import { describeTier, limitTier } from '../../domain/tier.ts';
import { type ImageLimits, type Plan, planImage } from '../../iiif/image/plan.ts';
import type { ImageRequest } from '../../iiif/image/request.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';

/** Whether a tier is had by asking for less, so that no pixel is made here. */
export function isHadByLimits({ gray, watermark, blur, blackout }: Tier): boolean {
  return !gray && watermark === null && blur.length === 0 && blackout.length === 0;
}

/** What to ask of the whole image, so that the answer is what was asked of the tier. `source`: of the whole image. */
export function limitRequest(request: ImageRequest, source: SourceDescription, tier: Tier, limits: ImageLimits): ImageRequest | Refusal {
  const lesser = describeTier(source, tier);
  const plan = planImage(request, lesser, limitTier(limits, tier));
  if (isRefusal(plan)) return plan;
  return {
    ...request,
    region: regionOf(plan.region, lesser, source),
    size: { kind: 'exact', ...plan.size, upscale: request.version === 3 && isLarger(plan) },
    rotation: { mirrored: plan.mirrored, degrees: plan.degrees },
  };
}

type Size = Pick<SourceDescription, 'width' | 'height'>;

function regionOf(region: Plan['region'], lesser: Size, source: Size): ImageRequest['region'] {
  if (region.width === lesser.width && region.height === lesser.height) return { kind: 'full' };
  const across = source.width / lesser.width;
  const down = source.height / lesser.height;
  const x = Math.min(source.width - 1, Math.floor(region.x * across));
  const y = Math.min(source.height - 1, Math.floor(region.y * down));
  const right = Math.min(source.width, Math.round((region.x + region.width) * across));
  const bottom = Math.min(source.height, Math.round((region.y + region.height) * down));
  return { kind: 'pixels', x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

/** Of a tier that is limited in output alone. */
function isLarger({ size, region }: Plan): boolean {
  return size.width > region.width || size.height > region.height;
}
