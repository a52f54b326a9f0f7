/**
 * A PDF of one page that is one JPEG.
 * ISO 32000-1: 7.5 (file structure), 8.9.5 (image dictionaries), 7.4.8 (DCTDecode)
 */
import { ascii, concat } from './bytes.ts';

export interface PdfImage {
  readonly jpeg: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** An ICC profile of the pixels; null for sRGB and gray. */
  readonly profile: Uint8Array | null;
}

/** How many pixels make an inch on the page. */
const PIXELS_PER_INCH = 300;
const POINTS_PER_INCH = 72;
/** The largest side that readers open (ISO 32000-1 annex C.2). */
const MAX_POINTS = 14_400;

export function writePdf(image: PdfImage): Uint8Array {
  const page = pageSize(image);
  const drawing = ascii(`q ${page.width} 0 0 ${page.height} 0 0 cm /Im0 Do Q`);
  const device = image.channels === 1 ? '/DeviceGray' : '/DeviceRGB';
  const colour = image.profile === null ? device : '[/ICCBased 6 0 R]';
  const objects: Uint8Array[] = [
    ascii('<< /Type /Catalog /Pages 2 0 R >>'),
    ascii('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    ascii(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents 4 0 R ` +
        '/Resources << /XObject << /Im0 5 0 R >> /ProcSet [/PDF /ImageB /ImageC] >> >>',
    ),
    stream('', drawing),
    stream(
      `/Type /XObject /Subtype /Image /Width ${image.width} /Height ${image.height} /ColorSpace ${colour} /BitsPerComponent 8 /Filter /DCTDecode `,
      image.jpeg,
    ),
  ];
  if (image.profile !== null) objects.push(stream(`/N ${image.channels} /Alternate ${device} `, image.profile));
  return assemble(objects);
}

/** In points, in the shape of the picture. */
export function pageSize({ width, height }: { width: number; height: number }): { width: string; height: string } {
  const scale = Math.min(POINTS_PER_INCH / PIXELS_PER_INCH, MAX_POINTS / Math.max(width, height));
  return { width: points(width * scale), height: points(height * scale) };
}

function points(value: number): string {
  return value.toFixed(4).replace(/\.?0+$/, '');
}

function assemble(objects: readonly Uint8Array[]): Uint8Array {
  // The comment of high bytes tells transfer programs that the file is binary (7.5.2).
  const parts: Uint8Array[] = [ascii('%PDF-1.4\n%'), Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3), ascii('\n')];
  let at = parts.reduce((sum, part) => sum + part.length, 0);
  const offsets = objects.map((body, i) => {
    const offset = at;
    const object = [ascii(`${i + 1} 0 obj\n`), body, ascii('\nendobj\n')];
    parts.push(...object);
    at += object.reduce((sum, part) => sum + part.length, 0);
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  parts.push(ascii(`xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`));
  return concat(parts);
}

function stream(dictionary: string, body: Uint8Array): Uint8Array {
  return concat([ascii(`<< ${dictionary}/Length ${body.length} >>\nstream\n`), body, ascii('\nendstream')]);
}
