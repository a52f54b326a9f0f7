import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lib/problems.ts';
import { parseImagePath } from './parse-path.ts';
import { renewInformation, writeRequest1 } from './version-1.ts';

const SMALL = {
  '@context': 'http://library.stanford.edu/iiif/image-api/1.1/context.json',
  '@id': 'http://inner.example/a',
  width: 60,
  height: 40,
};

describe('a request in the words of Image API 1.1', () => {
  it.each([
    ['full/full/0/default.jpg', 'full/full/0/native.jpg'],
    ['full/max/0/default.jpg', 'full/full/0/native.jpg'],
    ['10,10,20,20/!5,5/90/gray.png', '10,10,20,20/!5,5/90/grey.png'],
    ['pct:0,0,50,50/,9/0/bitonal.tif', 'pct:0,0,50,50/,9/0/bitonal.tif'],
  ])('%s is %s', (given, expected) => {
    const parsed = parseImagePath(`a/${given}`, 2, { slashSubstitute: null });
    expect(isRefusal(parsed) || parsed.kind !== 'image' ? parsed : writeRequest1(parsed.request)).toBe(expected);
  });
});

describe('an information document of Image API 1', () => {
  it('is one of 2.1', () => {
    const given = {
      ...SMALL,
      scale_factors: [1, 2, 4],
      tile_width: 16,
      tile_height: 8,
      formats: ['jpg', 'png'],
      qualities: ['native', 'grey'],
      profile: 'http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2',
    };
    expect(renewInformation(given)).toEqual({
      '@context': 'http://iiif.io/api/image/2/context.json',
      '@id': '',
      protocol: 'http://iiif.io/api/image',
      width: 60,
      height: 40,
      tiles: [{ width: 16, height: 8, scaleFactors: [1, 2, 4] }],
      profile: ['http://iiif.io/api/image/2/level2.json', { formats: ['jpg', 'png'], qualities: ['default', 'gray'] }],
    });
  });

  it('says no more than it did', () => {
    expect(renewInformation({ identifier: 'a', width: 60, height: 40 })).toMatchObject({
      profile: ['http://iiif.io/api/image/2/level1.json'],
    });
    expect(renewInformation({ ...SMALL, '@context': 'http://iiif.io/api/image/2/context.json' })).toBeNull();
  });
});
