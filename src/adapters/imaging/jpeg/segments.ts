/**
 * The marker segments of a JPEG stream, read as far as tiles need them: tables, frame and scan, never pixels.
 * ITU-T T.81, annex B: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
 */

/** Quantisation or Huffman tables as they stand in a file, each under its class and number. */
export interface JpegTables {
  /** Number to the table's bytes after `Pq/Tq`: 64, or 128 where its numbers have 16 bits. */
  readonly quantisation: ReadonlyMap<number, Uint8Array>;
  readonly dc: ReadonlyMap<number, HuffmanSpecification>;
  readonly ac: ReadonlyMap<number, HuffmanSpecification>;
  /** MCUs between restart markers; 0 where there are none. */
  readonly restartInterval: number;
}

/** T.81 B.2.4.2: how many codes of each length, and what they stand for. */
export interface HuffmanSpecification {
  /** 16 numbers. */
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

export interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantisation: number;
}

export interface JpegFrame {
  /** The marker: 0xC0 baseline, 0xC1 extended sequential, 0xC2 progressive. */
  readonly kind: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
}

export interface ScanComponent {
  readonly id: number;
  readonly dc: number;
  readonly ac: number;
}

/** A whole JPEG stream up to its first scan. */
export interface JpegStream {
  readonly tables: JpegTables;
  readonly frame: JpegFrame;
  readonly scan: readonly ScanComponent[];
  /** `transform` of an Adobe segment: 0 as it is, 1 YCbCr, 2 YCCK; null where there is none. */
  readonly adobeTransform: number | null;
  /** Where the entropy-coded bytes begin and where they end. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

export class JpegError extends Error {
  override readonly name = 'JpegError';
}

export const NO_TABLES: JpegTables = { quantisation: new Map(), dc: new Map(), ac: new Map(), restartInterval: 0 };

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const APP14 = 0xee;

/** Frames that are read: sequential and progressive, with Huffman codes. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const OTHER_FRAMES: ReadonlySet<number> = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

interface Reading {
  quantisation: Map<number, Uint8Array>;
  dc: Map<number, HuffmanSpecification>;
  ac: Map<number, HuffmanSpecification>;
  restartInterval: number;
  frame: JpegFrame | null;
  adobeTransform: number | null;
}

/** Tables alone, as TIFF keeps them for all tiles of a directory (`JPEGTables`). @throws JpegError */
export function parseJpegTables(bytes: Uint8Array): JpegTables {
  const reading = begin(NO_TABLES);
  walk(bytes, reading);
  return tablesOf(reading);
}

/** A stream up to its first scan. Tables that it does not bring are those of `before`. @throws JpegError */
export function parseJpegStream(bytes: Uint8Array, before: JpegTables = NO_TABLES): JpegStream {
  const reading = begin(before);
  const at = walk(bytes, reading);
  if (at === null) throw new JpegError('There is no scan');
  if (reading.frame === null) throw new JpegError('A scan comes before its frame');
  const length = lengthAt(bytes, at);
  const scan = parseScan(bytes.subarray(at + 2, at + length));
  return {
    tables: tablesOf(reading),
    frame: reading.frame,
    scan,
    adobeTransform: reading.adobeTransform,
    dataStart: at + length,
    dataEnd: findEnd(bytes),
  };
}

function begin({ quantisation, dc, ac, restartInterval }: JpegTables): Reading {
  return {
    quantisation: new Map(quantisation),
    dc: new Map(dc),
    ac: new Map(ac),
    restartInterval,
    frame: null,
    adobeTransform: null,
  };
}

function tablesOf({ quantisation, dc, ac, restartInterval }: Reading): JpegTables {
  return { quantisation, dc, ac, restartInterval };
}

/** Reads segments into `reading`; answers where the first scan's length stands, or null at the end of the image. */
function walk(bytes: Uint8Array, reading: Reading): number | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new JpegError('It does not begin as a JPEG');
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) throw new JpegError('A marker is missing');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) return null;
    at += 2;
    if (marker === SOS) return at;
    const length = lengthAt(bytes, at);
    readSegment(marker, bytes.subarray(at + 2, at + length), reading);
    at += length;
  }
  return null;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (length < 2 || at + length > bytes.length) throw new JpegError('A segment is longer than the file');
  return length;
}

function readSegment(marker: number, body: Uint8Array, reading: Reading): void {
  if (marker === DQT) readQuantisation(body, reading);
  else if (marker === DHT) readHuffman(body, reading);
  else if (marker === DRI) reading.restartInterval = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
  else if (marker === APP14) reading.adobeTransform = adobeTransformOf(body) ?? reading.adobeTransform;
  else if (FRAMES.has(marker)) reading.frame = parseFrame(marker, body);
  else if (OTHER_FRAMES.has(marker)) throw new JpegError('Its coding is not one that is read');
}

/** T.81 B.2.4.1 */
function readQuantisation(body: Uint8Array, reading: Reading): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at] ?? 0;
    const length = head >> 4 === 0 ? 64 : 128;
    if (at + 1 + length > body.length) throw new JpegError('A quantisation table is cut off');
    reading.quantisation.set(head & 15, body.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
}

/** T.81 B.2.4.2 */
function readHuffman(body: Uint8Array, reading: Reading): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at] ?? 0;
    const counts = body.slice(at + 1, at + 17);
    const total = counts.reduce((sum, each) => sum + each, 0);
    if (counts.length < 16 || total > 256 || at + 17 + total > body.length) throw new JpegError('A Huffman table is cut off');
    const tables = head >> 4 === 0 ? reading.dc : reading.ac;
    tables.set(head & 15, { counts, symbols: body.slice(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

function adobeTransformOf(body: Uint8Array): number | null {
  const isAdobe = String.fromCharCode(...body.subarray(0, 5)) === 'Adobe';
  return isAdobe ? (body[11] ?? null) : null;
}

/** T.81 B.2.2 */
function parseFrame(kind: number, body: Uint8Array): JpegFrame {
  const number16 = (at: number) => ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || count === 0 || count > 4) throw new JpegError('The frame is cut off');
  const components = Array.from({ length: count }, (_, i) => {
    const [id = 0, sampling = 0, quantisation = 0] = body.subarray(6 + 3 * i);
    return { id, horizontal: sampling >> 4, vertical: sampling & 15, quantisation };
  });
  const isOdd = ({ horizontal, vertical }: JpegComponent) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4;
  const frame = { kind, precision: body[0] ?? 0, height: number16(1), width: number16(3), components };
  if (frame.width === 0 || frame.height === 0 || components.some(isOdd)) throw new JpegError('The frame has no size');
  return frame;
}

/** T.81 B.2.3 */
function parseScan(body: Uint8Array): readonly ScanComponent[] {
  const count = body[0] ?? 0;
  if (count === 0 || count > 4 || body.length < 1 + 2 * count + 3) throw new JpegError('The scan is cut off');
  return Array.from({ length: count }, (_, i) => {
    const [id = 0, tables = 0] = body.subarray(1 + 2 * i);
    return { id, dc: tables >> 4, ac: tables & 15 };
  });
}

/** Before the marker at the end, where there is one. Padding after it is none of the image. */
function findEnd(bytes: Uint8Array): number {
  for (let at = bytes.length - 2; at >= Math.max(0, bytes.length - 64); at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === EOI) return at;
  }
  return bytes.length;
}
