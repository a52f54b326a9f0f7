/**
 * From an image request to pixels.
 * https://iiif.io/api/image/3.0/#46-order-of-implementation
 * https://iiif.io/api/image/2.1/#order-of-implementation
 */
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import { multiplyDown } from './exact.ts';
import { FORMAT_MAX_SIDE } from './features.ts';
import { type Dimensions, planRegion } from './plan-region.ts';
import { planSize } from './plan-size.ts';
import type { Format, ImageRequest, Quality } from './request.ts';
import { writeCanonical } from './write-canonical.ts';

/** What may be asked for; in the information document as maxWidth, maxHeight and maxArea. */
export interface ImageLimits {
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Pixels of the output. */
  readonly maxArea: number;
  /** 2.1 only: whether sizes above the region's own are made (`sizeAboveFull`); 3.0 has `^` for it. */
  readonly sizeAboveFull: boolean;
  /** Largest output side, as a multiple of the full image's side. Lowers maxWidth and maxHeight of small images. */
  readonly maxUpscale: number;
  /** False where nothing is made larger than its region, in either version. */
  readonly upscaling?: boolean;
  /** True where a picture is turned by multiples of 90 degrees only, so that no box is larger than these limits. */
  readonly quarterTurnsOnly?: boolean;
}

/** An image request resolved to pixels: numbers only, ready to render. */
export interface Plan {
  /** In pixels of the full, oriented image; never empty, never outside. */
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Scaled size before rotation; at least 1 x 1. */
  readonly size: { readonly width: number; readonly height: number };
  readonly mirrored: boolean;
  /** Clockwise, after mirroring; 0 <= degrees < 360, to ten decimals. */
  readonly degrees: number;
  /** Never `color`, which is planned as `default`: all the colour there is. */
  readonly quality: Quality;
  readonly format: Format;
  /** `{region}/{size}/{rotation}/{quality}.{format}` in the canonical form of the request's version. */
  readonly canonical: string;
}

/**
 * A thin strip turned by 45 degrees fills a square: 20000 x 100 pixels become 202 million. No side may be longer than
 * this multiple of the root of maxArea, and so every size within the limits has, at every angle, a canvas of at most
 * four times maxArea: its area is at most half of (width + height) squared, and (a + 1/a)² / 2 is 4 at a = 1 + √2.
 */
const LONGEST_SIDE_PER_ROOT_AREA = 1 + Math.SQRT2;
export const TURNED_AREA_PER_MAX_AREA = 4;

/** The diagonal of a square with this side is what a JPEG can hold. */
const LONGEST_SIDE = Math.floor(FORMAT_MAX_SIDE.jpg / Math.SQRT2);

/** https://iiif.io/api/image/3.0/#73-error-conditions: 501 for what is not on offer. */
const QUARTER_TURNS_ONLY = refuse('image.turning', 'This image is turned by 90, 180 and 270 degrees only.');

export function planImage(request: ImageRequest, image: Dimensions, limits: ImageLimits): Plan | Refusal {
  const effective = effectiveLimits(limits, image);
  const region = planRegion(request.region, image);
  if (isRefusal(region)) return region;
  const size = planSize(request.size, region, request.version, effective);
  if (isRefusal(size)) return size;
  const planned: Omit<Plan, 'canonical'> = {
    region,
    size,
    mirrored: request.rotation.mirrored,
    degrees: request.rotation.degrees,
    quality: request.quality === 'color' ? 'default' : request.quality,
    format: request.format,
  };
  if (effective.quarterTurnsOnly === true && planned.degrees % 90 !== 0) return QUARTER_TURNS_ONLY;
  if (!fitsFormat(planned)) return tooLargeForFormat(request.format);
  return { ...planned, canonical: writeCanonical(request.version, planned, image, effective) };
}

/**
 * The limits that hold for one image: what the information document says and the planner keeps.
 * They are about the scaled size, before rotation, whatever the region.
 */
export function effectiveLimits(limits: ImageLimits, image: Dimensions): ImageLimits {
  const upscale = limits.upscaling === false ? 1 : limits.maxUpscale;
  const longest = Math.min(LONGEST_SIDE, Math.floor(LONGEST_SIDE_PER_ROOT_AREA * Math.sqrt(limits.maxArea)));
  const maxWidth = Math.max(1, Math.min(limits.maxWidth, longest, multiplyDown(image.width, upscale)));
  const maxHeight = Math.max(1, Math.min(limits.maxHeight, longest, multiplyDown(image.height, upscale)));
  return { ...limits, maxWidth, maxHeight };
}

/** Width and height of the picture that comes out: the smallest box around the turned size. */
export function turnedSize(plan: Pick<Plan, 'size' | 'degrees'>): Dimensions {
  const { width, height } = plan.size;
  if (plan.degrees % 180 === 0) return { width, height };
  if (plan.degrees % 90 === 0) return { width: height, height: width };
  const angle = (plan.degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { width: Math.ceil(width * cosine + height * sine), height: Math.ceil(height * cosine + width * sine) };
}

function fitsFormat(planned: Pick<Plan, 'size' | 'degrees' | 'format'>): boolean {
  const { width, height } = turnedSize(planned);
  return Math.max(width, height) <= FORMAT_MAX_SIDE[planned.format];
}

function tooLargeForFormat(format: Format): Refusal {
  return refuse('image.limit', `A side of this image is longer than the ${FORMAT_MAX_SIDE[format]} pixels that ${format} can hold.`);
}
