import { hash } from './random.ts';

/** Smooth value noise in [-1, 1]; one cell per unit. */
export function noise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const ux = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const uy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const a = hash(column, row, seed);
  const b = hash(column + 1, row, seed);
  const c = hash(column, row + 1, seed);
  const d = hash(column + 1, row + 1, seed);
  const top = a + (b - a) * ux;
  const bottom = c + (d - c) * ux;
  return (top + (bottom - top) * uy) * 2 - 1;
}

/** Octaves of noise, each finer and half as strong; in about [-1, 1]. */
export function layeredNoise(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let strength = 0.5;
  let px = x;
  let py = y;
  for (let octave = 0; octave < octaves; octave += 1) {
    sum += noise(px, py, seed + octave * 101) * strength;
    const turned = px * 1.6 - py * 1.2 + 17.3;
    py = px * 1.2 + py * 1.6 + 5.7;
    px = turned;
    strength *= 0.5;
  }
  return sum;
}

/** Noise with sharp crests, as mountains have them; in [0, 1]. */
export function ridgedNoise(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let strength = 0.5;
  let weight = 1;
  let px = x;
  let py = y;
  for (let octave = 0; octave < octaves; octave += 1) {
    const crest = 1 - Math.abs(noise(px, py, seed + octave * 131));
    const value = crest * crest * weight;
    sum += value * strength;
    weight = Math.min(1, value * 1.6);
    const turned = px * 1.6 - py * 1.2 + 11.1;
    py = px * 1.2 + py * 1.6 + 3.9;
    px = turned;
    strength *= 0.5;
  }
  return sum;
}
