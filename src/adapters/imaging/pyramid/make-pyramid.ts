import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import turbo from '@julusian/jpeg-turbo';
import type { Sharp } from 'sharp';
import { completeTile } from '../jpeg/join-tiles.ts';
import type { Orientation } from '../orientation.ts';
import { type ByteSource, withBytes } from '../read-bytes.ts';
import { readTiffPages } from '../tiff-directories.ts';
import { readShape } from '../tiff-entries.ts';
import { type JpegTileIndex, readJpegTileIndex } from '../tiff-tile-index.ts';
import { TOUCH_SECONDS, touch } from './claim.ts';
import { encodeTiles, type TileCoding, tablesFor } from './encode-tiles.ts';
import { halveRows } from './halve-rows.ts';
import { type PixelRows, withRowsOf, withTurnedRowsOf } from './pixel-rows.ts';
import { createPyramidWriter, type PyramidWriter } from './write-pyramid.ts';

export interface PyramidRequest {
  /** The picture in sRGB or gray, at its full size: rows, or a pipeline that makes them from top to bottom. */
  readonly source: Sharp | PixelRows;
  /** How the pixels of a pipeline have to be turned to be upright. */
  readonly orientation?: Orientation;
  /** Upright, like the height. */
  readonly width: number;
  readonly height: number;
  /** Kept in the file; null for sRGB and plain gray. */
  readonly profile: Uint8Array | null;
  /** Absolute name of the file to make. Nothing is there under it before it is whole. */
  readonly file: string;
  /** A folder for what is not finished, on the same disk, which is made and removed; without it, one beside the file. */
  readonly folder?: string;
  readonly quality: number;
  readonly subsampling?: TileCoding['subsampling'];
  /** Told now and then how much of the work is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** Asked when all is made; rejects where the source is another one by now. */
  readonly checkSource?: () => Promise<void>;
}

export const PYRAMID_TILE = 256;

/** Folders of unfinished pyramids begin like this. */
export const UNFINISHED = '.unfinished-';

/**
 * Makes a pyramid with JPEG tiles: each level half of the one before, rounded up, down to one tile. All levels are made at
 * once, from the top down, so that of each a few rows are in memory. It is made in a folder of its own, read back, and only
 * then given its name: whoever is killed leaves no file that looks whole. @throws when the source cannot be read or what was
 * made does not hold what it should.
 */
