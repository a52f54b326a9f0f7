import { clampUnit, smoothStep } from '../drawing/colour.ts';
import { Field } from '../drawing/field.ts';
import { paperGrain } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeCentred } from '../drawing/lettering.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const LIGHT = { x: -0.55, y: -0.5, z: 0.67 };
const TABLE = 2560;
const PITCH = 9.5;
const VASE = { x: 1320, top: 640, bottom: 2940 };

interface Ball {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly seed: number;
}

const BALLS: readonly Ball[] = [
  { x: 2180, y: 2810, r: 330, seed: 1 },
  { x: 1790, y: 3085, r: 205, seed: 2 },
  { x: 640, y: 3010, r: 240, seed: 3 },
];

/** What a line of the burin follows at a place, and how light it is there. */
interface Surface {
  /** 0 black, 1 white. */
  readonly tone: number;
  /** Counts the engraved lines; whole numbers are their middles. */
  readonly lines: number;
  readonly crossing: number;
}

/** An engraving: a vase and three balls on a table, shaded only by lines that swell, cross and follow the forms. */
export function drawStillLife(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height, 1);
  const { data } = raster;
  const profile = vaseProfile();
  const frame = drawFrame(width, height, scale);
  const wobble = new Field(width, height, Math.max(2, 12 * scale), (x, y) => layeredNoise(x / scale / 260, y / scale / 260, 3, 14) * 0.5);
  const bend = new Float32Array(width);
  const grain = paperGrain(1);
  const inside = { left: 230, right: 2770, top: 230, bottom: 3440 };
  for (let y = 0; y < height; y += 1) {
    wobble.row(y, bend);
    const py = (y + 0.5) / scale;
    for (let x = 0; x < width; x += 1) {
      const px = (x + 0.5) / scale;
      const at = y * width + x;
      const fibre = grain[((y & 511) << 9) | (x & 511)] as number;
      let paper = 240 + fibre * 5;
      const plate = Math.min(px - 130, 2870 - px, py - 130, 3680 - py);
      if (plate < 14 && plate > -14) {
        paper -= plate > 0 ? 9 * (1 - plate / 14) : -5 * (1 + plate / 14);
      } else if (plate > 0) {
        paper -= 4;
      }
      let ink = (frame.cover[at] as number) / 255;
      if (px > inside.left && px < inside.right && py > inside.top && py < inside.bottom) {
        const { tone, lines, crossing } = surfaceAt(px, py, profile, bend[x] as number);
        ink = Math.max(ink, burin(lines, 0.94 - tone * 1.02, scale));
        if (tone < 0.56) {
          ink = Math.max(ink, burin(crossing, (0.56 - tone) * 1.15, scale));
        }
        if (tone < 0.2) {
          ink = Math.max(ink, burin(lines + crossing, (0.2 - tone) * 1.6, scale));
        }
      }
      ink *= 0.93 + 0.05 * fibre;
      data[at] = paper + (26 - paper) * clampUnit(ink);
    }
  }
  return raster;
}

/** How much ink a family of lines puts here: `breadth` is the part of the pitch that a line fills. */
function burin(lines: number, breadth: number, scale: number): number {
  if (breadth <= 0.02) {
    return 0;
  }
  const away = Math.abs(lines - Math.round(lines));
  const ink = (Math.min(0.92, breadth) * 0.5 - away) * PITCH * scale + 0.5;
  return ink < 0 ? 0 : ink > 1 ? 1 : ink;
}

function surfaceAt(px: number, py: number, profile: Float32Array, bend: number): Surface {
  for (const ball of BALLS) {
    const dx = px - ball.x;
    const dy = py - ball.y;
    if (dx * dx + dy * dy < ball.r * ball.r) {
      return ballSurface(ball, dx / ball.r, dy / ball.r);
    }
  }
  const radius = py > VASE.top && py < VASE.bottom + 60 ? (profile[Math.floor(py - VASE.top)] ?? 0) : 0;
  const across = radius > 0 ? (px - VASE.x) / radius : 2;
  const mouth = Math.hypot((px - VASE.x) / 205, (py - VASE.top - 22) / 46);
  if (mouth < 1) {
    return { tone: 0.1 + 0.35 * clampUnit((px - VASE.x) / 205 + 0.3), lines: py / PITCH, crossing: (px + py * 0.4) / PITCH };
  }
  if (Math.abs(across) < 1) {
    return vaseSurface(py, across, radius, profile);
  }
  return py > TABLE ? tableSurface(px, py, bend) : wallSurface(px, py, bend);
}

