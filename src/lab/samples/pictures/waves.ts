import { colour, mix, Ramp } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop, rectangle } from '../drawing/curve.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { hash, Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, paintPolygon, type Raster, stain } from '../drawing/raster.ts';

const INK = colour('#16263f');
const FOAM = colour('#f2ead6');
const INDIGO = colour('#1f4268');
const WATER = colour('#5c8ea6');
const RED = colour('#b23a2a');

/** A colour woodcut: the moon behind a mountain, and rows of breaking waves, with the grain of the block. */
export function drawWaves(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height);
  drawSky(raster);
  const k = scale;
  const moon = loop(2550 * k, 700 * k, 180, () => 300 * k);
  paintPolygon(raster, moon, colour('#f4dfb4'));
  const lines = new Ink(width, height);
  drawClouds(raster, scale);
  drawMountain(raster, lines, scale);
  stain(raster, lines, INK, 0.9);
  lines.clear();
  const random = new Random(1831);
  for (let row = 0; row < 7; row += 1) {
    drawSwell(raster, scale, random, row);
  }
  drawSeal(raster, scale);
  printGrain(raster, scale);
  return age(raster, scale, { seed: 23, grain: 0.05, stains: 0.1, vignette: 0.14 });
}

function drawSky(raster: ColourRaster): void {
  const { width, height, data } = raster;
  const ramp = new Ramp([
    [0, colour('#1d3557')],
    [0.16, colour('#3f6486')],
    [0.36, colour('#b9c3b4')],
    [0.55, colour('#ecd9b0')],
    [0.72, colour('#e6b58a')],
    [1, colour('#d98f6c')],
  ]);
  for (let y = 0; y < height; y += 1) {
    const at = ramp.index((y / height) * 1.45);
    const start = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const to = start + x * 3;
      data[to] = ramp.entries[at] as number;
      data[to + 1] = ramp.entries[at + 1] as number;
      data[to + 2] = ramp.entries[at + 2] as number;
    }
  }
}

function drawClouds(raster: ColourRaster, k: number): void {
  const random = new Random(88);
  for (let cloud = 0; cloud < 9; cloud += 1) {
    const x = random.between(0, 3600);
    const y = random.between(330, 1000);
    for (let band = 0; band < 3; band += 1) {
      const length = random.between(260, 620);
      const bx = x + random.between(-140, 140);
      const by = y + band * 40;
      const half = random.between(12, 20);
      const shape: Point[] = [];
      for (let step = 0; step <= 12; step += 1) {
        const a = Math.PI / 2 + (step / 12) * Math.PI;
        shape.push([(bx + Math.cos(a) * half) * k, (by - Math.sin(a) * half) * k]);
      }
      for (let step = 0; step <= 12; step += 1) {
        const a = -Math.PI / 2 + (step / 12) * Math.PI;
        shape.push([(bx + length + Math.cos(a) * half) * k, (by - Math.sin(a) * half) * k]);
      }
      paintPolygon(raster, shape, mix(FOAM, colour('#dfb896'), y / 1300));
    }
  }
}

function drawMountain(raster: ColourRaster, lines: Ink, k: number): void {
  const outline: Point[] = [];
  const height = (x: number): number => {
    const d = Math.abs(x - 1150);
    const shape = 760 * Math.exp(-((d / 520) ** 1.15)) + 60 * Math.exp(-((d / 1200) ** 2));
    return 1330 - Math.min(shape, 640 + 14 * layeredNoise(x / 30, 0, 3, 2)) + 10 * layeredNoise(x / 60, 3, 4, 3);
  };
  for (let x = -200; x <= 2900; x += 6) {
    outline.push([x * k, height(x) * k]);
  }
  const body = [...outline, [2900 * k, 1700 * k] as const, [-200 * k, 1700 * k] as const];
  const top = new Ramp([
    [0, colour('#31506f')],
    [1, colour('#a9b6a8')],
  ]);
  paintPolygon(raster, body, [1, 1, 1], null);
  fillDown(raster, outline, k, top);
  const snow: Point[] = outline.filter(([x, y]) => y < 860 * k && x > 700 * k && x < 1600 * k).map((point) => point);
  const foot: Point[] = [];
  const first = snow[0];
  const last = snow.at(-1);
  if (first !== undefined && last !== undefined) {
    const teeth = 22;
    for (let tooth = teeth; tooth >= 0; tooth -= 1) {
      const x = first[0] + ((last[0] - first[0]) * tooth) / teeth;
      const drop = tooth % 2 === 0 ? 0 : (70 + 190 * hash(tooth, 1, 5)) * k * (1 - Math.abs(tooth / teeth - 0.5));
      foot.push([x, Math.max(first[1], last[1]) - 16 * k + drop]);
    }
    paintPolygon(raster, [...snow, ...foot], FOAM);
    lines.path(foot, 1.4 * k);
  }
  lines.path(outline, 3 * k);
}

