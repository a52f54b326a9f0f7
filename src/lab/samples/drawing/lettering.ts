import { CAP_HEIGHT, LETTER_SPACE, strokeLetter } from '../../../lib/stroke-letters.ts';
import type { Point } from './coverage.ts';
import { curve } from './curve.ts';
import type { Ink } from './ink.ts';

interface Letter {
  readonly strokes: readonly (readonly Point[])[];
  readonly width: number;
}

const letters = new Map<string, Letter>();

function letterOf(character: string): Letter | null {
  const known = letters.get(character);
  if (known !== undefined) return known;
  const drawn = strokeLetter(character);
  if (drawn === null) return null;
  const strokes = drawn.strokes.map(({ points, smooth }) => (smooth ? curve(points, 6) : points));
  const letter = { strokes, width: drawn.width };
  letters.set(character, letter);
  return letter;
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
    units += (letterOf(character)?.width ?? LETTER_SPACE) + spacing;
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
    const letter = letterOf(character);
    for (const stroke of letter?.strokes ?? []) {
      writeStroke(
        ink,
        stroke.map(([x, y]) => place((pen + x + y * slant) * unit, y * unit)),
        heavy,
      );
    }
    pen += (letter?.width ?? LETTER_SPACE) + (style.spacing ?? 3);
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
