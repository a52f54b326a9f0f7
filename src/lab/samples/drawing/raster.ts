import type { Colour } from './colour.ts';
import { coverPolygon, type Point } from './coverage.ts';
import type { Ink } from './ink.ts';

/** Pixels, row by row, the samples of a pixel together. Sixteen-bit pictures hold a `Uint16Array`. */
export interface Raster<Samples extends Uint8Array | Uint16Array = Uint8Array | Uint16Array> {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Samples;
}

export type ColourRaster = Raster<Uint8Array>;

export function blankRaster(width: number, height: number, channels: 1 | 3 | 4 = 3): ColourRaster {
  return { width, height, channels, data: new Uint8Array(width * height * channels) };
}

export function fillRaster(raster: ColourRaster, [r, g, b]: Colour): ColourRaster {
  const { data } = raster;
  for (let at = 0; at < data.length; at += 3) {
    data[at] = r;
    data[at + 1] = g;
    data[at + 2] = b;
  }
  return raster;
}

/** Lays an ink of one colour over a picture of three channels; the ink may be smaller, and lies at `left`, `top`. */
export function stain(raster: ColourRaster, ink: Ink, [r, g, b]: Colour, opacity = 1, left = 0, top = 0): void {
  const { data, width } = raster;
  const { cover } = ink;
  const { from, to } = ink.rows;
  const scale = opacity / 255;
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(ink.width, width - left);
  for (let y = Math.max(from, -top); y < Math.min(to, raster.height - top); y += 1) {
    const start = y * ink.width;
    const target = (y + top) * width + left;
    for (let x = firstColumn; x < lastColumn; x += 1) {
      const value = cover[start + x] as number;
      if (value !== 0) {
        const part = value * scale;
        const at = (target + x) * 3;
        data[at] = (data[at] as number) * (1 - part) + r * part;
        data[at + 1] = (data[at + 1] as number) * (1 - part) + g * part;
        data[at + 2] = (data[at + 2] as number) * (1 - part) + b * part;
      }
    }
  }
}

/** A filled polygon straight onto a picture of three channels; the colour may depend on the place. */
export function paintPolygon(
  raster: ColourRaster,
  points: readonly Point[],
  tone: Colour,
  texture: ((x: number, y: number) => number) | null = null,
): void {
  const shape = coverPolygon(points);
  const { data, width, height } = raster;
  const from = Math.max(0, -shape.left);
  const to = Math.min(shape.width, width - shape.left);
  const bottom = Math.min(height, shape.top + shape.height);
  for (let y = Math.max(0, shape.top); y < bottom; y += 1) {
    const start = (y - shape.top) * shape.width;
    for (let column = from; column < to; column += 1) {
      const part = shape.values[start + column] as number;
      if (part > 0.002) {
        const x = shape.left + column;
        const factor = texture === null ? part : part * texture(x, y);
        const at = (y * width + x) * 3;
        data[at] = clampByte((data[at] as number) * (1 - part) + tone[0] * factor);
        data[at + 1] = clampByte((data[at + 1] as number) * (1 - part) + tone[1] * factor);
        data[at + 2] = clampByte((data[at + 2] as number) * (1 - part) + tone[2] * factor);
      }
    }
  }
}

export function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
