import { describe, expect, it } from 'vitest';
import { bytesInMemory } from './read-bytes.ts';
import { groupPages, readTiffPages, type TiffDirectory } from './tiff-directories.ts';

function directory(width: number, height: number, more: Partial<TiffDirectory> = {}): TiffDirectory {
  return {
    width,
    height,
    subfileType: 0,
    tile: { width: 256, height: 256 },
    bitsPerSample: 8,
    samplesPerPixel: 3,
    photometric: 2,
    compression: 1,
    orientation: 1,
    extraSamples: 0,
    premultiplied: false,
    sampleFormat: 1,
    profile: null,
    xmp: null,
    subDirectories: [],
    stored: null,
    strips: null,
    ...more,
  };
}

const shapeOf = (chain: readonly TiffDirectory[], sub: ReadonlyArray<readonly TiffDirectory[]> = []) =>
  groupPages(chain, sub).map(({ page, levels }) => ({ page, levels: levels.map((level) => [level.page, level.subifd]) }));

describe('pages and levels', () => {
  it('takes halvings that say so for one page', () => {
    const chain = [directory(1000, 700), directory(500, 350, { subfileType: 1 }), directory(250, 175, { subfileType: 1 })];
    expect(shapeOf(chain)).toEqual([
      {
        page: 0,
        levels: [
          [1, -1],
          [2, -1],
        ],
      },
    ]);
  });

  it('takes tiled halvings that say nothing for one page', () => {
    expect(shapeOf([directory(1001, 701), directory(500, 350), directory(250, 175)])).toEqual([
      {
        page: 0,
        levels: [
          [1, -1],
          [2, -1],
        ],
      },
    ]);
  });

  it('takes what calls itself a page for one, even at half the size', () => {
    expect(shapeOf([directory(1000, 700), directory(500, 350, { subfileType: 2 })])).toHaveLength(2);
  });

  it('takes striped directories of half the size for pages', () => {
    expect(shapeOf([directory(1000, 700, { tile: null }), directory(500, 350, { tile: null })])).toHaveLength(2);
  });

  it('takes equal sizes for pages', () => {
    expect(shapeOf([directory(1000, 700), directory(1000, 700), directory(1000, 700)])).toHaveLength(3);
  });

  it('leaves out masks, thumbnails of another shape, and levels with other samples', () => {
    const odd = [
      directory(1000, 700, { subfileType: 4 }),
      directory(160, 160, { subfileType: 1 }),
      directory(500, 350, { subfileType: 1, samplesPerPixel: 1 }),
    ];
    expect(shapeOf([directory(1000, 700), ...odd])).toEqual([{ page: 0, levels: [] }]);
  });

  it('takes SubIFDs of the same shape for levels, largest first', () => {
    const subs = [directory(250, 175), directory(500, 350), directory(100, 100)];
    expect(shapeOf([directory(1000, 700)], [subs])).toEqual([
      {
        page: 0,
        levels: [
          [0, 1],
          [0, 0],
        ],
      },
    ]);
  });
});

describe('reading directories', () => {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const tiff = (entries: readonly Buffer[], next = 0) => {
    const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, entries.length, 0]);
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(next);
    return bytesInMemory(Buffer.concat([head, ...entries, tail]));
  };
  const size = [entry(256, 3, 1, 640), entry(257, 3, 1, 480)];

  it('reads a size', async () => {
    expect((await readTiffPages(tiff(size)))[0]?.full).toMatchObject({ width: 640, height: 480, tile: null });
  });

  it('refuses what has no size, loops, points outside or never ends', async () => {
    await expect(readTiffPages(tiff([]))).rejects.toThrow('0 entries');
    await expect(readTiffPages(tiff([entry(259, 3, 1, 1)]))).rejects.toThrow('without a size');
    await expect(readTiffPages(tiff(size, 8))).rejects.toThrow('loop');
    await expect(readTiffPages(tiff(size, 0x7fffffff))).rejects.toThrow('bytes at');
    await expect(readTiffPages(tiff([...size, entry(330, 4, 0xffffffff, 0xfffffff0)]))).rejects.toThrow('bytes at');
    await expect(readTiffPages(bytesInMemory(Buffer.from('II*\0')))).rejects.toThrow('bytes at');
  });
});
