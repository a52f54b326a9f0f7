import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lib/problems.ts';
import { parseSize } from './parse-parameters.ts';
import { planSize, type SizeLimits } from './plan-size.ts';
import type { ImageApiVersion } from './request.ts';

const WIDE = { maxWidth: 10_000, maxHeight: 10_000, maxArea: 100_000_000, sizeAboveFull: false };

function plan(version: ImageApiVersion, text: string, width: number, height: number, limits: Partial<SizeLimits> = {}) {
  const size = parseSize(text, version);
  if (isRefusal(size)) throw new Error(`${text} is not a size`);
  const planned = planSize(size, { width, height }, version, { ...WIDE, ...limits });
  return isRefusal(planned) ? planned.code : `${planned.width}x${planned.height}`;
}

describe.each([2, 3] as const)('planSize of version %d', (version) => {
  it.each([
    ['max', 300, 200, '300x200'],
    ['150,', 300, 200, '150x100'],
    [',150', 300, 200, '225x150'],
    ['pct:50', 300, 200, '150x100'],
    ['225,100', 300, 200, '225x100'],
    ['!225,100', 300, 200, '150x100'],
    // A height of 99.5 pixels is rounded up.
    ['150,', 300, 199, '150x100'],
    // Only one side binds.
    ['!10,1000', 300, 200, '10x7'],
    ['!1000,10', 300, 200, '15x10'],
    // Without upscaling a box that is larger than the region gives the region.
    ['!9999999999,9999999999', 300, 200, '300x200'],
    ['!400,100', 300, 200, '150x100'],
    // No side rounds to zero.
    ['1,', 10_000, 100, '1x1'],
    [',1', 100, 10_000, '1x1'],
    ['!1,1', 10_000, 3, '1x1'],
    ['pct:0.0001', 300, 200, '1x1'],
    ['pct:50', 1, 1, '1x1'],
    // 8.2 percent of 1250 are 102.5 pixels, although not in doubles.
    ['pct:8.2', 1250, 1250, '103x103'],
    ['300,200', 300, 200, '300x200'],
    ['pct:100', 300, 200, '300x200'],
  ])('makes %s of %d x %d pixels %s', (text, width, height, expected) => {
    expect(plan(version, text, width, height)).toBe(expected);
  });

  it.each(['301,', ',201', '301,200', '300,201', '301,1'])('refuses %s of 300 x 200 pixels as upscaling', (text) => {
    expect(plan(version, text, 300, 200)).toBe('image.size');
  });

  it.each<[string, Partial<SizeLimits>, string]>([
    ['max', { maxWidth: 100 }, '100x67'],
    ['max', { maxHeight: 100 }, '150x100'],
    ['max', { maxArea: 15_000 }, '150x100'],
    ['max', { maxArea: 14_999 }, '149x99'],
    ['max', { maxArea: 1 }, '1x1'],
    ['max', { maxWidth: 100, maxHeight: 10, maxArea: 100 }, '12x8'],
    // The box, or as much of it as the limits let through.
    ['!300,300', { maxWidth: 100 }, '100x67'],
    ['!300,300', { maxArea: 15_000 }, '150x100'],
  ])('keeps %s of 300 x 200 pixels within %j', (text, limits, expected) => {
    expect(plan(version, text, 300, 200, limits)).toBe(expected);
  });

  it('finds the largest size within an area for the thinnest strip', () => {
    expect(plan(version, 'max', 100_000, 7, { maxArea: 5_000 })).toBe('5000x1');
    expect(plan(version, 'max', 7, 100_000, { maxHeight: 50_000, maxArea: 5_000 })).toBe('1x5000');
  });

  it.each<[string, Partial<SizeLimits>]>([
    ['200,', { maxWidth: 199 }],
    ['200,', { maxHeight: 132 }],
    [',150', { maxHeight: 149 }],
    ['pct:100', { maxArea: 59_999 }],
    ['20,150', { maxHeight: 149 }],
    ['200,100', { maxArea: 19_999 }],
  ])('refuses %s of 300 x 200 pixels beyond %j with the status of the version', (text, limits) => {
    expect(plan(version, text, 300, 200, limits)).toBe(version === 3 ? 'image.size' : 'image.limit');
  });
});

describe('planSize of 2.1', () => {
  it('makes full the size of the region, and refuses it beyond the limits', () => {
    expect(plan(2, 'full', 300, 200)).toBe('300x200');
    expect(plan(2, 'full', 300, 200, { maxWidth: 299 })).toBe('image.limit');
  });

  it('refuses more than 100 percent without sizeAboveFull', () => {
    expect(plan(2, 'pct:120', 300, 200)).toBe('image.size');
    expect(plan(2, 'pct:101', 10, 10)).toBe('image.size');
  });

  it.each([
    ['600,', '600x400'],
    [',400', '600x400'],
    ['pct:120', '360x240'],
    ['400,100', '400x100'],
    ['!600,9999', '600x400'],
    ['max', '300x200'],
    ['full', '300x200'],
    ['1001,', 'image.limit'],
    ['!9999,9999', '1000x667'],
  ])('makes %s of 300 x 200 pixels %s with sizeAboveFull', (text, expected) => {
    expect(plan(2, text, 300, 200, { sizeAboveFull: true, maxWidth: 1_000, maxHeight: 1_000 })).toBe(expected);
  });
});

describe('planSize of 3.0', () => {
  it.each([
    ['^max', '1000x667'],
    ['^360,', '360x240'],
    ['^,240', '360x240'],
    ['^pct:120', '360x240'],
    ['^pct:20', '60x40'],
    ['^150,', '150x100'],
    ['^360,360', '360x360'],
    ['^!360,360', '360x240'],
    ['^!9999,9999', '1000x667'],
    ['^!10,9999', '10x7'],
    ['^1001,', 'image.size'],
    ['^,1001', 'image.size'],
    ['^pct:400', 'image.size'],
    ['^10,1001', 'image.size'],
  ])('makes %s of 300 x 200 pixels %s', (text, expected) => {
    expect(plan(3, text, 300, 200, { maxWidth: 1_000, maxHeight: 1_000 })).toBe(expected);
  });

  it('scales ^max to the largest area', () => {
    expect(plan(3, '^max', 300, 200, { maxArea: 240_000 })).toBe('600x400');
    expect(plan(3, '^max', 300, 200, { maxArea: 239_999 })).toBe('599x399');
  });

  it('makes ^max smaller than the region where the limits are', () => {
    expect(plan(3, '^max', 300, 200, { maxWidth: 150 })).toBe('150x100');
  });

  it('has no sizeAboveFull: without ^ nothing is enlarged', () => {
    expect(plan(3, '301,', 300, 200, { sizeAboveFull: true })).toBe('image.size');
    expect(plan(3, '!600,600', 300, 200, { sizeAboveFull: true })).toBe('300x200');
  });
});
