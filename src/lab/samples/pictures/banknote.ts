import { colour, mix } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop, rectangle } from '../drawing/curve.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { measureText, writeAlong, writeCentred, writeText } from '../drawing/lettering.ts';
import { blankRaster, type ColourRaster, fillRaster, type Raster, stain } from '../drawing/raster.ts';

const PAPER = colour('#f1ead6');
const GREEN = colour('#1f5145');
const ROSE = colour('#b4566b');
const BLUE = colour('#3f6d9e');
const OCHRE = colour('#c08b3c');
const WIDTH = 4200;
const HEIGHT = 2100;

/** A proof of a banknote: guilloche rosettes in several inks, an engraved globe, lettering too small for the eye. */
export function drawBanknote(width: number, height: number, scale: number): Raster {
  const raster = fillRaster(blankRaster(width, height), PAPER);
  drawUnderprint(raster, scale);
  const ink = new Ink(width, height);
  drawBorder(ink, scale);
  drawRosette(ink, 3400, 1050, 560, 24, scale);
  drawGlobe(ink, 880, 1000, 520, scale);
  drawWords(ink, scale);
  stain(raster, ink, GREEN, 0.94);
  drawNumbers(raster, scale);
  return age(raster, scale, { seed: 5, grain: 0.03, stains: 0.06, vignette: 0.08 });
}

/** Waves of fine lines in colours that pass into each other, with large pale rosettes. */
function drawUnderprint(raster: ColourRaster, k: number): void {
  const ink = new Ink(raster.width, raster.height);
  for (const [tone, phase, pitch] of [
    [ROSE, 0, 21],
    [BLUE, 1.9, 21],
    [OCHRE, 3.7, 21],
  ] as const) {
    ink.clear();
    for (let line = -12; line < 112; line += 1) {
      const points: Point[] = [];
      for (let x = 190; x <= 4010; x += 12) {
        const envelope = 34 + 26 * Math.sin(x / 610 + phase);
        const y = line * pitch + 60 * Math.sin(x / 420 + phase) + envelope * Math.sin(x / 97 + phase + line * 0.09);
        if (y > 190 && y < 1910) {
          points.push([x * k, y * k]);
        } else if (points.length > 1) {
          ink.path(points.splice(0), 0.75 * k);
        }
      }
      ink.path(points, 0.75 * k);
    }
    stain(raster, ink, tone, 0.5);
  }
  ink.clear();
  for (const [x, y, r] of [
    [2140, 1050, 640],
    [2140, 1050, 420],
  ] as const) {
    drawEpicycle(ink, x, y, r, 40, 0.34, k, 0.8);
  }
  stain(raster, ink, mix(ROSE, OCHRE, 0.4), 0.62);
}

/** One closed line: a circle that swings in and out, again and again, each time a little further round. */
function drawEpicycle(ink: Ink, x: number, y: number, r: number, lobes: number, depth: number, k: number, half: number): void {
  for (let family = 0; family < 12; family += 1) {
    const shift = (family / 12) * ((Math.PI * 2) / lobes);
    const steps = lobes * 18;
    const points = Array.from({ length: steps + 1 }, (_, step): Point => {
      const a = (step / steps) * Math.PI * 2;
      const radius = r * (1 - depth + depth * Math.cos((a + shift) * lobes * 0.5) * Math.cos(a * 4 + family * 0.26));
      return [(x + Math.cos(a) * radius) * k, (y + Math.sin(a) * radius) * k];
    });
    ink.path(points, half * k);
  }
}

function drawRosette(ink: Ink, x: number, y: number, r: number, lobes: number, k: number): void {
  for (const [outer, inner, waves, lines] of [
    [1, 0.74, lobes, 14],
    [0.78, 0.56, lobes * 0.75, 12],
    [0.58, 0.42, lobes * 0.5, 10],
  ] as const) {
    const middle = (outer + inner) / 2;
    const swing = (outer - inner) / 2;
    for (let line = 0; line < lines; line += 1) {
      const phase = (line / lines) * Math.PI * 2;
      const steps = Math.round(waves * 26);
      const points = Array.from({ length: steps + 1 }, (_, step): Point => {
        const a = (step / steps) * Math.PI * 2;
        const radius = r * (middle + swing * Math.sin(a * waves + phase) * (0.82 + 0.18 * Math.cos(a * waves * 2)));
        return [(x + Math.cos(a) * radius) * k, (y + Math.sin(a) * radius) * k];
      });
      ink.path(points, 1.05 * k);
    }
  }
  ink.cut(loop(x * k, y * k, 120, () => r * 0.4 * k));
  ink.ring(x * k, y * k, r * 0.4 * k, 3 * k);
  ink.ring(x * k, y * k, r * 0.375 * k, 1 * k);
  writeCentred(ink, '100', x * k, y * k, { size: 170 * k, weight: 0.1, spacing: 3 });
}

