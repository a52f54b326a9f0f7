/**
 * An image request as text, in one spelling for each value, for whoever answers it instead of us.
 * https://iiif.io/api/image/3.0/#4-image-requests
 * https://iiif.io/api/image/2.1/#image-request-parameters
 */
import { writeDecimal } from './exact.ts';
import type { ImageRequest, Region, Rotation, Size } from './request.ts';

/** `{region}/{size}/{rotation}/{quality}.{format}`, percent-encoded. */
export function writeRequest({ region, size, rotation, quality, format }: Omit<ImageRequest, 'identifier' | 'version'>): string {
  const parameters = [writeRegion(region), writeSize(size), writeRotation(rotation), `${quality}.${format}`];
  return parameters.map((text) => text.replaceAll('^', '%5E')).join('/');
}

function writeRegion(region: Region): string {
  if (region.kind === 'full' || region.kind === 'square') return region.kind;
  const numbers = [region.x, region.y, region.width, region.height].map(writeDecimal).join(',');
  return region.kind === 'percent' ? `pct:${numbers}` : numbers;
}

function writeSize(size: Size): string {
  if (size.kind === 'full') return 'full';
  return `${size.upscale ? '^' : ''}${writeMeasure(size)}`;
}

function writeMeasure(size: Exclude<Size, { kind: 'full' }>): string {
  switch (size.kind) {
    case 'max':
      return 'max';
    case 'width':
      return `${size.width},`;
    case 'height':
      return `,${size.height}`;
    case 'percent':
      return `pct:${writeDecimal(size.percent)}`;
    case 'exact':
      return `${size.width},${size.height}`;
    case 'confined':
      return `!${size.width},${size.height}`;
  }
}

function writeRotation({ mirrored, degrees }: Rotation): string {
  return `${mirrored ? '!' : ''}${writeDecimal(degrees)}`;
}
