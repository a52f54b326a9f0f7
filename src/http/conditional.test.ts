import { describe, expect, it } from 'vitest';
import { isFresh } from './conditional.ts';

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
