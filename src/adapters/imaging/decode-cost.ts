import type { Metadata } from 'sharp';
import type { SourceFormat } from './sniff-format.ts';

/** What a decoder may hold of one source. More would let one file of a few kilobytes take the memory of the whole server. */
export const MOST_DECODE_BYTES = 1_000_000_000;

type Facts = Pick<Metadata, 'isProgressive' | 'channels' | 'chromaSubsampling' | 'depth'>;

/**
 * What libvips holds to read any part of a source, in bytes for each of its pixels; 0 where it reads row by row, or by
 * region. Measured with sharp 0.35, and rounded up.
 */
export function decodeBytesPerPixel(format: SourceFormat, { isProgressive, channels, chromaSubsampling, depth }: Facts): number {
  switch (format) {
    case 'avif':
      return 19;
    case 'webp':
    case 'gif':
      return 6;
    // The coefficients of all scans, two bytes each.
    case 'jpeg':
      return isProgressive ? 2 * (chromaSubsampling === '4:2:0' ? 1.6 : (channels ?? 4)) : 0;
    // The last of the seven passes has something of every other row.
    case 'png':
      return isProgressive ? 1.25 * (channels ?? 4) * (depth === 'ushort' ? 2 : 1) : 0;
    default:
      return 0;
  }
}
