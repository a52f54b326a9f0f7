import { describe, expect, it } from 'vitest';
import { areaOf, canTakeTiles, joinTiles, listTileParts, selectTiles, tilesOf } from './codestream-tiles.ts';
import { fullRect, reducedSize } from './jp2-decoder.ts';
import { readJp2Header, readRawHeader } from './jp2-header.ts';
import { bytesInMemory } from './read-bytes.ts';
import { wrapJp2 } from './wrap-jp2.ts';

interface Shape {
  readonly area: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly tile: readonly [width: number, height: number];
  readonly components?: number;
  readonly depth?: number;
  readonly levels?: number;
  /** Tile numbers, one tile-part of 16 bytes each. */
  readonly parts?: readonly number[];
  readonly extra?: Buffer;
}

/** Headers as they should be, around tiles that hold nothing. */
function codestream({
  area: [x0, y0, x1, y1],
  tile,
  components = 3,
  depth = 8,
  levels = 5,
  parts = [0],
  extra = Buffer.alloc(0),
}: Shape): Buffer {
  const siz = Buffer.alloc(40 + components * 3);
  siz.writeUInt16BE(0xff51, 0);
  siz.writeUInt16BE(38 + components * 3, 2);
  [x1, y1, x0, y0, tile[0], tile[1], 0, 0].forEach((value, i) => {
    siz.writeUInt32BE(value, 6 + i * 4);
  });
  siz.writeUInt16BE(components, 38);
  for (let i = 0; i < components; i++) siz.set([depth - 1, 1, 1], 40 + i * 3);
  const cod = Buffer.from([0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, levels, 4, 4, 0, 1]);
  const tiles = parts.map((number) =>
    Buffer.from([0xff, 0x90, 0, 10, number >> 8, number & 255, 0, 0, 0, 16, 0, 1, 0xff, 0x93, number, number]),
  );
  return Buffer.concat([Buffer.from([0xff, 0x4f]), siz, cod, extra, ...tiles, Buffer.from([0xff, 0xd9])]);
}

const GRID: Shape = { area: [0, 0, 1000, 600], tile: [256, 256], parts: Array.from({ length: 12 }, (_, i) => i) };

describe('the main header', () => {
  it('tells size, tiles, components and decompositions', async () => {
    const { codestream: read, alpha } = await readRawHeader(bytesInMemory(codestream({ ...GRID, depth: 16, levels: 3 })));
    expect(read).toMatchObject({ x0: 0, y0: 0, x1: 1000, y1: 600, decompositions: 3, tile: { width: 256, height: 256 } });
    expect(read.components).toEqual(Array.from({ length: 3 }, () => ({ depth: 16, signed: false, dx: 1, dy: 1 })));
    expect(alpha).toBe(false);
  });

  it.each([
    ['no size', { area: [0, 0, 0, 0], tile: [8, 8] }],
    ['an area that ends before it begins', { area: [9, 9, 8, 8], tile: [8, 8] }],
    ['no tiles', { area: [0, 0, 8, 8], tile: [0, 8] }],
    ['more decompositions than there can be', { area: [0, 0, 8, 8], tile: [8, 8], levels: 33 }],
    ['no components', { area: [0, 0, 8, 8], tile: [8, 8], components: 0 }],
  ] as const)('with %s is refused', async (_name, shape) => {
    await expect(readRawHeader(bytesInMemory(codestream(shape)))).rejects.toThrow();
  });

  it('cut off anywhere is refused', async () => {
    const whole = codestream(GRID);
    for (let length = 2; length < 60; length++) await expect(readRawHeader(bytesInMemory(whole.subarray(0, length)))).rejects.toThrow();
  });
});

describe('the boxes', () => {
  const wrapping = { width: 1000, height: 600, components: 3, depth: 8, colour: 'srgb', profile: null, alpha: false } as const;
  const read = (more: object, shape: Shape = GRID) => readJp2Header(bytesInMemory(wrapJp2(codestream(shape), { ...wrapping, ...more })));

  it('tell the colour space, a profile, and opacity', async () => {
    expect(await read({})).toMatchObject({ colourSpace: 'srgb', profile: null, alpha: false, palette: null });
    expect(await read({ colour: 'cmyk', components: 4 }, { ...GRID, components: 4 })).toMatchObject({ colourSpace: 'cmyk', alpha: false });
    expect(await read({ profile: Uint8Array.of(1, 2, 3) })).toMatchObject({ colourSpace: null, profile: Uint8Array.of(1, 2, 3) });
    expect((await read({ alpha: true, components: 4 }, { ...GRID, components: 4 })).alpha).toBe(true);
    expect((await read({ colour: 'gray', components: 2 }, { ...GRID, components: 2 })).alpha).toBe(true);
  });

  it('that reach beyond the file, or are shorter than their header, are refused', async () => {
    const whole = Buffer.from(wrapJp2(codestream(GRID), wrapping));
    await expect(readJp2Header(bytesInMemory(whole.subarray(0, whole.length - 1)))).rejects.toThrow('longer than the file');
    const short = Buffer.from(whole);
    short.writeUInt32BE(4, 12);
    await expect(readJp2Header(bytesInMemory(short))).rejects.toThrow('shorter than its own header');
    await expect(readJp2Header(bytesInMemory(whole.subarray(0, 32)))).rejects.toThrow('No codestream');
  });
});

