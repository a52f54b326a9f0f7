import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/item.ts';
import { decode, difference, type Lab, open, openLab, type Picture, planOf } from './pictures.ts';

/** Fine lines in all directions: whatever a tile does differently at its edge shows. Sides that no tile and no power of two divides. */
function lines(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      data[at] = 128 + 100 * Math.sin(x / 7 + y / 31);
      data[at + 1] = 128 + 100 * Math.sin((x * y) / 9000);
      data[at + 2] = (x + y) % 64 < 8 ? 230 : 60;
    }
  }
  return { data, width, height, channels: 3 };
}

const PICTURE = lines(1501, 1103);
const TILE = 128;

let lab: Lab;
const items = new Map<string, Item>();

beforeAll(async () => {
  lab = await openLab({ jpeg2000: 'worker' });
  const encoded = {
    png: await open(PICTURE).png().toBuffer(),
    jpg: await open(PICTURE).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer(),
    'striped.tif': await open(PICTURE).tiff({ compression: 'lzw' }).toBuffer(),
    'tiled.tif': await open(PICTURE).tiff({ compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 128 }).toBuffer(),
    'pyramid.tif': await open(PICTURE).tiff({ compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 128, pyramid: true }).toBuffer(),
    'turned.jpg': await open(PICTURE).withMetadata({ orientation: 6 }).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer(),
    webp: await open(PICTURE).webp({ lossless: true }).toBuffer(),
  };
  for (const [name, bytes] of Object.entries(encoded)) items.set(name, await lab.save(`lines.${name}`, bytes));
  const png = items.get('png');
  if (png !== undefined) items.set('jp2', await lab.save('lines.jp2', await lab.render(png, { format: 'jp2' })));
});
afterAll(() => lab.close());

/** All tiles of one scale factor, put together. https://iiif.io/api/image/3.0/implementation/#3-tile-region-parameter-calculation */
async function stitch(item: Item, scale: number): Promise<Picture> {
  const description = await lab.reader.describe(item);
  const [width, height] = [Math.ceil(description.width / scale), Math.ceil(description.height / scale)];
  const data = new Uint8Array(width * height * 3);
  const jobs: Promise<void>[] = [];
  for (let y = 0; y < description.height; y += TILE * scale) {
    for (let x = 0; x < description.width; x += TILE * scale) {
      const region = { x, y, width: Math.min(TILE * scale, description.width - x), height: Math.min(TILE * scale, description.height - y) };
      const size = { width: Math.ceil(region.width / scale), height: Math.ceil(region.height / scale) };
      const paste = async () => {
        const bytes = await lab.reader.render(item, description, planOf({ region, size }), new AbortController().signal);
        const tile = await decode(bytes, 3);
        expect([tile.width, tile.height]).toEqual([size.width, size.height]);
        for (let row = 0; row < tile.height; row++) {
          data.set(tile.data.subarray(row * tile.width * 3, (row + 1) * tile.width * 3), ((y / scale + row) * width + x / scale) * 3);
        }
      };
      jobs.push(paste());
    }
  }
  await Promise.all(jobs);
  return { data, width, height, channels: 3 };
}

describe.each(['png', 'jpg', 'striped.tif', 'tiled.tif', 'pyramid.tif', 'turned.jpg', 'webp', 'jp2'])('tiles of a %s', (name) => {
  it.each([1, 2, 4, 8])('at scale %i put together are the whole at that scale', async (scale) => {
    const item = items.get(name);
    if (item === undefined) throw new Error(`no ${name}`);
    const description = await lab.reader.describe(item);
    const size = { width: Math.ceil(description.width / scale), height: Math.ceil(description.height / scale) };
    const whole = await decode(await lab.render(item, { size }), 3);
    const { mean, max } = difference(await stitch(item, scale), whole);
    expect(mean).toBeLessThanOrEqual(0.05);
    expect(max).toBeLessThanOrEqual(2);
  });
});

describe('a reduced picture', () => {
  // What is stored or decoded smaller was made by other filters than ours: DCT scaling, boxes, and wavelets, whose samples lie at a corner.
  it.each([
    ['png', 1],
    ['jpg', 7],
    ['striped.tif', 1],
    ['tiled.tif', 1],
    ['webp', 3],
    ['pyramid.tif', 14],
    ['jp2', 15],
  ] as const)('of a %s looks like that of the others', async (name, tolerance) => {
    const item = items.get(name);
    if (item === undefined) throw new Error(`no ${name}`);
    const size = { width: 376, height: 276 };
    const expected = await decode(await open(PICTURE).resize(376, 276, { fit: 'fill' }).png().toBuffer(), 3);
    expect(difference(await decode(await lab.render(item, { size }), 3), expected).mean).toBeLessThanOrEqual(tolerance);
  });
});