function ballSurface(ball: Ball, u: number, v: number): Surface {
  const z = Math.sqrt(Math.max(0, 1 - u * u - v * v));
  const lit = u * LIGHT.x + v * LIGHT.y + z * LIGHT.z;
  const bounce = 0.22 * clampUnit(v * 0.9 + u * 0.3) * (1 - z);
  const glint = Math.max(0, lit) ** 26;
  const tone = 0.06 + 0.72 * clampUnit(lit) + bounce + 0.5 * glint;
  const tilt = 0.5 + ball.seed * 0.35;
  const latitude = Math.asin(clampUnit((u * Math.sin(tilt) + v * Math.cos(tilt)) * 0.5 + 0.5) * 2 - 1);
  const around = Math.atan2(u * Math.cos(tilt) - v * Math.sin(tilt), z + 0.15);
  return { tone, lines: (latitude * ball.r) / PITCH, crossing: (around * ball.r) / (PITCH * 1.1) };
}

function vaseSurface(py: number, across: number, radius: number, profile: Float32Array): Surface {
  const at = Math.floor(py - VASE.top);
  const slope = ((profile[at + 6] ?? radius) - (profile[at - 6] ?? radius)) / 12;
  const z = Math.sqrt(1 - across * across);
  const size = Math.hypot(1, slope);
  const lit = (across * LIGHT.x - slope * LIGHT.y + z * LIGHT.z) / size;
  const glint = Math.exp(-(((across + 0.46) / 0.06) ** 2)) * 0.5;
  const bounce = 0.2 * smoothStep(0.72, 0.98, across);
  let tone = 0.05 + 0.8 * clampUnit(lit) + bounce + glint;
  const curveDown = 46 * z;
  const level = py - curveDown;
  tone *= ornament(Math.asin(across), level);
  return { tone, lines: (py - curveDown * 0.9) / PITCH, crossing: (Math.asin(across) * 420 + py * 0.16) / (PITCH * 1.2) };
}

/** Bands painted round the vase: a meander, a row of leaves, rings. */
function ornament(turn: number, level: number): number {
  const ring = (middle: number, half: number): boolean => Math.abs(level - middle) < half;
  if (ring(1190, 7) || ring(1345, 7) || ring(1960, 6) || ring(2150, 6) || ring(900, 10) || ring(2480, 9)) {
    return 0.35;
  }
  if (level > 1205 && level < 1330) {
    const cell = (((turn * 5.4) % 1) + 1) % 1;
    const row = (level - 1205) / 125;
    const key =
      cell < 0.12 ||
      (row < 0.14 && cell < 0.9) ||
      (cell > 0.78 && cell < 0.9 && row < 0.72) ||
      (row > 0.58 && row < 0.72 && cell > 0.34 && cell < 0.9) ||
      (cell > 0.34 && cell < 0.46 && row > 0.36 && row < 0.72) ||
      row > 0.88;
    return key ? 0.3 : 1.04;
  }
  if (level > 1966 && level < 2144) {
    const cell = ((((turn * 4) % 1) + 1) % 1) - 0.5;
    const row = (level - 2055) / 89;
    const leaf = Math.abs(cell) < 0.3 * (1 - row * row) && Math.abs(cell) > 0.03;
    return leaf ? 0.42 : 1.03;
  }
  return 1;
}

