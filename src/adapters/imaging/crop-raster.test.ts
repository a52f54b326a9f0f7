import { describe, expect, it } from 'vitest';
import { cropRaster } from './crop-raster.ts';
import type { Raster } from './raster.ts';

const RASTER: Raster = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), width: 3, height: 3, channels: 1 };

describe('cropping a raster', () => {
  it('copies a rectangle', () => {
    expect(cropRaster(RASTER, { x: 1, y: 1, width: 2, height: 2 })).toEqual({
      data: Uint8Array.of(5, 6, 8, 9),
      width: 2,
      height: 2,
      channels: 1,
    });
  });

  it('repeats the last column and row for what is missing', () => {
    const cropped = cropRaster(RASTER, { x: 2, y: 1, width: 1, height: 2 }, { width: 1, height: 1 });
    expect(cropped).toEqual({ data: Uint8Array.of(6, 6, 9, 9, 9, 9), width: 2, height: 3, channels: 1 });
  });

  it('keeps the channels of a pixel together', () => {
    const colour: Raster = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 2, height: 1, channels: 3 };
    expect([...cropRaster(colour, { x: 1, y: 0, width: 1, height: 1 }, { width: 1, height: 0 }).data]).toEqual([4, 5, 6, 4, 5, 6]);
  });

  it('copies nothing when everything is wanted', () => {
    expect(cropRaster(RASTER, { x: 0, y: 0, width: 3, height: 3 })).toBe(RASTER);
  });
});
