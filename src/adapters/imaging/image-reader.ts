import { LRUCache } from 'lru-cache';
import { isPurged } from '../../domain/derivative.ts';
import type { Item, Source, SourceDescription } from '../../domain/item.ts';
import type { ImageReader, ImagesAtOnce, ItemKeeper, RemoteFiles } from '../../domain/ports.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { isLossless } from '../../iiif/image/request.ts';
import { Failure } from '../../lib/problems.ts';
import { type Settling, settling } from '../../lib/settling.ts';
import { chooseDecoder } from './choose-decoder.ts';
import { copyTiles, copyTilesAtOnce } from './copy-tiles.ts';
import { createDecodedTiles } from './decoded-tiles.ts';
import { describeSource } from './describe-source.ts';
import { encodeJp2 } from './encode-jp2.ts';
import { encoderFailure } from './encoder-failure.ts';
import { findPixels, type PixelSources } from './find-pixels.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { keepsOwnProfile } from './keeps-profile.ts';
import { checkFits, type DerivativeTools, makeDerivative } from './make-derivative.ts';
import { createOpenFiles } from './open-files.ts';
import { createOpenjpegWorker } from './openjpeg-worker-host.ts';
import { isStream, pixelsOf } from './pixels.ts';
import type { Pyramids } from './pyramid/background-pyramids.ts';
import { mayReadPyramid, wantsPyramid, withGrid } from './pyramid/wants-pyramid.ts';
import type { Size } from './raster.ts';
import { createRasterCache } from './raster-cache.ts';
import { createScratch } from './scratch.ts';
import { brokenSource, decoderFailure } from './source-failure.ts';
import { pathInKey, sourceKey } from './source-key.ts';
import type { SourceLayout } from './source-layout.ts';
import { findTierPixels } from './tier-pixels.ts';

/** A source and its pyramid are two. */
const MAX_LAYOUTS = 2000;
/** Far below what systems allow a process. */
const MOST_OPEN_FILES = 200;
/** As much as one request puts together of tiles. */
const MOST_SCRATCH_BYTES = 32_000_000;

/** A source, and what is told of it. */
interface KnownSource {
  readonly layout: SourceLayout;
  /** What is told while a pyramid is kept beside it, and before; null for a source that shall have none. */
  readonly pyramidal: { readonly before: SourceDescription; readonly after: SourceDescription } | null;
}

/**
 * Reads sources and makes derivatives, of the pyramid beside a source where there is one. Without `pyramids` there are none.
 * `remote` reads sources that are not on this machine. `purge` tells how many pyramids went. `close` ends the worker and forgets
 * what is kept.
 */
