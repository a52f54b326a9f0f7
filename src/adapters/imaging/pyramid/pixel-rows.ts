import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { type Orientation, orientSize, toStoredRect, turnOf } from '../orientation.ts';
import type { Rect, Size } from '../raster.ts';
import { type ByteSource, withBytes } from '../read-bytes.ts';
import { readTiffPages } from '../tiff-directories.ts';
import { readNumbers, readShape } from '../tiff-entries.ts';

/** A picture that is read from top to bottom, a few rows at a time: 8 bits a sample, interleaved. */
export interface PixelRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Fills `into` with whole rows from row `top` on. Rows are asked for in their order. */
  read(top: number, into: Uint8Array): Promise<void>;
}

/** A file of libvips' own format begins with so many bytes; the pixels follow, row by row. */
const HEADER_BYTES = 64;
const LOOK_MILLISECONDS = 250;

/**
 * Lends the rows of what a pipeline makes. libvips gives out rows only as a file, so for that time they stand uncompressed
 * in a file in `folder`; memory holds a few rows, however large the picture is. `onProgress` is told which share of it is there.
 */
export async function withRowsOf<T>(
  pipeline: Sharp,
  folder: string,
  use: (rows: PixelRows) => Promise<T>,
  { pixels, onProgress }: { readonly pixels: number; readonly onProgress: (share: number) => void },
): Promise<T> {
  const file = join(folder, 'pixels.v');
  const { width, height, channels } = await whileTelling(
    () => pipeline.toFile(file),
    file,
    (bytes) => onProgress(Math.min(1, bytes / (3 * pixels))),
  );
  const handle = await open(file, 'r');
  try {
    return await use({
      width,
      height,
      channels: toChannels(channels),
      read: (top, into) => readFully(handle, HEADER_BYTES + top * width * channels, into),
    });
  } finally {
    await handle.close();
  }
}

/** The same of a picture that has to be turned to be upright. Its file has tiles, so that rows are found again whichever way they lie. */
export async function withTurnedRowsOf<T>(
  pipeline: Sharp,
  orientation: Orientation,
  folder: string,
  use: (rows: PixelRows) => Promise<T>,
  { pixels, onProgress }: { readonly pixels: number; readonly onProgress: (share: number) => void },
): Promise<T> {
  const file = join(folder, 'pixels.tif');
  const tiled = pipeline.tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'none', bigtiff: true });
  await whileTelling(
    () => tiled.toFile(file),
    file,
    (bytes) => onProgress(Math.min(1, bytes / (3 * pixels))),
  );
  return withBytes(file, async (bytes) => use(await turnedRows(bytes, orientation)));
}

function toChannels(count: number): 1 | 3 {
  if (count !== 1 && count !== 3) throw new Error(`${count} channels instead of 1 or 3`);
  return count;
}

const TILE = 256;

async function turnedRows(bytes: ByteSource, orientation: Orientation): Promise<PixelRows> {
  const [page] = await readTiffPages(bytes);
  const stored = page?.full;
  if (stored === undefined || stored.stored === null) throw new Error('The file of pixels is not whole');
  const channels = toChannels(stored.samplesPerPixel);
  const across = Math.ceil(stored.width / TILE);
  const count = across * Math.ceil(stored.height / TILE);
  const offsets = await readNumbers(bytes, await readShape(bytes), stored.stored.offsets, count);
  const seen = orientSize(stored, orientation);

  async function readStored({ x, y, width, height }: Rect): Promise<Uint8Array> {
    const data = new Uint8Array(width * height * channels);
    for (let row = Math.floor(y / TILE); row * TILE < y + height; row++) {
      for (let column = Math.floor(x / TILE); column * TILE < x + width; column++) {
        const tile = await bytes.read(offsets[row * across + column] ?? 0, TILE * TILE * channels);
        const [left, right] = [Math.max(x, column * TILE), Math.min(x + width, (column + 1) * TILE)];
        for (let line = Math.max(y, row * TILE); line < Math.min(y + height, (row + 1) * TILE); line++) {
          const from = ((line - row * TILE) * TILE + left - column * TILE) * channels;
          data.set(tile.subarray(from, from + (right - left) * channels), ((line - y) * width + left - x) * channels);
        }
      }
    }
    return data;
  }

  return {
    ...seen,
    channels,
    async read(top, into) {
      const rows = into.length / (seen.width * channels);
      const rect = toStoredRect({ x: 0, y: top, width: seen.width, height: rows }, stored, orientation);
      turnInto(into, { width: seen.width, height: rows }, await readStored(rect), rect, channels, orientation);
    },
  };
}

/** Puts the pixels of a stored rectangle where they are seen. */
function turnInto(into: Uint8Array, seen: Size, data: Uint8Array, stored: Size, channels: number, orientation: Orientation): void {
  const { flip, flop, degrees } = turnOf(orientation);
  const placeOf = (x: number, y: number): number => {
    const column = degrees === 0 ? x : degrees === 90 ? y : stored.width - 1 - (degrees === 180 ? x : y);
    const row = degrees === 0 ? y : degrees === 270 ? x : stored.height - 1 - (degrees === 180 ? y : x);
    return ((flip ? stored.height - 1 - row : row) * stored.width + (flop ? stored.width - 1 - column : column)) * channels;
  };
  const start = placeOf(0, 0);
  const [stepX, stepY] = [placeOf(1, 0) - start, placeOf(0, 1) - start];
  let to = 0;
  for (let y = 0; y < seen.height; y++) {
    let from = start + y * stepY;
    for (let x = 0; x < seen.width; x++, from += stepX) {
      for (let c = 0; c < channels; c++, to++) into[to] = data[from + c] as number;
    }
  }
}

async function whileTelling<T>(work: () => Promise<T>, file: string, onProgress: (bytes: number) => void): Promise<T> {
  const look = async () => onProgress((await stat(file).catch(() => null))?.size ?? 0);
  const timer = setInterval(() => void look(), LOOK_MILLISECONDS).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function readFully(handle: FileHandle, from: number, into: Uint8Array): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw new Error('The file of pixels is too short');
    done += bytesRead;
  }
}
