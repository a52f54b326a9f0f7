import type { PercentRegion, Tier } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import { describeTier } from '../../domain/tier.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { channelsOf, findPixels, type PixelSources } from './find-pixels.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { resample } from './pixels.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { sharp, timeLimit } from './sharp-library.ts';
import { sourceKey } from './source-key.ts';
import type { SourceLayout } from './source-layout.ts';
import { drawMark, placeWatermark } from './watermark.ts';

/** Along its longer side a blurred region keeps this many spots of colour. */
const BLURRED_SPOTS = 8;
/**
 * How far reading at a scale carries a pixel at most, in pixels of the result; what it may have reached is covered too. A
 * level is made and brought to size by three pixels each, and a JPEG that is read at half its size is mixed in blocks of four.
 */
const REACH = 10;
/** The longest side that the SVG library draws is 32767; in parts it needs less memory too. */
const DRAWN_PART = 4_000;

/** The region of a plan as the tier shows it, at its size, upright. The plan is in pixels of the tier. */
export async function findTierPixels(
  item: Item,
  tier: Tier,
  layout: SourceLayout,
  plan: Plan,
  keepProfile: boolean,
  sources: PixelSources,
): Promise<Raster> {
  const find = async (region: Rect, size: Size): Promise<Raster> =>
    resample(await findPixels(item, layout, { ...plan, region, size }, keepProfile, sources), sources.options);
  const source = layout.description;
  const full: Size = describeTier(source, tier);
  const isReduced = full.width !== source.width || full.height !== source.height;
  const raster = isReduced ? await findReduced(item, full, plan, keepProfile, find, layout, sources) : await find(plan.region, plan.size);
  return coverTier(raster, tier, { source, full, plan, find }, sources.options);
}

/** What a tier is made of. */
export interface TierPicture {
  readonly source: Size;
  /** The whole of the tier. */
  readonly full: Size;
  /** In pixels of the tier. */
  readonly plan: Plan;
  /** A region of the source at a size. */
  find(region: Rect, size: Size): Promise<Raster>;
}

/** Hides what a tier hides, and marks it. `raster`: what the plan shows, at its size, upright. */
export async function coverTier(
  raster: Raster,
  tier: Tier,
  { source, full, plan, find }: TierPicture,
  options: ImagingOptions,
): Promise<Raster> {
  const isReduced = full.width !== source.width || full.height !== source.height;
  const scale = Math.min(plan.size.width / plan.region.width, plan.size.height / plan.region.height);
  const isScaled = plan.size.width !== plan.region.width || plan.size.height !== plan.region.height;
  const reach = (isReduced ? REACH : 0) + (isScaled ? REACH / Math.min(1, scale) : 0);
  const covered = [
    ...(await Promise.all(tier.blur.map((part) => drawBlurred(part, full, plan.region, source, reach, find)))),
    ...tier.blackout.map((part) => drawRectangle(grow(toRectangle(part, full), reach), '#000')),
    ...(tier.watermark === null ? [] : [placeWatermark(await drawMark(tier.watermark.mark), tier.watermark, full, plan.region, scale)]),
  ];
  const drawing = covered.join('');
  return drawing === '' ? raster : drawOver(raster, drawing, plan.region, options);
}

/**
 * The whole tier is made and kept, and every answer cut from it: what is asked for cannot bring more out of the source.
 * Parts made straight from the source at many sizes would, for each samples it elsewhere.
 */
async function findReduced(
  item: Item,
  full: Size,
  plan: Plan,
  keepProfile: boolean,
  find: (region: Rect, size: Size) => Promise<Raster>,
  layout: SourceLayout,
  { options, rasters }: PixelSources,
): Promise<Raster> {
  const { width, height } = layout.description;
  const key = `${sourceKey(item)}\ntier ${full.width}x${full.height} ${keepProfile}`;
  const whole = await rasters.get(key, full.width * full.height * channelsOf(layout), () => find({ x: 0, y: 0, width, height }, full));
  return resample({ raster: whole, rect: plan.region, size: plan.size }, options);
}

function toRectangle(part: PercentRegion, full: Size): Rect {
  const x = Math.floor((part.x * full.width) / 100);
  const y = Math.floor((part.y * full.height) / 100);
  const right = Math.min(full.width, Math.ceil(((part.x + part.width) * full.width) / 100));
  const bottom = Math.min(full.height, Math.ceil(((part.y + part.height) * full.height) / 100));
  return {
    x: Math.min(x, full.width - 1),
    y: Math.min(y, full.height - 1),
    width: Math.max(1, right - x),
    height: Math.max(1, bottom - y),
  };
}

function grow({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function meet(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function drawRectangle({ x, y, width, height }: Rect, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" shape-rendering="crispEdges"/>`;
}

/** A few spots of colour, drawn large and smooth: whatever the scale and region, there is no more to see. */
async function drawBlurred(
  part: PercentRegion,
  full: Size,
  seen: Rect,
  source: Size,
  reach: number,
  find: (region: Rect, size: Size) => Promise<Raster>,
): Promise<string> {
  const place = toRectangle(part, full);
  const covered = grow(place, reach);
  if (!meet(covered, seen)) return '';
  const region = toRectangle(part, source);
  const perSpot = Math.max(region.width, region.height) / BLURRED_SPOTS;
  const spots = { width: Math.max(1, Math.round(region.width / perSpot)), height: Math.max(1, Math.round(region.height / perSpot)) };
  const size = { width: Math.min(spots.width, region.width), height: Math.min(spots.height, region.height) };
  const raster = await find(region, size);
  const png = await open(raster).png().toBuffer();
  const spot = await open(raster).flatten().toColourspace('srgb').resize({ width: 1, height: 1, fit: 'fill' }).raw().toBuffer();
  const image = `<image x="${place.x}" y="${place.y}" width="${place.width}" height="${place.height}" preserveAspectRatio="none" href="data:image/png;base64,${png.toString('base64')}"/>`;
  return drawRectangle(covered, `rgb(${spot[0] ?? 0},${spot[1] ?? 0},${spot[2] ?? 0})`) + image;
}

/** Draws on a raster that shows a region; the drawing is in pixels of what the region is of. */
async function drawOver(raster: Raster, drawing: string, region: Rect, options: ImagingOptions): Promise<Raster> {
  const perPixel = { x: region.width / raster.width, y: region.height / raster.height };
  const parts = cut(raster).map(({ x, y, width, height }) => {
    const box = [region.x + x * perPixel.x, region.y + y * perPixel.y, width * perPixel.x, height * perPixel.y];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box.join(' ')}" preserveAspectRatio="none">${drawing}</svg>`;
    return { input: Buffer.from(svg), left: x, top: y };
  });
  const drawn = open(raster).toColourspace('srgb').composite(parts).timeout(timeLimit(options));
  const opaque = raster.channels % 2 === 0 ? drawn : drawn.removeAlpha();
  const shaped = raster.channels === 1 ? opaque.toColourspace('b-w') : opaque;
  const { data, info } = await shaped.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function cut({ width, height }: Size): readonly Rect[] {
  const starts = (length: number): number[] => Array.from({ length: Math.ceil(length / DRAWN_PART) }, (_, at) => at * DRAWN_PART);
  return starts(height).flatMap((y) =>
    starts(width).map((x) => ({ x, y, width: Math.min(DRAWN_PART, width - x), height: Math.min(DRAWN_PART, height - y) })),
  );
}

function open({ data, width, height, channels }: Raster) {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}