export function createImageReader(
  options: ImagingOptions,
  pyramids: Pyramids | null = null,
  remote: RemoteFiles | null = null,
): ImageReader & ImagesAtOnce & ItemKeeper & { close(): Promise<void> } {
  const sources = new LRUCache<string, Settling<KnownSource>>({ max: MAX_LAYOUTS });
  const rasters = createRasterCache(options.decodedMemoryBytes);
  const files = createOpenFiles(MOST_OPEN_FILES, remote);
  const scratch = createScratch(MOST_SCRATCH_BYTES);
  const tiles = createDecodedTiles(options.decodedTileBytes, scratch);
  const worker = createOpenjpegWorker(options.timeLimitSeconds);
  const pixelSources: PixelSources = { options, rasters, remote, files, tiles, scratch, jp2Decoder: () => chooseDecoder(options, worker) };
  const tools: DerivativeTools = {
    options,
    scratch,
    encodeJp2: (raster, profile) => encodeJp2(raster, profile, worker, options.timeLimitSeconds),
  };

  const sourceOf = (item: Item): Promise<KnownSource> => {
    const key = sourceKey(item);
    const known = sources.get(key);
    if (known !== undefined) return known.promise;
    const reading = describeSource(item, options, remote).then((layout) => toKnown(layout, options));
    sources.set(key, settling(reading));
    reading.catch(() => sources.delete(key));
    return reading;
  };

  /** The pyramid that is read instead of a source; undefined where that has to be found out. */
  function recallPyramid(item: Item, { pyramidal }: KnownSource): Source | null | undefined {
    return pyramids === null || pyramidal === null || !mayReadPyramid(item.tier) ? null : pyramids.recall(item);
  }

  function copyFrom(layout: SourceLayout, item: Item, plan: Plan): Promise<Uint8Array | null> {
    return copyTiles(item, layout, plan, keepsProfile(layout, plan, options), files).catch((error: unknown) => {
      throw decoderFailure(item, error);
    });
  }

  async function makeFrom(layout: SourceLayout, item: Item, plan: Plan, signal: AbortSignal): Promise<Uint8Array> {
    const copied = await copyFrom(layout, item, plan);
    if (copied !== null) return copied;
    const keepProfile = keepsProfile(layout, plan, options);
    const finding =
      item.tier === undefined
        ? findPixels(item, layout, plan, keepProfile, pixelSources)
        : findTierPixels(item, item.tier, layout, plan, keepProfile, pixelSources).then(pixelsOf);
    const pixels = await finding.catch((error: unknown) => {
      throw decoderFailure(item, error);
    });
    signal.throwIfAborted();
    return makeDerivative(pixels, plan, keepProfile ? layout.profile : null, tools)
      .catch((error: unknown) => {
        throw isStream(pixels) ? decoderFailure(item, error) : encoderFailure(item, plan, error);
      })
      .finally(isStream(pixels) ? undefined : pixels.release);
  }

  /** Null where there is no pyramid that can be read: then it is for the source. */
  async function usePyramid<T>(
    item: Item,
    { layout, pyramidal }: KnownSource,
    plan: Plan,
    use: (layout: SourceLayout, item: Item) => Promise<T>,
  ): Promise<T | null> {
    // What is written without loss shall have the pixels of the source.
    if (pyramids === null || pyramidal === null || !mayReadPyramid(item.tier) || isLossless(plan.format)) return null;
    const source = await pyramids.find(item);
    if (source === null) {
      pyramids.want(item);
      return null;
    }
    const kept = { ...item, source };
    try {
      const found = await sourceOf({ ...kept, page: 1 });
      if (!isSameSize(found.layout.description, layout.description)) throw brokenSource(kept, 'it is of another picture');
      return await use(found.layout, kept);
    } catch (error) {
      if (!(error instanceof Failure) || !error.refusal.code.startsWith('source.')) throw error;
      pyramids.drop(item, error);
      return null;
    }
  }

  return {
    async describe(item) {
      const { layout, pyramidal } = await sourceOf(item);
      if (pyramids === null || pyramidal === null) return layout.description;
      return mayReadPyramid(item.tier) && (await pyramids.find(item)) !== null ? pyramidal.after : pyramidal.before;
    },

    async copy(item, asked) {
      const known = await sourceOf(item);
      const plan = toneOf(item, known.layout, asked);
      checkAsked(item, known.layout, plan);
      const copied = await usePyramid(item, known, plan, (layout, kept) => copyFrom(layout, kept, plan));
      return copied ?? copyFrom(known.layout, item, plan);
    },

    describeAtOnce(item) {
      const known = sources.get(sourceKey(item))?.value;
      if (known === undefined) return null;
      const { layout, pyramidal } = known;
      if (pyramids === null || pyramidal === null) return layout.description;
      const pyramid = recallPyramid(item, known);
      return pyramid === undefined ? null : pyramid === null ? pyramidal.before : pyramidal.after;
    },

    copyAtOnce(item, asked) {
      const known = sources.get(sourceKey(item))?.value;
      const pyramid = known === undefined ? undefined : recallPyramid(item, known);
      // Where there is no pyramid yet, one may be wanted.
      if (known === undefined || pyramid === undefined || (pyramid === null && known.pyramidal !== null)) return null;
      const read = pyramid === null ? item : { ...item, source: pyramid, page: 1 };
      const layout = pyramid === null ? known.layout : sources.get(sourceKey(read))?.value?.layout;
      if (layout === undefined || !isSameSize(layout.description, known.layout.description)) return null;
      try {
        const plan = toneOf(item, known.layout, asked);
        checkAsked(item, known.layout, plan);
        return copyTilesAtOnce(read, layout, plan, keepsProfile(layout, plan, options), files);
      } catch {
        return null;
      }
    },

    async render(item, _description, asked, signal) {
      signal.throwIfAborted();
      const known = await sourceOf(item);
      const plan = toneOf(item, known.layout, asked);
      checkAsked(item, known.layout, plan);
      const made = await usePyramid(item, known, plan, (layout, kept) => makeFrom(layout, kept, plan, signal));
      return made ?? makeFrom(known.layout, item, plan, signal);
    },

    async purge(purge) {
      const gone = (await pyramids?.purge(purge)) ?? 0;
      const isMeant = (key: string) => isPurged(purge, { item: pathInKey(key) });
      for (const key of [...sources.keys()]) if (isMeant(key)) sources.delete(key);
      rasters.forget(isMeant);
      tiles.forget(isMeant);
      // A file that was removed is there as long as somebody has it open.
      files.forget();
      return gone;
    },

    async close() {
      await pyramids?.close();
      rasters.clear();
      tiles.clear();
      sources.clear();
      files.forget();
      await worker.close();
    },
  };
}

function toKnown(layout: SourceLayout, options: ImagingOptions): KnownSource {
  const { description } = layout;
  if (!wantsPyramid(layout, keepsOwnProfile(layout, options))) return { layout, pyramidal: null };
  return { layout, pyramidal: { before: withGrid(description, false), after: withGrid(description, true) } };
}

function isSameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
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

/** GIF holds no profile, and gray made of colours has none that fits. */
function keepsProfile(layout: SourceLayout, plan: Plan, options: ImagingOptions): boolean {
  if (!keepsOwnProfile(layout, options) || plan.format === 'gif') return false;
  return plan.quality === 'default' || plan.quality === 'color';
}
