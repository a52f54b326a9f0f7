import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLevel, halvings, scaleOf } from './choose-level.ts';

const FULL = { width: 10_500, height: 7001 };
const LEVELS = halvings(FULL);
const floorLevels = LEVELS.map((_, i) => ({ width: Math.floor(FULL.width / 2 ** i) || 1, height: Math.floor(FULL.height / 2 ** i) || 1 }));

/** What a viewer asks for at a scale factor, one tile after the other. https://iiif.io/api/image/3.0/implementation/#3-tile-region-parameter-calculation */
function tilesAt(scale: number, tile = 256) {
  const tiles = [];
  for (let y = 0; y < FULL.height; y += tile * scale) {
    for (let x = 0; x < FULL.width; x += tile * scale) {
      const region = { x, y, width: Math.min(tile * scale, FULL.width - x), height: Math.min(tile * scale, FULL.height - y) };
      tiles.push({ region, size: { width: Math.ceil(region.width / scale), height: Math.ceil(region.height / scale) } });
    }
  }
  return tiles;
}

describe('choosing a level', () => {
  it.each([1, 2, 4, 8, 16, 32])('takes every tile at scale %i from the level of that scale, without resampling', (scale) => {
    for (const levels of [LEVELS, floorLevels.slice(0, 7)]) {
      for (const { region, size } of tilesAt(scale)) {
        const choice = chooseLevel(levels, region, size);
        expect(choice.index).toBe(Math.log2(scale));
        expect(choice.exact).toBe(true);
        expect(choice.rect.x).toBe(region.x / scale);
        expect(choice.rect.width + choice.missing.width).toBe(size.width);
        expect(choice.rect.height + choice.missing.height).toBe(size.height);
      }
    }
  });

  it('takes the level just above a size that none has', () => {
    const region = { x: 0, y: 0, ...FULL };
    expect(chooseLevel(LEVELS, region, { width: 1000, height: 667 }).index).toBe(3);
    expect(chooseLevel(LEVELS, region, { width: 1400, height: 934 }).index).toBe(2);
    expect(chooseLevel(LEVELS, region, { width: 1, height: 1 }).index).toBe(LEVELS.length - 1);
  });

  it('does not take a part of a pixel for a whole one', () => {
    for (const region of [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: FULL.width - 1, y: FULL.height - 1, width: 1, height: 1 },
      { x: 0, y: 0, width: 3, height: 1 },
    ]) {
      expect(chooseLevel(LEVELS, region, { width: region.width, height: region.height }).index).toBe(0);
    }
  });

  it('reads the full size for anything larger', () => {
    const choice = chooseLevel(LEVELS, { x: 10, y: 10, width: 100, height: 100 }, { width: 400, height: 400 });
    expect(choice).toEqual({ index: 0, rect: { x: 10, y: 10, width: 100, height: 100 }, missing: { width: 0, height: 0 }, exact: false });
  });

  it('takes a stored level as the grid that it is, and one that was made edge to edge', () => {
    const levels = [4201, 2101, 1051, 526].map((width) => ({ width, height: width }));
    const full = { x: 0, y: 0, width: 4201, height: 4201 };
    const rectOf = (stored: number) => chooseLevel(levels, full, { width: 300, height: 300 }, stored).rect;
    // 4201 / 8 = 525.1: the last column stands for one column of eight.
    expect(rectOf(4)).toEqual({ x: 0, y: 0, width: 525, height: 525 });
    expect(rectOf(1)).toEqual({ x: 0, y: 0, width: 526, height: 526 });
  });

  it('never leaves the level and is never empty', () => {
    fc.assert(
      fc.property(
        fc.record({
          w: fc.integer({ min: 1, max: 3000 }),
          h: fc.integer({ min: 1, max: 3000 }),
          tw: fc.integer({ min: 1, max: 3000 }),
          th: fc.integer({ min: 1, max: 3000 }),
        }),
        fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 4, maxLength: 4 }),
        ({ w, h, tw, th }, [a = 0, b = 0, c = 0, d = 0]) => {
          const x = Math.floor(a * w);
          const y = Math.floor(b * h);
          const region = { x, y, width: 1 + Math.floor(c * (w - x)), height: 1 + Math.floor(d * (h - y)) };
          const levels = halvings({ width: w, height: h });
          const { index, rect, missing, exact } = chooseLevel(levels, region, { width: tw, height: th });
          const level = levels[index] ?? { width: 0, height: 0 };
          expect(rect.width).toBeGreaterThan(0);
          expect(rect.height).toBeGreaterThan(0);
          expect(rect.x).toBeGreaterThanOrEqual(0);
          expect(rect.x + rect.width).toBeLessThanOrEqual(level.width);
          expect(rect.y + rect.height).toBeLessThanOrEqual(level.height);
          if (exact) expect({ width: rect.width + missing.width, height: rect.height + missing.height }).toEqual({ width: tw, height: th });
          expect(missing.width).toBeLessThanOrEqual(1);
          expect(missing.height).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('knows a whole scale behind sides that were rounded either way', () => {
    expect(scaleOf(FULL, { width: 1312, height: 875 })).toEqual({ x: 8, y: 8 });
    expect(scaleOf(FULL, { width: 1313, height: 876 })).toEqual({ x: 8, y: 8 });
    expect(scaleOf(FULL, { width: 3500, height: 2334 })).toEqual({ x: 3, y: 3 });
  });

  it('halves down to one pixel', () => {
    expect(halvings({ width: 5, height: 2 })).toEqual([
      { width: 5, height: 2 },
      { width: 3, height: 1 },
      { width: 2, height: 1 },
      { width: 1, height: 1 },
    ]);
    expect(halvings({ width: 1, height: 1 })).toEqual([{ width: 1, height: 1 }]);
  });
});
