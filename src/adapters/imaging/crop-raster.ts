import type { Raster, Rect, Size } from './raster.ts';

/** Copies a rectangle, and repeats its last column and row for what is `missing` at the right and the bottom. */
export function cropRaster(raster: Raster, rect: Rect, missing: Size = { width: 0, height: 0 }): Raster {
  const { channels } = raster;
  const width = rect.width + missing.width;
  const height = rect.height + missing.height;
  const isWhole = rect.x === 0 && rect.y === 0 && width === raster.width && height === raster.height;
  if (isWhole) return raster;

  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((rect.y + Math.min(row, rect.height - 1)) * raster.width + rect.x) * channels;
    const to = row * width * channels;
    data.set(raster.data.subarray(from, from + rect.width * channels), to);
    for (let extra = rect.width; extra < width; extra++) {
      data.copyWithin(to + extra * channels, to + (rect.width - 1) * channels, to + rect.width * channels);
    }
  }
  return { data, width, height, channels };
}
