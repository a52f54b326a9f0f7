import type { Sharp } from 'sharp';
import type { Item } from '../../domain/item.ts';
import type { RemoteFiles } from '../../domain/ports.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { isLossless } from '../../iiif/image/request.ts';
import { chooseLevel, halvings } from './choose-level.ts';
import { listTileParts } from './codestream-tiles.ts';
import { cropRaster } from './crop-raster.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { fullRect, type Jp2Decoder } from './jp2-decoder.ts';
import type { Jp2Header } from './jp2-header.ts';
import { orientSize } from './orientation.ts';
import { type PixelStream, type Pixels, pixelsOf, resample } from './pixels.ts';
import type { Raster, Rect, Size } from './raster.ts';
import type { RasterCache } from './raster-cache.ts';
import { withBytes } from './read-bytes.ts';
import { openRegion, openStreaming, type PixelOptions, readWhole, toRaster } from './read-pixels.ts';
import { borrowItem } from './remote-bytes.ts';
import { sourceKey } from './source-key.ts';
import type { SourceLayout } from './source-layout.ts';
import { readTiles, type TileStores } from './tile-pixels.ts';

export interface PixelSources extends TileStores {
  readonly options: ImagingOptions;
  readonly rasters: RasterCache;
  /** Brings sources here that are not on this machine. */
  readonly remote: RemoteFiles | null;
  jp2Decoder(): Promise<Jp2Decoder>;
}

/** What is asked for at once and not tile by tile is not worth pushing the tiles' rasters out of memory. */
const BIG_PIXELS = 6_000_000;

/** The region of a plan, upright, and the size that it is to have before it is mirrored and turned. */
export function findPixels(
  item: Item,
  layout: SourceLayout,
  plan: Plan,
  keepProfile: boolean,
  sources: PixelSources,
): Promise<Pixels | PixelStream> {
  const { jp2 } = layout;
  return jp2 === null
    ? findStoredPixels(item, layout, plan, keepProfile, sources)
    : borrowItem(item, sources.remote, (near) => findWaveletPixels(near, layout, jp2, plan, sources));
}

async function findStoredPixels(
  item: Item,
  layout: SourceLayout,
  plan: Plan,
  keepProfile: boolean,
  sources: PixelSources,
): Promise<Pixels | PixelStream> {
  const { options, rasters, remote } = sources;
  const near = <T>(use: (file: string) => Promise<T>) => borrowItem(item, remote, ({ source }) => use(source.file));
  const pixelOptions: PixelOptions = { ...options, keepProfile };
  const stored = layout.regionLevels.map((level) => orientSize(level, layout.orientation));
  const levels = [...stored, ...madeLevels(layout, stored.at(-1))];
  const choice = chooseLevel(levels, plan.region, plan.size, stored.length);
  const level = layout.regionLevels[choice.index];
  if (level !== undefined) {
    // The transform that libjpeg-turbo is fast by is a level or two beside the exact one: not for what is written without loss.
    const tiles = isLossless(plan.format) ? null : await readTiles(item, layout, choice.index, choice.rect, keepProfile, sources);
    if (tiles !== null) return { ...toPixels(tiles.raster, tiles.rect, choice, plan.size), release: tiles.release };
    const size = choice.exact ? null : plan.size;
    const region = streamOf(layout, near, (file) => openRegion(file, layout, level, choice.rect, size, pixelOptions));
    const isWhole = choice.missing.width === 0 && choice.missing.height === 0;
    if (isWhole && mayStream(layout, plan, keepProfile)) return region;
    const raster = await region.use((pipeline) => toRaster(pipeline, pixelOptions));
    return pixelsOf(choice.exact ? cropRaster(raster, whole(raster), choice.missing) : raster);
  }
  const size = levels[choice.index] ?? layout.description;
  const bytes = size.width * size.height * channelsOf(layout);
  const isBig = plan.size.width * plan.size.height > BIG_PIXELS;
  if (isBig || !rasters.holds(bytes)) {
    const stream = streamOf(layout, near, (file) => openStreaming(file, layout, plan.region, plan.size, pixelOptions));
    if (mayStream(layout, plan, keepProfile)) return stream;
    return pixelsOf(await stream.use((pipeline) => toRaster(pipeline, pixelOptions)));
  }
  const key = rasterKey(item, size, keepProfile ? 'own profile' : 'srgb');
  const raster = await rasters.get(key, bytes, () => near((file) => readWhole(file, layout, size, pixelOptions)));
  return toPixels(raster, choice.rect, choice, plan.size);
}

