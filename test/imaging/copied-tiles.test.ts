import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { completeTile, joinTiles } from '../../src/adapters/imaging/jpeg/join-tiles.ts';
import { bytesInMemory } from '../../src/adapters/imaging/read-bytes.ts';
import { readTiffPages } from '../../src/adapters/imaging/tiff-directories.ts';
import { readShape } from '../../src/adapters/imaging/tiff-entries.ts';
import { type JpegTileIndex, readJpegTileIndex } from '../../src/adapters/imaging/tiff-tile-index.ts';

const WIDTH = 700;
const HEIGHT = 600;

/** Smooth and sharp parts, in every colour. */
function pixels(channels: 1 | 3): Buffer {
  const data = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * channels;
      data[at] = ((x * y) / 300) & 255;
      if (channels === 1) continue;
      data[at + 1] = 128 + 100 * Math.sin(x / 9);
      data[at + 2] = (x ^ y) & 255;
    }
  }
  return data;
}

async function pyramid(channels: 1 | 3, quality: number): Promise<Buffer> {
  return sharp(pixels(channels), { raw: { width: WIDTH, height: HEIGHT, channels } })
    .tiff({ tile: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', quality, pyramid: true })
    .toBuffer();
}

async function indexOf(file: Buffer, level = 0): Promise<JpegTileIndex> {
  const bytes = bytesInMemory(file);
  const [page] = await readTiffPages(bytes);
  const directory = level === 0 ? page?.full : page?.levels[level - 1]?.directory;
  if (directory === undefined) throw new Error('no such level');
  const index = await readJpegTileIndex(bytes, await readShape(bytes), directory);
  if (index === null) throw new Error('no JPEG tiles');
  return index;
}

function tileOf(file: Buffer, { offsets, byteCounts, columns }: JpegTileIndex, column: number, row: number): Uint8Array {
  const at = column + row * columns;
  return file.subarray(offsets[at], (offsets[at] ?? 0) + (byteCounts[at] ?? 0));
}

/** What libvips makes of the file, as the truth. */
const decodeRegion = (file: Buffer, page: number, left: number, top: number, width: number, height: number) =>
  sharp(file, { page }).extract({ left, top, width, height }).raw().toBuffer();

async function differences(jpeg: Uint8Array, expected: Buffer): Promise<{ most: number; share: number }> {
  const actual = await sharp(jpeg).raw().toBuffer();
  expect(actual.length).toBe(expected.length);
  let most = 0;
  let different = 0;
  actual.forEach((value, i) => {
    const difference = Math.abs(value - (expected[i] ?? 0));
    if (difference > 0) different += 1;
    most = Math.max(most, difference);
  });
  return { most, share: different / actual.length };
}

describe.each([
  ['gray', 1, 80],
  ['colour with less chrominance', 3, 80],
  ['colour without less chrominance', 3, 95],
] as const)('tiles of a pyramid in %s', (_name, channels, quality) => {
  it('are copied so that they show what decoding the file gives', async () => {
    const file = await pyramid(channels, quality);
    for (const level of [0, 1]) {
      const index = await indexOf(file, level);
      const { tables, tile, colour } = index;
      const jpeg = completeTile({ tables, tiles: [tileOf(file, index, 0, 0)], tile, colour, profile: null });
      expect(await differences(jpeg, await decodeRegion(file, level, 0, 0, 256, 256))).toEqual({ most: 0, share: 0 });
    }
  });

  it('are cut at the edge without being decoded', async () => {
    const file = await pyramid(channels, quality);
    const index = await indexOf(file);
    const { tables, tile, colour } = index;
    const part = { x: 0, y: 0, width: WIDTH - 512, height: HEIGHT - 512 };
    const jpeg = joinTiles({ tables, tiles: [tileOf(file, index, 2, 2)], columns: 1, tile, part, colour, profile: null });
    if (jpeg === null) throw new Error('it could not be had');
    const { most, share } = await differences(jpeg, await decodeRegion(file, 0, 512, 512, part.width, part.height));
    // Chrominance between the last pixel and what was cut off is not there any more to smooth that pixel.
    expect(share).toBeLessThan(quality === 80 && channels === 3 ? 0.02 : 1e-9);
    expect(most).toBeLessThan(quality === 80 && channels === 3 ? 100 : 1);
  });

  it('are joined so that each pixel away from the seams is the one of its tile', async () => {
    const file = await pyramid(channels, quality);
    const index = await indexOf(file);
    const { tables, tile, colour } = index;
    const tiles = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => tileOf(file, index, column, row)));
    const part = { x: 128, y: 64, width: 500, height: 500 };
    const jpeg = joinTiles({ tables, tiles, columns: 3, tile, part, colour, profile: null });
    if (jpeg === null) throw new Error('it could not be had');
    const { share } = await differences(jpeg, await decodeRegion(file, 0, part.x, part.y, part.width, part.height));
    expect(share).toBeLessThan(quality === 80 && channels === 3 ? 0.03 : 1e-9);
  });
});
