import { type Colour, colour } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop, rectangle } from '../drawing/curve.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeWords } from '../drawing/invented-script.ts';
import { writeCentred } from '../drawing/lettering.ts';
import { Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, paintPolygon, type Raster, stain } from '../drawing/raster.ts';

const VELLUM = colour('#efe2c2');
const OAK_GALL = colour('#35251a');
const RUBRIC = colour('#a8321f');
const AZURE = colour('#27508c');
const LEAF = colour('#3f6b3d');
const GOLD = colour('#d2a23d');
const PAGE = { width: 2000, height: 2800 };
const TEXT = { left: 420, right: 1640, top: 420, bottom: 2250 };
const LINES = 27;

/** A leaf of vellum in an invented script: ruled, with a painted initial and a border of vines. */
export function drawManuscript(width: number, height: number, scale: number, page: number): Raster {
  const raster = fillRaster(blankRaster(width, height), VELLUM);
  const random = new Random(900 + page);
  const ink = new Ink(width, height);
  const pitch = (TEXT.bottom - TEXT.top) / LINES;
  drawRuling(ink, scale, pitch);
  stain(raster, ink, colour('#8d6a55'), 0.4);
  ink.clear();
  const initial = { lines: page === 0 ? 8 : 4, row: page === 0 ? 0 : random.whole(4, 12) };
  const side = initial.lines * pitch - 34;
  const rubric = new Ink(width, height);
  for (let line = 0; line < LINES; line += 1) {
    const y = TEXT.top + (line + 1) * pitch - 20;
    const beside = line >= initial.row && line < initial.row + initial.lines;
    const left = beside ? TEXT.left + side + 40 : TEXT.left;
    const last = line === initial.row - 1 || line === LINES - 1;
    const right = last ? left + (TEXT.right - left) * random.between(0.4, 0.75) : TEXT.right;
    const hand = { size: 31 * scale, weight: 0.1, slant: 0.04 };
    const red = line === initial.row || (page === 0 && line === 1);
    const end = writeWords(red ? rubric : ink, random, left * scale, right * scale, y * scale, hand);
    if (last && line < LINES - 1) {
      drawLineFiller(rubric, end / scale + 10, TEXT.right, y, scale);
    }
  }
  for (let note = 0; note < 3; note += 1) {
    const y = random.between(TEXT.top + 100, TEXT.bottom - 300);
    for (let line = 0; line < random.whole(2, 4); line += 1) {
      writeWords(ink, random, 1690 * scale, 1890 * scale, (y + line * 34) * scale, { size: 13 * scale, weight: 0.085, slant: 0.18 });
    }
  }
  writeCentred(ink, String(page + 14), (PAGE.width - 150) * scale, 150 * scale, { size: 44 * scale, slant: 0.1 });
  stain(raster, ink, OAK_GALL, 0.93);
  stain(raster, rubric, RUBRIC, 0.92);
  drawVines(raster, scale, random, page);
  drawInitial(raster, scale, TEXT.left, TEXT.top + initial.row * pitch + 22, side, page);
  return age(raster, scale, { seed: 40 + page * 4, grain: 0.05, stains: 0.3, vignette: 0.34 });
}

function drawRuling(ink: Ink, k: number, pitch: number): void {
  for (let line = 0; line <= LINES; line += 1) {
    const y = (TEXT.top + line * pitch - 20 + (line === 0 ? 10 : 0)) * k;
    ink.line((TEXT.left - 60) * k, y, (TEXT.right + 60) * k, y, 0.6 * k);
    ink.disc(1950 * k, y, 3 * k);
  }
  for (const x of [TEXT.left - 34, TEXT.left - 12, TEXT.right + 12, TEXT.right + 34]) {
    ink.line(x * k, 120 * k, x * k, (PAGE.height - 120) * k, 0.6 * k);
  }
}

function drawLineFiller(ink: Ink, left: number, right: number, y: number, k: number): void {
  const wave: Point[] = [];
  for (let x = left; x < right; x += 16) {
    wave.push([x * k, (y - 14 + (Math.round((x - left) / 16) % 2 === 0 ? 9 : -9)) * k]);
  }
  ink.path(curve(wave, 5), 2.2 * k);
  wave.forEach(([x], index) => {
    if (index % 2 === 0) {
      ink.disc(x, (y - 18) * k, 3 * k);
    }
  });
}

