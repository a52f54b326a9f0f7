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
  data.set([r, g, b]);
  for (let filled = 3; filled < data.length; filled *= 2) {
    data.copyWithin(filled, 0, Math.min(filled, data.length - filled));
  }
  return raster;
}

/** Lays an ink of one colour over a picture of three channels; the ink may be smaller, and lies at `left`, `top`. */
export function stain(raster: ColourRaster, ink: Ink, tone: Colour, opacity = 1, left = 0, top = 0): void {
  const { from, to } = ink.rows;
  if (left === 0 && top === 0 && ink.width === raster.width) {
    stainRun(raster.data, ink.cover, from * ink.width, to * ink.width, 0, tone, opacity / 255);
    return;
  }
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(ink.width, raster.width - left);
  for (let y = Math.max(from, -top); y < Math.min(to, raster.height - top); y += 1) {
    const start = y * ink.width;
    const shift = (y + top) * raster.width + left - start;
    stainRun(raster.data, ink.cover, start + firstColumn, start + lastColumn, shift, tone, opacity / 255);
  }
}

/** Stains pixels `from` to `to` of an ink; most of them are empty, and are passed over four at a time. */
function stainRun(data: Uint8Array, cover: Uint8Array, from: number, to: number, shift: number, [r, g, b]: Colour, scale: number): void {
  const words = new Uint32Array(cover.buffer, 0, cover.length >> 2);
  for (let at = from; at < to; at += 1) {
    while ((at & 3) === 0 && at + 4 <= to && words[at >> 2] === 0) {
      at += 4;
    }
    const value = at < to ? (cover[at] as number) : 0;
    if (value !== 0) {
      const part = value * scale;
      const pixel = (at + shift) * 3;
      data[pixel] = (data[pixel] as number) * (1 - part) + r * part;
      data[pixel + 1] = (data[pixel + 1] as number) * (1 - part) + g * part;
      data[pixel + 2] = (data[pixel + 2] as number) * (1 - part) + b * part;
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