function tableSurface(px: number, py: number, bend: number): Surface {
  const depth = (py - TABLE) / 900;
  let tone = 0.6 + 0.2 * depth - 0.16 * clampUnit((px - 1500) / 1500);
  tone *= 1 - 0.72 * shadowOf(px, py, VASE.x, 2960, 330, 2.6);
  for (const ball of BALLS) {
    tone *= 1 - 0.74 * shadowOf(px, py, ball.x, ball.y + ball.r * 0.9, ball.r, 1.5);
  }
  const vein = Math.abs(Math.sin(px / 170 + bend * 5 + depth * 3)) < 0.05 ? -0.16 : 0;
  return { tone: tone + vein, lines: (py + bend * 12) / PITCH, crossing: (px - py * 1.1) / PITCH };
}

/** A soft ellipse thrown to the right behind a thing that stands at (cx, cy). */
function shadowOf(px: number, py: number, cx: number, cy: number, r: number, length: number): number {
  const along = (px - cx) / r;
  const across = (py - cy + (px - cx) * 0.13) / (r * 0.3);
  const body = along < 0 ? Math.hypot(along, across) : Math.hypot(Math.max(0, along - length * 0.55) / (length * 0.5), across);
  return 1 - smoothStep(0.55, 1.12, body);
}

function wallSurface(px: number, py: number, bend: number): Surface {
  const glow = Math.exp(-(((px - 760) / 900) ** 2) - ((py - 1200) / 1300) ** 2);
  const shadow = shadowOnWall(px, py);
  const tone = (0.32 + 0.5 * glow + 0.1 * bend) * (1 - 0.5 * shadow);
  return { tone, lines: (py + px * 0.34 + bend * 18) / PITCH, crossing: (py - px * 0.62 + bend * 18) / PITCH };
}

function shadowOnWall(px: number, py: number): number {
  const dx = (px - 2080) / 420;
  const dy = (py - 1900) / 900;
  return 1 - smoothStep(0.6, 1.1, Math.hypot(dx, dy));
}

/** Half widths of the vase for every pixel of its height: lip, neck, shoulder, belly, foot. */
function vaseProfile(): Float32Array {
  const knots = [
    [0, 208],
    [40, 226],
    [80, 196],
    [260, 150],
    [430, 172],
    [620, 372],
    [860, 512],
    [1120, 536],
    [1420, 452],
    [1760, 296],
    [2060, 186],
    [2160, 178],
    [2200, 262],
    [2300, 300],
    [2360, 296],
    [2380, 0],
  ] as const;
  return Float32Array.from({ length: VASE.bottom + 70 - VASE.top }, (_, y) => {
    const next = knots.findIndex(([level]) => level > y);
    const to = knots[next];
    const from = knots[next - 1];
    if (to === undefined || from === undefined) {
      return 0;
    }
    const t = (y - from[0]) / (to[0] - from[0]);
    const before = knots[next - 2] ?? from;
    const after = knots[next + 1] ?? to;
    const m0 = ((to[1] - before[1]) / (to[0] - before[0])) * (to[0] - from[0]);
    const m1 = after[1] === 0 ? 0 : ((after[1] - from[1]) / (after[0] - from[0])) * (to[0] - from[0]);
    const t2 = t * t;
    const t3 = t2 * t;
    const radius = (2 * t3 - 3 * t2 + 1) * from[1] + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * to[1] + (t3 - t2) * m1;
    return to[1] === 0 ? from[1] * Math.sqrt(1 - t * t) : radius;
  });
}

function drawFrame(width: number, height: number, k: number): Ink {
  const ink = new Ink(width, height);
  for (const [inset, half] of [
    [222, 2.4],
    [206, 0.9],
  ] as const) {
    const right = 3000 - inset;
    const bottom = 3670 - inset;
    ink.path(
      [
        [inset * k, inset * k],
        [right * k, inset * k],
        [right * k, bottom * k],
        [inset * k, bottom * k],
        [inset * k, inset * k],
      ],
      half * k,
    );
  }
  writeCentred(ink, 'VAS VITREVM', 1500 * k, 3560 * k, { size: 52 * k, spacing: 9, weight: 0.07 });
  writeCentred(ink, 'V. INV. ET SCULPS.', 2420 * k, 3515 * k, { size: 22 * k, spacing: 4, slant: 0.2 });
  writeCentred(ink, 'TAB. III', 520 * k, 3515 * k, { size: 22 * k, spacing: 4, slant: 0.2 });
  return ink;
}
