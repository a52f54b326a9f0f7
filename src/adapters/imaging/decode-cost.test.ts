import { describe, expect, it } from 'vitest';
import { decodeBytesPerPixel, MOST_DECODE_BYTES } from './decode-cost.ts';

const facts = (more: Partial<Parameters<typeof decodeBytesPerPixel>[1]> = {}) => ({
  isProgressive: false,
  channels: 3 as const,
  depth: 'uchar' as const,
  ...more,
});

describe('what a decoder holds for each pixel', () => {
  it.each([
    ['a JPEG and a PNG that are read row by row', 'jpeg', {}, 0],
    ['a PNG likewise', 'png', {}, 0],
    ['a TIFF', 'tiff', { isProgressive: true }, 0],
    ['a progressive JPEG', 'jpeg', { isProgressive: true, chromaSubsampling: '4:4:4' }, 6],
    ['a progressive JPEG with fewer samples of colour', 'jpeg', { isProgressive: true, chromaSubsampling: '4:2:0' }, 3.2],
    ['a progressive gray JPEG', 'jpeg', { isProgressive: true, channels: 1 }, 2],
    ['a progressive CMYK JPEG', 'jpeg', { isProgressive: true, channels: 4, chromaSubsampling: '4:4:4:4' }, 8],
    ['an interlaced PNG', 'png', { isProgressive: true, channels: 4 }, 5],
    ['an interlaced PNG of 16 bits', 'png', { isProgressive: true, channels: 4, depth: 'ushort' }, 10],
  ] as const)('%s', (_name, format, more, bytes) => {
    expect(decodeBytesPerPixel(format, facts(more))).toBe(bytes);
  });

  it('leaves room for the pictures of a good camera in every format', () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
      const bytes = decodeBytesPerPixel(format, facts({ isProgressive: true, channels: 4 }));
      expect(bytes * 50_000_000).toBeLessThanOrEqual(MOST_DECODE_BYTES);
    }
  });
});