function streamOf(
  layout: SourceLayout,
  near: <T>(use: (file: string) => Promise<T>) => Promise<T>,
  open: (file: string) => Promise<Sharp>,
): PixelStream {
  return { channels: layout.gray ? 1 : 3, use: (run) => near(async (file) => run(await open(file))) };
}

/** Whether pixels can go from the source into a JPEG row by row, so that there are never many of them in memory. */
function mayStream({ orientation, depth, description }: SourceLayout, { format, degrees, quality }: Plan, keepProfile: boolean): boolean {
  const isPlain = orientation === 1 && depth === 8 && !description.alpha && !keepProfile;
  return isPlain && format === 'jpg' && degrees === 0 && quality !== 'bitonal';
}

/** Whole codestreams known to be complete. A file that is cut off decodes to a picture that is gray in part. */
const complete = new WeakSet<Jp2Header>();

async function findWaveletPixels(
  item: Item,
  layout: SourceLayout,
  jp2: Jp2Header,
  plan: Plan,
  { options, rasters, jp2Decoder }: PixelSources,
): Promise<Pixels> {
  const file = item.source.file;
  if (!complete.has(jp2)) {
    await withBytes(file, (bytes) => listTileParts(bytes, jp2));
    complete.add(jp2);
  }
  const decoder = await jp2Decoder();
  const stored = [layout.stored, ...layout.description.levels];
  const levels = [...stored, ...madeLevels(layout, stored.at(-1))];
  const choice = chooseLevel(levels, plan.region, plan.size, stored.length);
  const isStored = choice.index < stored.length;
  const reduce = isStored ? choice.index : stored.length - 1;
  if (isStored && decoder.readsRegions(jp2)) {
    const raster = await decoder.decode(file, jp2, fullRect(jp2, choice.rect, reduce), reduce);
    return toPixels(raster, whole(raster), choice, plan.size);
  }
  const size = levels[choice.index] ?? layout.stored;
  const all: Rect = { x: 0, y: 0, ...layout.stored };
  const load = async (): Promise<Raster> => {
    const raster = await decoder.decode(file, jp2, all, reduce);
    return isStored ? raster : resample({ raster, rect: whole(raster), size }, options);
  };
  const raster = await rasters.get(rasterKey(item, size, 'srgb'), size.width * size.height * channelsOf(layout), load);
  return toPixels(raster, choice.rect, choice, plan.size);
}

function toPixels(raster: Raster, rect: Rect, { exact, missing }: { exact: boolean; missing: Size }, size: Size): Pixels {
  return exact ? pixelsOf(cropRaster(raster, rect, missing)) : { raster, rect, size };
}

/** What is made where the source stores nothing as small. */
function madeLevels(layout: SourceLayout, smallest: Size | undefined): readonly Size[] {
  const all = halvings({ width: layout.description.width, height: layout.description.height });
  if (smallest === undefined) return all;
  return all.filter(({ width, height }) => width < smallest.width * 0.75 && height <= smallest.height);
}

function rasterKey(item: Item, size: Size, colours: string): string {
  return `${sourceKey(item)}\n${size.width}x${size.height} ${colours}`;
}

/** Bytes for one pixel, as it is held. */
export function channelsOf({ gray, description }: SourceLayout): number {
  if (description.alpha) return 4;
  return gray ? 1 : 3;
}

function whole(raster: Raster): Rect {
  return { x: 0, y: 0, width: raster.width, height: raster.height };
}
