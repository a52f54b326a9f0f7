import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lib/problems.ts';
import { parseImagePath } from './parse-path.ts';
import type { ImageApiVersion } from './request.ts';
import { writeRequest } from './write-request.ts';

const OPTIONS = { slashSubstitute: null };

function written(parameters: string, version: ImageApiVersion): string | null {
  const parsed = parseImagePath(`a/${parameters}`, version, OPTIONS);
  return isRefusal(parsed) || parsed.kind !== 'image' ? null : writeRequest(parsed.request);
}

describe('a request that is written anew', () => {
  it.each([
    ['full/max/0/default.jpg', 3, 'full/max/0/default.jpg'],
    ['full/full/0/default.jpg', 2, 'full/full/0/default.jpg'],
    ['0010,0,00256,256/^0512,/360/gray.png', 3, '10,0,256,256/%5E512,/0/gray.png'],
    ['pct:.50,0,33.3,10.0/!200,300/!22.50/bitonal.tif', 2, 'pct:0.5,0,33.3,10/!200,300/!22.5/bitonal.tif'],
    ['square/%5Epct:150/90/color.webp', 3, 'square/%5Epct:150/90/color.webp'],
    ['full/,99/0/default.jpg', 2, 'full/,99/0/default.jpg'],
  ] as const)('%s has one spelling', (given, version, expected) => {
    expect(written(given, version)).toBe(expected);
  });

  it('is the same request', () => {
    const whole = fc.integer({ min: 1, max: 99_999 });
    const decimal = fc.double({ min: 0.0001, max: 99, noNaN: true }).map((value) => value.toFixed(4));
    const region = fc.oneof(
      fc.constantFrom('full', 'square'),
      fc.tuple(whole, whole, whole, whole).map(String),
      fc.tuple(decimal, decimal, decimal, decimal).map((all) => `pct:${all}`),
    );
    const size = fc.oneof(
      fc.constantFrom('max', '^max'),
      whole.map((width) => `${width},`),
      whole.map((height) => `^,${height}`),
      fc.tuple(fc.constantFrom('', '^', '!', '^!'), whole, whole).map(([before, width, height]) => `${before}${width},${height}`),
      decimal.map((percent) => `pct:${percent}`),
    );
    const rotation = fc
      .tuple(fc.constantFrom('', '!'), fc.double({ min: 0, max: 360, noNaN: true }))
      .map(([mirror, turn]) => `${mirror}${turn.toFixed(3)}`);
    fc.assert(
      fc.property(region, size, rotation, (...parts) => {
        const parameters = `${parts.join('/')}/default.jpg`;
        const once = written(parameters, 3);
        const before = parseImagePath(`a/${parameters}`, 3, OPTIONS);
        expect(once).not.toBeNull();
        expect(parseImagePath(`a/${once}`, 3, OPTIONS)).toEqual(before);
        expect(written(once ?? '', 3)).toBe(once);
      }),
    );
  });
});
