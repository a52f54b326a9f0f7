import { colour, Ramp } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, rectangle } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { measureText, writeAlong, writeCentred, writeText } from '../drawing/lettering.ts';
import { layeredNoise, noise, ridgedNoise } from '../drawing/noise.ts';
import { Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, type Raster, stain } from '../drawing/raster.ts';

const PAPER = colour('#efe3c4');
const BROWN = colour('#3f2b1c');
const RED = colour('#9c2f24');
const BLUE = colour('#3d6b82');
const WIDTH = 8960;
const HEIGHT = 6720;
const MARGIN = 250;
const CONTOUR = 0.026;
const GRID_STEP = 10;

/** Middle (parts of the sheet) and radius (parts of its width) of each island. */
const ISLANDS: readonly (readonly [number, number, number])[] = [
  [0.33, 0.42, 0.19],
  [0.63, 0.33, 0.135],
  [0.66, 0.7, 0.12],
  [0.2, 0.76, 0.07],
  [0.44, 0.79, 0.06],
  [0.85, 0.22, 0.06],
  [0.12, 0.2, 0.05],
  [0.86, 0.52, 0.05],
  [0.47, 0.14, 0.035],
  [0.53, 0.55, 0.03],
];

const TOWNS = [
  'HALVERTON',
  'PORT LUMEN',
  'OSTERWICK',
  'CAPE QUARTZ',
  'MIRA',
  'SELKHAVEN',
  'TARN',
  'OLD KILN',
  'BLOWPIPE',
  'VESPER',
  'GRINDLE',
  'CULLET',
  'ANNEAL',
  'SANDWELL',
  'PONTIL',
  'FRITT',
  'LEHR',
  'MURRINE',
  'ASHPOT',
  'CAMEO',
  'BEZEL',
  'FLUX',
  'GATHER',
  'JACKS',
  'PRUNT',
  'ROUNDEL',
  'QUARREL',
  'CROWN',
];

/** An invented archipelago as an engraver would have drawn it: contours, shaded hills, waterlines, rhumb lines. */
export function drawIslandMap(width: number, height: number): Raster {
  const scale = width / WIDTH;
  const raster = fillRaster(blankRaster(width, height), PAPER);
  const step = Math.max(2, Math.round(GRID_STEP * scale));
  const land = new Field(width, height, step, (x, y) => landHeight(x / scale, y / scale));
  const coast = coastDistance(width, height, step, scale, land);
  drawRelief(raster, scale, land, coast);
  const ink = new Ink(width, height);
  drawRivers(ink, scale, land);
  stain(raster, ink, BLUE, 0.85);
  ink.clear();
  const random = new Random(1742);
  drawRhumbLines(ink, scale, coast);
  drawSoundings(ink, scale, random, land, coast);
  stain(raster, ink, BROWN, 0.55);
  ink.clear();
  drawTrees(ink, scale, random, land);
  drawPeaks(ink, scale, land);
  drawNames(ink, scale);
  drawShip(ink, 4150, 4330, 1.15, scale);
  drawShip(ink, 6830, 3400, -0.9, scale);
  drawShip(ink, 1250, 3550, 0.8, scale);
  drawFrame(ink, scale);
  stain(raster, ink, BROWN, 0.92);
  ink.clear();
  drawTowns(raster, ink, scale, random, land);
  drawCompass(raster, 7650, 4640, 400, scale);
  drawCompass(raster, 1010, 4420, 210, scale);
  drawCartouche(raster, scale);
  return age(raster, scale, { seed: 11, grain: 0.045, stains: 0.16, vignette: 0.3 });
}

/** Above 0 is land, 1 the highest peak. */
function landHeight(x: number, y: number): number {
  const u = x / WIDTH;
  const v = (y / HEIGHT) * (HEIGHT / WIDTH);
  const wx = u + 0.022 * layeredNoise(u * 9, v * 9, 3, 31);
  const wy = v + 0.022 * layeredNoise(u * 9 + 40, v * 9, 3, 32);
  let body = -0.6;
  for (const [cx, cy, radius] of ISLANDS) {
    const dx = wx - cx;
    const dy = wy - (cy * HEIGHT) / WIDTH;
    body = Math.max(body, 1 - Math.sqrt(dx * dx + dy * dy) / radius);
  }
  const rough = layeredNoise(u * 15, v * 15, 7, 71);
  const level = body * 0.55 + rough * 0.6 - 0.16;
  if (level <= 0) {
    return level;
  }
  const inland = Math.min(1, level * 2.6);
  const ridge = ridgedNoise(wx * 11, wy * 11, 5, 90);
  return level * 0.55 + inland * inland * ridge * ridge * 1.05;
}

