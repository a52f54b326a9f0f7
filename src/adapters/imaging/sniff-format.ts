/** The formats that are read. Nothing else ever reaches a decoder, whatever the file is called. */
export type SourceFormat = 'jpeg' | 'png' | 'tiff' | 'webp' | 'gif' | 'avif' | 'jp2' | 'j2k';

/** How many bytes from the start `sniffFormat` wants to see. */
export const SNIFF_BYTES = 64;

const STARTS: ReadonlyArray<readonly [SourceFormat, readonly number[]]> = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['tiff', [0x49, 0x49, 0x2b, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2b]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ['jp2', [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a]],
  ['j2k', [0xff, 0x4f, 0xff, 0x51]],
];

/** By magic bytes, never by extension. Null for everything that is not read. */
export function sniffFormat(head: Uint8Array): SourceFormat | null {
  const known = STARTS.find(([, magic]) => magic.every((byte, i) => head[i] === byte));
  if (known !== undefined) return known[0];
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
  if (ascii(head, 4, 8) === 'ftyp' && isAvif(head)) return 'avif';
  return null;
}

/** Major or compatible brand of an `ftyp` box. HEIC has the same box with other brands, and no decoder here. */
function isAvif(head: Uint8Array): boolean {
  const end = Math.min(head.length, new DataView(head.buffer, head.byteOffset).getUint32(0));
  for (let at = 8; at + 4 <= end; at += 4) {
    if (at === 12) continue;
    const brand = ascii(head, at, at + 4);
    if (brand === 'avif' || brand === 'avis') return true;
  }
  return false;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
