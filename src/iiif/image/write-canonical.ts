/**
 * The canonical form of the parameters: what 2.1 and 3.0 write differently.
 * https://iiif.io/api/image/3.0/#48-canonical-uri-syntax
 * https://iiif.io/api/image/2.1/#canonical-uri-syntax
 */
import { writeDecimal } from './exact.ts';
import type { Dimensions, Rectangle } from './plan-region.ts';
import { isLarger, largestSize, largestUnscaled, type SizeLimits, sizeByWidth } from './plan-size.ts';
import type { Format, ImageApiVersion, Quality } from './request.ts';

interface Planned {
  readonly region: Rectangle;
  readonly size: Dimensions;
  readonly mirrored: boolean;
  readonly degrees: number;
  readonly quality: Quality;
  readonly format: Format;
}

/** `{region}/{size}/{rotation}/{quality}.{format}`. Whoever asks for it gets the same pixels again. */
export function writeCanonical(version: ImageApiVersion, planned: Planned, image: Dimensions, limits: SizeLimits): string {
  const region = writeRegion(planned.region, image);
  const size = version === 2 ? writeSize2(planned.size, planned.region) : writeSize3(planned.size, planned.region, limits);
  const rotation = `${planned.mirrored ? '!' : ''}${writeDecimal(planned.degrees)}`;
  return `${region}/${size}/${rotation}/${planned.quality}.${planned.format}`;
}

function writeRegion(region: Rectangle, image: Dimensions): string {
  return isSame(region, image) ? 'full' : `${region.x},${region.y},${region.width},${region.height}`;
}

/** `w,` only where it gives back this very height. */
function writeSize2(size: Dimensions, region: Rectangle): string {
  if (isSame(size, region)) return 'full';
  return isSame(size, sizeByWidth(size.width, region)) ? `${size.width},` : `${size.width},${size.height}`;
}

function writeSize3(size: Dimensions, region: Rectangle, limits: SizeLimits): string {
  if (isSame(size, largestUnscaled(region, limits))) return 'max';
  if (isSame(size, largestSize(region, limits))) return '^max';
  return `${isLarger(size, region) ? '^' : ''}${size.width},${size.height}`;
}

function isSame(one: Dimensions, other: Dimensions): boolean {
  return one.width === other.width && one.height === other.height;
}
