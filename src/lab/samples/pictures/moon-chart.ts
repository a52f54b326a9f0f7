import { Field } from '../drawing/field.ts';
import { paperGrain } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeCentred, writeOnCircle } from '../drawing/lettering.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { Random } from '../drawing/random.ts';
import type { Raster } from '../drawing/raster.ts';

const RADIUS = 1330;
const CRATERS = 6500;

/** The moon at its tenth day: seas, thousands of craters with rays, lit from the side; sixteen bits a pixel. */
export function drawMoonChart(width: number, height: number, scale: number): Raster<Uint16Array> {
  const data = new Uint16Array(width * height);
  const cx = width / 2;
  const cy = height / 2;
  const radius = RADIUS * scale;
  const ground = drawGround(width, height, scale);
  const relief = drawCraters(ground, width, height, scale);
  const ink = drawGraticule(width, height, cx, cy, radius, scale);
  const sun = { x: -0.74, y: -0.2, z: 0.64 };
  const grain = paperGrain(3);
  for (let y = 0; y < height; y += 1) {
    const v = (y + 0.5 - cy) / radius;
    for (let x = 0; x < width; x += 1) {
      const u = (x + 0.5 - cx) / radius;
      const squared = u * u + v * v;
      const at = y * width + x;
      const fibre = grain[((y & 511) << 9) | (x & 511)] as number;
      let light = 3300 + 160 * fibre;
      if (squared < 1) {
        const z = Math.sqrt(1 - squared);
        const slopeX = x > 0 && x + 1 < width ? (relief[at + 1] as number) - (relief[at - 1] as number) : 0;
        const slopeY = y > 0 && y + 1 < height ? (relief[at + width] as number) - (relief[at - width] as number) : 0;
        const lit = u * sun.x + v * sun.y + z * sun.z;
        const bump = (slopeX * sun.x + slopeY * sun.y) * (-0.46 / scale);
        const day = lit + bump * (0.35 + 0.65 * (1 - Math.max(0, lit)));
        const soft = day > 0 ? day / (day + 0.34) : 0;
        const limb = Math.min(1, (1 - Math.sqrt(squared)) * radius);
        const disc = 1200 + 70000 * soft * (ground[at] as number) * (1 + 0.025 * fibre);
        light = light + (disc - light) * limb;
      }
      const mark = (ink.cover[at] as number) / 255;
      const drawn = squared < 1 ? 0.62 : 0.8;
      light += (46000 - light) * mark * drawn;
      data[at] = light > 65535 ? 65535 : light;
    }
  }
  return { width, height, channels: 1, data };
}

/** How bright the ground is: light highlands, dark seas; 0 to 1. */
function drawGround(width: number, height: number, scale: number): Float32Array {
  const seas = new Field(width, height, Math.max(2, 8 * scale), (x, y) => {
    const u = x / scale / 1600;
    const v = y / scale / 1600;
    const wide = layeredNoise(u * 1.7 + 3.1, v * 1.7 + 0.4, 6, 611) + (0.9 - v) * 0.3 - 0.14;
    const dark = Math.min(1, Math.max(0, (wide + 0.01) * 8));
    return 0.8 - 0.47 * dark + 0.16 * layeredNoise(u * 9, v * 9, 5, 17) * (1 - 0.6 * dark);
  });
  const ground = new Float32Array(width * height);
  const row = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    seas.row(y, row);
    ground.set(row, y * width);
  }
  return ground;
}

/** Adds craters to a relief, foreshortened towards the limb; young ones brighten the ground around them with rays. */
function drawCraters(ground: Float32Array, width: number, height: number, scale: number): Float32Array {
  const rough = new Field(width, height, Math.max(2, 4 * scale), (x, y) => layeredNoise(x / scale / 34, y / scale / 34, 4, 29) * 7);
  const relief = new Float32Array(width * height);
  const row = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    rough.row(y, row);
    relief.set(row, y * width);
  }
  const random = new Random(1969);
  const sizes = Array.from({ length: CRATERS }, () => Math.min(95, 3.2 * (1 - random.next()) ** -0.54)).sort((a, b) => b - a);
  for (const [index, size] of sizes.entries()) {
    const angle = random.next() * Math.PI * 2;
    const away = Math.sqrt(random.next()) * 0.995;
    const u = Math.cos(angle) * away;
    const v = Math.sin(angle) * away;
    const px = width / 2 + u * RADIUS * scale;
    const py = height / 2 + v * RADIUS * scale;
    const here = ground[Math.floor(py) * width + Math.floor(px)] ?? 0;
    if (here < 0.5 && size > 9 && random.next() < 0.88) {
      continue;
    }
    const squash = Math.max(0.16, Math.sqrt(1 - away * away));
    const young = random.next() < 0.045 && size > 7;
    digCrater(
      relief,
      ground,
      width,
      height,
      { px, py, r: size * scale, u: u / (away + 1e-9), v: v / (away + 1e-9), squash, depth: size * (young ? 1 : 0.72), young, seed: index },
      scale,
    );
  }
  return relief;
}

