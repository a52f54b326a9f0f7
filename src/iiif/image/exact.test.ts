import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyDown, percentOf, scaleSide, writeDecimal } from './exact.ts';

describe('exact', () => {
  it.each([
    [10, 1, 3, 3],
    [5, 1, 2, 3],
    [1, 10, 1001, 1],
    [1, 1, 5000, 1],
    [9_999_999_999, 46_000, 1, 459_999_999_954_000],
  ])('scales a side of %d by %d/%d to %d', (length, numerator, denominator, expected) => {
    expect(scaleSide(length, numerator, denominator)).toBe(expected);
  });

  it.each([
    [41.6, 300, 125],
    [50, 5, 3],
    [0.5, 100, 1],
    [0.4, 100, 0],
    [33.3333333333, 3, 1],
    // In doubles 1.15 × 100 is 114.99999999999999 and 8.2 % of 1250 is 102.49999999999999.
    [8.2, 1250, 103],
    [99_999.9999999999, 10, 10_000],
  ])('takes %d percent of %d as %d', (percent, length, expected) => {
    expect(percentOf(percent, length)).toBe(expected);
  });

  it('multiplies without losing a pixel to floating point', () => {
    expect(multiplyDown(100, 1.15)).toBe(115);
    expect(multiplyDown(3, 1.5)).toBe(4);
  });

  it.each([
    [0, '0'],
    [90, '90'],
    [22.5, '22.5'],
    [0.5, '0.5'],
    [100, '100'],
    [0.0000000001, '0.0000000001'],
  ])('writes %d as %s', (value, expected) => {
    expect(writeDecimal(value)).toBe(expected);
  });

  it('writes decimals that read back as the same number', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(9_999_999_999), (whole, part) => {
        const value = Number(`${whole}.${String(part).padStart(10, '0')}`);
        expect(Number(writeDecimal(value))).toBe(value);
      }),
    );
  });
});
