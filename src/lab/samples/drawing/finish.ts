import { Field } from './field.ts';
import { layeredNoise, noise } from './noise.ts';
import { hash } from './random.ts';
import type { ColourRaster } from './raster.ts';

const GRAIN_SIZE = 512;

/** A tile of paper grain, 512 by 512, values in about [-1, 1]; it repeats without a seam. */
function makeGrain(seed: number): Float32Array {
  const mask = GRAIN_SIZE - 1;
  const raw = new Float32Array(GRAIN_SIZE * GRAIN_SIZE);
  for (let at = 0; at < raw.length; at += 1) {
    raw[at] = hash(at & mask, at >> 9, seed) * 2 - 1;
  }
  const grain = new Float32Array(raw.length);
  for (let y = 0; y < GRAIN_SIZE; y += 1) {
    for (let x = 0; x < GRAIN_SIZE; x += 1) {
      const here = raw[(y << 9) | x] as number;
      let soft = 0;
      for (let k = 1; k <= 3; k += 1) {
        soft +=
          (raw[(y << 9) | ((x + k) & mask)] as number) +
          (raw[(y << 9) | ((x - k) & mask)] as number) +
          (raw[(((y + k) & mask) << 9) | x] as number);
      }
      grain[(y << 9) | x] = here * 0.45 + soft * 0.16;
    }
  }
  return grain;
}

const grains = new Map<number, Float32Array>();

/** The grain tile of a seed, made once a thread. */
export function paperGrain(seed = 1): Float32Array {
  const known = grains.get(seed);
  if (known !== undefined) {
    return known;
  }
  const made = makeGrain(seed);
  grains.set(seed, made);
  return made;
}

export interface Age {
  readonly seed: number;
  /** Strength of the grain, 0 to 1; 0.05 is paper. */
  readonly grain: number;
  /** Strength of the clouds and spots, 0 to 1. */
  readonly stains: number;
  /** How much the corners darken, 0 to 1. */
  readonly vignette: number;
}

/** The years: grain, foxing and darker edges over everything, paper and ink alike; brown rather than gray. */
export function age(raster: ColourRaster, scale: number, how: Age): ColourRaster {
  const { width, height, data } = raster;
  const grain = paperGrain(how.seed & 3);
  const unit = 1 / (scale * 900);
  const clouds = new Field(width, height, Math.max(2, 32 * scale), (x, y) => {
    const soft = layeredNoise(x * unit * 1.3, y * unit * 1.3, 4, how.seed);
    const spot = Math.max(0, noise(x * unit * 9, y * unit * 9, how.seed + 7) - 0.72) * 2.2;
    const ex = Math.min(x, width - x) / width;
    const ey = Math.min(y, height - y) / height;
    const edge = Math.exp(-Math.max(0, Math.min(ex, ey)) * 28) * (0.7 + 0.6 * soft);
    const cx = x / width - 0.5;
    const cy = y / height - 0.5;
    return (Math.max(0, soft) * 0.5 + spot * 0.6) * how.stains + (edge * 0.55 + (cx * cx + cy * cy) * 0.9) * how.vignette;
  });
  const dim = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    clouds.row(y, dim);
    const grainRow = (y & 511) << 9;
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const d = (dim[x] as number) - (grain[grainRow | (x & 511)] as number) * how.grain;
      const r = (data[at] as number) * (1 - d * 0.72);
      const g = (data[at + 1] as number) * (1 - d * 0.94);
      const b = (data[at + 2] as number) * (1 - d * 1.2);
      data[at] = r > 255 ? 255 : r < 0 ? 0 : r;
      data[at + 1] = g > 255 ? 255 : g < 0 ? 0 : g;
      data[at + 2] = b > 255 ? 255 : b < 0 ? 0 : b;
      at += 3;
    }
  }
  return raster;
}
