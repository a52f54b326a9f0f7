import { describe, expect, it } from 'vitest';
import { pageSize, writePdf } from './write-pdf.ts';

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a PDF of one picture', () => {
  it('has a cross-reference table that points at every object', () => {
    for (const profile of [null, Uint8Array.of(1, 2, 3)]) {
      const text = latin(writePdf({ jpeg: JPEG, width: 300, height: 600, channels: 3, profile }));
      const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
      expect(text.slice(start, start + 4)).toBe('xref');
      const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]));
      expect(offsets).toHaveLength(profile === null ? 5 : 6);
      for (const [i, offset] of offsets.entries()) expect(text.slice(offset)).toMatch(new RegExp(`^${i + 1} 0 obj\\n`));
    }
  });

  it('has a page in the shape of the picture, at 300 pixels an inch', () => {
    expect(pageSize({ width: 300, height: 600 })).toEqual({ width: '72', height: '144' });
    expect(latin(writePdf({ jpeg: JPEG, width: 300, height: 600, channels: 3, profile: null }))).toContain('/MediaBox [0 0 72 144]');
  });

  it('never has a page larger than readers open', () => {
    expect(pageSize({ width: 120_000, height: 60_000 })).toEqual({ width: '14400', height: '7200' });
  });

  it('holds the JPEG byte by byte, with its length', () => {
    const text = latin(writePdf({ jpeg: JPEG, width: 1, height: 1, channels: 1, profile: null }));
    expect(text).toContain(`/DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length 4 >>\nstream\n${latin(JPEG)}\nendstream`);
  });

  it('names the profile where the pixels have one', () => {
    const text = latin(writePdf({ jpeg: JPEG, width: 1, height: 1, channels: 3, profile: Uint8Array.of(65, 66) }));
    expect(text).toContain('/ColorSpace [/ICCBased 6 0 R]');
    expect(text).toContain('<< /N 3 /Alternate /DeviceRGB /Length 2 >>\nstream\nAB\nendstream');
  });
});
