import { describe, expect, it } from 'vitest';
import { acceptedCodings } from './accept-encoding.ts';

describe('acceptedCodings', () => {
  it.each([
    [null, []],
    ['', []],
    ['identity', []],
    ['gzip, deflate, br, zstd', ['br', 'gzip']],
    ['gzip;q=1.0, br;q=0.1', ['br', 'gzip']],
    ['GZIP', ['gzip']],
    ['x-gzip', ['gzip']],
    ['br;q=0, gzip', ['gzip']],
    ['br; q=0.000, gzip ; q=0.5', ['gzip']],
    ['*', ['br', 'gzip']],
    ['*;q=0, gzip', ['gzip']],
    ['br;q=none', []],
    ['brotli, gzipped', []],
  ])('of %j are %j', (header, codings) => {
    expect(acceptedCodings(header)).toEqual(codings);
  });
});
