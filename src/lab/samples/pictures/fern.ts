import { colour, mix, shade } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop } from '../drawing/curve.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeCentred } from '../drawing/lettering.ts';
import { Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, paintPolygon, type Raster, stain } from '../drawing/raster.ts';

const GREEN = colour('#4d7242');
const DEEP = colour('#2c4a2f');
const YELLOW = colour('#9aa552');
const BROWN = colour('#5b4027');
const LINE = colour('#26301f');

/** A plate from a flora: a fern's frond, a young crozier, the root, and details under the lens, each with its number. */
export function drawFern(width: number, height: number, scale: number): Raster {
  const raster = fillRaster(blankRaster(width, height), colour('#f2ead4'));
  const k = scale;
  const ink = new Ink(width, height);
  const random = new Random(1812);
  drawFrond(raster, ink, random, k, { foot: [1330, 3010], tip: [1560, 330], bend: -210, pairs: 27, reach: 640 });
  drawFrond(raster, ink, random, k, { foot: [1290, 3030], tip: [470, 1000], bend: -150, pairs: 24, reach: 400 });
  drawCrozier(raster, ink, k);
  drawRoot(raster, ink, random, k);
  stain(raster, ink, LINE, 0.85);
  ink.clear();
  drawPinnaDetail(raster, ink, k, random);
  drawSporesDetail(raster, ink, k, random);
  const figures: readonly (readonly [string, number, number])[] = [
    ['1', 1990, 400],
    ['2', 400, 900],
    ['3', 1890, 2660],
    ['4', 330, 3090],
    ['5', 2330, 3060],
  ];
  for (const [figure, x, y] of figures) {
    writeCentred(ink, figure, x * k, y * k, { size: 40 * k, slant: 0.25 });
  }
  writeCentred(ink, 'FILIX VITREA', 1400 * k, 3300 * k, { size: 78 * k, spacing: 8, weight: 0.075 });
  writeCentred(ink, 'THE GLASS FERN', 1400 * k, 3410 * k, { size: 40 * k, spacing: 7, slant: 0.22 });
  writeCentred(ink, 'PL. XII', 2500 * k, 190 * k, { size: 44 * k, spacing: 5 });
  for (const [inset, half] of [
    [96, 2.2],
    [112, 0.8],
  ] as const) {
    const d = inset * k;
    ink.path(
      [
        [d, d],
        [width - d, d],
        [width - d, height - d],
        [d, height - d],
        [d, d],
      ],
      half * k,
    );
  }
  stain(raster, ink, LINE, 0.88);
  return age(raster, k, { seed: 71, grain: 0.045, stains: 0.24, vignette: 0.22 });
}

interface Frond {
  readonly foot: Point;
  readonly tip: Point;
  /** How far the middle swings out, to the right of the way up. */
  readonly bend: number;
  readonly pairs: number;
  /** Length of the longest leaflets. */
  readonly reach: number;
}

function drawFrond(raster: ColourRaster, ink: Ink, random: Random, k: number, frond: Frond): void {
  const at = (t: number): Point => {
    const side = frond.bend * Math.sin(t * Math.PI * 0.9);
    return [frond.foot[0] + (frond.tip[0] - frond.foot[0]) * t - side, frond.foot[1] + (frond.tip[1] - frond.foot[1]) * t];
  };
  const bare = 0.2;
  for (let pair = 0; pair < frond.pairs; pair += 1) {
    const part = pair / frond.pairs;
    const t = bare + (1 - bare) * (1 - (1 - part) ** 1.18);
    const [x, y] = at(t);
    const [nx, ny] = at(t + 0.01);
    const heading = Math.atan2(ny - y, nx - x);
    const length = frond.reach * Math.sin(Math.PI * (0.24 + 0.76 * part) ** 0.9) ** 0.85 * random.between(0.94, 1.05) + 12;
    for (const side of [-1, 1]) {
      const spread = side * (1.22 - 0.42 * part + random.between(-0.05, 0.05));
      drawPinna(raster, ink, random, k, [x, y - (side > 0 ? 8 : 0)], heading + spread, length, side, part);
    }
  }
  const stem: Point[] = [];
  for (let step = 0; step <= 60; step += 1) {
    const [x, y] = at(step / 60);
    stem.push([x * k, y * k]);
  }
  const stalk = new Ink(raster.width, raster.height);
  stalk.brush(stem, (part) => (12 - 10.6 * part) * k);
  ink.brush(stem, (part) => (13.5 - 11.4 * part) * k);
  cutStem(ink, stem, k);
  stain(raster, stalk, mix(BROWN, GREEN, 0.45), 1);
}

