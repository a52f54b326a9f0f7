import { type Colour, clampUnit, colour, mix, shade } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { loop } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { layeredNoise, noise } from '../drawing/noise.ts';
import { hash } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, paintPolygon, type Raster } from '../drawing/raster.ts';

const GOLDEN = (1 + Math.sqrt(5)) / 2;
const GROUT = colour('#3b342d');
const BROAD = ['#d9c8a3', '#c9a97a', '#e4d8bd', '#b98f62', '#d3bd93'].map(colour);
const NARROW = ['#28475a', '#3c6b70', '#1f3a4d', '#4d7c7a', '#335a68'].map(colour);
const INLAY = colour('#8e2f2a');
const BRASS = colour('#d7ab55');

interface Half {
  readonly broad: boolean;
  readonly a: Point;
  readonly b: Point;
  readonly c: Point;
}

/** A floor of stone in the Penrose pattern of two rhombs, which never repeats; each stone bevelled, veined and inlaid. */
export function drawPenroseFloor(width: number, height: number, scale: number): Raster {
  const raster = fillRaster(blankRaster(width, height), GROUT);
  const veins = makeVeins(scale);
  const seen = new Set<string>();
  const middle: Point = [width * 0.5, height * 0.5];
  for (const half of subdivide(wheel(middle, 2420 * scale), 6)) {
    const cx = (half.b[0] + half.c[0]) / 2;
    const cy = (half.b[1] + half.c[1]) / 2;
    const key = `${Math.round((cx / scale) * 2)}:${Math.round((cy / scale) * 2)}`;
    const reach = 140 * scale;
    if (!seen.has(key) && cx > -reach && cy > -reach && cx < width + reach && cy < height + reach) {
      seen.add(key);
      layStone(raster, veins, half, [cx, cy], middle, scale);
    }
  }
  return polish(raster, scale);
}

function wheel([x, y]: Point, radius: number): Half[] {
  return Array.from({ length: 10 }, (_, index): Half => {
    const first: Point = [x + radius * Math.cos(((2 * index - 1) * Math.PI) / 10), y + radius * Math.sin(((2 * index - 1) * Math.PI) / 10)];
    const second: Point = [
      x + radius * Math.cos(((2 * index + 1) * Math.PI) / 10),
      y + radius * Math.sin(((2 * index + 1) * Math.PI) / 10),
    ];
    const [b, c] = index % 2 === 0 ? [second, first] : [first, second];
    return { broad: false, a: [x, y], b, c };
  });
}

/** Robinson's triangles: each is cut in the golden section into two or three smaller ones. */
function subdivide(halves: readonly Half[], times: number): readonly Half[] {
  if (times === 0) {
    return halves;
  }
  const next = halves.flatMap(({ broad, a, b, c }): Half[] => {
    if (!broad) {
      const p = towards(a, b);
      return [
        { broad: false, a: c, b: p, c: b },
        { broad: true, a: p, b: c, c: a },
      ];
    }
    const q = towards(b, a);
    const r = towards(b, c);
    return [
      { broad: true, a: r, b: c, c: a },
      { broad: true, a: q, b: r, c: b },
      { broad: false, a: r, b: q, c: a },
    ];
  });
  return subdivide(next, times - 1);
}

function towards(from: Point, to: Point): Point {
  return [from[0] + (to[0] - from[0]) / GOLDEN, from[1] + (to[1] - from[1]) / GOLDEN];
}

