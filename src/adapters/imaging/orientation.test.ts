import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Orientation, orientSize, toOrientation, toStoredRect, turnOf } from './orientation.ts';

type Grid = readonly (readonly number[])[];

const transposed = (grid: Grid): Grid => (grid[0] ?? []).map((_, x) => grid.map((row) => row[x] ?? -1));
const flipped = (grid: Grid): Grid => [...grid].reverse();
const flopped = (grid: Grid): Grid => grid.map((row) => [...row].reverse());
const clockwise = (grid: Grid): Grid => flopped(transposed(grid));

function turned(grid: Grid, orientation: Orientation): Grid {
  const { flip, flop, degrees } = turnOf(orientation);
  let result = grid;
  if (flip) result = flipped(result);
  if (flop) result = flopped(result);
  for (let i = 0; i < degrees; i += 90) result = clockwise(result);
  return result;
}

const part = (grid: Grid, r: { x: number; y: number; width: number; height: number }): Grid =>
  grid.slice(r.y, r.y + r.height).map((row) => row.slice(r.x, r.x + r.width));

const orientations = fc.integer({ min: 1, max: 8 }).map((value) => value as Orientation);

describe('orientation', () => {
  it('puts the stored first row and column where EXIF says', () => {
    // Where the stored pixel (0, 0) and the one to its right are seen, for each value of the tag.
    const grid = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const seen = ([1, 2, 3, 4, 5, 6, 7, 8] as const).map((orientation) => turned(grid, orientation));
    expect(seen).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      [
        [4, 1],
        [5, 2],
        [6, 3],
      ],
      [
        [6, 3],
        [5, 2],
        [4, 1],
      ],
      [
        [3, 6],
        [2, 5],
        [1, 4],
      ],
    ]);
  });

  it('finds the stored pixels of any rectangle as seen', () => {
    fc.assert(
      fc.property(
        orientations,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat(1000)),
        (o, w, h, random) => {
          const grid = Array.from({ length: h }, (_, y) => Array.from({ length: w }, (_, x) => y * 100 + x));
          const size = orientSize({ width: w, height: h }, o);
          const next = () => random.next().value ?? 0;
          const x = next() % size.width;
          const y = next() % size.height;
          const rect = { x, y, width: 1 + (next() % (size.width - x)), height: 1 + (next() % (size.height - y)) };
          const stored = part(grid, toStoredRect(rect, { width: w, height: h }, o));
          expect(turned(stored, o)).toEqual(part(turned(grid, o), rect));
        },
      ),
    );
  });

  it('takes values that EXIF does not know for upright', () => {
    expect([undefined, 0, 9, -1, 1.5, Number.NaN].map(toOrientation)).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