/** A globe of glass: meridians and parallels that swell in the shade, in a ring of tiny lettering. */
function drawGlobe(ink: Ink, x: number, y: number, r: number, k: number): void {
  const tilt = 0.42;
  const place = (latitude: number, longitude: number): readonly [number, number, number] => {
    const px = Math.cos(latitude) * Math.sin(longitude);
    const py = Math.sin(latitude);
    const pz = Math.cos(latitude) * Math.cos(longitude);
    return [px, py * Math.cos(tilt) - pz * Math.sin(tilt), py * Math.sin(tilt) + pz * Math.cos(tilt)];
  };
  const stroke = (from: readonly [number, number, number], to: readonly [number, number, number], strength: number): void => {
    if (from[2] < 0 || to[2] < 0) {
      return;
    }
    const lit = -0.55 * from[0] + 0.5 * from[1] + 0.66 * from[2];
    const half = strength * (0.5 + 2.6 * Math.max(0, 0.8 - lit));
    ink.line((x + from[0] * r) * k, (y - from[1] * r) * k, (x + to[0] * r) * k, (y - to[1] * r) * k, half * k);
  };
  for (let parallel = -88; parallel <= 88; parallel += 2) {
    const latitude = (parallel * Math.PI) / 180;
    for (let step = 0; step < 150; step += 1) {
      stroke(
        place(latitude, (step / 150) * Math.PI * 2),
        place(latitude, ((step + 1) / 150) * Math.PI * 2),
        parallel % 10 === 0 ? 1.25 : 0.82,
      );
    }
  }
  for (let meridian = 0; meridian < 360; meridian += 15) {
    const longitude = (meridian * Math.PI) / 180;
    for (let step = -44; step < 44; step += 1) {
      stroke(place((step * Math.PI) / 90, longitude), place(((step + 1) * Math.PI) / 90, longitude), 1.1);
    }
  }
  ink.ring(x * k, y * k, r * k, 3 * k);
  ink.ring(x * k, y * k, (r + 50) * k, 2.2 * k);
  ink.ring(x * k, y * k, (r + 60) * k, 0.8 * k);
  ring(ink, 'THE BANK OF THE GLASS ISLES - ', x, y, r + 16, 22, k);
  for (let ray = 0; ray < 180; ray += 1) {
    const a = (ray * Math.PI) / 90;
    const end = r + 60 + (ray % 3 === 0 ? 56 : 34);
    ink.line(
      (x + Math.cos(a) * (r + 66)) * k,
      (y + Math.sin(a) * (r + 66)) * k,
      (x + Math.cos(a) * end) * k,
      (y + Math.sin(a) * end) * k,
      2.4 * k,
      0.6 * k,
    );
  }
}

/** A text that goes round a circle as often as it fits. */
function ring(ink: Ink, text: string, x: number, y: number, r: number, size: number, k: number): void {
  const style = { size: size * k, spacing: 4, weight: 0.07 };
  const around = Math.PI * 2 * r * k;
  const once = measureText(text, style) + (style.spacing * style.size) / 12;
  const times = Math.floor(around / once);
  writeAlong(ink, text.repeat(times), style, (along, above) => {
    const a = (along / (once * times)) * Math.PI * 2 - Math.PI / 2;
    return [x * k + Math.cos(a) * (r * k + above), y * k + Math.sin(a) * (r * k + above)];
  });
}

