import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from './range.ts';

describe('a range', () => {
  it.each([
    ['bytes=0-0', { start: 0, length: 1 }],
    ['bytes=0-', { start: 0, length: 1000 }],
    ['bytes=10-19', { start: 10, length: 10 }],
    ['bytes=990-5000', { start: 990, length: 10 }],
    ['bytes=999-', { start: 999, length: 1 }],
    ['bytes=-1', { start: 999, length: 1 }],
    ['bytes=-5000', { start: 0, length: 1000 }],
    ['Bytes= 0-4 ', { start: 0, length: 5 }],
  ])('%s of 1000 bytes is understood', (header, range) => {
    expect(parseRange(header, 1000)).toEqual(range);
  });

  it.each(['bytes=1000-', 'bytes=1000-2000', 'bytes=99999999999-', 'bytes=-0'])('%s of 1000 bytes is not there', (header) => {
    expect(parseRange(header, 1000)).toBe('unsatisfiable');
  });

  it.each([
    null,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=a-b',
    'bytes=0-1,5-6',
    'pages=1-2',
    '0-5',
    'bytes=1e1-',
    'bytes=--5',
    'bytes 0-5',
  ])('%j is none, and the whole file is the answer', (header) => {
    expect(parseRange(header, 1000)).toBeNull();
  });

  it('of an empty file is never there, but its end is the whole of it', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-5', 0)).toBeNull();
  });

  it('lies within the file, whatever is asked', () => {
    const part = fc.option(fc.nat(5_000), { nil: '' });
    fc.assert(
      fc.property(part, part, fc.nat(3_000), (first, last, size) => {
        const range = parseRange(`bytes=${first}-${last}`, size);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.length).toBeGreaterThan(0);
        expect(range.start + range.length).toBeLessThanOrEqual(size);
      }),
    );
  });
});