/** Vines climb the inner margin and run along the foot: a stem, curled shoots, leaves, berries of gold. */
function drawVines(raster: ColourRaster, k: number, random: Random, page: number): void {
  const outline = new Ink(raster.width, raster.height);
  const stems: Point[][] = [];
  const height = page === 0 ? 0 : page * 330;
  stems.push(swing([290, 260 + height], [290, 2440], 46, 5 - page * 0.7));
  stems.push(swing([290, 2440], [1700 - page * 160, 2470], 46, 6));
  if (page === 0) {
    stems.push(swing([290, 260], [1700, 250], 40, 6));
  }
  for (const stem of stems) {
    const line = curve(stem, 5);
    outline.path(
      line.map((point) => scale(point, k)),
      3.2 * k,
    );
    line.forEach((point, index) => {
      if (index % 11 === 5 && index + 3 < line.length) {
        const next = line[index + 2] as Point;
        const heading = Math.atan2(next[1] - point[1], next[0] - point[0]);
        const side = (index / 11) % 2 < 1 ? 1 : -1;
        drawShoot(raster, outline, k, random, point, heading, side);
      }
    });
  }
  stain(raster, outline, OAK_GALL, 0.9);
}

function swing(from: Point, to: Point, breadth: number, turns: number): Point[] {
  const steps = Math.max(4, Math.round(turns * 9));
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const nx = -(to[1] - from[1]) / length;
  const ny = (to[0] - from[0]) / length;
  return Array.from({ length: steps + 1 }, (_, index): Point => {
    const t = index / steps;
    const side = breadth * Math.sin(t * turns * Math.PI * 2) * Math.min(1, t * 8 + 0.05);
    return [from[0] + (to[0] - from[0]) * t + nx * side, from[1] + (to[1] - from[1]) * t + ny * side];
  });
}

function drawShoot(raster: ColourRaster, ink: Ink, k: number, random: Random, [x, y]: Point, heading: number, side: number): void {
  const points: Point[] = [];
  let a = heading + side * 0.9;
  let px = x;
  let py = y;
  const turns = random.whole(7, 11);
  for (let step = 0; step < turns; step += 1) {
    points.push([px * k, py * k]);
    const reach = 17 - step * 1.1;
    px += Math.cos(a) * reach;
    py += Math.sin(a) * reach;
    a += side * (0.2 + step * 0.07);
  }
  ink.brush(curve(points, 4), (part) => (2.6 - 1.6 * part) * k);
  const kind = random.next();
  if (kind < 0.4) {
    paintPolygon(
      raster,
      loop(px * k, py * k, 24, () => 13 * k),
      GOLD,
    );
    ink.ring(px * k, py * k, 13 * k, 1.2 * k);
    ink.disc((px - 4) * k, (py - 4) * k, 2 * k);
    return;
  }
  const tone: Colour = kind < 0.62 ? AZURE : kind < 0.82 ? RUBRIC : LEAF;
  const petals = kind < 0.82 ? 5 : 3;
  const flower = loop(px * k, py * k, petals * 10, (angle) => (11 + 11 * Math.abs(Math.sin((angle * petals) / 2))) * k);
  paintPolygon(raster, flower, tone);
  ink.path([...flower, flower[0] as Point], 1.1 * k);
  paintPolygon(
    raster,
    loop(px * k, py * k, 16, () => 6 * k),
    GOLD,
  );
  for (let leaf = 0; leaf < 2; leaf += 1) {
    const at = points[2 + leaf * 2] as Point;
    const b = heading + side * (leaf === 0 ? 2.1 : -0.2);
    drawLeaf(raster, ink, at, b, 34 * k, k);
  }
}