function drawBorder(ink: Ink, k: number): void {
  for (const [inset, half] of [
    [100, 4],
    [112, 1],
    [188, 1],
    [196, 2.4],
  ] as const) {
    const corners = rectangle(inset * k, inset * k, (WIDTH - inset) * k, (HEIGHT - inset) * k);
    ink.path([...corners, corners[0] as Point], half * k);
  }
  for (let strand = 0; strand < 6; strand += 1) {
    const phase = (strand / 6) * Math.PI * 2;
    for (const y of [150, HEIGHT - 150]) {
      ink.path(
        Array.from({ length: 1561 }, (_, step): Point => {
          const x = 150 + (step / 1560) * (WIDTH - 300);
          return [x * k, (y + 30 * Math.sin(x / 25 + phase) * Math.cos(x / 104 + phase * 0.5)) * k];
        }),
        0.9 * k,
      );
    }
    for (const x of [150, WIDTH - 150]) {
      ink.path(
        Array.from({ length: 721 }, (_, step): Point => {
          const y = 150 + (step / 720) * (HEIGHT - 300);
          return [(x + 30 * Math.sin(y / 25 + phase) * Math.cos(y / 104 + phase * 0.5)) * k, y * k];
        }),
        0.9 * k,
      );
    }
  }
  for (const [x, y] of [
    [150, 150],
    [WIDTH - 150, 150],
    [150, HEIGHT - 150],
    [WIDTH - 150, HEIGHT - 150],
  ] as const) {
    ink.cut(loop(x * k, y * k, 40, () => 78 * k));
    for (let turn = 0; turn < 9; turn += 1) {
      const petals = loop(x * k, y * k, 140, (a) => (58 + 16 * Math.sin(a * 7 + (turn * Math.PI * 2) / 9)) * k);
      ink.path([...petals, petals[0] as Point], 0.9 * k);
    }
    ink.cut(loop(x * k, y * k, 40, () => 40 * k));
    writeCentred(ink, '100', x * k, y * k, { size: 32 * k, weight: 0.09 });
  }
}

function drawWords(ink: Ink, k: number): void {
  const middle = 2140;
  writeAlong(ink, 'BANK OF THE GLASS ISLES', { size: 84 * k, spacing: 5, weight: 0.085 }, (along, above) => {
    const length = measureText('BANK OF THE GLASS ISLES', { size: 84 * k, spacing: 5 });
    const part = (along / length) * 2 - 1;
    return [middle * k - length / 2 + along, (345 + 50 * part * part) * k - above];
  });
  writeCentred(ink, 'ONE HUNDRED', middle * k, 900 * k, { size: 112 * k, spacing: 5, weight: 0.1 });
  writeCentred(ink, 'MARKS', middle * k, 1090 * k, { size: 112 * k, spacing: 14, weight: 0.1 });
  writeCentred(ink, 'PAYABLE TO WHOEVER LOOKS CLOSELY', middle * k, 1290 * k, { size: 34 * k, spacing: 5, slant: 0.2 });
  for (const [row, text] of [
    'THIS NOTE IS A DRAWING AND NOTHING ELSE - ',
    'VITRINE LIBRARY VITRINE LIBRARY VITRINE LIBRARY - ',
    'WHO READS THIS HAS ZOOMED IN ALL THE WAY - ',
  ].entries()) {
    const style = { size: 13 * k, spacing: 3, weight: 0.065 };
    const once = measureText(text, style) + (3 * style.size) / 12;
    writeText(ink, text.repeat(Math.floor((1400 * k) / once)), (middle - 700) * k, (1380 + row * 24) * k, style);
  }
  for (const [x, name] of [
    [1850, 'GOVERNOR'],
    [2430, 'TREASURER'],
  ] as const) {
    ink.line((x - 190) * k, 1700 * k, (x + 190) * k, 1700 * k, 1.2 * k);
    writeCentred(ink, name, x * k, 1732 * k, { size: 26 * k, spacing: 5 });
    const sign = curve(
      Array.from(
        { length: 15 },
        (_, step): Point => [
          (x - 160 + step * 23 + 12 * Math.sin(step * 2.3 + x)) * k,
          (1655 + 42 * Math.sin(step * 1.9 + x) * (1 - step / 22)) * k,
        ],
      ),
      8,
    );
    ink.brush(sign, (part) => (1.2 + 2 * Math.abs(Math.sin(part * 24))) * k);
  }
}

function drawNumbers(raster: ColourRaster, k: number): void {
  const ink = new Ink(raster.width, raster.height);
  writeText(ink, 'GL 1742 0193', 560 * k, 1830 * k, { size: 62 * k, weight: 0.09, spacing: 5 });
  writeText(ink, 'GL 1742 0193', 3320 * k, 345 * k, { size: 62 * k, weight: 0.09, spacing: 5 });
  stain(raster, ink, colour('#a3262c'), 0.92);
}
