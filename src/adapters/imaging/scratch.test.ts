import { describe, expect, it } from 'vitest';
import { createScratch } from './scratch.ts';

const MIB = 1 << 20;

describe('scratch memory', () => {
  it('has at least the size that was asked for', () => {
    expect(createScratch(MIB).take(100_001).length).toBeGreaterThanOrEqual(100_001);
  });

  it('is used again by whoever needs nearly as much', () => {
    const scratch = createScratch(10 * MIB);
    const first = scratch.take(3 * MIB);
    scratch.giveBack(first);
    expect(scratch.take(2 * MIB)).toBe(first);
  });

  it('is not given to two at the same time', () => {
    const scratch = createScratch(10 * MIB);
    scratch.giveBack(scratch.take(MIB));
    expect(scratch.take(MIB)).not.toBe(scratch.take(MIB));
  });

  it('is not lent for a small thing when it is large, nor for a large one when it is small', () => {
    const scratch = createScratch(10 * MIB);
    const buffer = scratch.take(4 * MIB);
    scratch.giveBack(buffer);
    expect(scratch.take(MIB)).not.toBe(buffer);
    expect(scratch.take(5 * MIB)).not.toBe(buffer);
  });

  it('keeps no more than it may, and rather the last ones', () => {
    const scratch = createScratch(2 * MIB);
    const [a, b, c] = [scratch.take(MIB), scratch.take(MIB), scratch.take(MIB)];
    for (const buffer of [a, b, c]) scratch.giveBack(buffer);
    const again = [scratch.take(MIB), scratch.take(MIB), scratch.take(MIB)];
    expect(again[0]).toBe(c);
    expect(again[1]).toBe(b);
    expect(again[2]).not.toBe(a);
  });
});