/** Distance to the coast in pixels of the full-size sheet; negative on land. Two sweeps over the coarse grid. */
function coastDistance(width: number, height: number, step: number, scale: number, land: Field): Field {
  const columns = Math.ceil(width / step) + 4;
  const rows = Math.ceil(height / step) + 4;
  const sea = sweep(columns, rows, (column, row) => land.at((column - 1) * step, (row - 1) * step) > 0);
  const unit = step / scale;
  return new Field(width, height, step, (x, y) => {
    const at = (Math.round(y / step) + 1) * columns + Math.round(x / step) + 1;
    return (sea[at] ?? 0) * unit;
  });
}

/** The distance of each cell to the nearest one inside, in cells: every cell learns the nearest place from its neighbours. */
function sweep(columns: number, rows: number, inside: (column: number, row: number) => boolean): Float32Array {
  const nearest = new Int32Array(columns * rows).fill(-1);
  const distance = new Float32Array(columns * rows).fill(1e6);
  for (let at = 0; at < nearest.length; at += 1) {
    if (inside(at % columns, Math.floor(at / columns))) {
      nearest[at] = at;
      distance[at] = 0;
    }
  }
  const learn = (at: number, neighbour: number): void => {
    const place = nearest[neighbour] ?? -1;
    if (place < 0) {
      return;
    }
    const dx = (place % columns) - (at % columns);
    const dy = Math.floor(place / columns) - Math.floor(at / columns);
    const candidate = Math.sqrt(dx * dx + dy * dy);
    if (candidate < (distance[at] as number)) {
      distance[at] = candidate;
      nearest[at] = place;
    }
  };
  for (let at = columns + 1; at < nearest.length; at += 1) {
    learn(at, at - 1);
    learn(at, at - columns);
    learn(at, at - columns - 1);
    learn(at, at - columns + 1);
  }
  for (let at = nearest.length - columns - 2; at >= 0; at -= 1) {
    learn(at, at + 1);
    learn(at, at + columns);
    learn(at, at + columns + 1);
    learn(at, at + columns - 1);
  }
  return distance;
}

function drawRelief(raster: ColourRaster, scale: number, land: Field, coast: Field): void {
  const { width, height, data } = raster;
  const tint = new Ramp(
    [
      [0, colour('#dedcb8')],
      [0.1, colour('#cfd0a6')],
      [0.25, colour('#e2d4a8')],
      [0.45, colour('#d8b782')],
      [0.68, colour('#c29a74')],
      [0.85, colour('#dccbb8')],
      [1, colour('#f6f1e6')],
    ],
    512,
  );
  const { entries } = tint;
  const above = new Float32Array(width);
  const here = new Float32Array(width);
  const distance = new Float32Array(width);
  const inset = Math.round(MARGIN * scale);
  land.row(Math.max(0, inset - 1), here);
  for (let y = inset; y < height - inset; y += 1) {
    above.set(here);
    land.row(y, here);
    coast.row(y, distance);
    let at = (y * width + inset) * 3;
    let left = here[inset - 1] ?? 0;
    for (let x = inset; x < width - inset; x += 1) {
      const h = here[x] as number;
      const dx = h - left;
      left = h;
      const dy = h - (above[x] as number);
      let r: number;
      let g: number;
      let b: number;
      let line = 0;
      if (h > 0) {
        const slope = (dx * 0.8 + dy) / scale;
        const light = 1.02 + slope * 62;
        const i = tint.index(h * 1.25);
        const lit = light > 1.16 ? 1.16 : light < 0.7 ? 0.7 : light;
        r = (entries[i] as number) * lit;
        g = (entries[i + 1] as number) * lit;
        b = (entries[i + 2] as number) * lit;
        const steep = Math.sqrt(dx * dx + dy * dy) + 1e-6;
        const level = h / CONTOUR;
        const nearest = Math.round(level);
        const off = (Math.abs(level - nearest) * CONTOUR) / steep;
        const half = (nearest === 0 ? 3.2 : nearest % 5 === 0 ? 1.35 : 0.7) * scale;
        if (off < half + 0.5) {
          line = Math.min(1, half + 0.5 - off) * (nearest === 0 ? 0.95 : nearest % 5 === 0 ? 0.62 : 0.42);
        }
        if (slope < -0.0011) {
          const turn = (x - y * 0.8) / (7 * scale);
          const phase = Math.abs(turn - Math.floor(turn) - 0.5) * 2;
          const dark = Math.min(0.75, (-slope - 0.0011) * 190);
          const hatch = (dark - phase) * 4;
          if (hatch > 0) {
            line = Math.max(line, Math.min(0.5, hatch * 0.5));
          }
        }
      } else {
        const d = distance[x] as number;
        const wash = d > 900 ? 0 : 1 - d / 900;
        const deep = wash * wash * wash;
        r = 224 - 62 * deep;
        g = 221 - 24 * deep;
        b = 196 - 2 * deep;
        if (d < 330) {
          const order = Math.sqrt(d / 5.4 + 0.25);
          const nearest = Math.round(order);
          const off = Math.abs(d - (nearest * nearest - 0.25) * 5.4);
          const half = 1.15;
          if (off < (half + 0.7) / scale && nearest > 0) {
            line = Math.min(1, half + 0.7 - off * scale) * (0.62 - d * 0.0016);
          }
        }
        const coastal = -h / (Math.abs(dx) + Math.abs(dy) + 1e-6);
        if (coastal < 2.6 * scale) {
          line = Math.max(line, 0.95 * Math.min(1, 2.6 * scale - coastal + 0.3));
        }
      }
      if (line > 0) {
        r += (52 - r) * line;
        g += (38 - g) * line;
        b += (30 - b) * line;
      }
      data[at] = r > 255 ? 255 : r;
      data[at + 1] = g > 255 ? 255 : g;
      data[at + 2] = b > 255 ? 255 : b;
      at += 3;
    }
  }
}

