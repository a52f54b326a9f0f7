import type { Sharp, SharpOptions } from 'sharp';
import { takeOldTiles } from './old-tiles.ts';
import { toStoredRect, turnOf } from './orientation.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { withBytes } from './read-bytes.ts';
import { sharp, timeLimit } from './sharp-library.ts';
import type { RegionLevel, SourceLayout } from './source-layout.ts';
import { takeStripJpeg } from './strip-jpeg.ts';

export interface PixelOptions {
  readonly timeLimitSeconds: number;
  readonly maxSourcePixels: number;
  /** Leave the colours in the source's own profile. */
  readonly keepProfile: boolean;
}

/** A rectangle of one tiled level, upright, brought to a size where one is given; not read yet. `rect` is as seen. */
export async function openRegion(
  file: string,
  layout: SourceLayout,
  level: RegionLevel,
  rect: Rect,
  size: Size | null,
  options: PixelOptions,
): Promise<Sharp> {
  const { x, y, width, height } = toStoredRect(rect, level, layout.orientation);
  const opened = await open(file, layout, options, { page: level.page, subifd: level.subifd, sequentialRead: false });
  const part = opened.extract({ left: x, top: y, width, height });
  const sized = size === null ? part : part.resize({ ...asStored(size, layout), fit: 'fill' });
  return inColours(turn(sized, layout), layout, options);
}

/** The whole picture at a size, upright. For a tiled source from its smallest level that suffices. */
export async function readWhole(file: string, layout: SourceLayout, size: Size, options: PixelOptions): Promise<Raster> {
  const level = layout.regionLevels.findLast(({ width, height }) => enough({ width, height }, size, layout));
  const opened = await open(
    file,
    layout,
    options,
    level === undefined ? { page: layout.page } : { page: level.page, subifd: level.subifd },
  );
  const resized = isSize(layout.description, size)
    ? opened
    : opened.resize({ ...asStored(size, layout), fit: 'fill', fastShrinkOnLoad: true });
  return toRaster(inColours(turn(resized, layout), layout, options), options);
}

/** A rectangle of the full size brought to a size while it streams by: for what is too large to be held whole. Not read yet. */
export async function openStreaming(file: string, layout: SourceLayout, rect: Rect, size: Size, options: PixelOptions): Promise<Sharp> {
  const { x, y, width, height } = toStoredRect(rect, layout.stored, layout.orientation);
  const opened = await open(file, layout, options, { page: layout.page });
  const isWhole = width === layout.stored.width && height === layout.stored.height;
  const part = isWhole ? opened : opened.extract({ left: x, top: y, width, height });
  return inColours(turn(part.resize({ ...asStored(size, layout), fit: 'fill' }), layout), layout, options);
}

/** The whole picture at its full size, as it is stored, as a pipeline that is not run yet: from top to bottom. */
export async function openWhole(file: string, layout: SourceLayout, options: PixelOptions): Promise<Sharp> {
  const page = layout.regionLevels[0]?.page ?? layout.page;
  return inColours(await open(file, layout, options, { page }), layout, options);
}

async function open(file: string, layout: SourceLayout, options: PixelOptions, more: SharpOptions): Promise<Sharp> {
  const { format, stripJpeg, oldTiles, srgb, profile } = layout;
  const jpeg = stripJpeg === null ? null : await withBytes(file, (bytes) => takeStripJpeg(bytes, stripJpeg, profile));
  const tiled = jpeg !== null || oldTiles === null ? null : await withBytes(file, (bytes) => takeOldTiles(bytes, oldTiles, profile));
  const rebuilt = jpeg ?? tiled;
  const isJpeg = format === 'jpeg' || rebuilt !== null;
  const paged = format === 'tiff' && rebuilt === null ? more : { ...more, page: undefined, subifd: undefined };
  const defined = Object.fromEntries(Object.entries(paged).filter(([, value]) => value !== undefined));
  return sharp(rebuilt ?? file, {
    limitInputPixels: Math.min(options.maxSourcePixels, MOST_LIMIT),
    // libjpeg only warns of damaged data, and goes on in gray; libtiff leaves a tile that it cannot read black.
    failOn: isJpeg || layout.regionLevels.length > 0 ? 'warning' : 'error',
    sequentialRead: true,
    ignoreIcc: srgb && !options.keepProfile,
    ...defined,
  });
}

/** The most that sharp takes as a limit. */
const MOST_LIMIT = Number.MAX_SAFE_INTEGER;

function enough(level: Size, size: Size, layout: SourceLayout): boolean {
  const stored = asStored(size, layout);
  return level.width >= stored.width && level.height >= stored.height;
}

function isSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function asStored(size: Size, { orientation }: SourceLayout): Size {
  return orientation >= 5 ? { width: size.height, height: size.width } : { width: size.width, height: size.height };
}

function turn(pipeline: Sharp, { orientation }: SourceLayout): Sharp {
  const { flip, flop, degrees } = turnOf(orientation);
  const mirrored = pipeline.flip(flip).flop(flop);
  return degrees === 0 ? mirrored : mirrored.rotate(degrees);
}

/** Runs a pipeline of what was opened here. */
export async function toRaster(pipeline: Sharp, options: PixelOptions): Promise<Raster> {
  const { data, info } = await pipeline.timeout(timeLimit(options)).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** To 8-bit gray or sRGB. Raw gray would lose its opacity, so that with opacity becomes colour. libvips brings 16-bit colours with a profile to Display P3 on the way, hence the second step. */
function inColours(pipeline: Sharp, layout: SourceLayout, { keepProfile }: PixelOptions): Sharp {
  const gray = layout.gray && !layout.description.alpha;
  const space = pipeline.toColourspace(gray ? 'b-w' : 'srgb');
  if (keepProfile) return space.keepIccProfile();
  const viaP3 = layout.depth > 8 && layout.profile !== null && !layout.gray && !layout.srgb;
  return viaP3 ? space.withIccProfile('srgb', { attach: false }) : space;
}
