import { describe, expect, it } from 'vitest';
import { isRefusal } from '../lib/problems.ts';
import { findItemGrant, isoGrantEnd, parseGrantEnd, parseGrantedItems, parseGrantNote, writeGrantEnd } from './item-grant.ts';

const NOW = new Date('2026-11-22T04:00:00Z');
const grant = (items: string, until: string) => ({ items, until: new Date(until) });

describe('the end of a grant', () => {
  it.each([
    ['2026-11-22', '2026-11-23T00:00:00.000Z', '22 November 2026', '2026-11-22'],
    [' 2028-02-29 ', '2028-03-01T00:00:00.000Z', '29 February 2028', '2028-02-29'],
    ['2026-12-31T18:00+01:00', '2026-12-31T17:00:00.000Z', '31 December 2026, 17:00 UTC', '2026-12-31T17:00:00Z'],
  ])('written %s counts to %s, and is shown as it was meant: %s', (text, until, shown, written) => {
    const end = parseGrantEnd(text, NOW);
    if (isRefusal(end)) throw new Error(end.detail);
    expect(end.toISOString()).toBe(until);
    expect(writeGrantEnd(end, 'en')).toBe(shown);
    expect(isoGrantEnd(end)).toBe(written);
    expect(parseGrantEnd(isoGrantEnd(end), NOW)).toEqual(end);
  });

  it.each(['', 'tomorrow', '2027-02-30', '22.11.2027', '2027-01-01T10:00', '2026-11-21', '2026-11-22T04:00Z', '20270-01-01', '2227-01-01'])(
    'is not %j',
    (text) => {
      expect(isRefusal(parseGrantEnd(text, NOW))).toBe(true);
    },
  );
});

describe('what a grant is for', () => {
  it('is a pattern as in policies', () => {
    expect(parseGrantedItems(' letters/** ')).toBe('letters/**');
    expect(parseGrantedItems('Zoe\u0308/a.tif')).toBe('Zo\u00eb/a.tif');
    for (const text of ['', '/letters', 'letters/', '../secret', 'a//b', '!a', 'x'.repeat(501)]) {
      expect(isRefusal(parseGrantedItems(text)), text).toBe(true);
    }
  });

  it('can be noted in one line', () => {
    expect(parseGrantNote('  thesis\n on the estate ')).toBe('thesis on the estate');
    expect(parseGrantNote(' \n ')).toBeNull();
    expect(isRefusal(parseGrantNote('x'.repeat(501)))).toBe(true);
  });
});

describe('of several grants', () => {
  it('the one that covers the path and ends last counts, to its end and not a moment longer', () => {
    const short = grant('letters/*', '2026-11-22T04:00:01Z');
    const long = grant('letters/a.tif', '2026-12-01');
    const over = grant('**', '2026-11-22T04:00:00Z');
    expect(findItemGrant([over, short, long], 'letters/a.tif', NOW)).toBe(long);
    expect(findItemGrant([over, short, long], 'letters/b.tif', NOW)).toBe(short);
    expect(findItemGrant([over, short, long], 'letters/b.tif', short.until)).toBeNull();
    expect(findItemGrant([over, short, long], 'maps/b.tif', NOW)).toBeNull();
  });
});
