import { type Colour, colour, smoothStep } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { rectangle } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeCentred, writeText } from '../drawing/lettering.ts';
import { layeredNoise, noise } from '../drawing/noise.ts';
import { hash } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, paintPolygon, type Raster, stain } from '../drawing/raster.ts';

type Pattern = 'sand' | 'lime' | 'clay' | 'gravel' | 'coal' | 'chalk' | 'marl' | 'slate';

interface Bed {
  readonly name: string;
  readonly thickness: number;
  readonly tone: Colour;
  readonly pattern: Pattern;
}

const BEDS: readonly Bed[] = [
  { name: 'DRIFT', thickness: 70, tone: colour('#dcc48a'), pattern: 'gravel' },
  { name: 'UPPER CLAY', thickness: 120, tone: colour('#b99b7c'), pattern: 'clay' },
  { name: 'WHITE CHALK', thickness: 170, tone: colour('#e9e3cf'), pattern: 'chalk' },
  { name: 'GREENSAND', thickness: 110, tone: colour('#9fae86'), pattern: 'sand' },
  { name: 'BLUE MARL', thickness: 130, tone: colour('#8fa9b5'), pattern: 'marl' },
  { name: 'COAL', thickness: 34, tone: colour('#4a4445'), pattern: 'coal' },
  { name: 'GRIT', thickness: 140, tone: colour('#d0aa78'), pattern: 'gravel' },
  { name: 'LIMESTONE', thickness: 210, tone: colour('#c3cbd0'), pattern: 'lime' },
  { name: 'RED SANDSTONE', thickness: 190, tone: colour('#c27c5a'), pattern: 'sand' },
  { name: 'COAL', thickness: 26, tone: colour('#403b3d'), pattern: 'coal' },
  { name: 'SHALE', thickness: 160, tone: colour('#95877f'), pattern: 'clay' },
  { name: 'DOLOMITE', thickness: 230, tone: colour('#d9bfa6'), pattern: 'lime' },
  { name: 'SLATE', thickness: 1600, tone: colour('#7f8296'), pattern: 'slate' },
];
const TOP = 330;
const FOOT = 1860;
const LEFT = 190;
const RIGHT = 5810;
const INK: Colour = colour('#33261c');
const GRANITE = colour('#d98f86');
const SEA = colour('#a9c4c9');

/** A coloured section through mountains and sea floor: folded beds in their conventional signs, faults, a granite boss. */
export function drawStrata(width: number, height: number, scale: number): Raster {
  const raster = fillRaster(blankRaster(width, height), colour('#efe5cb'));
  const surface = Float32Array.from({ length: width }, (_, x) => groundLevel(x / scale));
  drawRock(raster, scale, surface);
  const ink = new Ink(width, height);
  drawOutlines(ink, scale, surface);
  drawLegend(raster, ink, scale);
  stain(raster, ink, INK, 0.9);
  return age(raster, scale, { seed: 97, grain: 0.045, stains: 0.2, vignette: 0.24 });
}

function groundLevel(x: number): number {
  const land = smoothStep(500, 1500, x) - smoothStep(4700, 5600, x) * 0.9;
  const peak =
    340 * Math.exp(-(((x - 2050) / 420) ** 2)) + 300 * Math.exp(-(((x - 3300) / 520) ** 2)) + 150 * Math.exp(-(((x - 4300) / 300) ** 2));
  const rough = layeredNoise(x / 300, 0.5, 6, 5);
  return 1010 - land * (70 + peak * (1 + rough * 0.5)) - rough * 46 * land + (1 - land) * (70 + 34 * layeredNoise(x / 700, 9, 3, 6));
}

const FAULTS = [
  { at: 1500, lean: 0.22, drop: -120 },
  { at: 2760, lean: -0.3, drop: 150 },
  { at: 3860, lean: 0.18, drop: -90 },
  { at: 4820, lean: -0.24, drop: 110 },
] as const;

/** How far the faults have moved the beds at a place. */
function faultedBy(x: number, y: number): number {
  let moved = 0;
  for (const { at, lean, drop } of FAULTS) {
    moved += x > at + (y - 900) * lean ? drop : 0;
  }
  return moved;
}

/** How far the beds are folded up or down at a place along the section. */
function foldedBy(x: number): number {
  const wide = 210 * Math.sin(x / 520 + 0.6) * Math.exp(-(((x - 2500) / 1500) ** 2));
  return wide + 90 * Math.sin(x / 260 + 2) * smoothStep(2400, 3600, x) + 0.05 * (x - 3000) - 560;
}

