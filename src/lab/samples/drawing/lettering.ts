import type { Point } from './coverage.ts';
import { curve } from './curve.ts';
import type { Ink } from './ink.ts';

/**
 * Capitals and figures as pen strokes, since no font can be relied upon. A stroke is a run of points, two hexadecimal
 * digits each (x to the right, y up; the cap height is 12); a tilde makes it smooth, a bar begins the next stroke.
 */
const STROKES: Readonly<Record<string, string>> = {
  A: '004c80|1474',
  B: '000c|~0c4c7b794606|~06568482500000',
  C: '~8a5c2b0804215082',
  D: '000c|~0c4c7a86724000',
  E: '7c0c0070|0656',
  F: '7c0c00|0656',
  G: '~8a5c2b0804215082|828656',
  H: '000c|808c|0686',
  I: '000c',
  J: '~5c53412002',
  K: '000c|8c05|2780',
  L: '0c0070',
  M: '000c459c90',
  N: '000c808c',
  O: '~4c1a06124072867a4c',
  P: '000c|~0c5c7b785505',
  Q: '~4c1a06124072867a4c|5390',
  R: '000c|~0c5c7b785606|4680',
  S: '~7a5c2c0a18467472502002',
  T: '0c8c|4c40',
  U: '~0c04114071848c',
  V: '0c408c',
  W: '0c306a90cc',
  X: '008c|0c80',
  Y: '0c468c|4640',
  Z: '0c8c0080',
  0: '~3c1b06113051665b3c',
  1: '1a3c30',
  2: '~0a2c5b684400|0060',
  3: '~0b3c6a5726|~2665623001',
  4: '505c0373',
  5: '6c0c06|~063765623001',
  6: '~5c18032050643704',
  7: '0c6c20',
  8: '~371a3c5a3703306337',
  9: '~1054694c1c083568',
  '.': '0001',
  ',': '1200',
  '-': '0646',
  "'": '0c0a',
  ':': '0203|0708',
  '/': '006c',
  '+': '0646|2824',
};

const CAP_HEIGHT = 12;
const SPACE = 6;

interface Letter {
  readonly strokes: readonly (readonly Point[])[];
  readonly width: number;
}

const letters = new Map<string, Letter>(Object.entries(STROKES).map(([name, text]) => [name, parseLetter(text)]));

function parseLetter(text: string): Letter {
  let width = 0;
  const strokes = text.split('|').map((part) => {
    const smooth = part.startsWith('~');
    const digits = smooth ? part.slice(1) : part;
    const points: Point[] = [];
    for (let at = 0; at + 1 < digits.length; at += 2) {
      const x = Number.parseInt(digits[at] ?? '0', 16);
      width = Math.max(width, x);
      points.push([x, Number.parseInt(digits[at + 1] ?? '0', 16)]);
    }
    return smooth ? curve(points, 6) : points;
  });
  return { strokes, width };
}

export interface Lettering {
  /** Cap height, pixels. */
  readonly size: number;
  /** Half of the heaviest stroke, as a part of the size; thin strokes are a third of it. */
  readonly weight?: number;
  /** Space between letters, in twelfths of the size. */
  readonly spacing?: number;
  /** Slope to the right, as a part of the height. */
  readonly slant?: number;
}

/** The length of a line of text, pixels. */
export function measureText(text: string, style: Lettering): number {
  const spacing = style.spacing ?? 3;
  let units = 0;
  for (const character of text) {
    units += (letters.get(character)?.width ?? SPACE) + spacing;
  }
  return (Math.max(0, units - spacing) * style.size) / CAP_HEIGHT;
}

/** Writes text along any line: `place` turns (along, above), in pixels, into a point of the picture. */
export function writeAlong(ink: Ink, text: string, style: Lettering, place: (along: number, above: number) => Point): void {
  const unit = style.size / CAP_HEIGHT;
  const heavy = (style.weight ?? 0.07) * style.size;
  const slant = style.slant ?? 0;
  let pen = 0;
  for (const character of text) {
    const letter = letters.get(character);
    for (const stroke of letter?.strokes ?? []) {
      writeStroke(
        ink,
        stroke.map(([x, y]) => place((pen + x + y * slant) * unit, y * unit)),
        heavy,
      );
    }
    pen += (letter?.width ?? SPACE) + (style.spacing ?? 3);
  }
}

/** Writes text from its left end at (x, y) on the baseline, turned by `angle` (radians, clockwise). */
export function writeText(ink: Ink, text: string, x: number, y: number, style: Lettering, angle = 0): void {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  writeAlong(ink, text, style, (along, above) => [x + along * cos + above * sin, y + along * sin - above * cos]);
}

/** Writes text with its middle at (x, y). */
export function writeCentred(ink: Ink, text: string, x: number, y: number, style: Lettering, angle = 0): void {
  const half = measureText(text, style) / 2;
  const drop = style.size / 2;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  writeText(ink, text, x - half * cos - drop * sin, y - half * sin + drop * cos, style, angle);
}

/** Writes text on a circle, centred at `angle` (radians, clockwise from the right); `inward` puts its foot outside. */
export function writeOnCircle(
  ink: Ink,
  text: string,
  x: number,
  y: number,
  radius: number,
  angle: number,
  style: Lettering,
  inward = false,
): void {
  const turn = inward ? -1 : 1;
  const half = measureText(text, style) / 2;
  writeAlong(ink, text, style, (along, above) => {
    const a = angle + ((along - half) / radius) * turn;
    const r = radius + above * turn;
    return [x + Math.cos(a) * r, y + Math.sin(a) * r];
  });
}

/** A broad pen held at 40 degrees: heavy down-strokes, thin rising ones. */
function writeStroke(ink: Ink, points: readonly Point[], heavy: number): void {
  for (let index = 0; index + 1 < points.length; index += 1) {
    const [ax, ay] = points[index] as Point;
    const [bx, by] = points[index + 1] as Point;
    const length = Math.hypot(bx - ax, by - ay);
    const across = length === 0 ? 1 : Math.abs((bx - ax) * 0.64 + (by - ay) * 0.77) / length;
    ink.line(ax, ay, bx, by, heavy * (0.34 + 0.66 * across));
  }
}