/** Leaves only the stem's outline of its ink. */
function cutStem(ink: Ink, stem: readonly Point[], k: number): void {
  for (let index = 0; index + 1 < stem.length; index += 1) {
    const [ax, ay] = stem[index] as Point;
    const [bx, by] = stem[index + 1] as Point;
    const part = index / stem.length;
    const r = (11.6 - 10.4 * part) * k;
    const length = Math.hypot(bx - ax, by - ay) + 1e-9;
    const ux = (-(by - ay) / length) * r;
    const uy = ((bx - ax) / length) * r;
    ink.cut([
      [ax + ux, ay + uy],
      [bx + ux, by + uy],
      [bx - ux * 0.55, by - uy * 0.55],
      [ax - ux * 0.55, ay - uy * 0.55],
    ]);
  }
}

function drawPinna(
  raster: ColourRaster,
  ink: Ink,
  random: Random,
  k: number,
  [x, y]: Point,
  heading: number,
  length: number,
  side: number,
  part: number,
): void {
  const count = Math.max(4, Math.round(length / 19));
  let px = x;
  let py = y;
  let a = heading;
  const step = length / count;
  const rib: Point[] = [[x * k, y * k]];
  for (let leaf = 0; leaf < count; leaf += 1) {
    const along = leaf / count;
    const size = (length * 0.07 + 8) * (1 - along) ** 0.6 * (along < 0.06 ? 0.7 : 1) + 5;
    const tone = mix(mix(DEEP, GREEN, 0.3 + 0.7 * along), YELLOW, random.between(0, 0.3) + 0.25 * part);
    for (const way of [-1, 1]) {
      drawLeaflet(raster, ink, [px, py], a + way * (1.15 - 0.35 * along), size, way > 0 ? tone : shade(tone, 0.86), k);
    }
    px += Math.cos(a) * step;
    py += Math.sin(a) * step;
    a -= side * 0.012 + random.between(-0.006, 0.006);
    rib.push([px * k, py * k]);
  }
  drawLeaflet(raster, ink, [px, py], a, 16, YELLOW, k);
  ink.brush(rib, (way) => (2.4 - 1.8 * way) * k);
}

function drawLeaflet(
  raster: ColourRaster,
  ink: Ink,
  [x, y]: Point,
  angle: number,
  size: number,
  tone: readonly [number, number, number],
  k: number,
): void {
  const cos = Math.cos(angle) * size * k;
  const sin = Math.sin(angle) * size * k;
  const at = (along: number, across: number): Point => [x * k + along * cos - across * sin, y * k + along * sin + across * cos];
  const shape = [
    at(0, -0.14),
    at(0.22, -0.25),
    at(0.4, -0.21),
    at(0.55, -0.24),
    at(0.78, -0.15),
    at(1, 0),
    at(0.8, 0.14),
    at(0.6, 0.2),
    at(0.42, 0.19),
    at(0.24, 0.23),
    at(0, 0.14),
  ];
  paintPolygon(raster, shape, tone);
  ink.path([...shape, shape[0] as Point], 0.55 * k);
  ink.line(...at(0, 0), ...at(0.85, 0), 0.5 * k);
  if (size > 34) {
    for (const vein of [0.2, 0.4, 0.6]) {
      ink.line(...at(vein, 0), ...at(vein + 0.15, 0.15), 0.3 * k);
      ink.line(...at(vein, 0), ...at(vein + 0.15, -0.15), 0.3 * k);
    }
  }
}

