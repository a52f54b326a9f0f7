import { describe, expect, it } from 'vitest';
import { sniffFormat } from './sniff-format.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('sniffing a format', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['tiff', 'II*\0'],
    ['tiff', 'MM\0*'],
    ['tiff', 'II+\0'],
    ['tiff', 'MM\0+'],
    ['gif', 'GIF89a'],
    ['gif', 'GIF87a'],
    ['webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf'],
    ['jp2', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['j2k', '\xff\x4f\xff\x51'],
  ])('knows %s by its first bytes', (format, head) => {
    expect(sniffFormat(bytes(head))).toBe(format);
  });

  it.each([
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?><svg/>',
    '%PDF-1.4',
    'BM\0\0',
    'RIFF\x10\0\0\0WAVE',
    '\0\0\0\x1cftypheic\0\0\0\0mif1heic',
    '\0\0\0\x0cftypqt  ',
    '\xff\xd8',
    '',
    '\x89PN',
    'P6 1 1 255 ',
  ])('refuses %j', (head) => {
    expect(sniffFormat(bytes(head))).toBeNull();
  });
});
