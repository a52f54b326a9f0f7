import type { Tier } from '../../domain/access.ts';
import { isPurged, type Purge } from '../../domain/derivative.ts';
import type { Item, SourceDescription } from '../../domain/item.ts';
import type { ImageReader } from '../../domain/ports.ts';
import { describeTier } from '../../domain/tier.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { encodeJp2 } from './encode-jp2.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { checkFits, type DerivativeTools, makeDerivative } from './make-derivative.ts';
import { createOpenjpegWorker } from './openjpeg-worker-host.ts';
import { pixelsOf, resample, toSamples } from './pixels.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { createRasterCache } from './raster-cache.ts';
import { createScratch } from './scratch.ts';
import { sharp } from './sharp-library.ts';
import { pathInKey, sourceKey } from './source-key.ts';
import { coverTier } from './tier-pixels.ts';

/** Where the pixels come from: an upright part of an image at a size that is no larger than the part, as a file of any format. */
export type FetchPart = (item: Item, region: Rect, size: Size) => Promise<Uint8Array>;

const MOST_SCRATCH_BYTES = 32_000_000;

/** Makes tiers of images that are elsewhere, of no more of their pixels than an answer needs. */
export function createFetchedTiers(
  options: ImagingOptions,
  fetch: FetchPart,
): Pick<ImageReader, 'render'> & { purge(purge: Purge): void; close(): Promise<void> } {
  const rasters = createRasterCache(options.decodedMemoryBytes);
  const scratch = createScratch(MOST_SCRATCH_BYTES);
  const worker = createOpenjpegWorker(options.timeLimitSeconds);
  const tools: DerivativeTools = {
    options,
    scratch,
    encodeJp2: (raster, profile) => encodeJp2(raster, profile, worker, options.timeLimitSeconds),
  };

  async function find(item: Item, region: Rect, size: Size): Promise<Raster> {
    const sent = { width: Math.min(size.width, region.width), height: Math.min(size.height, region.height) };
    const raster = await decode(await fetch(item, region, sent), options);
    const { width, height } = raster;
    return resample({ raster, rect: { x: 0, y: 0, width, height }, size }, options);
  }

  /** The whole tier, from which its answers are cut: parts made at many sizes would tell more than the tier shows. */
  async function findReduced(item: Item, full: Size, source: Size, plan: Plan): Promise<Raster> {
    const key = `${sourceKey(item)}\n${item.source.file}\n${full.width}x${full.height}`;
    const whole = { x: 0, y: 0, width: source.width, height: source.height };
    const raster = await rasters.get(key, full.width * full.height * 3, () => find(item, whole, full));
    return resample({ raster, rect: plan.region, size: plan.size }, options);
  }

  async function findTier(item: Item, tier: Tier, source: SourceDescription, plan: Plan): Promise<Raster> {
    const full: Size = describeTier(source, tier);
    const isReduced = full.width !== source.width || full.height !== source.height;
    const raster = isReduced ? await findReduced(item, full, source, plan) : await find(item, plan.region, plan.size);
    return coverTier(raster, tier, { source, full, plan, find: (region, size) => find(item, region, size) }, options);
  }

  return {
    async render(item, source, asked, signal) {
      signal.throwIfAborted();
      const { tier } = item;
      if (tier === undefined) throw new Error('only tiers are made here');
      const plan: Plan = tier.gray && asked.quality === 'default' ? { ...asked, quality: 'gray' } : asked;
      checkFits(plan, source);
      return makeDerivative(pixelsOf(await findTier(item, tier, source, plan)), plan, null, tools);
    },
    purge: (purge) => rasters.forget((key) => isPurged(purge, { item: pathInKey(key) })),
    async close() {
      rasters.clear();
      await worker.close();
    },
  };
}

async function decode(bytes: Uint8Array, options: ImagingOptions): Promise<Raster> {
  try {
    return await toSamples(sharp(bytes, { limitInputPixels: options.maxSourcePixels }).toColourspace('srgb').removeAlpha(), options);
  } catch (cause) {
    throw new Failure(BROKEN, 'the upstream: its pixels cannot be decoded', { cause });
  }
}

const BROKEN = refuse('upstream.broken', 'The image server behind this gateway did not answer as it should.');
