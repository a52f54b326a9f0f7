import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lib/problems.ts';
import { parseImagePath } from './parse-path.ts';
import { effectiveLimits, type ImageLimits, planImage, TURNED_AREA_PER_MAX_AREA, turnedSize } from './plan.ts';
import type { ImageApiVersion } from './request.ts';

const LIMITS: ImageLimits = { maxWidth: 10_000, maxHeight: 10_000, maxArea: 40_000_000, sizeAboveFull: false, maxUpscale: 2 };
const IMAGE = { width: 300, height: 200 };

function plan(version: ImageApiVersion, parameters: string, image = IMAGE, limits: Partial<ImageLimits> = {}) {
  const parsed = parseImagePath(`a/${parameters}`, version, { slashSubstitute: null });
  if (isRefusal(parsed)) return parsed;
  if (parsed.kind !== 'image') throw new Error('not an image request');
  return planImage(parsed.request, image, { ...LIMITS, ...limits });
}

describe('planImage', () => {
  it('resolves every parameter to numbers', () => {
    expect(plan(3, '125,15,200,200/^360,/!22.50/gray.webp')).toEqual({
      region: { x: 125, y: 15, width: 175, height: 185 },
      size: { width: 360, height: 381 },
      mirrored: true,
      degrees: 22.5,
      quality: 'gray',
      format: 'webp',
      canonical: '125,15,175,185/^360,381/!22.5/gray.webp',
    });
  });

  it('plans color as the default quality, which is all the colour there is', () => {
    expect(plan(2, 'full/max/0/color.jpg')).toEqual(plan(2, 'full/max/0/default.jpg'));
  });

  it('holds a region against the same limits as the full image', () => {
    expect(plan(3, '0,0,10,10/^600,400/0/default.jpg')).toMatchObject({ size: { width: 600, height: 400 } });
    expect(plan(3, '0,0,10,10/^601,400/0/default.jpg')).toMatchObject({ kind: 'refused', code: 'image.size' });
  });

  it.each([
    ['full/10,/400/default.jpg', 'image.rotation'],
    ['300,0,1,1/max/0/default.jpg', 'image.region'],
    ['full/0,/0/default.jpg', 'image.size'],
  ])('refuses %s', (parameters, code) => {
    expect(plan(2, parameters)).toMatchObject({ kind: 'refused', code });
  });

  it('refuses a turned picture that its format cannot hold, and makes it in another', () => {
    const large = { width: 20_000, height: 20_000 };
    const limits = { maxWidth: 16_000, maxHeight: 16_000, maxArea: 256_000_000 };
    expect(plan(3, 'full/max/45/default.webp', large, limits)).toMatchObject({ code: 'image.limit' });
    expect(plan(3, 'full/max/0/default.webp', large, limits)).toMatchObject({ size: { width: 16_000 } });
    expect(plan(3, 'full/max/45/default.png', large, limits)).toMatchObject({ size: { width: 16_000 } });
  });
});

describe('the canonical form of 2.1', () => {
  it.each([
    ['full/full/0/default.jpg', 'full/full/0/default.jpg'],
    ['full/max/0/default.jpg', 'full/full/0/default.jpg'],
    ['0,0,300,200/pct:100/0/color.jpg', 'full/full/0/default.jpg'],
    ['0,0,999,999/!300,300/360/default.jpg', 'full/full/0/default.jpg'],
    ['square/full/0/default.jpg', '50,0,200,200/full/0/default.jpg'],
    ['pct:41.6,7.5,40,70/full/0/default.jpg', '125,15,120,140/full/0/default.jpg'],
    ['full/150,100/0/default.jpg', 'full/150,/0/default.jpg'],
    ['full/,100/0/default.jpg', 'full/150,/0/default.jpg'],
    ['full/!150,150/0/default.jpg', 'full/150,/0/default.jpg'],
    ['full/pct:50/0/default.jpg', 'full/150,/0/default.jpg'],
    ['full/150,99/0/default.jpg', 'full/150,99/0/default.jpg'],
    ['full/0150,/0/default.jpg', 'full/150,/0/default.jpg'],
    ['full/full/!90.0/gray.png', 'full/full/!90/gray.png'],
    ['full/full/.50/bitonal.png', 'full/full/0.5/bitonal.png'],
  ])('of %s is %s', (parameters, canonical) => {
    expect(plan(2, parameters)).toMatchObject({ canonical });
  });

  it('writes w, for a max that the limits reduce', () => {
    expect(plan(2, 'full/max/0/default.jpg', IMAGE, { maxWidth: 150 })).toMatchObject({ canonical: 'full/150,/0/default.jpg' });
  });

  it('writes w,h where w, would give another height', () => {
    expect(plan(2, 'full/,333/0/default.jpg', { width: 10, height: 1_000 })).toMatchObject({ canonical: 'full/3,333/0/default.jpg' });
  });

  it('writes full for the square region of a square image', () => {
    const square = { width: 50, height: 50 };
    expect(plan(2, 'square/10,10/0/default.jpg', square)).toMatchObject({ canonical: 'full/10,/0/default.jpg' });
  });
});