function drawRock(raster: ColourRaster, scale: number, surface: Float32Array): void {
  const { width, data } = raster;
  const limits: number[] = [];
  let sum = -1e5;
  for (const bed of BEDS) {
    sum = limits.length === 0 ? bed.thickness - 330 : sum + bed.thickness;
    limits.push(sum);
  }
  const warp = new Field(
    width,
    raster.height,
    Math.max(2, 12 * scale),
    (x, y) => layeredNoise(x / scale / 420, y / scale / 300, 4, 44) * 60,
  );
  const heat = new Field(width, raster.height, Math.max(2, 8 * scale), (x, y) => {
    const u = x / scale;
    const v = y / scale;
    const dome = 1 - Math.hypot((u - 3250) / 520, (v - 1900) / 780);
    const dyke = 1 - Math.abs(u - 4480 - (v - 1500) * 0.12 - 14 * Math.sin(v / 60)) / 22;
    return Math.max(dome * 6 + 1.4 * layeredNoise(u / 90, v / 90, 4, 7), v > 1040 ? dyke : -1);
  });
  const folds = Float32Array.from({ length: width }, (_, x) => foldedBy(x / scale));
  const bend = new Float32Array(width);
  const melt = new Float32Array(width);
  const from = Math.round(LEFT * scale);
  const to = Math.round(RIGHT * scale);
  for (let y = Math.round(TOP * scale); y < FOOT * scale; y += 1) {
    warp.row(y, bend);
    heat.row(y, melt);
    const py = y / scale;
    for (let x = from; x < to; x += 1) {
      const px = x / scale;
      const ground = surface[x] as number;
      const at = (y * width + x) * 3;
      if (py < ground) {
        if (py > 1010) {
          put(data, at, SEA, 1 - 0.0012 * (py - 1010) - (Math.abs(Math.sin(py / 9 + Math.sin(px / 70))) < 0.06 ? 0.16 : 0));
        }
        continue;
      }
      const hot = melt[x] as number;
      if (hot > 0) {
        put(data, at, GRANITE, hot < 0.05 ? 0.45 : crossSign(px, py));
        continue;
      }
      const depth = py + faultedBy(px, py) + (folds[x] as number) + (bend[x] as number);
      let index = 0;
      while (index + 1 < limits.length && depth > (limits[index] as number)) {
        index += 1;
      }
      const bed = BEDS[index] as Bed;
      const top = index === 0 ? -1e5 : (limits[index - 1] as number);
      const edge = Math.min(depth - top, (limits[index] as number) - depth);
      const light = edge < 2.2 && edge >= 0 ? 0.42 : sign(bed.pattern, px, depth, py);
      const baked = hot > -0.6 ? 1 - 0.16 * (hot + 0.6) : 1;
      put(data, at, bed.tone, light * baked * (1 - 0.00008 * (py - 900)));
    }
  }
}

function put(data: Uint8Array, at: number, tone: Colour, light: number): void {
  data[at] = Math.min(255, tone[0] * light);
  data[at + 1] = Math.min(255, tone[1] * light);
  data[at + 2] = Math.min(255, tone[2] * light);
}

/** The conventional sign of a rock, as light: 1 is the plain colour. `depth` runs across the bed. */
function sign(pattern: Pattern, x: number, depth: number, y: number): number {
  switch (pattern) {
    case 'sand':
      return dot(x, depth, 13, 2.1);
    case 'gravel':
      return pebble(x, depth);
    case 'coal':
      return 1 + 0.5 * Math.max(0, noise(x / 26, depth / 5, 3));
    case 'lime':
      return brick(x, depth);
    case 'chalk':
      return mod(depth, 42) < 2 ? 0.7 : dot(x, depth, 40, 2.6);
    case 'marl':
      return mod(depth, 20) < 1.7 && mod(x + 17 * Math.floor(depth / 20), 46) < 30 ? 0.62 : 1;
    case 'clay':
      return mod(depth, 11) < 1.5 && hash(Math.floor(x / 34 + Math.floor(depth / 11) * 0.37), Math.floor(depth / 11), 2) < 0.72 ? 0.66 : 1;
    case 'slate':
      return mod(x * 0.72 + y + 5 * Math.sin(x / 50), 15) < 1.7 ? 0.68 : 1;
  }
}

function mod(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}

function dot(x: number, y: number, pitch: number, r: number): number {
  const column = Math.floor(x / pitch);
  const row = Math.floor(y / pitch);
  const dx = x - (column + 0.2 + 0.6 * hash(column, row, 1)) * pitch;
  const dy = y - (row + 0.2 + 0.6 * hash(column, row, 2)) * pitch;
  const near = r - Math.sqrt(dx * dx + dy * dy);
  return near > 0 ? 1 - 0.42 * Math.min(1, near) : 1;
}

function pebble(x: number, y: number): number {
  const column = Math.floor(x / 27);
  const row = Math.floor(y / 20);
  const dx = (x - (column + 0.5 + 0.12 * hash(column, row, 3)) * 27) / 11;
  const dy = (y - (row + 0.5) * 20) / 7;
  const r = Math.sqrt(dx * dx + dy * dy) * (1.1 - 0.3 * hash(column, row, 4));
  return r > 0.84 && r < 1 ? 0.6 : r < 0.84 ? 1.05 : 0.93;
}