/** Streams run down the slope from the hills until they reach the sea, growing on the way. */
function drawRivers(ink: Ink, scale: number, land: Field): void {
  const random = new Random(404);
  const waters: Point[] = [];
  for (let tries = 0; tries < 3000; tries += 1) {
    const x = random.between(MARGIN, WIDTH - MARGIN);
    const y = random.between(MARGIN, HEIGHT - MARGIN);
    if (land.at(x * scale, y * scale) < 0.16 || isNear(waters, x, y, 90)) {
      continue;
    }
    const course = followSlope(x, y, scale, land, waters);
    if (course !== null && course.length > 30) {
      waters.push(...course);
      ink.brush(curve(scaled(course, scale), 3), (part) => (0.7 + 3.1 * part) * scale);
    }
  }
}

function isNear(points: readonly Point[], x: number, y: number, distance: number): boolean {
  return points.some(([px, py]) => Math.abs(px - x) < distance && Math.abs(py - y) < distance);
}

/** The way down from a place to the sea or into another stream; null where the water would stand. */
function followSlope(fromX: number, fromY: number, scale: number, land: Field, waters: readonly Point[]): Point[] | null {
  const course: Point[] = [];
  const reach = 36;
  let x = fromX;
  let y = fromY;
  let vx = 0;
  let vy = 0;
  for (let step = 0; step < 260; step += 1) {
    if (step > 12 && isNear(course.slice(0, -12), x, y, 34)) {
      return null;
    }
    course.push([x, y]);
    if (land.at(x * scale, y * scale) <= 0.002 || isNear(waters, x, y, 11)) {
      return course;
    }
    const gx = land.at((x + reach) * scale, y * scale) - land.at((x - reach) * scale, y * scale);
    const gy = land.at(x * scale, (y + reach) * scale) - land.at(x * scale, (y - reach) * scale);
    const size = Math.hypot(gx, gy) + 1e-9;
    vx = vx * 0.8 - (gx / size) * 0.4 + 0.25 * noise(x / 60, y / 60, 8);
    vy = vy * 0.8 - (gy / size) * 0.4 + 0.25 * noise(x / 60, y / 60, 9);
    const speed = Math.hypot(vx, vy) + 1e-9;
    x += (vx / speed) * 12;
    y += (vy / speed) * 12;
  }
  return null;
}

