import { colour } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { loop } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { Ink } from '../drawing/ink.ts';
import { writeOnCircle, writeText } from '../drawing/lettering.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, type Raster, stain } from '../drawing/raster.ts';

const GOLD = colour('#d9b46a');
const PALE = colour('#f5ead0');
const BLUE = colour('#7fa3c9');

const NAMES = [
  'LAMPAS',
  'CORNIX',
  'SPECULUM',
  'HEDERA',
  'VITRUM',
  'NAVICULA',
  'CICADA',
  'TURRIS',
  'PAVO MINOR',
  'CLEPSYDRA',
  'FALX',
  'LUCIUS',
  'ARANEA',
  'FORNAX ALTA',
  'CERVUS',
  'LIBER',
  'SCALAE',
  'PYXIS NOVA',
  'GALERUS',
  'RANA',
  'CATENA',
  'TESTUDO',
];
const HOURS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

interface Star {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** An invented northern sky on the polar projection: stars by magnitude, figures, the Milky Way, hours and degrees. */
export function drawStarChart(width: number, height: number, scale: number): Raster {
  const raster = drawGround(width, height, scale);
  const cx = width / 2;
  const cy = height / 2;
  const radius = 1500 * scale;
  const random = new Random(1603);
  const faint = new Ink(width, height);
  const gold = new Ink(width, height);
  const pale = new Ink(width, height);
  drawCoordinates(faint, gold, cx, cy, radius, scale);
  const figures = drawFigures(gold, pale, random, cx, cy, radius, scale);
  drawStars(pale, random, figures, cx, cy, radius, scale);
  drawCorners(gold, width, height, scale);
  stain(raster, faint, BLUE, 0.5);
  stain(raster, gold, GOLD, 0.95);
  stain(raster, pale, PALE);
  return raster;
}

function drawGround(width: number, height: number, scale: number): ColourRaster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const random = new Random(77);
  const tilt = 0.62;
  const milk = new Field(width, height, Math.max(2, 10 * scale), (px, py) => {
    const x = (px - width / 2) / scale / 1500;
    const y = (py - height / 2) / scale / 1500;
    const across = x * Math.sin(tilt) - y * Math.cos(tilt) + 0.28 + 0.13 * Math.sin(x * 2.4) + 0.1 * layeredNoise(x * 2, y * 2, 3, 4);
    const band = Math.exp(-across * across * 26);
    const rift = Math.exp(-(across - 0.02) * (across - 0.02) * 900 * (0.4 + x * x)) * 0.45;
    return Math.max(0, band * (0.62 + 0.75 * layeredNoise(x * 5, y * 5, 5, 12)) - rift * band);
  });
  const light = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    milk.row(y, light);
    const ry = (y + 0.5 - height / 2) / scale;
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const rx = (x + 0.5 - width / 2) / scale;
      const r = Math.sqrt(rx * rx + ry * ry);
      const inside = r < 1500 ? 1 : r > 1502 ? 0 : (1502 - r) / 2;
      const deep = 1 - 0.42 * Math.min(1, (r / 1500) * (r / 1500));
      const glow = (light[x] as number) * inside;
      data[at] = (17 * deep + 88 * glow) * inside + 15 * (1 - inside);
      data[at + 1] = (34 * deep + 104 * glow) * inside + 20 * (1 - inside);
      data[at + 2] = (71 * deep + 118 * glow) * inside + 36 * (1 - inside);
      at += 3;
    }
  }
  const dust = new Ink(width, height);
  for (let tries = 0; tries < 52000; tries += 1) {
    const x = random.next() * width;
    const y = random.next() * height;
    const inDisc = Math.hypot(x - width / 2, y - height / 2) < 1490 * scale;
    if (inDisc && random.next() < milk.at(x, y) * 0.9) {
      dust.disc(x, y, random.between(0.35, 1.1) * scale);
    }
  }
  stain(raster, dust, PALE, 0.65);
  return raster;
}