function drawCrozier(raster: ColourRaster, ink: Ink, k: number): void {
  const spiral: Point[] = [];
  for (let step = 0; step <= 90; step += 1) {
    const t = step / 90;
    if (t < 0.4) {
      const rise = t / 0.4;
      spiral.push([(1370 + 370 * rise ** 1.5) * k, (3020 - 560 * rise) * k]);
    } else {
      const turn = (t - 0.4) / 0.6;
      const a = Math.PI + turn * Math.PI * 4.2;
      const r = 118 * (1 - turn) ** 0.8 + 8;
      spiral.push([(1740 + 118 + Math.cos(a) * r) * k, (2460 + Math.sin(a) * r * 1.02) * k]);
    }
  }
  const body = new Ink(raster.width, raster.height);
  const edge = new Ink(raster.width, raster.height);
  const line = curve(spiral, 3);
  edge.brush(line, (part) => (21 - 11 * part) * k);
  body.brush(line, (part) => (19.4 - 10.6 * part) * k);
  stain(raster, edge, LINE);
  stain(raster, body, mix(YELLOW, GREEN, 0.3));
  line.forEach(([x, y], index) => {
    if (index % 4 === 0 && index > 70 && index + 1 < line.length) {
      const next = line[index + 1] as Point;
      const a = Math.atan2(next[1] - y, next[0] - x) - Math.PI / 2;
      const part = index / line.length;
      for (let hair = -1; hair <= 1; hair += 1) {
        const from = (19 - 10.6 * part) * k;
        ink.line(
          x + Math.cos(a + hair * 0.5) * from * 0.4,
          y + Math.sin(a + hair * 0.5) * from * 0.4,
          x + Math.cos(a + hair * 0.5) * (from + 9 * k),
          y + Math.sin(a + hair * 0.5) * (from + 9 * k),
          0.8 * k,
        );
      }
    }
  });
}

function drawRoot(raster: ColourRaster, ink: Ink, random: Random, k: number): void {
  const body = curve(
    [
      [1180, 3040],
      [1240, 2985],
      [1330, 2975],
      [1420, 3000],
      [1450, 3050],
      [1390, 3090],
      [1290, 3100],
      [1210, 3085],
      [1180, 3040],
    ].map(([x, y]): Point => [(x ?? 0) * k, (y ?? 0) * k]),
    8,
  );
  for (let root = 0; root < 46; root += 1) {
    let x = random.between(1190, 1440);
    let y = random.between(3050, 3095);
    let a = random.between(0.3, Math.PI - 0.3);
    const points: Point[] = [];
    for (let step = 0; step < random.whole(6, 12); step += 1) {
      points.push([x * k, y * k]);
      x += Math.cos(a) * 15;
      y += Math.sin(a) * 10;
      a += random.between(-0.5, 0.5);
    }
    ink.brush(curve(points, 4), (part) => (2.2 - 1.9 * part) * k);
  }
  paintPolygon(raster, body, BROWN);
  ink.path(body, 1.4 * k);
  for (let scale = 0; scale < 60; scale += 1) {
    const x = random.between(1210, 1420);
    const y = random.between(2992, 3082);
    ink.path(
      curve(
        [
          [x * k, y * k],
          [(x + 9) * k, (y - 12) * k],
          [(x + 18) * k, y * k],
        ],
        4,
      ),
      0.8 * k,
    );
  }
}

