import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNaturally, sortNaturally } from './natural-order.ts';

describe('natural order', () => {
  it('counts numbers as numbers', async () => {
    expect(await sortNaturally(['p10', 'p9', 'p1', 'p010', 'P2'])).toEqual(['p1', 'P2', 'p9', 'p010', 'p10']);
  });

  it('is the same whatever the order before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string({ unit: 'grapheme' })), async (names) => {
        const sorted = await sortNaturally(names);
        expect(await sortNaturally(names.toReversed())).toEqual(sorted);
        expect(sorted).toEqual(names.toSorted(compareNaturally));
      }),
    );
  });

  it.each([0, 1, 4095, 4096, 4097, 20_000])('holds for %i names', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `${(index * 7919) % 20_011}.jpg`);
    expect(await sortNaturally(names)).toEqual(names.toSorted(compareNaturally));
  });

  it('leaves the names it was given as they were', async () => {
    const names = ['b', 'a'];
    await sortNaturally(names);
    expect(names).toEqual(['b', 'a']);
  });

  it('lets others work meanwhile', async () => {
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    await sortNaturally(Array.from({ length: 50_000 }, (_, index) => `page ${(index * 7919) % 50_000}.jpg`));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });
});
