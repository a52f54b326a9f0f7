import { describe, expect, it } from 'vitest';
import { parsePnm } from './parse-pnm.ts';

const pnm = (head: string, samples: number) => Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(samples)]);

describe('a PNM header', () => {
  it.each([
    ['P5\n#OpenJPEG-2.5.0\n3 2\n255\n', 6, { width: 3, height: 2, channels: 1, maximum: 255 }],
    ['P6\n# OpenJPEG-2.5.0\n3 2\n65535\n', 36, { width: 3, height: 2, channels: 3, maximum: 65_535 }],
    [
      'P7\n# OpenJPEG-2.5.0\nWIDTH 3\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n',
      24,
      { width: 3, height: 2, channels: 4, maximum: 255 },
    ],
  ])('tells the shape of the samples behind it', (head, samples, expected) => {
    expect(parsePnm(pnm(head, samples))).toMatchObject({ ...expected, offset: head.length });
  });

  it.each([
    ['P6\n3 2\n255\n', 17],
    ['P4\n3 2\n', 6],
    ['P7\nWIDTH 3\n', 6],
    ['', 0],
  ])('that does not fit is no header', (head, samples) => {
    expect(parsePnm(pnm(head, samples))).toBeNull();
  });
});
