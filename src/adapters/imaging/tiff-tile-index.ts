/** Where the tiles of a TIFF directory stand, and how they are coded. TIFF 6.0 sections 15 and 22; TIFF Technical Note 2. */
import { type JpegTables, NO_TABLES, parseJpegTables } from './jpeg/segments.ts';
import type { JpegColour } from './jpeg/write-head.ts';
import type { ByteSource } from './read-bytes.ts';
import type { TiffDirectory } from './tiff-directories.ts';
import { readBytesOf, readNumbers, TiffError, type TiffShape } from './tiff-entries.ts';

/** The tiles of one directory that are JPEG streams of interleaved samples. */
export interface JpegTileIndex {
  readonly width: number;
  readonly height: number;
  readonly tile: { readonly width: number; readonly height: number };
  readonly columns: number;
  readonly rows: number;
  /** By column + row * columns; a tile of 0 bytes was never written. */
  readonly offsets: Float64Array;
  readonly byteCounts: Uint32Array;
  readonly tables: JpegTables;
  readonly colour: JpegColour;
}

/** TIFF Technical Note 2 */
const JPEG_COMPRESSION = 7;
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
  const { width, height, tile, stored } = directory;
  const colour = PHOTOMETRIC_COLOURS.get(directory.photometric);
  if (tile === null || stored === null || colour === undefined || !isCopyable(directory, colour)) return null;
  const columns = Math.ceil(width / tile.width);
  const rows = Math.ceil(height / tile.height);
  const count = columns * rows;
  if (count > MOST_TILES) throw new TiffError(`${count} tiles`);
  if (stored.offsets.count < count || stored.byteCounts.count < count) throw new TiffError('The list of tiles is too short');
  const tables = stored.jpegTables === null ? NO_TABLES : parseJpegTables(await readBytesOf(bytes, stored.jpegTables));
  return {
    width,
    height,
    tile,
    columns,
    rows,
    offsets: Float64Array.from(await readNumbers(bytes, shape, stored.offsets, count)),
    byteCounts: Uint32Array.from(await readNumbers(bytes, shape, stored.byteCounts, count)),
    tables,
    colour,
  };
}

function isCopyable(directory: TiffDirectory, colour: JpegColour): boolean {
  return (
    directory.compression === JPEG_COMPRESSION &&
    directory.bitsPerSample === 8 &&
    directory.samplesPerPixel === SAMPLES[colour] &&
    directory.stored?.planarConfiguration === 1
  );
}