function drawLeaf(raster: ColourRaster, ink: Ink, [x, y]: Point, angle: number, length: number, k: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const at = (along: number, across: number): Point => [
    x + (along * cos - across * sin) * length,
    y + (along * sin + across * cos) * length,
  ];
  const shape = curve(
    [at(0, 0), at(0.25, 0.26), at(0.5, 0.16), at(0.68, 0.28), at(1, 0), at(0.68, -0.28), at(0.5, -0.16), at(0.25, -0.26), at(0, 0)],
    5,
  );
  paintPolygon(raster, shape, LEAF);
  ink.path(shape, 0.9 * k);
  ink.line(...at(0, 0), ...at(0.85, 0), 0.7 * k);
}

/** The initial: a letter of the script on gold and azure, in a frame, filled with a spiral vine. */
function drawInitial(raster: ColourRaster, k: number, left: number, top: number, side: number, page: number): void {
  const ink = new Ink(raster.width, raster.height);
  const white = new Ink(raster.width, raster.height);
  const box = (inset: number): Point[] =>
    rectangle((left + inset) * k, (top + inset) * k, (left + side - inset) * k, (top + side - inset) * k);
  paintPolygon(raster, box(0), GOLD);
  paintPolygon(raster, box(side * 0.05), page % 2 === 0 ? AZURE : RUBRIC);
  const cx = left + side / 2;
  const cy = top + side / 2;
  for (const [x, y, size, turn] of [
    [-0.31, -0.31, 0.12, 0.8],
    [0.31, -0.31, 0.12, 2.4],
    [0.31, 0.31, 0.12, 3.9],
    [-0.31, 0.31, 0.12, 5.5],
    [-0.1, 0, 0.09, 0],
    [0.1, 0, 0.09, 3.14],
  ] as const) {
    const spiral: Point[] = [];
    for (let step = 0; step < 36; step += 1) {
      const a = turn + step * 0.36;
      const r = side * size * (1 - step / 40);
      spiral.push([(cx + x * side + Math.cos(a) * r) * k, (cy + y * side + Math.sin(a) * r) * k]);
    }
    white.brush(curve(spiral, 3), (part) => side * (0.0085 - 0.004 * part) * k);
    for (const [index, [px, py]] of spiral.entries()) {
      if (index % 3 === 1 && index < 20) {
        const away = Math.atan2(py - (cy + y * side) * k, px - (cx + x * side) * k);
        white.disc(px + Math.cos(away) * side * 0.018 * k, py + Math.sin(away) * side * 0.018 * k, side * 0.011 * k);
      }
    }
  }
  stain(raster, white, colour('#f3e7c8'), 0.85);
  const stroke = side * 0.075 * k;
  const shapes: Point[][] =
    page % 2 === 0
      ? [
          loop(cx * k, cy * k, 60, () => side * 0.27 * k),
          [
            [(cx - side * 0.02) * k, (top + side * 0.12) * k],
            [(cx - side * 0.02) * k, (top + side * 0.88) * k],
          ],
        ]
      : [
          curve(
            [
              [cx + side * 0.26, top + side * 0.22],
              [cx, top + side * 0.12],
              [cx - side * 0.26, cy],
              [cx, top + side * 0.88],
              [cx + side * 0.27, top + side * 0.76],
            ].map(([x, y]): Point => [(x ?? 0) * k, (y ?? 0) * k]),
            14,
          ),
          [
            [(cx - side * 0.2) * k, cy * k],
            [(cx + side * 0.2) * k, cy * k],
          ],
        ];
  for (const half of [stroke + 5 * k, stroke]) {
    ink.clear();
    shapes.forEach((shape, index) => {
      ink.path(index === 0 && page % 2 === 0 ? [...shape, shape[0] as Point] : shape, half);
    });
    stain(raster, ink, half > stroke ? OAK_GALL : colour('#e8c877'));
  }
  ink.clear();
  shapes.forEach((shape) => {
    shape.forEach(([x, y], index) => {
      if (index % 2 === 0) {
        ink.disc(x, y, stroke * 0.16);
      }
    });
  });
  ink.path([...box(0), box(0)[0] as Point], 3 * k);
  ink.path([...box(side * 0.05), box(side * 0.05)[0] as Point], 1.6 * k);
  stain(raster, ink, OAK_GALL, 0.95);
}

function scale([x, y]: Point, k: number): Point {
  return [x * k, y * k];
}
