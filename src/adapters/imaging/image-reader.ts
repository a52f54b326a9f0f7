import { LRUCache } from 'lru-cache';
import type { Item } from '../../domain/item.ts';
import type { ImageReader } from '../../domain/ports.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { copyTiles } from './copy-tiles.ts';
import { describeSource } from './describe-source.ts';
import { encodeJp2 } from './encode-jp2.ts';
import { findPixels, type PixelSources } from './find-pixels.ts';
import type { ImagingOptions } from './imaging-options.ts';
import type { Jp2Decoder } from './jp2-decoder.ts';
import { createJp2ProcessDecoder, hasOpjDecompress } from './jp2-process-decoder.ts';
import { createJp2WorkerDecoder } from './jp2-worker-decoder.ts';
import { checkFits, type DerivativeTools, makeDerivative } from './make-derivative.ts';
import { createOpenFiles } from './open-files.ts';
import { createOpenjpegWorker, type OpenjpegWorker } from './openjpeg-worker-host.ts';
import { createRasterCache } from './raster-cache.ts';
import { brokenSource, decoderFailure } from './source-failure.ts';
import type { SourceLayout } from './source-layout.ts';
import { findTierPixels } from './tier-pixels.ts';

const MAX_LAYOUTS = 1000;
/** Far below what systems allow a process. */
const MOST_OPEN_FILES = 200;

/** Reads sources and makes derivatives. `close` ends the worker and forgets what is kept. */
export function createImageReader(options: ImagingOptions): ImageReader & { close(): Promise<void> } {
  const layouts = new LRUCache<string, Promise<SourceLayout>>({ max: MAX_LAYOUTS });
  const rasters = createRasterCache(options.decodedMemoryBytes);
  const files = createOpenFiles(MOST_OPEN_FILES);
  const worker = createOpenjpegWorker(options.timeLimitSeconds);
  const sources: PixelSources = { options, rasters, jp2Decoder: () => chooseDecoder(options, worker) };
  const tools: DerivativeTools = { options, encodeJp2: (raster, profile) => encodeJp2(raster, profile, worker, options.timeLimitSeconds) };

  const layoutOf = (item: Item): Promise<SourceLayout> => {
    const key = `${item.path}\n${item.page}\n${item.source.version}`;
    const known = layouts.get(key);
    if (known !== undefined) return known;
    const reading = describeSource(item, options);
    layouts.set(key, reading);
    reading.catch(() => layouts.delete(key));
    return reading;
  };

  function copyFrom(layout: SourceLayout, item: Item, plan: Plan): Promise<Uint8Array | null> {
    return copyTiles(item, layout, plan, keepsProfile(layout, plan, options), files).catch((error: unknown) => {
      throw decoderFailure(item, error);
    });
  }

  return {
    async describe(item) {
      return (await layoutOf(item)).description;
    },

    async copy(item, asked) {
      const layout = await layoutOf(item);
      const plan = toneOf(item, layout, asked);
      checkAsked(item, layout, plan);
      return copyFrom(layout, item, plan);
    },

    async render(item, _description, asked, signal) {
      signal.throwIfAborted();
      const layout = await layoutOf(item);
      const plan = toneOf(item, layout, asked);
      checkAsked(item, layout, plan);
      const copied = await copyFrom(layout, item, plan);
      if (copied !== null) return copied;
      const keepProfile = keepsProfile(layout, plan, options);
      const finding =
        item.tier === undefined
          ? findPixels(item, layout, plan, keepProfile, sources)
          : findTierPixels(item, item.tier, layout, plan, keepProfile, sources);
      const raster = await finding.catch((error: unknown) => {
        throw decoderFailure(item, error);
      });
      signal.throwIfAborted();
      return makeDerivative(raster, plan, keepProfile ? layout.profile : null, tools).catch((error: unknown) => {
        throw encoderFailure(item, plan, error);
      });
    },

    async close() {
      rasters.clear();
      layouts.clear();
      await files.close();
      await worker.close();
    },
  };
}

function checkAsked(item: Item, { description }: SourceLayout, plan: Plan): void {
  if (item.page > description.pages) throw brokenSource(item, `there are ${description.pages} pages`);
  checkFits(plan, description);
}

/** Of a gray tier all qualities but bitonal are gray; drawing on a gray picture must not make it one of colours. */
function toneOf({ tier }: Item, { description }: SourceLayout, plan: Plan): Plan {
  const gray = tier !== undefined && (tier.gray || description.gray);
  return gray && plan.quality === 'default' ? { ...plan, quality: 'gray' } : plan;
}

async function chooseDecoder({ jpeg2000, timeLimitSeconds }: ImagingOptions, worker: OpenjpegWorker): Promise<Jp2Decoder> {
  const byProcess = jpeg2000 === 'process' || (jpeg2000 === 'installed' && (await hasOpjDecompress()));
  return byProcess ? createJp2ProcessDecoder(timeLimitSeconds) : createJp2WorkerDecoder(worker);
}

/** GIF holds no profile, gray made of colours has none that fits, and JPEG 2000 decoders apply it themselves. */
function keepsProfile(layout: SourceLayout, plan: Plan, { colour }: ImagingOptions): boolean {
  if (colour !== 'keep-profile' || layout.profile === null || layout.cmyk || layout.jp2 !== null || plan.format === 'gif') return false;
  return plan.quality === 'default' || plan.quality === 'color';
}

function encoderFailure(item: Item, plan: Plan, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const refusal = /timeout/i.test(text)
    ? refuse('server.timeout', 'The image took longer to make than this server allows. A smaller one may work.')
    : refuse('server.error', 'The image could not be made.');
  return new Failure(refusal, `${item.source.file} ${plan.canonical}: ${text}`, { cause: error });
}
