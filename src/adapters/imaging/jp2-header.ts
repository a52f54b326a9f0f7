/**
 * The headers of JPEG 2000: boxes of a JP2 file, and the main header of the codestream.
 * ITU-T T.800 annex I (boxes) and annex A (SIZ, COD): https://www.itu.int/rec/T-REC-T.800
 */
import type { ByteSource } from './read-bytes.ts';

export interface Jp2Component {
  readonly depth: number;
  readonly signed: boolean;
  /** Subsampling on the reference grid. */
  readonly dx: number;
  readonly dy: number;
}

export interface Codestream {
  /** Of the image area on the reference grid. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly tile: { readonly x0: number; readonly y0: number; readonly width: number; readonly height: number };
  readonly components: readonly Jp2Component[];
  /** How often it can be halved while it is decoded. */
  readonly decompositions: number;
  /** Bytes of the main header, from SOC up to the first SOT. */
  readonly headerBytes: number;
}

export interface Jp2Header {
  readonly codestream: Codestream;
  /** Where the codestream lies in the file. */
  readonly offset: number;
  readonly length: number;
  /** Of the colour specification box; null in a raw codestream and with a profile. */
  readonly colourSpace: 'srgb' | 'gray' | 'sycc' | 'cmyk' | 'other' | null;
  readonly profile: Uint8Array | null;
  readonly palette: { readonly channels: number; readonly depth: number } | null;
  readonly alpha: boolean;
  readonly xmp: string | null;
}

export class Jp2Error extends Error {
  override readonly name = 'Jp2Error';
}

/** XMP in a `uuid` box: https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 3. */
const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac';
/** Metadata boxes beyond this are left alone. */
const MAX_METADATA_BYTES = 4 * 1024 * 1024;
const MAX_BOXES = 1000;
const MAX_COMPONENTS = 16_384;

/** Of a `.jp2` file. Throws `Jp2Error` or `TruncatedError`. */
export async function readJp2Header(bytes: ByteSource): Promise<Jp2Header> {
  let colour: Pick<Jp2Header, 'colourSpace' | 'profile'> | null = null;
  let palette: Jp2Header['palette'] = null;
  let alpha: boolean | null = null;
  let xmp: string | null = null;
  let stream: { offset: number; length: number } | null = null;

  for await (const box of boxesOf(bytes, 0, bytes.size)) {
    if (box.type === 'jp2h') {
      for await (const inner of boxesOf(bytes, box.offset, box.offset + box.length)) {
        if (inner.length > MAX_METADATA_BYTES) continue;
        const body = await bytes.read(inner.offset, inner.length);
        if (inner.type === 'colr') colour ??= parseColour(body);
        if (inner.type === 'pclr') palette = parsePalette(body);
        if (inner.type === 'cdef') alpha = parseAlpha(body);
      }
    }
    if (box.type === 'uuid' && box.length > 16 && box.length <= MAX_METADATA_BYTES) {
      const body = await bytes.read(box.offset, box.length);
      if (Buffer.from(body.subarray(0, 16)).toString('hex') === XMP_UUID) xmp = Buffer.from(body.subarray(16)).toString('utf8');
    }
    if (box.type === 'jp2c' && stream === null) stream = box;
  }
  if (stream === null) throw new Jp2Error('No codestream');
  const codestream = await readCodestream(bytes, stream.offset);
  const channels = palette?.channels ?? codestream.components.length;
  const colourSpace = colour?.colourSpace ?? null;
  return {
    codestream,
    ...stream,
    colourSpace,
    profile: colour?.profile ?? null,
    palette,
    alpha: alpha ?? impliesAlpha(channels, colourSpace),
    xmp,
  };
}

/** Of a bare codestream (`.j2k`). */
export async function readRawHeader(bytes: ByteSource): Promise<Jp2Header> {
  const codestream = await readCodestream(bytes, 0);
  return {
    codestream,
    offset: 0,
    length: bytes.size,
    colourSpace: null,
    profile: null,
    palette: null,
    alpha: impliesAlpha(codestream.components.length, null),
    xmp: null,
  };
}

/** Without a channel definition, one channel more than gray or colour needs is taken for opacity. */
function impliesAlpha(channels: number, colourSpace: Jp2Header['colourSpace']): boolean {
  if (colourSpace === 'cmyk') return channels > 4;
  return channels === 2 || channels === 4;
}

interface Box {
  readonly type: string;
  /** Of the content. */
  readonly offset: number;
  readonly length: number;
}