function brick(x: number, y: number): number {
  const row = Math.floor(y / 26);
  if (mod(y, 26) < 1.8) {
    return 0.66;
  }
  return mod(x + (row & 1) * 34, 68) < 1.8 ? 0.7 : 1 + 0.05 * (hash(Math.floor((x + (row & 1) * 34) / 68), row, 8) - 0.5);
}

function crossSign(x: number, y: number): number {
  const column = Math.floor(x / 34);
  const row = Math.floor(y / 34);
  const dx = Math.abs(x - (column + 0.3 + 0.4 * hash(column, row, 5)) * 34);
  const dy = Math.abs(y - (row + 0.3 + 0.4 * hash(column, row, 6)) * 34);
  return (dx < 1.3 && dy < 8) || (dy < 1.3 && dx < 8) ? 0.62 : 1;
}

function drawOutlines(ink: Ink, k: number, surface: Float32Array): void {
  const ground: Point[] = [];
  for (let x = LEFT; x <= RIGHT; x += 4) {
    ground.push([x * k, (surface[Math.round(x * k)] ?? surface.at(-1) ?? 0) * k]);
  }
  ink.path(ground, 3 * k);
  ink.line(LEFT * k, 1010 * k, 1400 * k, 1010 * k, 1 * k);
  ground.forEach(([x, y], index) => {
    if (index % 5 === 0 && y < 985 * k && hash(index, 1, 3) < 0.6) {
      const size = (8 + 9 * hash(index, 2, 3)) * k;
      ink.line(x, y, x, y - size, 1 * k);
      ink.fill([
        [x - size * 0.34, y - size * 0.5],
        [x, y - size * 1.7],
        [x + size * 0.34, y - size * 0.5],
      ]);
    }
  });
  for (const { at, lean } of FAULTS) {
    const top = groundLevel(at) + 4;
    for (let y = top; y < FOOT; y += 34) {
      ink.line((at + (y - 900) * lean) * k, y * k, (at + (Math.min(FOOT, y + 24) - 900) * lean) * k, Math.min(FOOT, y + 24) * k, 2.6 * k);
    }
    writeCentred(ink, 'F', (at + (top - 960) * lean) * k, (top - 46) * k, { size: 30 * k, slant: 0.2 });
  }
  ink.path(
    [
      [LEFT * k, TOP * k],
      [RIGHT * k, TOP * k],
      [RIGHT * k, FOOT * k],
      [LEFT * k, FOOT * k],
      [LEFT * k, TOP * k],
    ],
    2.4 * k,
  );
  for (let level = 0; level <= 15; level += 1) {
    const y = FOOT - level * 100;
    for (const [x, way] of [
      [LEFT, -1],
      [RIGHT, 1],
    ] as const) {
      ink.line(x * k, y * k, (x + way * 22) * k, y * k, 1.4 * k);
      writeCentred(ink, String(Math.abs(1010 - y) * 2), (x + way * 64) * k, y * k, { size: 24 * k });
    }
  }
  const names: readonly (readonly [string, number])[] = [
    ['SOUND OF MIRRORS', 620],
    ['MOUNT CRISTALLO', 2050],
    ['VALE OF FRIT', 2720],
    ['LATTIMO FELLS', 3320],
    ['HYALITH', 4300],
    ['THE CLEAR DEEP', 5420],
  ];
  for (const [name, x] of names) {
    writeCentred(ink, name, x * k, (Math.min(980, groundLevel(x)) - 82) * k, { size: 36 * k, spacing: 5, slant: 0.2 });
  }
  writeCentred(ink, 'SECTION THROUGH THE GLASS ISLES', 3000 * k, 150 * k, { size: 100 * k, spacing: 8, weight: 0.07 });
  writeCentred(ink, 'FROM WEST TO EAST - HEIGHTS THREE TIMES THE LENGTHS', 3000 * k, 256 * k, { size: 38 * k, spacing: 6, slant: 0.2 });
}

function drawLegend(raster: ColourRaster, ink: Ink, k: number): void {
  const entries = [
    ...BEDS.filter(({ name }, index) => BEDS.findIndex((bed) => bed.name === name) === index),
    { name: 'GRANITE', tone: GRANITE, pattern: null },
  ];
  entries.forEach((entry, index) => {
    const column = index % 7;
    const row = Math.floor(index / 7);
    const left = 230 + column * 800;
    const top = 1980 + row * 180;
    const box = rectangle(left * k, top * k, (left + 170) * k, (top + 104) * k);
    const { pattern } = entry;
    paintPolygon(raster, box, entry.tone, (x, y) => (pattern === null ? crossSign(x / k, y / k) : sign(pattern, x / k, y / k, y / k)));
    ink.path([...box, box[0] as Point], 1.8 * k);
    writeText(ink, String(index + 1), (left + 196) * k, (top + 44) * k, { size: 34 * k });
    writeText(ink, entry.name, (left + 196) * k, (top + 96) * k, { size: 32 * k, spacing: 4 });
  });
}