function drawRhumbLines(ink: Ink, scale: number, coast: Field): void {
  const box = { left: MARGIN + 4, top: MARGIN + 4, right: WIDTH - MARGIN - 4, bottom: HEIGHT - MARGIN - 4 };
  for (const [cx, cy] of [
    [7650, 4640],
    [1010, 4420],
  ] as const) {
    for (let wind = 0; wind < 32; wind += 1) {
      const angle = (wind * Math.PI) / 16;
      const ux = Math.cos(angle);
      const uy = Math.sin(angle);
      let x: number = cx;
      let y: number = cy;
      while (x > box.left && x < box.right && y > box.top && y < box.bottom) {
        const nx = x + ux * 24;
        const ny = y + uy * 24;
        if (coast.at(x * scale, y * scale) > 40) {
          ink.line(x * scale, y * scale, nx * scale, ny * scale, (wind % 4 === 0 ? 1.1 : 0.6) * scale);
        }
        x = nx;
        y = ny;
      }
    }
  }
}

function drawSoundings(ink: Ink, scale: number, random: Random, land: Field, coast: Field): void {
  for (let y = MARGIN + 160; y < HEIGHT - MARGIN - 100; y += 170) {
    for (let x = MARGIN + 160; x < WIDTH - MARGIN - 100; x += 190) {
      const px = x + random.between(-70, 70);
      const py = y + random.between(-60, 60);
      const away = coast.at(px * scale, py * scale);
      if (away > 110 && away < 1100) {
        const depth = Math.max(2, Math.round(-land.at(px * scale, py * scale) * 90 + random.between(-3, 3)));
        writeCentred(ink, String(depth), px * scale, py * scale, { size: 26 * scale, slant: 0.2, weight: 0.06 });
      }
    }
  }
}

function drawTrees(ink: Ink, scale: number, random: Random, land: Field): void {
  for (let tries = 0; tries < 30000; tries += 1) {
    const x = random.between(MARGIN, WIDTH - MARGIN);
    const y = random.between(MARGIN, HEIGHT - MARGIN);
    const h = land.at(x * scale, y * scale);
    if (h < 0.03 || h > 0.2 || noise(x / 330, y / 330, 50) < 0.1) {
      continue;
    }
    const size = random.between(8, 12) * scale;
    const px = x * scale;
    const py = y * scale;
    ink.line(px, py, px, py - size * 0.8, 0.9 * scale);
    ink.path(
      curve(
        [
          [px - size * 0.55, py - size * 0.75],
          [px - size * 0.5, py - size * 1.5],
          [px, py - size * 1.9],
          [px + size * 0.5, py - size * 1.5],
          [px + size * 0.55, py - size * 0.75],
          [px - size * 0.55, py - size * 0.75],
        ],
        3,
      ),
      0.75 * scale,
    );
    for (let stroke = 0; stroke < 3; stroke += 1) {
      const sx = px + size * (0.1 + stroke * 0.16);
      ink.line(sx, py - size * (1.6 - stroke * 0.18), sx, py - size * 0.82, 0.6 * scale);
    }
    ink.line(px, py, px + size * 1.3, py + size * 0.1, 0.5 * scale);
  }
}

/** A triangle and a number on every summit. */
function drawPeaks(ink: Ink, scale: number, land: Field): void {
  const reach = 90;
  const summits: Point[] = [];
  for (let y = MARGIN + reach; y < HEIGHT - MARGIN - reach; y += 30) {
    for (let x = MARGIN + reach; x < WIDTH - MARGIN - reach; x += 30) {
      const h = land.at(x * scale, y * scale);
      if (h < 0.3 || isNear(summits, x, y, 150)) {
        continue;
      }
      let highest = true;
      for (let turn = 0; turn < 16 && highest; turn += 1) {
        const away = turn < 8 ? reach : 40;
        highest = land.at((x + Math.cos((turn * Math.PI) / 4) * away) * scale, (y + Math.sin((turn * Math.PI) / 4) * away) * scale) < h;
      }
      if (highest) {
        summits.push([x, y]);
        ink.path(
          scaled(
            [
              [x - 11, y + 8],
              [x, y - 11],
              [x + 11, y + 8],
              [x - 11, y + 8],
            ],
            scale,
          ),
          1.6 * scale,
        );
        writeText(ink, String(Math.round(h * 2400)), (x + 18) * scale, (y + 9) * scale, { size: 24 * scale });
      }
    }
  }
}