/** Figure 4: one leaflet, many times enlarged, with its veins and spore cases. */
function drawPinnaDetail(raster: ColourRaster, ink: Ink, k: number, random: Random): void {
  const at = (along: number, across: number): Point => [(330 + across * 420 + along * 140) * k, (3000 - along * 560) * k];
  const right: Point[] = [];
  const left: Point[] = [];
  for (let step = 0; step <= 80; step += 1) {
    const t = step / 80;
    const edge = 0.36 * Math.sin(Math.PI * (0.12 + 0.88 * t)) ** 0.7 * (1 + 0.1 * Math.cos(t * 44));
    right.push(at(t, edge));
    left.push(at(t, -edge));
  }
  const shape = [...right, ...left.reverse()];
  paintPolygon(raster, shape, mix(GREEN, YELLOW, 0.45));
  ink.path([...shape, shape[0] as Point], 2 * k);
  ink.brush([at(-0.12, 0), at(0.95, 0)], (part) => (5 - 4 * part) * k);
  for (let vein = 0; vein < 11; vein += 1) {
    const t = 0.04 + vein * 0.08;
    const reach = 0.3 * Math.sin(Math.PI * (0.14 + 0.8 * t)) ** 0.7;
    for (const side of [-1, 1]) {
      ink.path(curve([at(t, 0), at(t + 0.06, side * reach * 0.5), at(t + 0.13, side * reach * 0.95)], 6), 1.3 * k);
      ink.path(curve([at(t + 0.06, side * reach * 0.5), at(t + 0.075, side * reach * 0.8), at(t + 0.06, side * reach)], 6), 0.9 * k);
      const [sx, sy] = at(t + 0.055, side * reach * 0.62);
      paintPolygon(
        raster,
        loop(sx, sy, 30, () => 19 * k),
        BROWN,
      );
      for (let grain = 0; grain < 26; grain += 1) {
        const a = random.next() * Math.PI * 2;
        const r = Math.sqrt(random.next()) * 17 * k;
        ink.ring(sx + Math.cos(a) * r, sy + Math.sin(a) * r, 3 * k, 0.6 * k);
      }
    }
  }
}

/** Figure 5: what the lens shows, a spore case with its ring of cells, and spores. */
function drawSporesDetail(raster: ColourRaster, ink: Ink, k: number, random: Random): void {
  const x = 2330 * k;
  const y = 2750 * k;
  const r = 250 * k;
  paintPolygon(
    raster,
    loop(x, y, 120, () => r),
    colour('#e6dcbf'),
  );
  ink.ring(x, y, r, 3 * k);
  ink.ring(x, y, r + 12 * k, 1 * k);
  paintPolygon(
    raster,
    loop(x - 30 * k, y - 40 * k, 80, (a) => (112 + 10 * Math.cos(a * 2)) * k),
    mix(BROWN, YELLOW, 0.55),
  );
  for (let cell = 0; cell < 22; cell += 1) {
    const a = -2.6 + cell * 0.205;
    const from = 84 * k;
    const to = (cell % 2 === 0 ? 126 : 122) * k;
    ink.line(
      x - 30 * k + Math.cos(a) * from,
      y - 40 * k + Math.sin(a) * from,
      x - 30 * k + Math.cos(a) * to,
      y - 40 * k + Math.sin(a) * to,
      2.4 * k,
    );
  }
  ink.ring(x - 30 * k, y - 40 * k, 84 * k, 1.2 * k);
  ink.ring(x - 30 * k, y - 40 * k, 122 * k, 1.8 * k);
  ink.brush(
    curve(
      [
        [x - 60 * k, y + 70 * k],
        [x - 80 * k, y + 140 * k],
        [x - 130 * k, y + 190 * k],
      ],
      8,
    ),
    (part) => (16 - 6 * part) * k,
  );
  for (let spore = 0; spore < 30; spore += 1) {
    const a = random.between(-0.2, 1.9);
    const away = random.between(130, 228) * k;
    const sx = x + Math.cos(a) * away;
    const sy = y + Math.sin(a) * away * 0.95;
    const size = random.between(9, 14) * k;
    paintPolygon(
      raster,
      loop(sx, sy, 20, (b) => size * (1 + 0.12 * Math.cos(b * 3 + spore))),
      BROWN,
    );
    ink.path(
      [...loop(sx, sy, 20, (b) => size * (1 + 0.12 * Math.cos(b * 3 + spore))), [sx + size * (1 + 0.12 * Math.cos(spore)), sy]],
      1 * k,
    );
    ink.line(sx - size * 0.5, sy, sx + size * 0.5, sy, 0.7 * k);
  }
}