function drawCoordinates(faint: Ink, gold: Ink, cx: number, cy: number, radius: number, scale: number): void {
  for (let degrees = 10; degrees < 90; degrees += 10) {
    faint.ring(cx, cy, (radius * degrees) / 90, (degrees % 30 === 0 ? 1.3 : 0.7) * scale);
  }
  for (let hour = 0; hour < 24; hour += 1) {
    const angle = (hour * Math.PI) / 12;
    const inner = hour % 6 === 0 ? 0 : radius / 9;
    faint.line(
      cx + Math.cos(angle) * inner,
      cy + Math.sin(angle) * inner,
      cx + Math.cos(angle) * radius,
      cy + Math.sin(angle) * radius,
      0.8 * scale,
    );
    for (let degrees = 20; degrees < 90; degrees += 20) {
      const r = (radius * degrees) / 90 + 6 * scale;
      if (hour % 3 === 0) {
        writeText(faint, String(90 - degrees), cx + Math.cos(angle) * r + 6 * scale, cy + Math.sin(angle) * r - 6 * scale, {
          size: 17 * scale,
        });
      }
    }
  }
  gold.ring(cx, cy, radius, 2.2 * scale);
  gold.ring(cx, cy, radius + 26 * scale, 1 * scale);
  gold.ring(cx, cy, radius + 44 * scale, 1 * scale);
  gold.ring(cx, cy, radius + 130 * scale, 3.5 * scale);
  gold.ring(cx, cy, radius + 140 * scale, 1 * scale);
  for (let degree = 0; degree < 720; degree += 1) {
    const angle = (degree * Math.PI) / 360;
    const reach = degree % 20 === 0 ? 44 : degree % 10 === 0 ? 36 : degree % 2 === 0 ? 26 : 14;
    radial(gold, cx, cy, angle, radius, radius + reach * scale, (degree % 10 === 0 ? 1 : 0.6) * scale);
    if (degree % 4 < 2 && degree % 2 === 0) {
      radial(gold, cx, cy, angle + Math.PI / 720, radius + 30 * scale, radius + 40 * scale, 3.2 * scale);
    }
  }
  for (let hour = 1; hour <= 24; hour += 1) {
    const name =
      hour <= 12
        ? (HOURS[hour - 1] ?? '')
        : hour === 24
          ? 'XXIV'
          : hour > 19
            ? `XX${HOURS[hour - 21] ?? ''}`
            : `X${HOURS[hour - 11] ?? ''}`;
    writeOnCircle(gold, name, cx, cy, radius + 64 * scale, (hour * Math.PI) / 12 - Math.PI / 2, { size: 46 * scale, weight: 0.06 });
    writeOnCircle(gold, `${hour * 15 - 7}`, cx, cy, radius + 76 * scale, ((hour - 0.5) * Math.PI) / 12 - Math.PI / 2, { size: 20 * scale });
  }
  const ecliptic = loop(cx + radius * 0.2, cy - radius * 0.14, 480, () => radius * 0.74);
  for (let index = 0; index < ecliptic.length; index += 2) {
    const from = ecliptic[index] as Point;
    const to = ecliptic[index + 1] as Point;
    gold.line(from[0], from[1], to[0], to[1], 1.1 * scale);
  }
}

function radial(ink: Ink, cx: number, cy: number, angle: number, from: number, to: number, half: number): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  ink.line(cx + cos * from, cy + sin * from, cx + cos * to, cy + sin * to, half);
}