/** The mountain's colour runs from dark at its crest to mist at its foot. */
function fillDown(raster: ColourRaster, outline: readonly Point[], k: number, ramp: Ramp): void {
  const { width, data } = raster;
  const foot = 1480 * k;
  for (let x = 0; x < width; x += 1) {
    const at = (x / k + 200) / 6;
    const a = outline[Math.floor(at)];
    const b = outline[Math.floor(at) + 1];
    if (a === undefined || b === undefined) {
      continue;
    }
    const top = a[1] + (b[1] - a[1]) * (at - Math.floor(at));
    for (let y = Math.ceil(top); y < foot; y += 1) {
      const i = ramp.index((y / k - 700) / 620);
      const to = (y * width + x) * 3;
      data[to] = ramp.entries[i] as number;
      data[to + 1] = ramp.entries[i + 1] as number;
      data[to + 2] = ramp.entries[i + 2] as number;
    }
  }
}

/** One row of waves: each a curling crest with a fringe of foam, striped along its hollow. */
function drawSwell(raster: ColourRaster, k: number, random: Random, row: number): void {
  const near = row / 6;
  const base = 1270 + 30 * row + 145 * row * near;
  const size = 110 + 470 * near * near + 90 * near;
  const pitch = size * 1.9;
  for (let x = -pitch * random.between(0.3, 1); x < 3600 + pitch; x += pitch) {
    const s = size * random.between(0.84, 1.16);
    drawWave(raster, k, random, near, x + random.between(-0.1, 0.1) * size, base, s);
  }
}

function drawWave(raster: ColourRaster, k: number, random: Random, near: number, x: number, base: number, s: number): void {
  const left = Math.round((x - 1.7 * s) * k);
  const top = Math.round((base - 1.6 * s) * k);
  const width = Math.ceil(3.6 * s * k);
  const height = Math.max(1, Math.min(Math.ceil(3.2 * s * k), raster.height - top));
  const pale = new Ink(width, height);
  const dark = new Ink(width, height);
  const foam = new Ink(width, height);
  const at = (px: number, py: number): Point => [(x + px * s) * k - left, (base - py * s) * k - top];
  const back = curve([at(-1.5, -0.2), at(-0.9, 0.12), at(-0.35, 0.62), at(0.15, 0.95), at(0.55, 0.93)], 12);
  const curl = curve([at(0.55, 0.93), at(0.82, 0.78), at(0.93, 0.52), at(0.86, 0.36)], 10);
  const hollow = curve([at(0.86, 0.36), at(0.74, 0.55), at(0.5, 0.6), at(0.3, 0.4), at(0.32, 0.12), at(0.62, -0.1), at(1.2, -0.2)], 12);
  const outline = [...back, ...curl, ...hollow];
  const foot = Math.max(-2.4, (base - raster.height / k - 8) / s);
  const shape = [...outline, at(1.2, foot), at(-1.5, foot)].map(([px, py]): Point => [px + left, py + top]);
  paintPolygon(raster, shape, mix(colour('#86a9ac'), INDIGO, near ** 0.7));
  for (let stripe = 1; stripe <= 9; stripe += 1) {
    const p = stripe / 10;
    const line = curve(
      [
        at(-1.5 + p * 0.7, -0.5 - p * 0.3),
        at(-0.8 + p * 0.66, 0.02 - p * 0.12),
        at(-0.3 + p * 0.42, 0.5 - p * 0.14),
        at(0.1 + p * 0.16, 0.84 - p * 0.2),
        at(0.44 + p * 0.16, 0.86 - p * 0.16),
      ],
      10,
    );
    pale.brush(line, (part) => s * 0.012 * Math.sin(Math.PI * Math.min(1, part * 1.02)) * k + 0.2 * k);
  }
  for (let stripe = 0; stripe < 5; stripe += 1) {
    const p = stripe / 5;
    const line = curve(
      [
        at(0.46 + p * 0.16, 0.64 - p * 0.01 + p * 0.09),
        at(0.27 - p * 0.1, 0.44),
        at(0.27 - p * 0.16, 0.06 - p * 0.08),
        at(0.58 - p * 0.12, -0.2 - p * 0.12),
        at(1.15, -0.3 - p * 0.14),
      ],
      10,
    );
    pale.brush(line, (part) => s * 0.012 * Math.sin(Math.PI * part) * k + 0.2 * k);
  }
  dark.brush(outline, () => (1.6 + 2.6 * near) * k);
  drawFoam(foam, dark, random, [...curve(back.slice(-30), 2), ...curve(curl, 2)], s, k, near);
  stain(raster, pale, mix(WATER, FOAM, 0.35), 0.85, left, top);
  stain(raster, dark, INK, 0.95, left, top);
  stain(raster, foam, FOAM, 1, left, top);
}