function layStone(raster: ColourRaster, veins: Float32Array, half: Half, centre: Point, middle: Point, scale: number): void {
  const { a, b, c, broad } = half;
  const opposite: Point = [b[0] + c[0] - a[0], b[1] + c[1] - a[1]];
  const rhomb = [a, b, opposite, c];
  const seed = Math.round(centre[0] / scale) * 7 + Math.round(centre[1] / scale) * 13;
  const heading = Math.round((Math.atan2(c[1] - b[1], c[0] - b[0]) * 10) / Math.PI + 20) % 5;
  const away = Math.hypot(centre[0] - middle[0], centre[1] - middle[1]) / scale;
  const base = (broad ? BROAD : NARROW)[(heading + (Math.floor(away / 420) % 2)) % 5] ?? GROUT;
  const tone = shade(base, 0.9 + 0.2 * hash(seed, 1, 4));
  const outer = inset(rhomb, centre, 0.955);
  const inner = inset(rhomb, centre, 0.885);
  for (let side = 0; side < 4; side += 1) {
    const p = outer[side] as Point;
    const q = outer[(side + 1) % 4] as Point;
    const light = (p[0] + q[0] - 2 * centre[0]) * -0.55 + (p[1] + q[1] - 2 * centre[1]) * -0.83;
    const size = Math.hypot(p[0] + q[0] - 2 * centre[0], p[1] + q[1] - 2 * centre[1]);
    paintPolygon(raster, [p, q, inner[(side + 1) % 4] as Point, inner[side] as Point], shade(tone, 1 + (0.34 * light) / size));
  }
  const vein = (x: number, y: number): number => veins[(((y + seed * 31) & 1023) << 10) | ((x + seed * 17) & 1023)] as number;
  paintPolygon(raster, inner, tone, vein);
  if (broad) {
    paintPolygon(raster, inset(rhomb, centre, 0.6), shade(tone, 0.72));
    paintPolygon(raster, inset(rhomb, centre, 0.565), mix(tone, [255, 250, 236], 0.25), vein);
    star(raster, centre, 17 * scale, heading, heading % 2 === 0 ? INLAY : (NARROW[heading] ?? INLAY), scale);
  } else {
    paintPolygon(raster, inset(rhomb, centre, 0.5), BRASS);
    paintPolygon(raster, inset(rhomb, centre, 0.43), shade(tone, 0.62), vein);
  }
}

/** A slab of 1024 by 1024 pixels from which every stone takes its veins. */
function makeVeins(scale: number): Float32Array {
  const slab = new Float32Array(1024 * 1024);
  const veins = new Field(1024, 1024, Math.max(1, 2 * scale), (x, y) => {
    const u = x / scale / 42;
    const v = y / scale / 42;
    const bend = noise(u * 0.7, v * 0.7, 3);
    const line = Math.abs(noise(u + bend, v * 0.6 + bend, 5));
    return (line < 0.05 ? 0.86 + line * 2.4 : 0.98) + 0.05 * bend;
  });
  const row = new Float32Array(1024);
  for (let y = 0; y < 1024; y += 1) {
    veins.row(y, row);
    slab.set(row, y << 10);
  }
  return slab;
}

function star(raster: ColourRaster, [x, y]: Point, r: number, heading: number, tone: Colour, scale: number): void {
  const turned = (size: number): Point[] =>
    loop(0, 0, 10, (angle) => (Math.round((angle * 5) / Math.PI) % 2 === 0 ? size : size * 0.45)).map(([px, py]): Point => {
      const a = (heading * Math.PI) / 5 + Math.PI / 10;
      return [x + px * Math.cos(a) - py * Math.sin(a), y + px * Math.sin(a) + py * Math.cos(a)];
    });
  paintPolygon(raster, turned(r + 2.5 * scale), BRASS);
  paintPolygon(raster, turned(r), tone);
  paintPolygon(
    raster,
    loop(x, y, 14, () => 3 * scale),
    BRASS,
  );
}

function inset(points: readonly Point[], [cx, cy]: Point, part: number): Point[] {
  return points.map(([x, y]): Point => [cx + (x - cx) * part, cy + (y - cy) * part]);
}

/** Light from a window falls across the floor. */
function polish(raster: ColourRaster, scale: number): Raster {
  const { width, height, data } = raster;
  const sheen = new Field(width, height, Math.max(2, 32 * scale), (x, y) => {
    const u = x / width;
    const v = y / height;
    const beam = Math.exp(-(((u - v * 0.5 - 0.2) / 0.2) ** 2)) * 0.2;
    return 0.86 + beam + 0.06 * layeredNoise(u * 3, v * 3, 3, 8) - 0.22 * clampUnit((u - 0.5) ** 2 + (v - 0.5) ** 2);
  });
  const row = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    sheen.row(y, row);
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const light = row[x] as number;
      data[at] = Math.min(255, (data[at] as number) * light);
      data[at + 1] = Math.min(255, (data[at + 1] as number) * light);
      data[at + 2] = Math.min(255, (data[at + 2] as number) * light * 0.985);
      at += 3;
    }
  }
  return raster;
}
