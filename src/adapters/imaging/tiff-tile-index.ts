/** Where the tiles of a TIFF directory stand, and how they are coded. TIFF 6.0 sections 15 and 22; TIFF Technical Note 2. */
import { type JpegTables, NO_TABLES, parseJpegTables } from './jpeg/segments.ts';
import type { JpegColour } from './jpeg/write-head.ts';
import type { ByteSource } from './read-bytes.ts';
import type { TiffDirectory } from './tiff-directories.ts';
import { readBytesOf, readNumbers, TiffError, type TiffShape } from './tiff-entries.ts';

/** The tiles of one directory, each a stream of its own with interleaved samples. */
export interface TileIndex {
  readonly width: number;
  readonly height: number;
  readonly tile: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly rows: number;
  /** By column + row * columns; a tile of 0 bytes was never written. */
  readonly offsets: Float64Array;
  readonly byteCounts: Uint32Array;
}

export interface JpegTileIndex extends TileIndex {
  readonly tables: JpegTables;
  readonly colour: JpegColour;
}

const MOST_TILE_BYTES = 16_000_000;

/** Whether a tile of so many bytes was written at all, and is none that nobody writes. */
export function isTileLength(bytes: number): boolean {
  return bytes > 0 && bytes <= MOST_TILE_BYTES;
}

/** TIFF Technical Note 2 */
export const JPEG_COMPRESSION = 7;
/** As libtiff numbers it. */
const WEBP_COMPRESSION = 50_001;
const PHOTOMETRIC_COLOURS: ReadonlyMap<number, JpegColour> = new Map([
  [1, 'gray'],
  [2, 'rgb'],
  [6, 'ycbcr'],
]);
const SAMPLES = { gray: 1, rgb: 3, ycbcr: 3 } as const;

/** More than a picture of a hundred gigapixels has. */
const MOST_TILES = 2_000_000;

/** Null where the tiles are stored in another way. Throws `TiffError`, `JpegError` or `TruncatedError` on a file that lies. */
export async function readJpegTileIndex(bytes: ByteSource, shape: TiffShape, directory: TiffDirectory): Promise<JpegTileIndex | null> {
  const { stored, compression } = directory;
  const colour = jpegColourOf(directory);
  if (compression !== JPEG_COMPRESSION || colour === null) return null;
  const index = await readIndex(bytes, shape, directory);
  if (index === null) return null;
  const jpegTables = stored?.jpegTables ?? null;
  return { ...index, tables: jpegTables === null ? NO_TABLES : parseJpegTables(await readBytesOf(bytes, jpegTables)), colour };
}

/** Whether the tiles of a directory are JPEG streams that could be sent as they are. */
export function storesJpegTiles(directory: TiffDirectory): boolean {
  const { tile, stored, compression } = directory;
  return tile !== null && stored?.planarConfiguration === 1 && compression === JPEG_COMPRESSION && jpegColourOf(directory) !== null;
}

/** `readJpegTileIndex` of WebP tiles. */
export async function readWebpTileIndex(bytes: ByteSource, shape: TiffShape, directory: TiffDirectory): Promise<TileIndex | null> {
  const { compression, photometric, bitsPerSample, samplesPerPixel, premultiplied } = directory;
  const isColour = photometric === 2 && bitsPerSample === 8 && (samplesPerPixel === 3 || samplesPerPixel === 4);
  return compression === WEBP_COMPRESSION && isColour && !premultiplied ? readIndex(bytes, shape, directory) : null;
}

/** How a JPEG of these samples would have to be understood; null where none can say it. */
export function jpegColourOf({ photometric, bitsPerSample, samplesPerPixel }: TiffDirectory): JpegColour | null {
  const colour = PHOTOMETRIC_COLOURS.get(photometric);
  return colour !== undefined && bitsPerSample === 8 && samplesPerPixel === SAMPLES[colour] ? colour : null;
}

async function readIndex(bytes: ByteSource, shape: TiffShape, { width, height, tile, stored }: TiffDirectory): Promise<TileIndex | null> {
  if (tile === null || stored === null || stored.planarConfiguration !== 1) return null;
  const columns = Math.ceil(width / tile.width);
  const rows = Math.ceil(height / tile.height);
  const count = columns * rows;
  if (count > MOST_TILES) throw new TiffError(`${count} tiles`);
  if (stored.offsets.count < count || stored.byteCounts.count < count) throw new TiffError('The list of tiles is too short');
  return {
    width,
    height,
    tile,
    columns,
    rows,
    offsets: Float64Array.from(await readNumbers(bytes, shape, stored.offsets, count)),
    byteCounts: Uint32Array.from(await readNumbers(bytes, shape, stored.byteCounts, count)),
  };
}
