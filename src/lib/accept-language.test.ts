import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAcceptLanguage } from './accept-language.ts';

describe('parseAcceptLanguage', () => {
  it.each([
    [null, []],
    ['', []],
    ['de', ['de']],
    ['de-CH, fr;q=0.9, en;q=0.8, *;q=0.5', ['de-ch', 'fr', 'en', '*']],
    ['en;q=0.2, de;q=0.9', ['de', 'en']],
    ['en, de', ['en', 'de']],
    ['en;q=0, de', ['de']],
    ['en;q=2, de;q=abc, fr;q=0.5', ['fr']],
    ['<script>, e n, de', ['de']],
    ['en;level=1;q=0.4, de;q=0.5', ['de', 'en']],
  ])('reads %j', (header, ranges) => {
    expect(parseAcceptLanguage(header)).toEqual(ranges);
  });

  it('gives plain ranges for any header', () => {
    fc.assert(fc.property(fc.string(), (header) => parseAcceptLanguage(header).every((range) => /^[a-z0-9*-]+$/.test(range))));
  });

  it('does not read a header that is far too long', () => {
    expect(parseAcceptLanguage('en,'.repeat(1000))).toEqual([]);
  });
});
