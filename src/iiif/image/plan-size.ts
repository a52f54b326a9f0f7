/**
 * The size to which a region is scaled. Sides are rounded half up and are never less than a pixel.
 * https://iiif.io/api/image/3.0/#42-size and https://iiif.io/api/image/2.1/#size
 */
import { type Refusal, refuse } from '../../lib/problems.ts';
import { percentOf, scaleSide } from './exact.ts';
import type { Dimensions } from './plan-region.ts';
import type { ImageApiVersion, Size } from './request.ts';

/** What sizes are held against, whatever the region. */
export interface SizeLimits {
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly maxArea: number;
  readonly sizeAboveFull: boolean;
  readonly upscaling?: boolean;
}

const NEEDS_CARET = refuse('image.size', 'The size is larger than the region; upscaling is asked for with ^ before the size.');
/** https://iiif.io/api/image/3.0/#42-size: 501 for `^` where it would be needed. */
const NOT_ENLARGED = refuse('image.upscaling', 'The size is larger than the region, and this image is not enlarged.');
const NO_UPSCALING = refuse('image.size', 'The size is larger than the region, and this server does not enlarge in Image API 2.1.');

export function planSize(size: Size, region: Dimensions, version: ImageApiVersion, limits: SizeLimits): Dimensions | Refusal {
  const enlarges = limits.upscaling !== false;
  if (size.kind === 'max') return size.upscale && enlarges ? largestSize(region, limits) : largestUnscaled(region, limits);
  const asksUpscale = version === 2 ? limits.sizeAboveFull : size.kind !== 'full' && size.upscale;
  const mayUpscale = asksUpscale && enlarges;
  if (size.kind === 'confined') return largestSize(region, confine(size, mayUpscale ? limits : confine(region, limits)));
  const wanted = wantedSize(size, region);
  if (!mayUpscale && isUpscaled(size, wanted, region)) return refuseUpscaling(version, asksUpscale);
  return isWithin(wanted, limits) ? wanted : overLimit(version, limits);
}

/** `max`: the region's own size, or as much of it as the limits let through. In 2.1 too, where it does not say so. */
export function largestUnscaled(region: Dimensions, limits: SizeLimits): Dimensions {
  return largestSize(region, confine(region, limits));
}

/** `^max`, and the largest size in any box: keeps the proportions as closely as whole pixels can. */
export function largestSize(region: Dimensions, box: Omit<SizeLimits, 'sizeAboveFull'>): Dimensions {
  const widthBinds = BigInt(box.maxWidth) * BigInt(region.height) <= BigInt(box.maxHeight) * BigInt(region.width);
  const fitted = widthBinds ? sizeByWidth(box.maxWidth, region) : sizeByHeight(box.maxHeight, region);
  return fitted.width * fitted.height <= box.maxArea ? fitted : largestByArea(region, fitted, box.maxArea);
}

/** The longer side leads, so that rounding the other one distorts least; the area grows with it, so halving finds it. */
function largestByArea(region: Dimensions, fitted: Dimensions, maxArea: number): Dimensions {
  const sized = region.width >= region.height ? sizeByWidth : sizeByHeight;
  let fits = 1;
  let tooLong = Math.max(fitted.width, fitted.height);
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    const { width, height } = sized(middle, region);
    if (width * height <= maxArea) fits = middle;
    else tooLong = middle;
  }
  return sized(fits, region);
}

function wantedSize(size: Exclude<Size, { kind: 'max' | 'confined' }>, region: Dimensions): Dimensions {
  if (size.kind === 'full') return { width: region.width, height: region.height };
  if (size.kind === 'width') return sizeByWidth(size.width, region);
  if (size.kind === 'height') return sizeByHeight(size.height, region);
  if (size.kind === 'exact') return { width: size.width, height: size.height };
  return {
    width: Math.max(1, percentOf(size.percent, region.width)),
    height: Math.max(1, percentOf(size.percent, region.height)),
  };
}

export function sizeByWidth(width: number, region: Dimensions): Dimensions {
  return { width, height: scaleSide(width, region.height, region.width) };
}

function sizeByHeight(height: number, region: Dimensions): Dimensions {
  return { width: scaleSide(height, region.width, region.height), height };
}

function isUpscaled(size: Size, wanted: Dimensions, region: Dimensions): boolean {
  // 100.4 percent of ten pixels is ten pixels, and upscaling all the same.
  if (size.kind === 'percent') return size.percent > 100;
  return isLarger(wanted, region);
}

export function isLarger(size: Dimensions, region: Dimensions): boolean {
  return size.width > region.width || size.height > region.height;
}

function refuseUpscaling(version: ImageApiVersion, asked: boolean): Refusal {
  if (version === 2) return NO_UPSCALING;
  return asked ? NOT_ENLARGED : NEEDS_CARET;
}

function isWithin(size: Dimensions, limits: SizeLimits): boolean {
  return size.width <= limits.maxWidth && size.height <= limits.maxHeight && size.width * size.height <= limits.maxArea;
}

function confine(box: Dimensions, limits: SizeLimits): SizeLimits {
  return { ...limits, maxWidth: Math.min(box.width, limits.maxWidth), maxHeight: Math.min(box.height, limits.maxHeight) };
}

/** 3.0 §4.2 wants 400 for sizes beyond the limits; 2.1 §7.2 has only 404, which would deny the picture, so it is 403 there. */
function overLimit(version: ImageApiVersion, { maxWidth, maxHeight, maxArea }: SizeLimits): Refusal {
  const sentence = `Images are made up to ${maxWidth} pixels wide, ${maxHeight} high and ${maxArea} in all; max is the largest size.`;
  return refuse(version === 3 ? 'image.size' : 'image.limit', sentence);
}
