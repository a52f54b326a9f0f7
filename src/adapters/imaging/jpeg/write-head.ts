/** What stands before the entropy-coded data of a JPEG. ITU-T T.81, annex B. */
import type { HuffmanSpecification, JpegStream, JpegTables } from './segments.ts';

/** How the numbers of its components are to be understood. Where a TIFF says it, a JPEG must say it for itself. */
export type JpegColour = 'gray' | 'ycbcr' | 'rgb';

export interface JpegHead {
  readonly width: number;
  readonly height: number;
  readonly colour: JpegColour;
  /** ICC.1, annex B.4: in `ICC_PROFILE` segments. */
  readonly profile: Uint8Array | null;
}

/** Everything from the start of the image to the end of the scan's header, with a size of its own and the tables given. */
export function writeHead({ frame, scan }: Pick<JpegStream, 'frame' | 'scan'>, tables: JpegTables, head: JpegHead): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0xd8), head.colour === 'rgb' ? ADOBE_RGB : JFIF];
  if (head.profile !== null) parts.push(...profileSegments(head.profile));
  for (const [number, table] of tables.quantisation) {
    parts.push(segment(0xdb, [Uint8Array.of(((table.length > 64 ? 1 : 0) << 4) | number), table]));
  }
  parts.push(
    segment(frame.kind, [
      Uint8Array.of(frame.precision, head.height >> 8, head.height & 255, head.width >> 8, head.width & 255, frame.components.length),
      Uint8Array.from(frame.components.flatMap((c) => [c.id, (c.horizontal << 4) | c.vertical, c.quantisation])),
    ]),
  );
  for (const [number, table] of tables.dc) parts.push(huffmanSegment(number, table));
  for (const [number, table] of tables.ac) parts.push(huffmanSegment(0x10 | number, table));
  if (tables.restartInterval > 0) parts.push(segment(0xdd, [Uint8Array.of(tables.restartInterval >> 8, tables.restartInterval & 255)]));
  const choices = scan.flatMap(({ id, dc, ac }) => [id, (dc << 4) | ac]);
  parts.push(segment(0xda, [Uint8Array.of(scan.length, ...choices, 0, frame.kind === 0xc2 ? 0 : 63, 0)]));
  return concatenate(parts);
}

function huffmanSegment(number: number, { counts, symbols }: HuffmanSpecification): Uint8Array {
  return segment(0xc4, [Uint8Array.of(number), counts, symbols]);
}

function segment(marker: number, bodies: readonly Uint8Array[]): Uint8Array {
  const length = 2 + bodies.reduce((sum, each) => sum + each.length, 0);
  return concatenate([Uint8Array.of(0xff, marker, length >> 8, length & 255), ...bodies]);
}

/** ITU-T T.871: three components are YCbCr, one is luminance. One pixel is as wide as it is high. */
const JFIF = segment(0xe0, [new TextEncoder().encode('JFIF\0'), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0)]);
/** Adobe technical note 5116: a transform of 0 says that three components are RGB. */
const ADOBE_RGB = segment(0xee, [new TextEncoder().encode('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, 0)]);

const PROFILE_NAME = new TextEncoder().encode('ICC_PROFILE\0');
const MOST_PROFILE_BYTES = 65_519;

function profileSegments(profile: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(profile.length / MOST_PROFILE_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const part = profile.subarray(i * MOST_PROFILE_BYTES, (i + 1) * MOST_PROFILE_BYTES);
    return segment(0xe2, [PROFILE_NAME, Uint8Array.of(i + 1, count), part]);
  });
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