interface Crater {
  readonly px: number;
  readonly py: number;
  readonly r: number;
  /** Direction away from the middle of the disc, along which it is squashed. */
  readonly u: number;
  readonly v: number;
  readonly squash: number;
  readonly depth: number;
  readonly young: boolean;
  readonly seed: number;
}

function digCrater(relief: Float32Array, ground: Float32Array, width: number, height: number, crater: Crater, scale: number): void {
  const { px, py, r, u, v, squash, depth, young, seed } = crater;
  const reach = young ? Math.min(9, 5 + (60 * scale) / r) : 1.9;
  const extent = r * reach;
  const top = Math.max(0, Math.floor(py - extent));
  const bottom = Math.min(height - 1, Math.ceil(py + extent));
  const left = Math.max(0, Math.floor(px - extent));
  const right = Math.min(width - 1, Math.ceil(px + extent));
  const rays = 7 + (seed % 6);
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const dx = (x + 0.5 - px) / r;
      const dy = (y + 0.5 - py) / r;
      const along = (dx * u + dy * v) / squash;
      const across = dx * -v + dy * u;
      const d = Math.sqrt(along * along + across * across);
      if (d > reach) {
        continue;
      }
      const at = y * width + x;
      if (d < 1.9) {
        const kept = d < 1 ? 0.2 : d < 1.3 ? 0.2 + (d - 1) * 2.67 : 1;
        relief[at] = (relief[at] as number) * kept + profile(d) * depth;
      }
      if (young) {
        const turn = Math.atan2(across, along);
        const streak = 0.5 + 0.5 * Math.sin(turn * rays + 3 * Math.sin(turn * 3 + seed)) * Math.sin(turn * 2.7 + seed * 1.7);
        const fade = Math.max(0, 1 - d / reach);
        ground[at] = Math.min(1, (ground[at] as number) + 0.3 * fade * fade * (d < 1 ? 1 : Math.max(streak * streak, 2 - d)));
      }
    }
  }
}

/** A bowl with a flat floor, a small peak, a raised rim and a gentle slope outside; the rim is at 1. */
function profile(d: number): number {
  if (d < 1) {
    const bowl = d * d * d * d;
    return -0.62 + 0.98 * bowl + (d < 0.22 ? 0.3 * (1 - d / 0.22) : 0);
  }
  const out = (1.9 - d) / 0.9;
  return 0.36 * out * out * out;
}

function drawGraticule(width: number, height: number, cx: number, cy: number, radius: number, scale: number): Ink {
  const ink = new Ink(width, height);
  for (let degrees = -75; degrees <= 75; degrees += 15) {
    const sine = Math.sin((degrees * Math.PI) / 180);
    const cosine = Math.cos((degrees * Math.PI) / 180);
    ink.line(cx - radius * cosine, cy + radius * sine, cx + radius * cosine, cy + radius * sine, 0.2 * scale);
    let before: readonly [number, number] | null = null;
    for (let step = -90; step <= 90; step += 3) {
      const a = (step * Math.PI) / 180;
      const point = [cx + radius * sine * Math.cos(a), cy + radius * Math.sin(a)] as const;
      if (before !== null) {
        ink.line(before[0], before[1], point[0], point[1], 0.2 * scale);
      }
      before = point;
    }
  }
  for (const [away, half] of [
    [26, 1],
    [58, 1],
    [112, 2.4],
  ] as const) {
    ink.ring(cx, cy, radius + away * scale, half * scale);
  }
  for (let degree = 0; degree < 360; degree += 1) {
    const a = (degree * Math.PI) / 180;
    const end = radius + (degree % 10 === 0 ? 58 : degree % 5 === 0 ? 46 : 38) * scale;
    const start = radius + 26 * scale;
    ink.line(cx + Math.cos(a) * start, cy + Math.sin(a) * start, cx + Math.cos(a) * end, cy + Math.sin(a) * end, 0.7 * scale);
    if (degree % 10 === 0) {
      writeOnCircle(ink, String((degree + 90) % 360), cx, cy, radius + 72 * scale, a, { size: 26 * scale });
    }
  }
  const seas: readonly (readonly [string, number, number, number])[] = [
    ['MARE SILENTII', -260, -470, 40],
    ['MARE VITREUM', 350, -160, 38],
    ['SINUS LUCIS', -620, 90, 30],
    ['LACUS NIVIS', 120, 420, 28],
    ['PALUS ECHO', -200, 820, 28],
  ];
  for (const [name, x, y, size] of seas) {
    writeCentred(ink, name, cx + x * scale, cy + y * scale, { size: size * scale, spacing: 9, slant: 0.2, weight: 0.06 });
  }
  const corner = 1440 * scale;
  writeCentred(ink, 'LUNA', cx - corner + 190 * scale, cy - corner + 90 * scale, { size: 110 * scale, spacing: 8 });
  writeCentred(ink, 'AGE 10 DAYS', cx - corner + 190 * scale, cy - corner + 200 * scale, { size: 34 * scale, spacing: 6 });
  writeCentred(ink, 'PLATE IV', cx + corner - 150 * scale, cy + corner - 60 * scale, { size: 40 * scale, spacing: 6 });
  return ink;
}
