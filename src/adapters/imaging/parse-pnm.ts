/** The header of a binary PGM, PPM or PAM file, as OpenJPEG writes them. https://netpbm.sourceforge.net/doc/pam.html */
export interface Pnm {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly maximum: number;
  /** Where the samples begin: one byte each, or two with the high one first when `maximum` is above 255. */
  readonly offset: number;
}

const HEAD_BYTES = 512;

export function parsePnm(bytes: Uint8Array): Pnm | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1');
  const pnm = head.startsWith('P7') ? parsePam(head) : parsePlain(head);
  if (pnm === null) return null;
  const expected = pnm.width * pnm.height * pnm.channels * (pnm.maximum > 255 ? 2 : 1);
  return bytes.length - pnm.offset === expected ? pnm : null;
}

function parsePlain(head: string): Pnm | null {
  const match = /^P([56])\s(?:#[^\n]*\n)*(\d+) (\d+)\s(\d+)\s/.exec(head);
  if (match === null) return null;
  const [all, kind, width, height, maximum] = match;
  return { width: Number(width), height: Number(height), maximum: Number(maximum), channels: kind === '5' ? 1 : 3, offset: all.length };
}

function parsePam(head: string): Pnm | null {
  const end = head.indexOf('ENDHDR\n');
  if (end < 0) return null;
  const number = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(head.slice(0, end))?.[1] ?? 0);
  return { width: number('WIDTH'), height: number('HEIGHT'), channels: number('DEPTH'), maximum: number('MAXVAL'), offset: end + 7 };
}
