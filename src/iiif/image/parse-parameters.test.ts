import { describe, expect, it } from 'vitest';
import {
  ACCEPTED_REGIONS,
  ACCEPTED_ROTATIONS,
  ACCEPTED_SIZES,
  ACCEPTED_SIZES_OF,
  REFUSED_LAST_SEGMENTS,
  REFUSED_REGIONS,
  REFUSED_ROTATIONS,
  REFUSED_SIZES,
  REFUSED_SIZES_OF,
} from './parse-parameters.cases.ts';
import { parseQualityAndFormat, parseRegion, parseRotation, parseSize } from './parse-parameters.ts';
import { FORMATS, QUALITIES } from './request.ts';

const VERSIONS = [2, 3] as const;

describe('parseRegion', () => {
  it.each(ACCEPTED_REGIONS)('reads %j', (text, region) => {
    expect(parseRegion(text)).toEqual(region);
  });

  it.each(REFUSED_REGIONS)('refuses %j', (text) => {
    expect(parseRegion(text)).toMatchObject({ kind: 'refused', code: 'image.region' });
  });
});

describe.each(VERSIONS)('parseSize of version %d', (version) => {
  it.each([...ACCEPTED_SIZES, ...ACCEPTED_SIZES_OF[version]])('reads %j', (text, size) => {
    expect(parseSize(text, version)).toEqual(size);
  });

  it.each([...REFUSED_SIZES, ...REFUSED_SIZES_OF[version]])('refuses %j', (text) => {
    expect(parseSize(text, version)).toMatchObject({ kind: 'refused', code: 'image.size' });
  });
});

describe('parseRotation', () => {
  it.each(ACCEPTED_ROTATIONS)('reads %j', (text, rotation) => {
    expect(parseRotation(text)).toEqual(rotation);
  });

  it.each(REFUSED_ROTATIONS)('refuses %j', (text) => {
    expect(parseRotation(text)).toMatchObject({ kind: 'refused', code: 'image.rotation' });
  });
});

describe('parseQualityAndFormat', () => {
  it('reads every quality in every format', () => {
    for (const quality of QUALITIES) {
      for (const format of FORMATS) expect(parseQualityAndFormat(`${quality}.${format}`)).toEqual({ quality, format });
    }
  });

  it.each(REFUSED_LAST_SEGMENTS)('refuses %j as %s', (text, code) => {
    expect(parseQualityAndFormat(text)).toMatchObject({ kind: 'refused', code });
  });
});