/** Foam claws along the crest, and drops thrown from it. */
function drawFoam(foam: Ink, dark: Ink, random: Random, crest: readonly Point[], s: number, k: number, near: number): void {
  const rim = (1.2 + 1.6 * near) * k;
  for (const [index, [x, y]] of crest.entries()) {
    const part = index / crest.length;
    const r = s * (0.006 + 0.062 * part ** 1.2) * random.between(0.75, 1.2) * k;
    dark.disc(x - r * 0.3, y + r * 0.5, r + rim);
    foam.disc(x - r * 0.3, y + r * 0.5, r);
    if (index % 3 === 0 && part > 0.3) {
      const lean = -0.7 + part * 3 + random.between(-0.35, 0.35);
      const reach = s * random.between(0.09, 0.2) * k;
      const tip: Point = [x + Math.cos(lean) * reach, y + Math.sin(lean) * reach];
      const bend: Point = [x + Math.cos(lean - 0.7) * reach * 0.6, y + Math.sin(lean - 0.7) * reach * 0.6];
      const claw = curve([[x, y], bend, tip], 7);
      dark.brush(claw, (way) => s * 0.03 * (1 - way * 0.75) * k + rim);
      foam.brush(claw, (way) => s * 0.028 * (1 - way * 0.85) * k);
    }
    if (random.next() < 0.2) {
      const fly = random.between(0.08, 0.42) * s * k;
      const a = random.between(-2.3, 0.4);
      foam.disc(x + Math.cos(a) * fly, y + Math.sin(a) * fly, s * random.between(0.004, 0.013) * k);
    }
  }
}

function drawSeal(raster: ColourRaster, k: number): void {
  const ink = new Ink(raster.width, raster.height);
  const random = new Random(12);
  ink.fill(rectangle(3330 * k, 150 * k, 3450 * k, 410 * k));
  for (let sign = 0; sign < 3; sign += 1) {
    const y = 166 + sign * 80;
    for (let stroke = 0; stroke < 6; stroke += 1) {
      const sx = 3350 + random.whole(0, 3) * 26;
      const sy = y + random.whole(0, 2) * 30;
      const across = random.next() < 0.5;
      ink.cut(
        rectangle(sx * k, sy * k, (sx + (across ? random.whole(1, 2) * 26 : 7)) * k, (sy + (across ? 7 : random.whole(1, 2) * 26)) * k),
      );
    }
  }
  stain(raster, ink, RED, 0.9);
}

/** The wood's own grain and thin spots in the printing. */
function printGrain(raster: ColourRaster, k: number): void {
  const { width, height, data } = raster;
  for (let y = 0; y < height; y += 1) {
    const wave = Math.sin(y / k / 7.3 + 3 * Math.sin(y / k / 61)) * 0.022 + Math.sin(y / k / 2.1) * 0.012;
    const start = y * width * 3;
    for (let at = start; at < start + width * 3; at += 1) {
      const value = data[at] as number;
      data[at] = value + (255 - value) * (wave > 0 ? wave : 0) + value * (wave < 0 ? wave : 0);
    }
  }
}