export async function makePyramid(request: PyramidRequest): Promise<void> {
  const { file, folder = unfinishedFolder(dirname(file)) } = request;
  await mkdir(folder, { mode: 0o700 });
  const touching = setInterval(() => void touch(folder), TOUCH_SECONDS * 1000).unref();
  try {
    const made = join(folder, 'pyramid.tif');
    const tell = (from: number, to: number) => (share: number) => request.onProgress?.(from + share * (to - from));
    await withRows(request, folder, (rows) => writeLevels(rows, request, made, tell(PIXELS_SHARE, WRITTEN_SHARE)), tell(0, PIXELS_SHARE));
    await readBack(made, request, tell(WRITTEN_SHARE, 1));
    request.onProgress?.(1);
    await request.checkSource?.();
    await setWholeSecond(made);
    await rename(made, file);
  } finally {
    clearInterval(touching);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of the time it takes, roughly: until the pixels are there, and until all tiles are written. */
const PIXELS_SHARE = 0.4;
const WRITTEN_SHARE = 0.8;

/** A new name for a folder of what is not finished. */
export function unfinishedFolder(within: string): string {
  return join(within, `${UNFINISHED}${randomUUID()}`);
}

function withRows(
  { source, orientation = 1, width, height }: PyramidRequest,
  folder: string,
  use: (rows: PixelRows) => Promise<void>,
  onProgress: (share: number) => void,
): Promise<void> {
  const checked = (rows: PixelRows) => {
    if (rows.width !== width || rows.height !== height)
      throw new Error(`${rows.width} x ${rows.height} pixels instead of ${width} x ${height}`);
    return use(rows);
  };
  if (isRows(source)) return checked(source);
  const telling = { pixels: width * height, onProgress };
  return orientation === 1 ? withRowsOf(source, folder, checked, telling) : withTurnedRowsOf(source, orientation, folder, checked, telling);
}

function isRows(source: Sharp | PixelRows): source is PixelRows {
  return 'channels' in source;
}

/** Its last change stays the same when the time of its last use is noted, which is written with less precision. */
async function setWholeSecond(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, Math.floor(now.getTime() / 1000));
}

/** Halves, rounded up, until one tile holds all. */
export function levelSizes(width: number, height: number): ReadonlyArray<{ readonly width: number; readonly height: number }> {
  const sizes = [{ width, height }];
  for (let scale = 2; Math.max(width, height) * 2 > PYRAMID_TILE * scale; scale *= 2) {
    sizes.push({ width: Math.ceil(width / scale), height: Math.ceil(height / scale) });
  }
  return sizes;
}

/** A row of tiles of one level, as it fills up. */
interface Band {
  readonly data: Uint8Array;
  readonly width: number;
  readonly channels: 1 | 3;
  rows: number;
  /** How many rows of the level are still to come into this band or a later one. */
  missing: number;
}

async function writeLevels(
  rows: PixelRows,
  { profile, quality, subsampling = '4:2:0', signal }: PyramidRequest,
  made: string,
  onProgress: (share: number) => void,
): Promise<void> {
  const { width, height, channels } = rows;
  const coding: TileCoding = { quality, subsampling };
  const levels = levelSizes(width, height);
  const bands = levels.map(
    (size): Band => ({
      data: new Uint8Array(size.width * PYRAMID_TILE * channels),
      width: size.width,
      channels,
      rows: 0,
      missing: size.height,
    }),
  );
  const to = await open(made, 'wx');
  try {
    const writer = createPyramidWriter(to, {
      levels,
      tile: PYRAMID_TILE,
      channels,
      tables: tablesFor(PYRAMID_TILE, channels, coding),
      profile,
      subsampling: subsampling === '4:2:0' ? [2, 2] : [1, 1],
    });
    for (let top = 0; top < height; top += PYRAMID_TILE) {
      signal?.throwIfAborted();
      const [full] = bands;
      if (full === undefined) break;
      const count = Math.min(PYRAMID_TILE, height - top);
      await rows.read(top, full.data.subarray(0, count * width * channels));
      await addRows(bands, 0, count, writer, coding);
      onProgress((top + count) / height);
    }
    await writer.end();
    await to.sync();
  } finally {
    await to.close();
  }
}

/** `count` new rows stand in the band of a level. A band that is full, or the last one, becomes tiles, and half of it goes to the level below. */
async function addRows(bands: readonly Band[], level: number, count: number, writer: PyramidWriter, coding: TileCoding): Promise<void> {
  const band = bands[level];
  if (band === undefined) return;
  band.rows += count;
  band.missing -= count;
  if (band.rows < PYRAMID_TILE && band.missing > 0) return;
  await writer.addRow(level, encodeTiles(band, PYRAMID_TILE, coding));
  const below = bands[level + 1];
  const halved = below === undefined ? 0 : halveRows(band, below.data.subarray(below.rows * below.width * below.channels));
  band.rows = 0;
  await addRows(bands, level + 1, halved, writer, coding);
}

/** All levels with all their tiles, and each tile is a JPEG that can be decoded. */
async function readBack(file: string, { width, height, signal }: PyramidRequest, onProgress: (share: number) => void): Promise<void> {
  await withBytes(file, async (bytes) => {
    const [page] = await readTiffPages(bytes);
    const shape = await readShape(bytes);
    const directories = page === undefined ? [] : [page.full, ...page.levels.map(({ directory }) => directory)];
    const expected = levelSizes(width, height);
    if (directories.length !== expected.length) throw new Error(`${directories.length} levels instead of ${expected.length}`);
    for (const [i, directory] of directories.entries()) {
      const index = await readJpegTileIndex(bytes, shape, directory);
      if (index === null || index.width !== expected[i]?.width || index.height !== expected[i]?.height)
        throw new Error(`level ${i} is not what it should be`);
      // Each level has a quarter of the tiles of the one before.
      await checkTiles(bytes, index, signal, (share) => onProgress(1 - 0.25 ** i * (1 - 0.75 * share)));
    }
  });
}

async function checkTiles(
  bytes: ByteSource,
  index: JpegTileIndex,
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<void> {
  const { offsets, byteCounts, tables, tile, colour } = index;
  const format = colour === 'gray' ? turbo.FORMAT_GRAY : turbo.FORMAT_RGB;
  const pixels = Buffer.alloc(tile.width * tile.height * (colour === 'gray' ? 1 : 3));
  for (let i = 0; i < offsets.length; i++) {
    if (i % index.columns === 0) {
      signal?.throwIfAborted();
      onProgress(i / offsets.length);
    }
    const stored = await bytes.read(offsets[i] ?? 0, byteCounts[i] ?? 0);
    const jpeg = completeTile({ tables, tiles: [stored], tile, colour, profile: null });
    turbo.decompressSync(Buffer.from(jpeg), pixels, { format });
  }
}
