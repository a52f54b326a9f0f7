import type { Sharp } from 'sharp';
import { cropRaster } from './crop-raster.ts';
import type { ImagingOptions } from './imaging-options.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { sharp, timeLimit } from './sharp-library.ts';

/** Decoded pixels, what part of them is wanted, and at which size: resampling waits, so that it can be one pass with encoding. */
export interface Pixels {
  readonly raster: Raster;
  readonly rect: Rect;
  readonly size: Size;
  /** To be called when nobody reads the raster any more; then its memory is used for other pixels. */
  readonly release?: (() => void) | undefined;
}

/** Pixels that are read while they are written, upright, at the size, in 8-bit gray or colours without opacity. */
export interface PixelStream {
  readonly channels: 1 | 3;
  /** Lends the pipeline that reads them; it is to be run within. */
  use<T>(run: (pipeline: Sharp) => Promise<T>): Promise<T>;
}

/** A raster that is wanted as it is. */
export function pixelsOf(raster: Raster): Pixels {
  const { width, height } = raster;
  return { raster, rect: { x: 0, y: 0, width, height }, size: { width, height } };
}

export function isStream(pixels: Pixels | PixelStream): pixels is PixelStream {
  return 'use' in pixels;
}

export function needsResampling({ rect, size }: Pixels): boolean {
  return rect.width !== size.width || rect.height !== size.height;
}

/** A pipeline that gives them at their size. */
export function openPixels(pixels: Pixels): Sharp {
  const { raster, rect, size } = pixels;
  const opened = openRaw(raster);
  const isWhole = rect.width === raster.width && rect.height === raster.height;
  const part = isWhole ? opened : opened.extract({ left: rect.x, top: rect.y, width: rect.width, height: rect.height });
  return needsResampling(pixels) ? part.resize({ width: size.width, height: size.height, fit: 'fill' }) : part;
}

/** Brings them to their size. */
export async function resample(pixels: Pixels | PixelStream, options: ImagingOptions): Promise<Raster> {
  if (isStream(pixels)) return pixels.use((pipeline) => toSamples(pipeline, options));
  if (!needsResampling(pixels)) return cropRaster(pixels.raster, pixels.rect);
  return toSamples(openPixels(pixels).toColourspace(pixels.raster.channels === 1 ? 'b-w' : 'srgb'), options);
}

export async function toSamples(pipeline: Sharp, options: ImagingOptions): Promise<Raster> {
  const { data, info } = await pipeline.timeout(timeLimit(options)).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

function openRaw({ data, width, height, channels }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}