function drawNames(ink: Ink, scale: number): void {
  const names: readonly (readonly [string, number, number, number, number, number])[] = [
    ['GREAT VITREA', 3120, 2950, 150, 20, -0.05],
    ['CRISTALLO', 5720, 2330, 110, 16, 0.1],
    ['LATTIMO', 5900, 4820, 105, 16, -0.06],
    ['OPALINE', 2180, 4860, 50, 7, 0.06],
    ['FILIGRANA', 3960, 5330, 52, 7, -0.08],
    ['HYALITH', 7620, 1500, 56, 9, 0.05],
  ];
  for (const [name, x, y, size, spacing, bend] of names) {
    writeArched(ink, name, x, y, { size: size * scale, spacing, weight: 0.06 }, bend, scale);
  }
  const seas: readonly (readonly [string, number, number, number, number, number])[] = [
    ['THE SILICA SEA', 3700, 6230, 100, 20, 0.03],
    ['SOUND OF MIRRORS', 2250, 680, 66, 12, -0.06],
    ['THE CLEAR DEEP', 7700, 2480, 58, 10, -0.1],
    ['BAY OF LENSES', 1120, 2000, 54, 9, 0.1],
  ];
  for (const [name, x, y, size, spacing, bend] of seas) {
    writeArched(ink, name, x, y, { size: size * scale, spacing, slant: 0.28, weight: 0.05 }, bend, scale);
  }
}

function writeArched(
  ink: Ink,
  text: string,
  x: number,
  y: number,
  style: { readonly size: number; readonly spacing: number; readonly weight: number; readonly slant?: number },
  bend: number,
  scale: number,
): void {
  const length = measureText(text, style);
  writeAlong(ink, text, style, (along, above) => {
    const part = (along / length) * 2 - 1;
    return [x * scale - length / 2 + along - part * above * bend * 2, y * scale + bend * length * part * part - above];
  });
}

function drawTowns(raster: ColourRaster, ink: Ink, scale: number, random: Random, land: Field): void {
  const taken: Point[] = [];
  const marks = new Ink(ink.width, ink.height);
  let tries = 0;
  for (const name of TOWNS) {
    for (; tries < 60000; tries += 1) {
      const x = random.between(MARGIN + 300, WIDTH - MARGIN - 700);
      const y = random.between(MARGIN + 300, HEIGHT - MARGIN - 300);
      const h = land.at(x * scale, y * scale);
      if (h > 0.012 && h < 0.07 && taken.every(([tx, ty]) => Math.hypot(tx - x, (ty - y) * 1.6) > 520)) {
        taken.push([x, y]);
        const px = x * scale;
        const py = y * scale;
        marks.disc(px, py, 9 * scale);
        ink.ring(px, py, 16 * scale, 1.7 * scale);
        ink.path(
          [
            [px - 14 * scale, py - 16 * scale],
            [px - 14 * scale, py - 40 * scale],
            [px, py - 56 * scale],
            [px + 14 * scale, py - 40 * scale],
            [px + 14 * scale, py - 16 * scale],
          ],
          1.6 * scale,
        );
        ink.line(px, py - 56 * scale, px, py - 78 * scale, 1.4 * scale);
        writeText(ink, name, px + 30 * scale, py + 12 * scale, { size: 40 * scale, weight: 0.065 });
        break;
      }
    }
  }
  drawRoads(ink, scale, taken, land);
  stain(raster, marks, RED);
  stain(raster, ink, BROWN, 0.95);
}

/** A dotted road joins two towns when the way between them stays on land. */
function drawRoads(ink: Ink, scale: number, towns: readonly Point[], land: Field): void {
  towns.forEach(([ax, ay], index) => {
    for (const [bx, by] of towns.slice(index + 1)) {
      const length = Math.hypot(bx - ax, by - ay);
      const bend = noise(ax / 100, by / 100, 77) * 0.25;
      const way = Array.from({ length: Math.round(length / 26) }, (_, dot): Point => {
        const t = (dot + 1) / Math.round(length / 26);
        const side = bend * length * Math.sin(t * Math.PI) * 0.5 + 26 * noise(t * length * 0.006, index, 78);
        return [ax + (bx - ax) * t - ((by - ay) / length) * side, ay + (by - ay) * t + ((bx - ax) / length) * side];
      });
      if (length < 1500 && way.every(([x, y]) => land.at(x * scale, y * scale) > 0)) {
        way.slice(1, -1).forEach(([x, y], dot) => {
          const next = way[dot + 2] ?? [x, y];
          ink.line(x * scale, y * scale, (x + (next[0] - x) * 0.5) * scale, (y + (next[1] - y) * 0.5) * scale, 1.5 * scale);
        });
      }
    }
  });
}

