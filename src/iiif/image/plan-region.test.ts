import { describe, expect, it } from 'vitest';
import { planRegion } from './plan-region.ts';
import type { Region } from './request.ts';

const IMAGE = { width: 300, height: 200 };

function pixels(x: number, y: number, width: number, height: number): Region {
  return { kind: 'pixels', x, y, width, height };
}

function percent(x: number, y: number, width: number, height: number): Region {
  return { kind: 'percent', x, y, width, height };
}

describe('planRegion', () => {
  it.each<[string, Region, readonly [number, number, number, number]]>([
    ['the full image', { kind: 'full' }, [0, 0, 300, 200]],
    ['a square in the middle', { kind: 'square' }, [50, 0, 200, 200]],
    ['pixels', pixels(125, 15, 120, 140), [125, 15, 120, 140]],
    ['pixels, cropped at the edge', pixels(125, 15, 200, 200), [125, 15, 175, 185]],
    ['the last pixel', pixels(299, 199, 1, 1), [299, 199, 1, 1]],
    ['pixels far beyond the edge', pixels(0, 0, 9_999_999_999, 9_999_999_999), [0, 0, 300, 200]],
    ['percents', percent(41.6, 7.5, 40, 70), [125, 15, 120, 140]],
    ['percents, cropped at the edge', percent(41.6, 7.5, 66.6, 100), [125, 15, 175, 185]],
    ['more than 100 percent', percent(0, 0, 200, 99_999), [0, 0, 300, 200]],
    ['a sliver, which has a pixel', percent(0, 0, 0.0001, 0.0001), [0, 0, 1, 1]],
    ['a start that would round over the edge', percent(99.99, 99.99, 10, 10), [299, 199, 1, 1]],
  ])('plans %s', (_, region, [x, y, width, height]) => {
    expect(planRegion(region, IMAGE)).toEqual({ x, y, width, height });
  });

  it('puts the square of a high image in the middle, half a pixel up', () => {
    expect(planRegion({ kind: 'square' }, { width: 10, height: 15 })).toEqual({ x: 0, y: 2, width: 10, height: 10 });
  });

  it.each<[string, Region]>([
    ['begins at the right edge', pixels(300, 0, 10, 10)],
    ['begins at the lower edge', pixels(0, 200, 10, 10)],
    ['is far away', pixels(9_999_999_999, 9_999_999_999, 1, 1)],
    ['begins at 100 percent of the width', percent(100, 0, 10, 10)],
    ['begins beyond 100 percent of the height', percent(0, 250, 10, 10)],
  ])('refuses a region that %s', (_, region) => {
    expect(planRegion(region, IMAGE)).toMatchObject({ kind: 'refused', code: 'image.region' });
  });

  it('gives percents of a one-pixel image that pixel', () => {
    expect(planRegion(percent(99, 99, 1, 1), { width: 1, height: 1 })).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});
