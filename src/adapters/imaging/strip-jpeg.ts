/**
 * A TIFF page that is one JPEG, or strips of one, as a JPEG of its own: with the coefficients that are stored.
 * TIFF 6.0 section 22 (compression 6) and TIFF Technical Note 2 (compression 7).
 */
import { isAlike } from './jpeg/join-tiles.ts';
import { mcuSize } from './jpeg/read-mcus.ts';
import { type JpegFrame, type JpegStream, type JpegTables, NO_TABLES, parseJpegStream, parseJpegTables } from './jpeg/segments.ts';
import { concatenate, type JpegColour, writeHead } from './jpeg/write-head.ts';
import type { ByteSource } from './read-bytes.ts';
import type { OldJpeg, StoredStrips, TiffDirectory } from './tiff-directories.ts';
import { readBytesOf, readNumbers, TiffError, type TiffShape } from './tiff-entries.ts';
import { JPEG_COMPRESSION, jpegColourOf } from './tiff-tile-index.ts';

/** Where the strips of one page stand. */
export interface StripJpeg {
  readonly width: number;
  readonly height: number;
  readonly rowsPerStrip: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly tables: JpegTables;
  readonly colour: JpegColour;
  /** Null where each strip is a JPEG stream. */
  readonly old: OldJpeg | null;
}

export const OLD_JPEG_COMPRESSION = 6;

/** JPEGProc: the other one is without loss. */
export const BASELINE_PROCESS = 1;

/** Held in memory as it is taken. */
const MOST_BYTES = 100_000_000;
/** Of a JPEG's restart interval, and of its sides. */
const MOST_16_BITS = 0xffff;

/** Null where the page is stored in another way, or is too large for one JPEG. Throws as `takeStripJpeg` does. */
export async function readStripJpeg(bytes: ByteSource, shape: TiffShape, directory: TiffDirectory): Promise<StripJpeg | null> {
  const { width, height, compression, strips } = directory;
  const colour = jpegColourOf(directory);
  const isOld = compression === OLD_JPEG_COMPRESSION;
  if (strips === null || colour === null || strips.planarConfiguration !== 1) return null;
  if ((compression !== JPEG_COMPRESSION && !isOld) || Math.max(width, height) > MOST_16_BITS) return null;
  if (isOld && strips.oldJpeg.process !== BASELINE_PROCESS) return null;
  const count = Math.ceil(height / strips.rowsPerStrip);
  if (strips.offsets.count < count || strips.byteCounts.count < count) throw new TiffError('The list of strips is too short');
  const byteCounts = await readNumbers(bytes, shape, strips.byteCounts, count);
  if (byteCounts.reduce((sum, each) => sum + each, 0) > MOST_BYTES) return null;
  return {
    width,
    height,
    rowsPerStrip: strips.rowsPerStrip,
    offsets: await readNumbers(bytes, shape, strips.offsets, count),
    byteCounts,
    tables: await readTables(bytes, strips, isOld),
    colour,
    old: isOld ? strips.oldJpeg : null,
  };
}

async function readTables(bytes: ByteSource, { jpegTables, oldJpeg }: StoredStrips, isOld: boolean): Promise<JpegTables> {
  if (isOld) return readOldTables(bytes, oldJpeg);
  return jpegTables === null ? NO_TABLES : parseJpegTables(await readBytesOf(bytes, jpegTables));
}

/** Null where the strips cannot be one JPEG. @throws JpegError, TiffError or TruncatedError on a file that lies. */
export async function takeStripJpeg(bytes: ByteSource, page: StripJpeg, profile: Uint8Array | null): Promise<Uint8Array | null> {
  const parts = await readParts(bytes, page);
  const [first] = parts;
  if (first === undefined) return null;
  const { stream } = first;
  if (stream.frame.kind === 0xc2 || stream.frame.precision !== 8 || stream.scan.length !== stream.frame.components.length) return null;
  const restart = parts.length === 1 ? stream.tables.restartInterval : restartIntervalOf(page, stream);
  if (restart === null || !parts.every((part) => isLike(part.stream, stream))) return null;
  const data = parts.length === 1 ? [first.data] : joined(parts, page, stream, restart);
  const head = writeHead(
    stream,
    { ...stream.tables, restartInterval: restart },
    { width: page.width, height: page.height, colour: page.colour, profile },
  );
  return concatenate([head, ...data, Uint8Array.of(0xff, 0xd9)]);
}

function isLike(a: JpegStream, b: JpegStream): boolean {
  return isAlike(a, b) && a.tables.restartInterval === b.tables.restartInterval;
}

interface Part {
  readonly stream: JpegStream;
  /** Entropy-coded. */
  readonly data: Uint8Array;
}

async function readParts(bytes: ByteSource, page: StripJpeg): Promise<readonly Part[]> {
  if (page.old !== null && page.old.stream > 0) return readOldStream(bytes, page, page.old);
  const strips = await readStrips(bytes, page);
  const parts = strips.map((strip) => (isStream(strip) ? partOf(strip, page.tables) : barePart(strip, page)));
  parts.forEach(({ stream: { frame } }, i) => {
    const rows = Math.min(page.rowsPerStrip, page.height - i * page.rowsPerStrip);
    const isWhole = frame.height === rows || (page.old !== null && frame.height === page.height);
    if (frame.width !== page.width || !isWhole) throw new TiffError('A strip is of another size');
  });
  return parts;
}

function readStrips(bytes: ByteSource, { offsets, byteCounts }: StripJpeg): Promise<readonly Uint8Array[]> {
  return Promise.all(offsets.map((offset, i) => bytes.read(offset, byteCounts[i] ?? 0)));
}

export function isStream(strip: Uint8Array): boolean {
  return strip[0] === 0xff && strip[1] === 0xd8;
}