/** A three-master under sail; a negative size sails to the left. */
function drawShip(ink: Ink, x: number, y: number, size: number, scale: number): void {
  const k = Math.abs(size) * scale;
  const way = Math.sign(size);
  const at = (px: number, py: number): Point => [x * scale + px * k * way, y * scale + py * k];
  const hull = curve([at(-150, -30), at(-120, 30), at(-60, 52), at(80, 50), at(150, 10), at(190, -40)], 6);
  ink.fill([...hull, at(120, -12), at(-80, -6), at(-110, -44)], 0.55);
  ink.path([...hull, at(120, -12), at(-80, -6), at(-110, -44), at(-150, -30)], 2 * k);
  for (let plank = 0; plank < 4; plank += 1) {
    ink.path(curve([at(-118 + plank * 8, 4 + plank * 11), at(0, 16 + plank * 11), at(140 - plank * 14, -4 + plank * 11)], 8), 0.8 * k);
  }
  for (const [mast, top, breadth] of [
    [-80, -210, 60],
    [10, -290, 84],
    [95, -220, 64],
  ] as const) {
    ink.line(...at(mast, -10), ...at(mast, top), 2.2 * k, 1.2 * k);
    for (let sail = 0; sail < 3; sail += 1) {
      const low = -34 - sail * ((-top - 40) / 3);
      const high = low - (-top - 60) / 3.4;
      const b = breadth * (1 - sail * 0.22);
      const edge = curve([at(mast - b * 0.7, low), at(mast + b * 0.15, low - 12), at(mast + b * 0.95, low)], 6);
      const side = curve([at(mast + b * 0.95, low), at(mast + b * 1.12, (low + high) / 2), at(mast + b * 0.7, high)], 6);
      const back = curve([at(mast - b * 0.62, high), at(mast - b * 0.35, (low + high) / 2), at(mast - b * 0.7, low)], 6);
      const cloth = [...edge, ...side, ...back];
      ink.cut(cloth);
      ink.path([...cloth, ...edge.slice(0, 1)], 1.5 * k);
      for (let fold = 1; fold < 6; fold += 1) {
        const sx = mast - b * 0.5 + (b * 1.3 * fold) / 6;
        ink.path(curve([at(sx, high + 3), at(sx + b * 0.16, (low + high) / 2), at(sx, low - 12)], 5), 0.6 * k);
      }
    }
    ink.path(curve([at(mast, top), at(mast + 22, top + 6), at(mast + 44, top - 4)], 5), 2.4 * k);
  }
  ink.line(...at(170, -30), ...at(250, -80), 1.8 * k);
  ink.line(...at(95, -220), ...at(250, -80), 0.8 * k);
  ink.line(...at(10, -290), ...at(190, -40), 0.7 * k);
  for (let wave = 0; wave < 7; wave += 1) {
    const wx = -260 + wave * 78;
    ink.path(curve([at(wx, 62), at(wx + 20, 54), at(wx + 40, 66), at(wx + 62, 58)], 5), 1.2 * k);
    ink.path(curve([at(wx + 30, 80), at(wx + 50, 72), at(wx + 70, 84)], 5), 0.9 * k);
  }
}

