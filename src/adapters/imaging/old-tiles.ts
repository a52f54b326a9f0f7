/**
 * A TIFF page in JPEG tiles or strips of the old kind, which no library reads, as a TIFF with such of the new kind: with the
 * coefficients that are stored. TIFF 6.0 sections 15 and 22 (compression 6), TIFF Technical Note 2 (compression 7).
 */
import { type JpegStream, type JpegTables, parseJpegStream } from './jpeg/segments.ts';
import { concatenate, type JpegColour, writeHead } from './jpeg/write-head.ts';
import type { Size } from './raster.ts';
import type { ByteSource } from './read-bytes.ts';
import { BASELINE_PROCESS, bareStream, isStream, OLD_JPEG_COMPRESSION, readOldTables, withoutEnd } from './strip-jpeg.ts';
import type { OldJpeg, TiffDirectory } from './tiff-directories.ts';
import { readNumbers, TiffError, type TiffShape } from './tiff-entries.ts';
import { JPEG_COMPRESSION, jpegColourOf } from './tiff-tile-index.ts';

/** Where the tiles of one page stand; a strip is a tile as wide as the page, and the last one may be lower. */
export interface OldTiles {
  readonly width: number;
  readonly height: number;
  readonly tile: Size;
  readonly isTiled: boolean;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly tables: JpegTables;
  readonly colour: JpegColour;
  readonly old: OldJpeg;
}

/** JPEG that is not read here. libtiff would leave such tiles black. */
export class OldJpegError extends Error {
  override readonly name = 'OldJpegError';
}

/** All of it is held in memory. */
const MOST_BYTES = 100_000_000;
/** What stands before the data of one tile in the new file. */
const HEAD_BYTES = 1_000;
/** A decoder holds a whole tile. */
const MOST_TILE_PIXELS = 16_000_000;
/** Of the sides of a JPEG. */
const MOST_16_BITS = 0xffff;
/** Tables and the heads of frame and scan. */
const MOST_HEAD_BYTES = 64 * 1024;

/** Null where the page is stored in another way, or is too large. @throws TiffError or TruncatedError on a file that lies. */
export async function readOldTiles(bytes: ByteSource, shape: TiffShape, directory: TiffDirectory): Promise<OldTiles | null> {
  const { width, height, compression } = directory;
  const isTiled = directory.tile !== null;
  const stored = isTiled ? directory.stored : directory.strips;
  const tile = directory.tile ?? { width, height: directory.strips?.rowsPerStrip ?? height };
  const colour = jpegColourOf(directory);
  if (compression !== OLD_JPEG_COMPRESSION || stored === null || colour === null) return null;
  if (stored.planarConfiguration !== 1 || stored.oldJpeg.process !== BASELINE_PROCESS) return null;
  const count = Math.ceil(width / tile.width) * Math.ceil(height / tile.height);
  if (count * HEAD_BYTES > MOST_BYTES || tile.width * tile.height > MOST_TILE_PIXELS) return null;
  if (Math.max(tile.width, tile.height) > MOST_16_BITS) return null;
  if (stored.offsets.count < count || stored.byteCounts.count < count) throw new TiffError('The list of tiles is too short');
  const byteCounts = await readNumbers(bytes, shape, stored.byteCounts, count);
  if (byteCounts.reduce((sum, each) => sum + each, 0) > MOST_BYTES) return null;
  return {
    width,
    height,
    tile,
    isTiled,
    offsets: await readNumbers(bytes, shape, stored.offsets, count),
    byteCounts,
    tables: await readOldTables(bytes, stored.oldJpeg),
    colour,
    old: stored.oldJpeg,
  };
}

/** @throws OldJpegError where it is JPEG that no TIFF of the new kind takes; JpegError, TiffError or TruncatedError on a file that lies. */
export async function takeOldTiles(bytes: ByteSource, page: OldTiles, profile: Uint8Array | null): Promise<Uint8Array> {
  const shared = page.old.stream > 0 ? await readHead(bytes, page) : bareStream({ ...page.tile, ...page });
  const tiles: Uint8Array[] = [];
  let sampling: readonly [number, number] | null = null;
  for (const [i, offset] of page.offsets.entries()) {
    const stored = await bytes.read(offset, page.byteCounts[i] ?? 0);
    const stream = isStream(stored) ? parseJpegStream(stored, page.tables) : null;
    sampling ??= samplingOf(stream ?? shared);
    const height = page.isTiled ? page.tile.height : Math.min(page.tile.height, page.height - i * page.tile.height);
    tiles.push(newTile(stored, { width: page.tile.width, height }, page, stream, shared));
  }
  return writeTiff(page, tiles, sampling ?? [1, 1], profile);
}

