import { describe, expect, it } from 'vitest';
import { createPauses } from './pauses.ts';

describe('the pause before a worker is replaced', () => {
  it('doubles for one that ends again and again, up to half a minute', () => {
    const { next } = createPauses();
    expect(Array.from({ length: 11 }, () => next(1, 50))).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  });

  it('is short again for one that served a while, and for another one', () => {
    const { next } = createPauses();
    for (let time = 0; time < 5; time += 1) next(1, 50);
    expect(next(2, 50)).toBe(100);
    expect(next(1, 60_000)).toBe(100);
  });
});