function drawFrame(ink: Ink, scale: number): void {
  const line = (inset: number, half: number): void => {
    const d = inset * scale;
    const right = ink.width - d;
    const bottom = ink.height - d;
    ink.path(
      [
        [d, d],
        [right, d],
        [right, bottom],
        [d, bottom],
        [d, d],
      ],
      half * scale,
    );
  };
  line(120, 6);
  line(140, 1.5);
  line(196, 1.5);
  line(226, 1.5);
  line(MARGIN, 3);
  const horizontal = WIDTH - 2 * MARGIN;
  const vertical = HEIGHT - 2 * MARGIN;
  const parts = 60;
  for (let part = 0; part < parts; part += 1) {
    const from = MARGIN + (horizontal * part) / parts;
    const to = MARGIN + (horizontal * (part + 1)) / parts;
    const side = part % 2 === 0 ? 0 : 1;
    ink.fill(scaled(rectangle(from, side === 0 ? 196 : 211, to, side === 0 ? 211 : 226), scale));
    ink.fill(scaled(rectangle(from, HEIGHT - (side === 0 ? 211 : 226), to, HEIGHT - (side === 0 ? 196 : 211)), scale));
    for (let minute = 0; minute <= 5; minute += 1) {
      const x = from + ((to - from) * minute) / 5;
      ink.line(x * scale, 228 * scale, x * scale, MARGIN * scale, 0.9 * scale);
      ink.line(x * scale, (HEIGHT - 228) * scale, x * scale, (HEIGHT - MARGIN) * scale, 0.9 * scale);
    }
    if (part % 5 === 0 && part > 0) {
      writeCentred(ink, String(part / 5 + 10), from * scale, 168 * scale, { size: 36 * scale });
      writeCentred(ink, String(part / 5 + 10), from * scale, (HEIGHT - 168) * scale, { size: 36 * scale });
      ink.line(from * scale, MARGIN * scale, from * scale, (HEIGHT - MARGIN) * scale, 0.55 * scale);
    }
  }
  const rows = 45;
  for (let part = 0; part < rows; part += 1) {
    const from = MARGIN + (vertical * part) / rows;
    const to = MARGIN + (vertical * (part + 1)) / rows;
    const side = part % 2 === 0 ? 0 : 1;
    ink.fill(scaled(rectangle(side === 0 ? 196 : 211, from, side === 0 ? 211 : 226, to), scale));
    ink.fill(scaled(rectangle(WIDTH - (side === 0 ? 211 : 226), from, WIDTH - (side === 0 ? 196 : 211), to), scale));
    for (let minute = 0; minute <= 5; minute += 1) {
      const y = from + ((to - from) * minute) / 5;
      ink.line(228 * scale, y * scale, MARGIN * scale, y * scale, 0.9 * scale);
      ink.line((WIDTH - 228) * scale, y * scale, (WIDTH - MARGIN) * scale, y * scale, 0.9 * scale);
    }
    if (part % 5 === 0 && part > 0) {
      writeCentred(ink, String(56 - part / 5), 168 * scale, from * scale, { size: 36 * scale }, -Math.PI / 2);
      writeCentred(ink, String(56 - part / 5), (WIDTH - 168) * scale, from * scale, { size: 36 * scale }, Math.PI / 2);
      ink.line(MARGIN * scale, from * scale, (WIDTH - MARGIN) * scale, from * scale, 0.55 * scale);
    }
  }
}

function scaled(points: readonly Point[], scale: number): Point[] {
  return points.map(([x, y]): Point => [x * scale, y * scale]);
}

function drawCompass(raster: ColourRaster, x: number, y: number, radius: number, scale: number): void {
  const r = radius * scale;
  const side = Math.ceil(r * 2.9);
  const ground = new Ink(side, side);
  const dark = new Ink(side, side);
  const red = new Ink(side, side);
  const middle = side / 2;
  ground.disc(middle, middle, r * 1.06);
  for (const [ring, half] of [
    [1.06, 2.4],
    [1.02, 0.8],
    [0.92, 0.8],
    [0.62, 1],
    [0.3, 0.8],
  ] as const) {
    dark.ring(middle, middle, r * ring, half * scale);
  }
  for (let degree = 0; degree < 360; degree += 2) {
    const angle = (degree * Math.PI) / 180;
    const inner = degree % 10 === 0 ? 0.92 : 0.97;
    dark.line(
      middle + Math.cos(angle) * r * inner,
      middle + Math.sin(angle) * r * inner,
      middle + Math.cos(angle) * r * 1.02,
      middle + Math.sin(angle) * r * 1.02,
      0.8 * scale,
    );
  }
  for (const [count, offset, length, waist] of [
    [8, Math.PI / 8, 0.62, 0.16],
    [4, Math.PI / 4, 0.78, 0.19],
    [4, 0, 0.98, 0.22],
  ] as const) {
    for (let point = 0; point < count; point += 1) {
      const angle = offset + (point / count) * Math.PI * 2;
      const tip: Point = [middle + Math.cos(angle) * r * length, middle + Math.sin(angle) * r * length];
      const turn = Math.PI / (count === 8 ? 8 : 4);
      const left: Point = [middle + Math.cos(angle - turn) * r * waist, middle + Math.sin(angle - turn) * r * waist];
      const right: Point = [middle + Math.cos(angle + turn) * r * waist, middle + Math.sin(angle + turn) * r * waist];
      const centre: Point = [middle, middle];
      dark.cut([left, tip, right, centre]);
      red.cut([left, tip, right, centre]);
      ground.fill([left, tip, right, centre]);
      (count === 4 && offset === 0 ? red : dark).fill([tip, right, centre]);
      dark.path([centre, left, tip, right, centre, tip], 0.9 * scale);
    }
  }
  dark.disc(middle, middle, r * 0.045);
  const lily: Point[] = curve(
    [
      [0, 0],
      [-0.05, -0.06],
      [-0.13, -0.1],
      [-0.14, -0.2],
      [-0.06, -0.16],
      [-0.06, -0.24],
      [0, -0.36],
      [0.06, -0.24],
      [0.06, -0.16],
      [0.14, -0.2],
      [0.13, -0.1],
      [0.05, -0.06],
      [0, 0],
    ],
    6,
  ).map(([px, py]): Point => [middle + px * r, middle - r * 1.04 + py * r]);
  red.fill(lily);
  dark.path(lily, 0.9 * scale);
  const style = { size: r * 0.13, weight: 0.08 };
  writeCentred(dark, 'E', middle + r * 1.17, middle, style);
  writeCentred(dark, 'W', middle - r * 1.19, middle, style);
  writeCentred(dark, 'S', middle, middle + r * 1.18, style);
  const left = Math.round(x * scale - middle);
  const top = Math.round(y * scale - middle);
  stain(raster, ground, colour('#efe4c6'), 0.9, left, top);
  stain(raster, red, RED, 0.92, left, top);
  stain(raster, dark, BROWN, 0.95, left, top);
}