/** A stream that stands beside the tiles, with what comes before them. */
async function readHead(bytes: ByteSource, { old, tables }: OldTiles): Promise<JpegStream> {
  const length = Math.min(old.streamBytes > 0 ? old.streamBytes : MOST_HEAD_BYTES, bytes.size - old.stream, MOST_HEAD_BYTES);
  return parseJpegStream(await bytes.read(old.stream, length), tables);
}

/** The tile as a JPEG of its own. In some files each strip says the height of the page. */
function newTile(
  stored: Uint8Array,
  size: Size,
  { isTiled, height, colour }: OldTiles,
  own: JpegStream | null,
  shared: JpegStream,
): Uint8Array {
  const stream = own ?? shared;
  const { frame, scan } = stream;
  const isHigh = frame.height === size.height || (!isTiled && frame.height === height);
  if (own !== null && (frame.width !== size.width || !isHigh)) throw new TiffError('A tile is of another size');
  if (frame.kind === 0xc2 || frame.precision !== 8 || scan.length !== frame.components.length) {
    throw new OldJpegError('A tile is a JPEG of another process');
  }
  const data = own === null ? withoutEnd(stored) : stored.subarray(own.dataStart, own.dataEnd);
  return concatenate([writeHead(stream, stream.tables, { ...size, colour, profile: null }), data, Uint8Array.of(0xff, 0xd9)]);
}

/** YCbCrSubSampling: how much finer luminance is. */
function samplingOf({ frame }: JpegStream): readonly [number, number] {
  const [first] = frame.components;
  return [first?.horizontal ?? 1, first?.vertical ?? 1];
}

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const PHOTOMETRIC = { gray: 1, rgb: 2, ycbcr: 6 } as const;

/** TIFF 6.0 section 2, with one directory at the end. */
function writeTiff(
  page: OldTiles,
  tiles: readonly Uint8Array[],
  sampling: readonly [number, number],
  profile: Uint8Array | null,
): Uint8Array {
  const { width, height, tile, colour } = page;
  const samples = colour === 'gray' ? 1 : 3;
  const body: Uint8Array[] = [Uint8Array.of(0x49, 0x49, 42, 0, 0, 0, 0, 0)];
  let at = 8;
  const put = (bytes: Uint8Array): number => {
    const offset = at;
    const padding = bytes.length % 2;
    body.push(bytes, new Uint8Array(padding));
    at += bytes.length + padding;
    return offset;
  };
  const offsets = tiles.map(put);
  const lengths = tiles.map(({ length }) => length);
  const entry = (tag: number, type: typeof SHORT | typeof LONG | typeof UNDEFINED, value: readonly number[] | Uint8Array): Uint8Array => {
    const data = value instanceof Uint8Array ? value : numbers(value, type === SHORT ? 2 : 4);
    const count = type === UNDEFINED ? data.length : value.length;
    const field = data.length <= 4 ? concatenate([data, new Uint8Array(4 - data.length)]) : numbers([put(data)], 4);
    return concatenate([numbers([tag, type], 2), numbers([count], 4), field]);
  };
  const entries = [
    entry(256, LONG, [width]),
    entry(257, LONG, [height]),
    entry(
      258,
      SHORT,
      Array.from({ length: samples }, () => 8),
    ),
    entry(259, SHORT, [JPEG_COMPRESSION]),
    entry(262, SHORT, [PHOTOMETRIC[colour]]),
    ...(page.isTiled ? [] : [entry(273, LONG, offsets)]),
    entry(277, SHORT, [samples]),
    ...(page.isTiled ? [] : [entry(278, LONG, [tile.height]), entry(279, LONG, lengths)]),
    entry(284, SHORT, [1]),
    ...(page.isTiled
      ? [entry(322, LONG, [tile.width]), entry(323, LONG, [tile.height]), entry(324, LONG, offsets), entry(325, LONG, lengths)]
      : []),
    ...(colour === 'ycbcr' ? [entry(530, SHORT, sampling)] : []),
    ...(profile === null ? [] : [entry(34_675, UNDEFINED, profile)]),
  ];
  const directory = put(concatenate([numbers([entries.length], 2), ...entries, new Uint8Array(4)]));
  const file = concatenate(body);
  file.set(numbers([directory], 4), 4);
  return file;
}

/** Little-endian. */
function numbers(values: readonly number[], bytes: 2 | 4): Uint8Array {
  const out = Buffer.alloc(values.length * bytes);
  for (const [i, value] of values.entries()) out.writeUIntLE(value, i * bytes, bytes);
  return out;
}