describe('the canonical form of 3.0', () => {
  it.each([
    ['full/max/0/default.jpg', 'full/max/0/default.jpg'],
    ['0,0,300,200/300,200/0/color.jpg', 'full/max/0/default.jpg'],
    ['full/^pct:100/360/default.jpg', 'full/max/0/default.jpg'],
    ['square/200,/0/default.jpg', '50,0,200,200/max/0/default.jpg'],
    ['full/150,/0/default.jpg', 'full/150,100/0/default.jpg'],
    ['full/^150,/0/default.jpg', 'full/150,100/0/default.jpg'],
    ['full/^!450,450/0/default.jpg', 'full/^450,300/0/default.jpg'],
    ['full/^100,201/0/default.jpg', 'full/^100,201/0/default.jpg'],
    ['full/^max/0/default.jpg', 'full/^max/0/default.jpg'],
    ['full/^600,/0/default.jpg', 'full/^max/0/default.jpg'],
    ['full/max/!022.50/gray.png', 'full/max/!22.5/gray.png'],
  ])('of %s is %s', (parameters, canonical) => {
    expect(plan(3, parameters)).toMatchObject({ canonical });
  });

  it('writes max for what max and ^max both give', () => {
    expect(plan(3, 'full/^max/0/default.jpg', IMAGE, { maxWidth: 150 })).toMatchObject({ canonical: 'full/max/0/default.jpg' });
  });
});

describe('effectiveLimits', () => {
  it('lowers the sides of a small image to what upscaling allows', () => {
    expect(effectiveLimits(LIMITS, IMAGE)).toEqual({ ...LIMITS, maxWidth: 600, maxHeight: 400 });
    expect(effectiveLimits({ ...LIMITS, maxUpscale: 1.15 }, { width: 100, height: 1 })).toMatchObject({ maxWidth: 115, maxHeight: 1 });
  });

  it('leaves those of a large image', () => {
    expect(effectiveLimits(LIMITS, { width: 9_000, height: 5_000 })).toEqual(LIMITS);
  });

  it('lets no side be so long that turning it makes a huge picture', () => {
    const limits = { ...LIMITS, maxWidth: 65_535, maxHeight: 65_535, maxArea: 1_000_000 };
    expect(effectiveLimits(limits, { width: 60_000, height: 60_000 })).toMatchObject({ maxWidth: 2_414, maxHeight: 2_414 });
  });

  it('says the same when asked twice', () => {
    const once = effectiveLimits({ ...LIMITS, maxArea: 1_000_000 }, { width: 9_000, height: 3 });
    expect(effectiveLimits(once, { width: 9_000, height: 3 })).toEqual(once);
  });
});

describe('turnedSize', () => {
  it.each([
    [0, 300, 200],
    [90, 200, 300],
    [180, 300, 200],
    [270, 200, 300],
    [45, 354, 354],
    [30, 360, 324],
  ])('of 300 x 200 pixels turned by %d degrees is %d x %d', (degrees, width, height) => {
    expect(turnedSize({ size: IMAGE, degrees })).toEqual({ width, height });
  });

  it('is at most a few times the largest area, for the longest strip that the limits let through', () => {
    const limits = { ...LIMITS, maxWidth: 65_535, maxHeight: 65_535, maxArea: 4_000_000 };
    const { maxWidth } = effectiveLimits(limits, { width: 60_000, height: 60_000 });
    const turned = turnedSize({ size: { width: maxWidth, height: Math.floor(limits.maxArea / maxWidth) }, degrees: 45 });
    expect(turned.width * turned.height).toBeLessThan(limits.maxArea * TURNED_AREA_PER_MAX_AREA * 1.01);
  });
});
