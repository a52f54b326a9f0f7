import type { Tier } from '../../../domain/access.ts';
import type { SourceDescription } from '../../../domain/item.ts';
import type { SourceLayout } from '../source-layout.ts';
import { storesJpegTiles } from '../tiff-tile-index.ts';
import { levelSizes, PYRAMID_TILE } from './make-pyramid.ts';

/** Below this a picture is decoded faster than it is worth to keep another file. */
const SMALL_PIXELS = 2_000_000;
/** The smallest level of a pyramid has no more tiles than this along a side. */
const SMALLEST_LEVEL_TILES = 4;

/**
 * Whether a pyramid is made for a source: not for what is small, nor for what has opacity, which JPEG tiles do not hold, nor
 * for a pyramid whose tiles can be copied as they are.
 */
export function wantsPyramid(layout: SourceLayout, keepsProfile: boolean): boolean {
  const { width, height, alpha } = layout.description;
  return width * height >= SMALL_PIXELS && !alpha && !isCopied(layout, keepsProfile);
}

function isCopied({ regionLevels, orientation, profile, srgb }: SourceLayout, keepsProfile: boolean): boolean {
  const smallest = regionLevels.at(-1);
  if (smallest === undefined || orientation !== 1 || (profile !== null && !srgb && !keepsProfile)) return false;
  const { tile } = smallest.directory;
  if (tile === null || !regionLevels.every(({ directory }) => storesJpegTiles(directory))) return false;
  return smallest.width <= tile.width * SMALLEST_LEVEL_TILES && smallest.height <= tile.height * SMALLEST_LEVEL_TILES;
}

/** What is told of a source that has or will have a pyramid: the grid is the same before and after. */
export function withGrid(description: SourceDescription, pyramid: boolean): SourceDescription {
  const levels = levelSizes(description.width, description.height).slice(1);
  return { ...description, tile: { width: PYRAMID_TILE, height: PYRAMID_TILE }, levels, pyramid };
}

/**
 * Whether the pixels of a tier may come from a pyramid. Not where it hides something: JPEG spreads a pixel over its block,
 * across the border of what is hidden. Nor where it is limited in size: two ways of making it smaller would tell more than one.
 */
export function mayReadPyramid(tier: Tier | undefined): boolean {
  return tier === undefined || (tier.maxSize === null && tier.blur.length === 0 && tier.blackout.length === 0);
}
