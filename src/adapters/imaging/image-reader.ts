import { LRUCache } from 'lru-cache';
import type { Item } from '../../domain/item.ts';
import type { ImageReader } from '../../domain/ports.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { chooseLevel, halvings } from './choose-level.ts';
import { cropRaster } from './crop-raster.ts';
import { describeSource } from './describe-source.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { makeDerivative, resample } from './make-derivative.ts';
import { orientSize } from './orientation.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { createRasterCache } from './raster-cache.ts';
import { type PixelOptions, readRegion, readStreaming, readWhole } from './read-pixels.ts';
import { decoderFailure, unsupportedSource } from './source-failure.ts';
import type { SourceLayout } from './source-layout.ts';

export function createImageReader(options: ImagingOptions): ImageReader & { close(): Promise<void> } {
  const layouts = new LRUCache<string, Promise<SourceLayout>>({ max: 2000 });
  const rasters = createRasterCache(options.decodedMemoryBytes);

  const layoutOf = (item: Item): Promise<SourceLayout> => {
    const key = `${item.identifier}\n${item.source.version}`;
    const known = layouts.get(key);
    if (known !== undefined) return known;
    const reading = describeSource(item, options);
    layouts.set(key, reading);
    reading.catch(() => layouts.delete(key));
    return reading;
  };

  const pixelsFor = async (item: Item, layout: SourceLayout, plan: Plan, keepProfile: boolean): Promise<Raster> => {
    const file = item.source.file;
    const pixelOptions: PixelOptions = { ...options, keepProfile };
    const stored = layout.regionLevels.map((level) => orientSize(level, layout.orientation));
    const levels = [...stored, ...madeLevels(layout, stored.at(-1))];
    const choice = chooseLevel(levels, plan.region, plan.size);
    const level = layout.regionLevels[choice.index];
    if (level !== undefined) {
      const raster = await readRegion(file, layout, level, choice.rect, pixelOptions);
      return toSize(raster, whole(raster), choice.missing, choice.exact, plan.size);
    }
    const size = levels[choice.index] ?? layout.description;
    const bytes = size.width * size.height * channelsOf(layout);
    if (!rasters.holds(bytes)) return readStreaming(file, layout, plan.region, plan.size, pixelOptions);
    const key = `${item.identifier}\n${item.source.version}\n${size.width}x${size.height}${keepProfile ? ' own profile' : ''}`;
    const raster = await rasters.get(key, bytes, () => readWhole(file, layout, size, pixelOptions));
    return toSize(raster, choice.rect, choice.missing, choice.exact, plan.size);
  };

  const toSize = async (raster: Raster, rect: Rect, missing: Size, exact: boolean, size: Size): Promise<Raster> =>
    exact ? cropRaster(raster, rect, missing) : resample(raster, rect, size, options);

  return {
    async describe(item) {
      return (await layoutOf(item)).description;
    },

    async render(item, _description, plan, signal) {
      signal.throwIfAborted();
      const layout = await layoutOf(item);
      if (layout.jp2 !== null) throw unsupportedSource(item, 'JPEG 2000 is not read yet');
      const keepProfile = keepsProfile(layout, plan, options);
      const raster = await pixelsFor(item, layout, plan, keepProfile).catch((error: unknown) => {
        throw decoderFailure(item, error);
      });
      signal.throwIfAborted();
      try {
        return await makeDerivative(raster, plan, keepProfile ? layout.profile : null, {
          options,
          encodeJp2: () => Promise.reject(new Error('JPEG 2000 is not written yet')),
        });
      } catch (error) {
        throw encoderFailure(item, plan, error);
      }
    },

    async close() {
      rasters.clear();
      layouts.clear();
    },
  };
}

/** What is made where the source stores nothing as small. */
function madeLevels(layout: SourceLayout, smallest: Size | undefined): readonly Size[] {
  const all = halvings({ width: layout.description.width, height: layout.description.height });
  if (smallest === undefined) return all;
  return all.filter(({ width, height }) => width < smallest.width * 0.75 && height <= smallest.height);
}

function channelsOf(layout: SourceLayout): number {
  return (layout.gray ? 1 : 3) + (layout.description.alpha ? 1 : 0);
}

function whole(raster: Raster): Rect {
  return { x: 0, y: 0, width: raster.width, height: raster.height };
}

/** GIF holds no profile, and gray made of colours has none that fits. */
function keepsProfile(layout: SourceLayout, plan: Plan, { colour }: ImagingOptions): boolean {
  if (colour !== 'keep-profile' || layout.profile === null || layout.cmyk || plan.format === 'gif') return false;
  return plan.quality === 'default' || plan.quality === 'color';
}

function encoderFailure(item: Item, plan: Plan, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = /timeout/i.test(text) ? 'server.timeout' : 'server.error';
  return new Failure(refuse(code, 'The image could not be made.'), `${item.source.file} ${plan.canonical}: ${text}`, { cause: error });
}