async function* boxesOf(bytes: ByteSource, from: number, end: number): AsyncGenerator<Box> {
  let at = from;
  for (let i = 0; at + 8 <= end; i++) {
    if (i >= MAX_BOXES) throw new Jp2Error('Too many boxes');
    const head = view(await bytes.read(at, 8));
    const stated = head.getUint32(0);
    const type = String.fromCharCode(...new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    const headBytes = stated === 1 ? 16 : 8;
    const size = stated === 1 ? toLength(view(await bytes.read(at + 8, 8)).getBigUint64(0)) : stated === 0 ? end - at : stated;
    if (size < headBytes) throw new Jp2Error('A box shorter than its own header');
    if (at + size > end) throw new Jp2Error('A box longer than the file');
    yield { type, offset: at + headBytes, length: size - headBytes };
    at += size;
  }
}

function parseColour(body: Uint8Array): Pick<Jp2Header, 'colourSpace' | 'profile'> | null {
  const method = body[0];
  if (method === 2) return { colourSpace: null, profile: body.slice(3) };
  if (method !== 1 || body.length < 7) return null;
  const space = view(body).getUint32(3);
  const known: Readonly<Record<number, Jp2Header['colourSpace']>> = { 12: 'cmyk', 16: 'srgb', 17: 'gray', 18: 'sycc' };
  return { colourSpace: known[space] ?? 'other', profile: null };
}

function parsePalette(body: Uint8Array): Jp2Header['palette'] {
  const channels = body[2] ?? 0;
  const depth = ((body[3] ?? 7) & 0x7f) + 1;
  return channels === 0 ? null : { channels, depth };
}

/** Whether any channel is opacity, straight or premultiplied. */
function parseAlpha(body: Uint8Array): boolean {
  if (body.length < 2) return false;
  const count = Math.min(view(body).getUint16(0), Math.floor((body.length - 2) / 6));
  return Array.from({ length: count }, (_, i) => view(body).getUint16(2 + i * 6 + 2)).some((type) => type === 1 || type === 2);
}

const MARKER = { soc: 0xff4f, siz: 0xff51, cod: 0xff52, sot: 0xff90 } as const;

async function readCodestream(bytes: ByteSource, offset: number): Promise<Codestream> {
  if (view(await bytes.read(offset, 2)).getUint16(0) !== MARKER.soc) throw new Jp2Error('The codestream has no start');
  let size: Omit<Codestream, 'decompositions' | 'headerBytes'> | null = null;
  let decompositions: number | null = null;
  let at = offset + 2;
  for (;;) {
    const marker = view(await bytes.read(at, 2)).getUint16(0);
    if (marker === MARKER.sot) break;
    if (marker < 0xff00) throw new Jp2Error('The main header is damaged');
    const length = view(await bytes.read(at + 2, 2)).getUint16(0);
    if (length < 2) throw new Jp2Error('The main header is damaged');
    const body = await bytes.read(at + 4, length - 2);
    if (marker === MARKER.siz) size = parseSize(body);
    if (marker === MARKER.cod) decompositions = body[5] ?? null;
    at += 2 + length;
  }
  if (size === null || decompositions === null || decompositions > 32) throw new Jp2Error('The main header is incomplete');
  return { ...size, decompositions, headerBytes: at - offset };
}

function parseSize(body: Uint8Array): Omit<Codestream, 'decompositions' | 'headerBytes'> {
  if (body.length < 36) throw new Jp2Error('SIZ is too short');
  const at = view(body);
  const count = at.getUint16(34);
  if (count === 0 || count > MAX_COMPONENTS || body.length < 36 + count * 3) throw new Jp2Error('SIZ does not list its components');
  const components = Array.from({ length: count }, (_, i) => {
    const precision = at.getUint8(36 + i * 3);
    return { depth: (precision & 0x7f) + 1, signed: (precision & 0x80) !== 0, dx: at.getUint8(37 + i * 3), dy: at.getUint8(38 + i * 3) };
  });
  const [x1, y1, x0, y0] = [at.getUint32(2), at.getUint32(6), at.getUint32(10), at.getUint32(14)];
  const tile = { width: at.getUint32(18), height: at.getUint32(22), x0: at.getUint32(26), y0: at.getUint32(30) };
  const empty = x1 <= x0 || y1 <= y0 || tile.width === 0 || tile.height === 0 || components.some(({ dx, dy }) => dx === 0 || dy === 0);
  if (empty || tile.x0 > x0 || tile.y0 > y0) throw new Jp2Error('SIZ describes no image');
  return { x0, y0, x1, y1, tile, components };
}

function toLength(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Jp2Error('A box beyond any file');
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
