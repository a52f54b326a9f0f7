import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Sharp } from 'sharp';
import { type ByteSource, withBytes } from '../read-bytes.ts';
import { sharp } from '../sharp-library.ts';
import { readTiffPages } from '../tiff-directories.ts';
import { readBytesOf, readShape } from '../tiff-entries.ts';
import { type JpegTileIndex, readJpegTileIndex } from '../tiff-tile-index.ts';
import { type PyramidLevel, writePyramid } from './write-pyramid.ts';

export interface PyramidRequest {
  /** The source, upright and in sRGB or gray, at its full size; read once from top to bottom. */
  readonly source: Sharp;
  readonly width: number;
  readonly height: number;
  /** Kept in the file; null for sRGB and plain gray. */
  readonly profile: Uint8Array | null;
  /** Absolute name of the file to make. Nothing is there under it before it is whole. */
  readonly file: string;
  readonly quality: number;
  /** Told after each level of the share of all pixels that are done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export const PYRAMID_TILE = 256;

/**
 * Makes a pyramid with JPEG tiles: each level half of the one before, rounded up, down to one tile. Levels are made one after
 * the other in a folder beside the file, put together, read back, and only then given the name: whoever is killed leaves no
 * file that looks whole. @throws when the source cannot be read or what was made does not hold what it should.
 */
export async function makePyramid(request: PyramidRequest): Promise<void> {
  const { file, signal } = request;
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`));
  try {
    const levels = await makeLevels(request, folder);
    signal?.throwIfAborted();
    const made = join(folder, 'whole.tif');
    await putTogether(levels, request, made);
    await readBack(made, request);
    await rename(made, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeLevels(
  { source, width, height, quality, onProgress, signal }: PyramidRequest,
  folder: string,
): Promise<readonly string[]> {
  const files: string[] = [];
  const sizes = levelSizes(width, height);
  const total = sizes.reduce((sum, size) => sum + size.width * size.height, 0);
  let done = 0;
  for (const [i, size] of sizes.entries()) {
    signal?.throwIfAborted();
    const above = files.at(-1);
    const pixels = above === undefined ? source : sharp(above, { limitInputPixels: false, sequentialRead: true });
    const sized = above === undefined ? pixels : pixels.resize({ ...size, fit: 'fill', kernel: 'lanczos3' });
    const file = join(folder, `${i}.tif`);
    await sized
      .tiff({ tile: true, tileWidth: PYRAMID_TILE, tileHeight: PYRAMID_TILE, compression: 'jpeg', quality, bigtiff: true })
      .toFile(file);
    files.push(file);
    done += size.width * size.height;
    onProgress?.(done / total);
  }
  return files;
}

/** Halves, rounded up, until one tile holds all. */
export function levelSizes(width: number, height: number): ReadonlyArray<{ readonly width: number; readonly height: number }> {
  const sizes = [{ width, height }];
  for (let scale = 2; Math.max(width, height) * 2 > PYRAMID_TILE * scale; scale *= 2) {
    sizes.push({ width: Math.ceil(width / scale), height: Math.ceil(height / scale) });
  }
  return sizes;
}

async function putTogether(files: readonly string[], { profile, quality }: PyramidRequest, made: string): Promise<void> {
  const to = await open(made, 'wx', 0o600);
  try {
    await withAll(files, async (sources) => {
      const levels = await Promise.all(sources.map(readLevel));
      // libvips halves chrominance below this quality.
      const subsampling: readonly [number, number] = quality < 90 ? [2, 2] : [1, 1];
      await writePyramid(to, { levels, profile, subsampling });
    });
    await to.sync();
  } finally {
    await to.close();
  }
}

async function readLevel(bytes: ByteSource): Promise<PyramidLevel> {
  const [page] = await readTiffPages(bytes);
  const tables = page?.full.stored?.jpegTables;
  const index = page === undefined ? null : await readJpegTileIndex(bytes, await readShape(bytes), page.full);
  if (index === null || tables === null || tables === undefined) throw new Error('A level has no JPEG tiles');
  return { index, tables: new Uint8Array(await readBytesOf(bytes, tables)), bytes };
}

function withAll<T>(files: readonly string[], use: (sources: readonly ByteSource[]) => Promise<T>): Promise<T> {
  const [first, ...rest] = files;
  if (first === undefined) return use([]);
  return withBytes(first, (bytes) => withAll(rest, (others) => use([bytes, ...others])));
}

/** All levels with all their tiles, and in each tile a JPEG. */
async function readBack(file: string, { width, height }: PyramidRequest): Promise<void> {
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
      await checkTiles(bytes, index);
    }
  });
}

async function checkTiles(bytes: ByteSource, { offsets, byteCounts }: JpegTileIndex): Promise<void> {
  for (let i = 0; i < offsets.length; i++) {
    const length = byteCounts[i] ?? 0;
    const tile = length < 4 ? new Uint8Array(2) : await bytes.read(offsets[i] ?? 0, length);
    const isWhole = tile[0] === 0xff && tile[1] === 0xd8 && tile[length - 2] === 0xff && tile[length - 1] === 0xd9;
    if (!isWhole) throw new Error(`tile ${i} is not whole`);
  }
}
