import { describe, expect, it } from 'vitest';
import { isFresh, isMeant, mayContinue } from './conditional.ts';

const MODIFIED = new Date('2026-03-01T10:00:00.700Z');

describe('a conditional request', () => {
  it.each([
    [null, null, false],
    ['"a"', null, true],
    ['W/"a"', null, true],
    ['"b", "a"', null, true],
    ['*', null, true],
    ['"b"', null, false],
    ['a', null, false],
    [null, 'Sun, 01 Mar 2026 10:00:00 GMT', true],
    [null, 'Sun, 01 Mar 2026 09:59:59 GMT', false],
    [null, 'yesterday', false],
    ['"b"', 'Sun, 01 Mar 2026 10:00:00 GMT', false],
  ])('If-None-Match %s, If-Modified-Since %s: fresh is %s', (ifNoneMatch, ifModifiedSince, fresh) => {
    expect(isFresh({ ifNoneMatch, ifModifiedSince }, '"a"', MODIFIED)).toBe(fresh);
  });
});

describe('a file that is meant', () => {
  const ask = { ifMatch: null, ifUnmodifiedSince: null };
  const meant = (changes: Partial<Parameters<typeof isMeant>[0]>) => isMeant({ ...ask, ...changes }, '"a"', new Date(10_500));

  it('is any, one of those that are named, or one that has not changed since', () => {
    expect(meant({})).toBe(true);
    expect(meant({ ifMatch: '*' })).toBe(true);
    expect(meant({ ifMatch: '"b", "a"' })).toBe(true);
    expect(meant({ ifMatch: '"b"' })).toBe(false);
    expect(meant({ ifMatch: 'W/"a"' })).toBe(false);
    expect(meant({ ifUnmodifiedSince: new Date(10_000).toUTCString() })).toBe(true);
    expect(meant({ ifUnmodifiedSince: new Date(9_000).toUTCString() })).toBe(false);
    expect(meant({ ifUnmodifiedSince: 'yesterday' })).toBe(true);
  });
});

describe('a range of a file that was begun before', () => {
  const modified = new Date(10_500);
  const may = (ifRange: string | null, now = 60_000) => mayContinue(ifRange, '"a"', modified, new Date(now));

  it('is cut from the same file only', () => {
    expect(may(null)).toBe(true);
    expect(may('"a"')).toBe(true);
    expect(may('"b"')).toBe(false);
    expect(may('W/"a"')).toBe(false);
    expect(may(new Date(10_000).toUTCString())).toBe(true);
    expect(may(new Date(11_000).toUTCString())).toBe(false);
    expect(may('nonsense')).toBe(false);
  });

  it('is not cut by a date within the second in which the file changed', () => {
    expect(may(new Date(10_000).toUTCString(), 11_000)).toBe(false);
  });
});