/** Each figure is a short walk from star to star inside its own part of the sky, with a branch or two. */
function drawFigures(gold: Ink, pale: Ink, random: Random, cx: number, cy: number, radius: number, scale: number): Star[] {
  const stars: Star[] = [];
  NAMES.forEach((name, index) => {
    const ring = index < 4 ? 0.24 : index < 11 ? 0.53 : 0.81;
    const [first, count] = index < 4 ? [0, 4] : index < 11 ? [4, 7] : [11, NAMES.length - 11];
    const angle = ((index - first + 0.35 * random.normal() * 0.4) / count) * Math.PI * 2 + ring * 7;
    const mx = cx + Math.cos(angle) * radius * ring;
    const my = cy + Math.sin(angle) * radius * ring;
    const span = (index < 4 ? 150 : 190) * scale;
    const figure: Star[] = [];
    const members = random.whole(6, 10);
    let heading = random.between(0, Math.PI * 2);
    let x = mx - Math.cos(heading) * span;
    let y = my - Math.sin(heading) * span;
    for (let member = 0; member < members; member += 1) {
      const size = Math.abs(random.normal()) * 2.6 + 3.4;
      figure.push({ x, y, size });
      heading += random.between(-0.9, 0.9);
      const step = span * random.between(0.22, 0.5);
      const home = Math.atan2(my - y, mx - x);
      heading += Math.sin(home - heading) * 0.5 * Math.min(1, Math.hypot(mx - x, my - y) / span);
      x += Math.cos(heading) * step;
      y += Math.sin(heading) * step;
    }
    connect(gold, figure, scale);
    const root = figure[Math.floor(members / 2)];
    if (root !== undefined) {
      const branch = { x: root.x + random.between(-80, 80) * scale, y: root.y + random.between(60, 110) * scale, size: 4 };
      connect(gold, [root, branch], scale);
      figure.push(branch);
    }
    const below = Math.atan2(my - cy, mx - cx);
    const inward = Math.sin(below) > 0;
    writeOnCircle(
      pale,
      name,
      cx,
      cy,
      Math.hypot(mx - cx, my - cy) + span * 0.82,
      below,
      { size: 25 * scale, spacing: 7, weight: 0.055 },
      inward,
    );
    stars.push(...figure);
  });
  return stars;
}

function connect(ink: Ink, figure: readonly Star[], scale: number): void {
  for (let index = 0; index + 1 < figure.length; index += 1) {
    const a = figure[index] as Star;
    const b = figure[index + 1] as Star;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const ux = (b.x - a.x) / length;
    const uy = (b.y - a.y) / length;
    const gap = 17 * scale;
    if (length > gap * 2) {
      ink.line(a.x + ux * gap, a.y + uy * gap, b.x - ux * gap, b.y - uy * gap, 1 * scale);
    }
  }
}

function drawStars(ink: Ink, random: Random, figures: readonly Star[], cx: number, cy: number, radius: number, scale: number): void {
  for (const star of figures) {
    drawStar(ink, star, scale);
  }
  for (let index = 0; index < 2600; index += 1) {
    const r = Math.sqrt(random.next()) * radius * 0.992;
    const angle = random.next() * Math.PI * 2;
    const size = 0.8 + 3.2 * random.next() ** 5;
    drawStar(ink, { x: cx + Math.cos(angle) * r, y: cy + Math.sin(angle) * r, size }, scale);
  }
}

function drawStar(ink: Ink, { x, y, size }: Star, scale: number): void {
  const r = size * scale;
  if (size < 3) {
    ink.disc(x, y, r);
    return;
  }
  const rays = size > 6 ? 8 : 6;
  ink.fill(loop(x, y, rays * 2, (angle) => (Math.round((angle * rays) / Math.PI) % 2 === 0 ? r * 1.9 : r * 0.72)));
  if (size > 6.5) {
    ink.ring(x, y, r * 2.3, 0.6 * scale);
  }
}

function drawCorners(ink: Ink, width: number, height: number, scale: number): void {
  for (const inset of [36, 46, 72]) {
    const d = inset * scale;
    const half = (inset === 46 ? 2.6 : 0.9) * scale;
    ink.path(
      [
        [d, d],
        [width - d, d],
        [width - d, height - d],
        [d, height - d],
        [d, d],
      ],
      half,
    );
  }
  for (const [sx, sy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const x = sx * width + (sx === 0 ? 270 : -270) * scale;
    const y = sy * height + (sy === 0 ? 270 : -270) * scale;
    for (let ring = 0; ring < 5; ring += 1) {
      ink.ring(x, y, (60 + ring * 22) * scale, (ring === 4 ? 2 : 0.8) * scale);
    }
    ink.fill(
      loop(
        x,
        y,
        32,
        (angle) => (Math.round((angle * 16) / Math.PI) % 4 === 0 ? 140 : Math.round((angle * 16) / Math.PI) % 2 === 0 ? 92 : 40) * scale,
      ),
    );
    ink.cut(loop(x, y, 40, () => 30 * scale));
    ink.ring(x, y, 24 * scale, 1.2 * scale);
    ink.disc(x, y, 7 * scale);
  }
}