function partOf(strip: Uint8Array, tables: JpegTables): Part {
  const stream = parseJpegStream(strip, tables);
  return { stream, data: strip.subarray(stream.dataStart, stream.dataEnd) };
}

/** A stream that stands beside the strips: all of the picture, or what comes before the strips. */
async function readOldStream(bytes: ByteSource, page: StripJpeg, { stream: at, streamBytes }: OldJpeg): Promise<readonly Part[]> {
  const length = Math.min(streamBytes > 0 ? streamBytes : bytes.size, bytes.size - at, MOST_BYTES);
  const whole = await bytes.read(at, length);
  const stream = parseJpegStream(whole, page.tables);
  if (stream.frame.width !== page.width || stream.frame.height !== page.height) throw new TiffError('The JPEG is of another size');
  if (streamBytes > 0 && stream.dataEnd < whole.length && stream.dataEnd > stream.dataStart) {
    return [{ stream, data: whole.subarray(stream.dataStart, stream.dataEnd) }];
  }
  const strips = await readStrips(bytes, page);
  return strips.map((strip, i) => {
    // Some writers begin the first strip where the stream begins.
    const begin = page.offsets[0] ?? 0;
    const before = i === 0 && begin >= at ? Math.max(0, at + stream.dataStart - begin) : 0;
    return { stream, data: withoutEnd(strip.subarray(before)) };
  });
}

/** Entropy-coded data alone, under a frame that the directory's tags describe. */
function barePart(strip: Uint8Array, page: StripJpeg): Part {
  if (page.old === null) throw new TiffError('A strip is no JPEG');
  return { stream: bareStream({ ...page, old: page.old }), data: withoutEnd(strip) };
}

type Bare = Pick<StripJpeg, 'width' | 'height' | 'colour' | 'tables'> & { readonly old: OldJpeg };

/** What a stream would say before its data, as the directory's tags describe it. */
export function bareStream({ width, height, colour, tables, old }: Bare): JpegStream {
  const count = colour === 'gray' ? 1 : 3;
  const [across = 2, down = 2] = colour === 'ycbcr' ? old.subsampling : [1, 1];
  const components = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    horizontal: i === 0 ? across : 1,
    vertical: i === 0 ? down : 1,
    quantisation: i,
  }));
  const frame: JpegFrame = { kind: 0xc1, precision: 8, width, height, components };
  const scan = components.map(({ id, quantisation }) => ({ id, dc: quantisation, ac: quantisation }));
  return { tables, frame, scan, adobeTransform: null, dataStart: 0, dataEnd: 0 };
}

export function withoutEnd(data: Uint8Array): Uint8Array {
  const hasEnd = data.at(-2) === 0xff && data.at(-1) === 0xd9;
  return hasEnd ? data.subarray(0, -2) : data;
}

/** Tables by component: 64 numbers of a quantisation, 16 counts and their symbols of a code. */
export async function readOldTables(bytes: ByteSource, { quantisation, dc, ac, restartInterval }: OldJpeg): Promise<JpegTables> {
  const readAll = async <T>(places: readonly number[], read: (at: number) => Promise<T>): Promise<Map<number, T>> =>
    new Map(await Promise.all(places.slice(0, 4).map(async (at, i) => [i, await read(at)] as const)));
  const readCode = async (at: number) => {
    const counts = await bytes.read(at, 16);
    const total = counts.reduce((sum, each) => sum + each, 0);
    if (total > 256) throw new TiffError('A Huffman table of more than 256 codes');
    return { counts, symbols: await bytes.read(at + 16, total) };
  };
  return {
    quantisation: await readAll(quantisation, (at) => bytes.read(at, 64)),
    dc: await readAll(dc, readCode),
    ac: await readAll(ac, readCode),
    restartInterval,
  };
}

/** MCUs between the restart markers of the whole, which are also where its strips meet. Null where strips cannot be told apart so. */
function restartIntervalOf(page: StripJpeg, stream: JpegStream): number | null {
  const perStrip = mcusOf(page, stream);
  const own = stream.tables.restartInterval;
  if (perStrip === null || perStrip > MOST_16_BITS) return null;
  return own === 0 ? perStrip : perStrip % own === 0 ? own : null;
}

/** MCUs in one strip that is whole. */
function mcusOf({ width, rowsPerStrip }: StripJpeg, stream: JpegStream): number | null {
  const mcu = mcuSize(stream);
  return rowsPerStrip % mcu.height === 0 ? Math.ceil(width / mcu.width) * (rowsPerStrip / mcu.height) : null;
}

/** T.81 B.1.1.3: restart markers count from 0 to 7 through the whole scan, those within strips too. */
function joined(parts: readonly Part[], page: StripJpeg, stream: JpegStream, restart: number): readonly Uint8Array[] {
  const perStrip = (mcusOf(page, stream) ?? 0) / restart;
  return parts.flatMap(({ data }, i) => {
    const first = i * perStrip;
    const numbered = stream.tables.restartInterval === 0 || first % 8 === 0 ? data : renumbered(data, first);
    return i === 0 ? [numbered] : [Uint8Array.of(0xff, 0xd0 | ((first - 1) & 7)), numbered];
  });
}

/** Within entropy-coded data a marker's 0xFF is never followed by 0. */
function renumbered(data: Uint8Array, first: number): Uint8Array {
  const copy = data.slice();
  for (let at = copy.indexOf(0xff); at >= 0 && at + 1 < copy.length; at = copy.indexOf(0xff, at + 1)) {
    const marker = copy[at + 1] ?? 0;
    if (marker >= 0xd0 && marker <= 0xd7) copy[at + 1] = 0xd0 | ((marker + first) & 7);
  }
  return copy;
}
