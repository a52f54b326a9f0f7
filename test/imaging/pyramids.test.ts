import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { levelSizes, makePyramid } from '../../src/adapters/imaging/pyramid/make-pyramid.ts';
import { sharp as ours } from '../../src/adapters/imaging/sharp-library.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pyramids-'));
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

const WIDTH = 1301;
const HEIGHT = 903;

function picture(channels: 1 | 3) {
  const data = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      for (let c = 0; c < channels; c++) data[(y * WIDTH + x) * channels + c] = 128 + 90 * Math.sin(x / (20 + 9 * c)) * Math.cos(y / 31);
    }
  }
  return ours(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

describe('levels of a pyramid', () => {
  it('are halves, rounded up, until one tile holds all', () => {
    expect(levelSizes(1301, 903)).toEqual([
      { width: 1301, height: 903 },
      { width: 651, height: 452 },
      { width: 326, height: 226 },
      { width: 163, height: 113 },
    ]);
    expect(levelSizes(256, 256)).toHaveLength(1);
    expect(levelSizes(257, 1)).toHaveLength(2);
  });
});

describe.each([
  ['colour', 3],
  ['gray', 1],
] as const)('a pyramid in %s', (name, channels) => {
  it('holds the picture at every level, and libvips reads it', async () => {
    const file = join(folder, `${name}.tif`);
    const shares: number[] = [];
    await makePyramid({
      source: picture(channels),
      width: WIDTH,
      height: HEIGHT,
      profile: null,
      file,
      quality: 85,
      onProgress: (share) => shares.push(share),
    });
    for (const [page, size] of levelSizes(WIDTH, HEIGHT).entries()) {
      const stored = await sharp(file, { page }).raw().toBuffer({ resolveWithObject: true });
      expect(stored.info).toMatchObject(size);
      const expected = await picture(channels)
        .resize({ ...size, fit: 'fill' })
        .raw()
        .toBuffer();
      const error = stored.data.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0) / expected.length;
      expect(error).toBeLessThan(5);
    }
    expect(shares.at(-1)).toBe(1);
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^\./));
  });
});

describe('a pyramid that is not finished', () => {
  it('leaves nothing behind', async () => {
    const file = join(folder, 'stopped.tif');
    const stop = new AbortController();
    const making = makePyramid({
      source: picture(3),
      width: WIDTH,
      height: HEIGHT,
      profile: null,
      file,
      quality: 85,
      onProgress: () => stop.abort(),
      signal: stop.signal,
    });
    await expect(making).rejects.toThrow();
    expect((await readdir(folder)).filter((each) => each.includes('stopped'))).toEqual([]);
  });
});
