import { describe, expect, it } from 'vitest';
import { createRandomness } from '../../src/adapters/system/randomness.ts';

const randomness = createRandomness();

describe('randomness', () => {
  it('gives URL-safe text of the wanted number of bytes, another each time', () => {
    const tokens = Array.from({ length: 1000 }, () => randomness.token(32));
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(tokens).size).toBe(1000);
    expect(randomness.token(12)).toHaveLength(16);
  });

  it('hashes with SHA-256', () => {
    expect(randomness.hash('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  it.each([
    ['a', 'a', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['', 'a', false],
    ['\u00e9', 'e\u0301', false],
  ])('says whether %j and %j are equal, whatever their lengths', (a, b, equal) => {
    expect(randomness.equal(a, b)).toBe(equal);
  });
});
