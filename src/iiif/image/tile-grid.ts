/**
 * The tiles and sizes that an information document offers: all within the limits.
 * https://iiif.io/api/image/3.0/#53-sizes and https://iiif.io/api/image/3.0/#54-tiles
 */
import type { Dimensions } from './plan-region.ts';
import { largestUnscaled, type SizeLimits, sizeByWidth } from './plan-size.ts';

export interface StoredImage extends Dimensions {
  /** The stored tile grid, where the source is tiled. */
  readonly tile: Dimensions | null;
  /** Stored reduced versions, largest first, without the full size. */
  readonly levels: readonly Dimensions[];
}

export interface TileGrid extends Dimensions {
  readonly scaleFactors: readonly number[];
}

/** The side of computed tiles. */
const TILE_SIDE = 512;
/** Stored tiles outside this range are strips or whole images, which make poor tiles. */
const STORED_TILE_SIDES = { shortest: 64, longest: 2_048 };
/** The longer side of the smallest size on offer: a thumbnail. */
const SMALLEST_SIZE = 128;

/** The stored grid where viewers can use it, else a computed one. */
export function tileGrid(image: StoredImage, limits: SizeLimits): TileGrid {
  const tile = image.tile !== null && isUsable(image.tile, limits) ? image.tile : computedTile(limits);
  return { width: tile.width, height: tile.height, scaleFactors: scaleFactors(image, tile) };
}

function isUsable(tile: Dimensions, limits: SizeLimits): boolean {
  const sides = [tile.width, tile.height];
  return (
    sides.every((side) => side >= STORED_TILE_SIDES.shortest && side <= STORED_TILE_SIDES.longest) &&
    tile.width <= limits.maxWidth &&
    tile.height <= limits.maxHeight &&
    tile.width * tile.height <= limits.maxArea
  );
}

function computedTile(limits: SizeLimits): Dimensions {
  const side = Math.min(TILE_SIDE, Math.floor(Math.sqrt(limits.maxArea)));
  return { width: Math.min(side, limits.maxWidth), height: Math.min(side, limits.maxHeight) };
}

/**
 * Doubled until one tile shows the whole image. Viewers compute with powers of two, and pyramids are stored in them; a
 * level that is not is found among the sizes.
 */
function scaleFactors(image: Dimensions, tile: Dimensions): readonly number[] {
  const factors = [1];
  for (let factor = 1; tile.width * factor < image.width || tile.height * factor < image.height; factor *= 2) factors.push(factor * 2);
  return factors;
}

/**
 * Preferred sizes of the full image, smallest first, the largest possible one among them. The height is the one that
 * `w,` yields, so that `w,` and `w,h` ask for the same image.
 */
export function preferredSizes(image: StoredImage, limits: SizeLimits): readonly Dimensions[] {
  const largest = largestUnscaled(image, limits);
  const widths = image.levels.length > 0 ? image.levels.map((level) => level.width) : halvedWidths(image);
  const smaller = [...new Set(widths)]
    .filter((width) => width < largest.width)
    .map((width) => sizeByWidth(width, image))
    .filter((size) => size.height <= largest.height && size.width * size.height <= limits.maxArea);
  return [...smaller.sort((a, b) => a.width - b.width), largest];
}

function halvedWidths(image: Dimensions): readonly number[] {
  const widths: number[] = [];
  for (let factor = 2; Math.max(image.width, image.height) / factor >= SMALLEST_SIZE; factor *= 2) {
    widths.push(Math.ceil(image.width / factor));
  }
  return widths;
}