function drawCartouche(raster: ColourRaster, scale: number): void {
  const width = Math.round(2300 * scale);
  const height = Math.round(960 * scale);
  const ground = new Ink(width, height);
  const dark = new Ink(width, height);
  const k = scale;
  const outline = curve(
    [
      [90, 70],
      [600, 44],
      [1150, 60],
      [1700, 44],
      [2210, 70],
      [2250, 300],
      [2225, 480],
      [2250, 660],
      [2210, 890],
      [1700, 915],
      [1150, 900],
      [600, 915],
      [90, 890],
      [50, 660],
      [75, 480],
      [50, 300],
      [90, 70],
    ].map(([px, py]): Point => [(px ?? 0) * k, (py ?? 0) * k]),
    10,
  );
  ground.fill(outline);
  dark.path(outline, 4 * k);
  const inner = outline.map(([px, py]): Point => [width / 2 + (px - width / 2) * 0.965, height / 2 + (py - height / 2) * 0.92]);
  dark.path(inner, 1.4 * k);
  for (let leaf = 0; leaf < outline.length; leaf += 3) {
    const [px, py] = outline[leaf] as Point;
    const [qx, qy] = inner[leaf] as Point;
    dark.line(px, py, qx, qy, 0.8 * k);
    dark.disc((px + qx) / 2, (py + qy) / 2, 5 * k);
  }
  const lines: readonly (readonly [string, number, number, number])[] = [
    ['A NEW MAP OF', 190, 64, 12],
    ['THE GLASS ISLES', 340, 116, 7],
    ['WITH THEIR HARBOURS, HILLS AND SOUNDINGS', 490, 44, 6],
    ['DRAWN FOR THE VITRINE LIBRARY', 580, 44, 6],
  ];
  for (const [text, y, size, spacing] of lines) {
    writeCentred(dark, text, width / 2, y * k, { size: size * k, spacing, weight: size > 100 ? 0.085 : 0.06 });
  }
  for (let part = 0; part < 10; part += 1) {
    const from = 550 + part * 120;
    const side = part % 2;
    dark.fill(scaled(rectangle(from, 700 + side * 14, from + 120, 714 + side * 14), k));
    writeCentred(dark, String(part * 5), from * k, 676 * k, { size: 26 * k });
  }
  dark.path(scaled([...rectangle(550, 700, 1750, 728), [550, 700]], k), 1.4 * k);
  writeCentred(dark, 'LEAGUES', width / 2, 780 * k, { size: 34 * k, spacing: 9 });
  const left = Math.round((WIDTH - MARGIN - 2360) * scale);
  const top = Math.round((HEIGHT - MARGIN - 1020) * scale);
  stain(raster, ground, BROWN, 0.25, left + Math.round(16 * k), top + Math.round(18 * k));
  stain(raster, ground, colour('#f1e6c8'), 1, left, top);
  stain(raster, dark, BROWN, 0.95, left, top);
}
