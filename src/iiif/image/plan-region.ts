/**
 * A region in pixels of the image, cropped at its edges.
 * https://iiif.io/api/image/3.0/#41-region and https://iiif.io/api/image/2.1/#region
 */
import { type Refusal, refuse } from '../../lib/problems.ts';
import { percentOf } from './exact.ts';
import type { Region } from './request.ts';

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Dimensions {
  readonly x: number;
  readonly y: number;
}

const OUTSIDE = refuse('image.region', 'The region lies outside the image.');

export function planRegion(region: Region, image: Dimensions): Rectangle | Refusal {
  if (region.kind === 'full') return { x: 0, y: 0, width: image.width, height: image.height };
  if (region.kind === 'square') return centredSquare(image);
  const begins = region.kind === 'pixels' ? region : percentStart(region, image);
  if (begins.x >= image.width || begins.y >= image.height) return OUTSIDE;
  const wanted = region.kind === 'pixels' ? region : percentExtent(region, image);
  return {
    x: begins.x,
    y: begins.y,
    width: Math.min(wanted.width, image.width - begins.x),
    height: Math.min(wanted.height, image.height - begins.y),
  };
}

function centredSquare(image: Dimensions): Rectangle {
  const side = Math.min(image.width, image.height);
  return { x: Math.floor((image.width - side) / 2), y: Math.floor((image.height - side) / 2), width: side, height: side };
}

/** Rounding never pushes a start below 100 percent over the edge. */
function percentStart(region: { readonly x: number; readonly y: number }, image: Dimensions): { readonly x: number; readonly y: number } {
  return { x: startOf(region.x, image.width), y: startOf(region.y, image.height) };
}

function startOf(percent: number, side: number): number {
  return percent >= 100 ? side : Math.min(percentOf(percent, side), side - 1);
}

/** A part of an image, however thin, has a pixel. */
function percentExtent(region: Dimensions, image: Dimensions): Dimensions {
  return {
    width: Math.max(1, percentOf(region.width, image.width)),
    height: Math.max(1, percentOf(region.height, image.height)),
  };
}
