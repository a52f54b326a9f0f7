import type { Jp2Header } from './jp2-header.ts';
import type { Raster, Rect, Size } from './raster.ts';

/** Decodes JPEG 2000 to 8-bit gray or sRGB. What it throws is sorted by `decoderFailure`; a message with `timeout` is a time limit. */
export interface Jp2Decoder {
  /** Whether a part costs about its share of the whole. */
  readsRegions(header: Jp2Header): boolean;
  /** `rect` in pixels of the full size; halved `reduce` times, sides rounded up. */
  decode(file: string, header: Jp2Header, rect: Rect, reduce: number): Promise<Raster>;
}

export class Jp2UnsupportedError extends Error {
  override readonly name = 'Jp2UnsupportedError';
}

export class Jp2TooLargeError extends Error {
  override readonly name = 'Jp2TooLargeError';
}

/** What is left of a rectangle after halving, on the grid on which the wavelets halve it (B.5). */
export function reducedSize({ codestream: { x0, y0 } }: Jp2Header, rect: Rect, reduce: number): Size {
  const scale = 2 ** reduce;
  const side = (from: number, length: number) => Math.ceil((from + length) / scale) - Math.ceil(from / scale);
  return { width: side(x0 + rect.x, rect.width), height: side(y0 + rect.y, rect.height) };
}

/** The part of the full size that a rectangle of a reduced one comes from: the other way round. */
export function fullRect({ codestream: { x0, y0, x1, y1 } }: Jp2Header, rect: Rect, reduce: number): Rect {
  const scale = 2 ** reduce;
  const x = (Math.ceil(x0 / scale) + rect.x) * scale;
  const y = (Math.ceil(y0 / scale) + rect.y) * scale;
  return {
    x: x - x0,
    y: y - y0,
    width: Math.min(x1, x + rect.width * scale) - x,
    height: Math.min(y1, y + rect.height * scale) - y,
  };
}

/** Brings samples of any depth to 8 bits. */
export function toEightBits(samples: ArrayLike<number>, maximum: number): Uint8Array {
  const out = new Uint8Array(samples.length);
  const factor = 255 / maximum;
  for (let i = 0; i < out.length; i++) out[i] = Math.round((samples[i] ?? 0) * factor);
  return out;
}