describe('tiles', () => {
  it('are found for a rectangle', async () => {
    const { codestream: stream } = await readRawHeader(bytesInMemory(codestream(GRID)));
    expect(tilesOf(stream, { x: 255, y: 256, width: 2, height: 1 })).toEqual({ column: 0, row: 1, columns: 2, rows: 1 });
    expect(tilesOf(stream, { x: 256, y: 0, width: 256, height: 600 })).toEqual({ column: 1, row: 0, columns: 1, rows: 3 });
  });

  it('taken out are numbered anew, and keep their bytes', async () => {
    const bytes = bytesInMemory(codestream(GRID));
    const header = await readRawHeader(bytes);
    const taken = await selectTiles(bytes, header, await listTileParts(bytes, header), { column: 2, row: 1, columns: 2, rows: 2 });
    const again = bytesInMemory(taken ?? new Uint8Array());
    const inner = await readRawHeader(again);
    expect(inner.codestream).toMatchObject({ x0: 0, y0: 0, x1: 488, y1: 344 });
    const parts = await listTileParts(again, inner);
    expect(parts.map(({ tile }) => tile)).toEqual([0, 1, 2, 3]);
    const contents = await Promise.all(parts.map(async ({ offset }) => (await again.read(offset + 14, 1))[0]));
    expect(contents).toEqual([6, 7, 10, 11]);
  });

  it('cannot be taken out of a header that packs theirs, and pointers to them are dropped', async () => {
    const marker = (code: number) => Buffer.from([0xff, code, 0, 4, 0, 0]);
    for (const [code, possible] of [
      [0x60, false],
      [0x55, true],
      [0x57, true],
    ] as const) {
      const bytes = bytesInMemory(codestream({ ...GRID, extra: marker(code) }));
      const header = await readRawHeader(bytes);
      const taken = await selectTiles(bytes, header, await listTileParts(bytes, header), { column: 0, row: 0, columns: 1, rows: 1 });
      expect(taken !== null).toBe(possible);
      if (taken !== null) expect(Buffer.from(taken).indexOf(marker(code))).toBe(-1);
    }
  });

  it('can be moved where their sides are powers of two that all levels divide', async () => {
    const can = async (shape: Shape) => canTakeTiles((await readRawHeader(bytesInMemory(codestream(shape)))).codestream);
    expect(await can(GRID)).toBe(true);
    expect(await can({ ...GRID, tile: [300, 256] })).toBe(false);
    expect(await can({ ...GRID, tile: [16, 16] })).toBe(false);
    expect(await can({ ...GRID, tile: [1024, 1024] })).toBe(false);
  });

  it('that end beyond the file show that it is cut off', async () => {
    const whole = codestream(GRID);
    const bytes = bytesInMemory(whole.subarray(0, whole.length - 5));
    const header = await readRawHeader(bytes);
    await expect(listTileParts(bytes, header)).rejects.toThrow('cut off');
  });

  it('joined have the area that was asked for', async () => {
    const single = codestream({ area: [0, 0, 256, 256], tile: [256, 256] });
    const { headerBytes } = (await readRawHeader(bytesInMemory(single))).codestream;
    const area = { x0: 0, y0: 0, x1: 500, y1: 200, tile: { x0: 0, y0: 0, width: 256, height: 256 } };
    const joined = bytesInMemory(
      joinTiles(
        [
          { bytes: single, headerBytes },
          { bytes: single, headerBytes },
        ],
        area,
      ),
    );
    const header = await readRawHeader(joined);
    expect(header.codestream).toMatchObject({ x1: 500, y1: 200, tile: { width: 256, height: 256 } });
    expect((await listTileParts(joined, header)).map(({ tile }) => tile)).toEqual([0, 1]);
  });

  it('keep an offset of the image only in the first column and row', async () => {
    const { codestream: stream } = await readRawHeader(bytesInMemory(codestream({ ...GRID, area: [33, 17, 1000, 600] })));
    expect(areaOf(stream, { column: 0, row: 0, columns: 1, rows: 1 })).toMatchObject({ x0: 33, y0: 17, x1: 256, y1: 256 });
    expect(areaOf(stream, { column: 1, row: 1, columns: 3, rows: 2 })).toMatchObject({ x0: 0, y0: 0, x1: 744, y1: 344 });
  });
});

describe('reduced sizes', () => {
  it('are counted on the reference grid, there and back', async () => {
    const header = await readRawHeader(bytesInMemory(codestream({ ...GRID, area: [33, 17, 1000, 600] })));
    const whole = { x: 0, y: 0, width: 967, height: 583 };
    expect(reducedSize(header, whole, 3)).toEqual({ width: 120, height: 72 });
    for (const rect of [
      { x: 0, y: 0, width: 5, height: 7 },
      { x: 100, y: 60, width: 20, height: 12 },
    ]) {
      expect(reducedSize(header, fullRect(header, rect, 3), 3)).toEqual({ width: rect.width, height: rect.height });
    }
  });
});
