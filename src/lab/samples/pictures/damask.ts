import { colour } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { Ink } from '../drawing/ink.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { hash } from '../drawing/random.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const REPEAT = { width: 800, height: 1200 };
const GROUND = colour('#6e1726');
const FIGURE = colour('#d3a351');

/** Silk damask: palmettes in an ogee lattice, gold on crimson; the sheen turns with the threads and the folds. */
export function drawDamask(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const motifWidth = Math.max(8, Math.round(REPEAT.width * scale));
  const motifHeight = Math.max(8, Math.round(REPEAT.height * scale));
  const motif = drawMotif(motifWidth, motifHeight);
  const folds = new Field(width, height, Math.max(2, 16 * scale), (x, y) => {
    const u = x / scale / 1000;
    const v = y / scale / 1000;
    return Math.sin(u * 4.4 + v * 1.2 + 1.6 * layeredNoise(u, v * 0.6, 3, 33)) + 0.3 * layeredNoise(u * 3, v * 3, 3, 12);
  });
  const fold = new Float32Array(width);
  const half = motifHeight >> 1;
  const thread = Math.max(1, Math.round(3 * scale));
  for (let y = 0; y < height; y += 1) {
    folds.row(y, fold);
    const pick = Math.floor(y / thread);
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(x / motifWidth);
      const mx = x - column * motifWidth;
      const my = (y + (column & 1) * half) % motifHeight;
      const figured = (motif.cover[my * motifWidth + mx] as number) / 255;
      const bend = fold[x] as number;
      const end = Math.floor(x / thread);
      const satin = (end * 3 + pick) % 8 === 0;
      const twill = (end + pick * 5) % 8 === 0;
      const warpLight = 0.8 + 0.3 * bend + (satin ? -0.22 : 0) + 0.1 * (hash(end, 0, 4) - 0.5);
      const weftLight = 0.95 - 0.26 * bend + (twill ? -0.2 : 0) + 0.12 * (hash(0, pick, 5) - 0.5);
      const round = 0.94 + 0.06 * ((figured > 0.5 ? y : x) % thread === 1 ? 1 : -1);
      const a = warpLight * round * (1 - figured);
      const b = weftLight * round * figured;
      data[at] = clamp(GROUND[0] * a * 1.15 + FIGURE[0] * b);
      data[at + 1] = clamp(GROUND[1] * a * 1.15 + FIGURE[1] * b);
      data[at + 2] = clamp(GROUND[2] * a * 1.15 + FIGURE[2] * b);
      at += 3;
    }
  }
  return raster;
}

function clamp(value: number): number {
  return value > 255 ? 255 : value < 0 ? 0 : value;
}

/** One repeat: an ogee lattice, in it a palmette over a stem with leaves, and a smaller one hanging below. */
function drawMotif(width: number, height: number): Ink {
  const ink = new Ink(width, height);
  const middle = width / 2;
  const s = width;
  for (const side of [-1, 1]) {
    const ogee = Array.from({ length: 161 }, (_, step): Point => {
      const part = step / 160;
      return [middle + side * (0.25 + 0.222 * Math.cos((part - 0.5) * Math.PI * 2)) * width, part * height];
    });
    ink.path(ogee, s * 0.017);
    ogee.forEach(([x, y], index) => {
      if (index % 8 === 4) {
        ink.disc(x, y, s * 0.026);
      }
    });
    ink.path(
      ogee.map(([x, y]): Point => [x - side * s * 0.045, y]),
      s * 0.004,
    );
  }
  const base = 0.545 * height;
  fan(ink, middle, base, 9, 1.62, -Math.PI / 2, s * 0.335, s * 0.058);
  ink.cut(loop(middle, base, 60, () => s * 0.085));
  fan(ink, middle, base + s * 0.012, 5, 1.2, -Math.PI / 2, s * 0.085, s * 0.022);
  ink.ring(middle, base, s * 0.098, s * 0.007);
  ink.path(
    [
      [middle, base + s * 0.07],
      [middle, 0.86 * height],
    ],
    s * 0.011,
  );
  for (const side of [-1, 1]) {
    const scroll = (points: readonly Point[], breadth: number): void =>
      ink.brush(
        curve(
          points.map(([x, y]): Point => [middle + side * x * s, base + y * s]),
          10,
        ),
        (part) => s * breadth * (0.35 + Math.sin(Math.PI * part ** 0.7)),
      );
    scroll(
      [
        [0, 0.13],
        [0.09, 0.075],
        [0.2, 0.075],
        [0.28, 0.0],
        [0.29, -0.1],
        [0.23, -0.13],
        [0.2, -0.08],
        [0.235, -0.06],
      ],
      0.011,
    );
    scroll(
      [
        [0, 0.2],
        [0.1, 0.16],
        [0.19, 0.19],
        [0.2, 0.26],
        [0.14, 0.29],
        [0.105, 0.245],
        [0.14, 0.225],
      ],
      0.012,
    );
    scroll(
      [
        [0, 0.34],
        [0.06, 0.3],
        [0.115, 0.325],
        [0.11, 0.38],
        [0.07, 0.385],
        [0.065, 0.35],
      ],
      0.008,
    );
    for (const [x, y, turn, length] of [
      [0.1, 0.08, -0.5, 0.1],
      [0.2, 0.07, 0.5, 0.11],
      [0.16, 0.185, -0.35, 0.12],
      [0.05, 0.4, 0.9, 0.09],
    ] as const) {
      petal(ink, middle + side * x * s, base + y * s, side > 0 ? turn : Math.PI - turn, length * s, 0.022 * s);
    }
    for (const [x, y] of [
      [0.34, 0.02],
      [0.33, -0.24],
      [0.22, -0.36],
      [0.1, -0.46],
      [0.24, 0.36],
      [0.15, 0.46],
    ] as const) {
      ink.fill(loop(middle + side * x * s, base + y * s, 40, (a) => s * (0.016 + 0.0075 * Math.cos(a * 5))));
    }
  }
  fan(ink, middle, 0.865 * height, 5, 1.15, Math.PI / 2, s * 0.13, s * 0.028);
  ink.disc(middle, 0.862 * height, s * 0.026);
  fan(ink, middle, 0.13 * height, 5, 1.0, -Math.PI / 2, s * 0.1, s * 0.022);
  ink.disc(middle, 0.135 * height, s * 0.02);
  return ink;
}

/** Petals spread like a fan about `heading`; the middle one is the longest. */
function fan(ink: Ink, x: number, y: number, petals: number, spread: number, heading: number, length: number, breadth: number): void {
  const half = (petals - 1) / 2;
  for (let index = 0; index < petals; index += 1) {
    const part = (index - half) / half;
    petal(ink, x, y, heading + part * spread, length * (1 - 0.34 * part * part), breadth);
  }
}

function petal(ink: Ink, x: number, y: number, angle: number, length: number, breadth: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const shape = (from: number, to: number, half: number): Point[] =>
    curve(
      [
        [from, 0],
        [from + (to - from) * 0.35, half * 0.62],
        [from + (to - from) * 0.72, half],
        [to, 0],
        [from + (to - from) * 0.72, -half],
        [from + (to - from) * 0.35, -half * 0.62],
        [from, 0],
      ],
      8,
    ).map(([along, across]): Point => [x + along * cos - across * sin, y + along * sin + across * cos]);
  ink.fill(shape(0, length, breadth));
  ink.cut(shape(length * 0.42, length * 0.86, breadth * 0.4));
}
