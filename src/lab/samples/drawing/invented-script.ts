import type { Point } from './coverage.ts';
import { curve } from './curve.ts';
import type { Ink } from './ink.ts';
import type { Random } from './random.ts';

/** A letter of the invented script: strokes on a grid where the small letters reach from 0 up to 1. */
interface Sign {
  readonly strokes: readonly (readonly Point[])[];
  readonly width: number;
}

/** Parts that scribes would know: minims, bows, loops, feet, hooks. Each is drawn from its own left edge. */
const PARTS: readonly Sign[] = [
  {
    strokes: [
      curve(
        [
          [0, 0.9],
          [0.1, 1],
          [0.14, 0.85],
          [0.14, 0.2],
          [0.2, 0.02],
          [0.32, 0.1],
        ],
        4,
      ),
    ],
    width: 0.34,
  },
  {
    strokes: [
      curve(
        [
          [0.5, 0.85],
          [0.3, 1],
          [0.08, 0.8],
          [0.02, 0.45],
          [0.14, 0.05],
          [0.38, 0.04],
          [0.54, 0.22],
        ],
        4,
      ),
    ],
    width: 0.52,
  },
  {
    strokes: [
      curve(
        [
          [0.28, 1],
          [0.06, 0.8],
          [0.06, 0.25],
          [0.28, 0],
          [0.5, 0.25],
          [0.5, 0.8],
          [0.28, 1],
        ],
        4,
      ),
    ],
    width: 0.56,
  },
  {
    strokes: [
      curve(
        [
          [0.1, 1.75],
          [0.12, 0.8],
          [0.12, 0],
        ],
        3,
      ),
      curve(
        [
          [0.12, 0.75],
          [0.36, 1],
          [0.5, 0.8],
          [0.5, 0],
        ],
        4,
      ),
    ],
    width: 0.56,
  },
  {
    strokes: [
      curve(
        [
          [0.5, 1],
          [0.2, 0.98],
          [0.04, 0.6],
          [0.14, 0.2],
          [0.4, 0.18],
          [0.5, 0.5],
        ],
        4,
      ),
      curve(
        [
          [0.5, 1.7],
          [0.5, 0.3],
          [0.58, 0.02],
          [0.68, 0.08],
        ],
        4,
      ),
    ],
    width: 0.68,
  },
  {
    strokes: [
      curve(
        [
          [0.12, 1],
          [0.12, 0.1],
          [0.1, -0.5],
          [-0.08, -0.72],
          [-0.2, -0.6],
        ],
        4,
      ),
    ],
    width: 0.24,
  },
  {
    strokes: [
      curve(
        [
          [0.08, 1.3],
          [0.1, 0.2],
          [0.24, 0.02],
          [0.4, 0.12],
        ],
        4,
      ),
      [
        [-0.06, 0.95],
        [0.34, 0.98],
      ],
    ],
    width: 0.4,
  },
  {
    strokes: [
      curve(
        [
          [0, 0.95],
          [0.14, 0.9],
          [0.3, 0.05],
          [0.46, 0.9],
          [0.56, 0.98],
        ],
        4,
      ),
    ],
    width: 0.56,
  },
  {
    strokes: [
      curve(
        [
          [0.5, 0.92],
          [0.3, 1],
          [0.1, 0.82],
          [0.26, 0.52],
          [0.48, 0.3],
          [0.34, 0.02],
          [0.06, 0.08],
        ],
        4,
      ),
    ],
    width: 0.54,
  },
  {
    strokes: [
      curve(
        [
          [0.06, 1],
          [0.1, 0.1],
        ],
        2,
      ),
      curve(
        [
          [0.1, 0.72],
          [0.3, 1],
          [0.42, 0.86],
          [0.42, 0],
        ],
        4,
      ),
      curve(
        [
          [0.42, 0.72],
          [0.62, 1],
          [0.74, 0.86],
          [0.74, 0.12],
          [0.84, 0.02],
        ],
        4,
      ),
    ],
    width: 0.84,
  },
  {
    strokes: [
      curve(
        [
          [0.02, 0.52],
          [0.46, 0.6],
          [0.4, 0.94],
          [0.18, 0.98],
          [0.02, 0.6],
          [0.12, 0.08],
          [0.5, 0.12],
        ],
        4,
      ),
    ],
    width: 0.52,
  },
  {
    strokes: [
      curve(
        [
          [0.1, 1.7],
          [0.36, 1.8],
          [0.42, 1.5],
          [0.14, 1.2],
          [0.12, 0.2],
          [0.2, 0],
        ],
        4,
      ),
    ],
    width: 0.36,
  },
];

export interface Hand {
  /** Height of the small letters, pixels. */
  readonly size: number;
  /** Half of the heaviest stroke, as a part of the size. */
  readonly weight: number;
  readonly slant: number;
}

/** Writes a line of invented words from `left` to about `right`, on the baseline `y`; gives back where it ended. */
export function writeWords(ink: Ink, random: Random, left: number, right: number, y: number, hand: Hand): number {
  let x = left;
  while (x < right - hand.size * 2) {
    const letters = random.whole(2, 8);
    for (let letter = 0; letter < letters && x < right - hand.size * 0.6; letter += 1) {
      x += writeSign(ink, random, x, y, hand) + hand.size * 0.12;
    }
    x += hand.size * 0.5;
  }
  return x;
}

function writeSign(ink: Ink, random: Random, x: number, y: number, hand: Hand): number {
  const sign = PARTS[Math.floor(random.next() ** 1.25 * PARTS.length)] as Sign;
  const { size, weight, slant } = hand;
  const lift = random.between(-0.025, 0.025) * size;
  const stretch = random.between(0.95, 1.06);
  const press = weight * size * random.between(0.9, 1.1);
  for (const stroke of sign.strokes) {
    for (let index = 0; index + 1 < stroke.length; index += 1) {
      const [ax, ay] = stroke[index] as Point;
      const [bx, by] = stroke[index + 1] as Point;
      const dx = bx - ax;
      const dy = by - ay;
      const length = Math.sqrt(dx * dx + dy * dy) + 1e-9;
      const across = Math.abs(dx * 0.57 + dy * 0.82) / length;
      ink.line(
        x + (ax + ay * slant) * size * stretch,
        y - ay * size + lift,
        x + (bx + by * slant) * size * stretch,
        y - by * size + lift,
        press * (0.26 + 0.74 * across),
      );
    }
  }
  return sign.width * size * stretch;
}
