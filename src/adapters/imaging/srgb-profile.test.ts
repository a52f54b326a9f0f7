import { describe, expect, it } from 'vitest';
import { isSrgbProfile } from './srgb-profile.ts';

const COLORANTS = { rXYZ: [0.43607, 0.22249, 0.01392], gXYZ: [0.38515, 0.71687, 0.09708], bXYZ: [0.14307, 0.06061, 0.7141] };
const eotf = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** A curve of so many numbers. */
function table(count: number, curve: (value: number) => number): Buffer {
  const bytes = Buffer.alloc(12 + count * 2);
  bytes.write('curv', 0, 'latin1');
  bytes.writeUInt32BE(count, 8);
  for (let i = 0; i < count; i++) bytes.writeUInt16BE(Math.round(curve(i / (count - 1)) * 65_535), 12 + i * 2);
  return bytes;
}

function formula(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(12 + numbers.length * 4);
  bytes.write('para', 0, 'latin1');
  bytes.writeUInt16BE(3, 8);
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(Math.round(number * 65_536), 12 + i * 4);
  return bytes;
}

function xyz(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write('XYZ ', 0, 'latin1');
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(Math.round(number * 65_536), 8 + i * 4);
  return bytes;
}

function profileOf(curve: Buffer, { colorants = COLORANTS, space = 'RGB ', more = [] as string[] } = {}): Buffer {
  const tags = [
    ...Object.entries(colorants).map(([name, numbers]) => [name, xyz(numbers)] as const),
    ...['rTRC', 'gTRC', 'bTRC', ...more].map((name) => [name, curve] as const),
  ];
  const head = Buffer.alloc(132 + tags.length * 12);
  head.write('mntr', 12, 'latin1');
  head.write(space, 16, 'latin1');
  head.write('XYZ ', 20, 'latin1');
  head.write('acsp', 36, 'latin1');
  head.writeUInt32BE(tags.length, 128);
  let at = head.length;
  tags.forEach(([name, body], i) => {
    head.write(name, 132 + i * 12, 'latin1');
    head.writeUInt32BE(at, 136 + i * 12);
    head.writeUInt32BE(body.length, 140 + i * 12);
    at += body.length;
  });
  return Buffer.concat([head, ...tags.map(([, body]) => body)]);
}

const SRGB_FORMULA = formula([2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]);

describe('a profile is sRGB', () => {
  it.each([
    ['with the formula', SRGB_FORMULA],
    ['with a table of 1024 numbers', table(1024, eotf)],
    ['with a table of 4096 numbers', table(4096, eotf)],
  ])('%s', (_name, curve) => {
    expect(isSrgbProfile(profileOf(curve))).toBe(true);
  });
});

describe('a profile is not sRGB', () => {
  it.each([
    ['with other primaries', profileOf(SRGB_FORMULA, { colorants: { ...COLORANTS, rXYZ: [0.5151, 0.2412, -0.0011] } })],
    ['with an exponent of 2.2', profileOf(table(1024, (value) => value ** 2.2))],
    ['with an exponent alone', profileOf(table(1, () => 0.5))],
    ['with a straight line', profileOf(table(0, () => 0))],
    ['for gray', profileOf(SRGB_FORMULA, { space: 'GRAY' })],
    ['with tables beside', profileOf(SRGB_FORMULA, { more: ['A2B0'] })],
    ['cut off', profileOf(SRGB_FORMULA).subarray(0, 200)],
    ['that is empty', Buffer.alloc(0)],
    ['that is something else', Buffer.alloc(500, 65)],
  ])('%s', (_name, profile) => {
    expect(isSrgbProfile(profile)).toBe(false);
  });
});
