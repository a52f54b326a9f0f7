import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/adapters/imaging/read-bytes.ts';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import { readTiffPages, type TiffDirectory } from '../../src/adapters/imaging/tiff-directories.ts';
import { readBytesOf, readNumbers, readShape } from '../../src/adapters/imaging/tiff-entries.ts';
import { assembleTiff, basics, type RawDirectory, strips, type TiffKind, tiles } from './assemble-tiff.ts';
import { crop, decode, difference, failureOf, type Lab, open, openLab, type Picture, paint, planOf, withAlpha } from './pictures.ts';
import { writeTiff } from './write-tiff.ts';

const WIDTH = 600;
const HEIGHT = 500;
const TILE = 128;
const PICTURE = paint(WIDTH, HEIGHT);
const GRAY: Picture = { ...PICTURE, data: PICTURE.data.filter((_, i) => i % 3 === 0), channels: 1 };

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

/** A pyramid as libvips writes it: classic, little-endian, its levels one after the other. */
function pyramidOf(picture: Picture, compression: 'jpeg' | 'webp' | 'deflate', quality: number): Promise<Buffer> {
  return open(picture).tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression, quality, pyramid: true }).toBuffer();
}

/** The tiles and tables of a file in another kind of file, with its levels in one chain or below the first. */
async function rewrap(file: Buffer, kind: TiffKind, levels: 'chain' | 'sub'): Promise<Buffer> {
  const bytes = bytesInMemory(file);
  const [page] = await readTiffPages(bytes);
  if (page === undefined) throw new Error('no page');
  const shape = await readShape(bytes);
  const toRaw = async (directory: TiffDirectory, subfileType: number): Promise<RawDirectory> => {
    const { stored, width, height, compression, photometric, samplesPerPixel, extraSamples } = directory;
    if (stored === null) throw new Error('no tiles');
    const offsets = await readNumbers(bytes, shape, stored.offsets, 1e6);
    const counts = await readNumbers(bytes, shape, stored.byteCounts, 1e6);
    const blocks = offsets.map((offset, i) => file.subarray(offset, offset + (counts[i] ?? 0)));
    const tables = stored.jpegTables === null ? null : Buffer.from(await readBytesOf(bytes, stored.jpegTables));
    return {
      entries: [
        [254, 4, [subfileType]],
        ...basics(width, height, compression, photometric, samplesPerPixel),
        ...tiles(TILE, blocks, kind.big === true ? 16 : 4),
        ...(tables === null ? [] : [[347, 7, tables] as const]),
        ...(photometric === 6 ? [[530, 3, [2, 2]] as const] : []),
        ...(extraSamples > 0 ? [[338, 3, [2]] as const] : []),
      ],
    };
  };
  const full = await toRaw(page.full, 0);
  const rest = await Promise.all(page.levels.map(({ directory }) => toRaw(directory, 1)));
  return assembleTiff(levels === 'sub' ? [{ ...full, sub: rest }] : [full, ...rest], kind);
}

const KINDS: ReadonlyArray<readonly [string, TiffKind, 'chain' | 'sub']> = [
  ['classic, little-endian, a chain', {}, 'chain'],
  ['classic, big-endian, a chain', { bigEndian: true }, 'chain'],
  ['classic, big-endian, SubIFDs', { bigEndian: true }, 'sub'],
  ['BigTIFF, little-endian, SubIFDs', { big: true }, 'sub'],
  ['BigTIFF, big-endian, a chain', { bigEndian: true, big: true }, 'chain'],
  ['BigTIFF, big-endian, SubIFDs', { bigEndian: true, big: true }, 'sub'],
];

const CODINGS: ReadonlyArray<readonly [string, () => Promise<Buffer>, 'jpg' | 'webp']> = [
  ['JPEG tiles in YCbCr', () => pyramidOf(PICTURE, 'jpeg', 80), 'jpg'],
  ['JPEG tiles in RGB', () => pyramidOf(PICTURE, 'jpeg', 95), 'jpg'],
  ['JPEG tiles in gray', () => pyramidOf(GRAY, 'jpeg', 80), 'jpg'],
  ['WebP tiles', () => pyramidOf(PICTURE, 'webp', 80), 'webp'],
  ['WebP tiles with opacity', () => pyramidOf(withAlpha(PICTURE), 'webp', 80), 'webp'],
];

/** What libvips makes of a region of a level. */
async function libraryPixels(file: Buffer, where: { page: number; subifd: number }, side: number): Promise<Picture> {
  const { data, info } = await sharp(file, where)
    .extract({ left: TILE, top: 0, width: side, height: side })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

describe.each(KINDS)('%s', (name, kind, levels) => {
  it.each(CODINGS)('with %s: a stored tile is the answer, at every scale', async (_coding, make, format) => {
    const file = await rewrap(await make(), kind, levels);
    const item = await lab.save(`${name}.tif`, file);
    const description = await lab.reader.describe(item);
    expect([description.width, description.height, description.pages]).toEqual([WIDTH, HEIGHT, 1]);
    expect(description.levels[0]).toEqual({ width: 300, height: 250 });
    for (const level of [0, 1]) {
      const scale = 2 ** level;
      const region = { x: TILE * scale, y: 0, width: TILE * scale, height: TILE * scale };
      const answer = await lab.render(item, { region, size: { width: TILE, height: TILE }, format });
      const where = levels === 'chain' ? { page: level, subifd: -1 } : { page: 0, subifd: level - 1 };
      const expected = await libraryPixels(file, where, TILE);
      expect(difference(await decode(answer, expected.channels as 1 | 3 | 4), expected)).toEqual({ mean: 0, max: 0 });
      // Its data stands in the file as it stands in the answer.
      expect(file.includes(Buffer.from(answer.slice(-100, -2)))).toBe(true);
    }
  });

  it('with pixels as they are: answers are made of them', async () => {
    const full = { picture: PICTURE, tile: TILE };
    const item = await lab.save(`plain ${name}.tif`, writeTiff([full], kind));
    expect(difference(await decode(await lab.render(item), 3), PICTURE).max).toBe(0);
  });
});

describe('a WebP tile', () => {
  const whole = { region: { x: 0, y: 0, width: TILE, height: TILE }, size: { width: TILE, height: TILE } };

  it('at the edge is made anew, of the size that was asked for', async () => {
    const item = await lab.save('edge.tif', await pyramidOf(PICTURE, 'webp', 80));
    const region = { x: 512, y: 384, width: 88, height: 116 };
    const seen = await decode(await lab.render(item, { region, format: 'webp' }), 3);
    expect([seen.width, seen.height]).toEqual([88, 116]);
    expect(difference(seen, crop(PICTURE, 512, 384, 88, 116)).mean).toBeLessThan(6);
  });

  it('is made anew where gray, another format or a turn is asked for', async () => {
    const file = await pyramidOf(PICTURE, 'webp', 80);
    const item = await lab.save('other.tif', file);
    for (const wanted of [{ quality: 'gray' }, { degrees: 90 }, { mirrored: true }] as const) {
      const answer = await lab.render(item, { ...whole, format: 'webp', ...wanted });
      expect(file.includes(Buffer.from(answer.slice(-100, -2)))).toBe(false);
    }
    const jpeg = await lab.render(item, { ...whole, format: 'jpg' });
    expect((await sharp(jpeg).metadata()).format).toBe('jpeg');
  });

  it('of another size than the grid has is not handed out', async () => {
    const small = await open(paint(64, 64)).webp().toBuffer();
    const file = assembleTiff([{ entries: [...basics(TILE, TILE, 50_001, 2), ...tiles(TILE, [small])] }]);
    const answer = await lab.render(await lab.save('small.tif', file), { ...whole, format: 'webp' }).catch(() => null);
    if (answer !== null) expect((await sharp(answer).metadata()).width).toBe(TILE);
  });

  it('whose colours are multiplied with its opacity is not copied', async () => {
    const [block = Buffer.alloc(0)] = [
      await open(withAlpha(paint(TILE, TILE)))
        .webp()
        .toBuffer(),
    ];
    const file = assembleTiff([{ entries: [...basics(TILE, TILE, 50_001, 2, 4), [338, 3, [1]], ...tiles(TILE, [block])] }]);
    const answer = await lab.render(await lab.save('multiplied.tif', file), { ...whole, format: 'webp' });
    expect(file.includes(Buffer.from(answer.slice(-100, -2)))).toBe(false);
  });
});

/** A JPEG split where its entropy-coded data begins; with the Huffman tables that every JPEG of this kind has. */
async function jpegParts(picture: Picture, chromaSubsampling: '4:4:4' | '4:2:0'): Promise<{ head: Buffer; data: Buffer; whole: Buffer }> {
  const pixels = picture.channels === 1 ? open(picture).toColourspace('b-w') : open(picture);
  const whole = await pixels.jpeg({ quality: 90, chromaSubsampling, optimiseCoding: false, mozjpeg: false }).toBuffer();
  const scan = whole.indexOf(Buffer.from([0xff, 0xda]));
  const start = scan + 2 + whole.readUInt16BE(scan + 2);
  return { head: whole.subarray(0, start), data: whole.subarray(start, -2), whole };
}

/** Another height in the frame. */
function withHeight(head: Buffer, height: number): Buffer {
  const copy = Buffer.from(head);
  copy.writeUInt16BE(height, copy.indexOf(Buffer.from([0xff, 0xc0])) + 5);
  return copy;
}

/** Bodies of all segments with a marker. */
function segmentsOf(head: Buffer, marker: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 2; at < head.length; at += 2 + head.readUInt16BE(at + 2)) {
    if (head[at + 1] === marker) found.push(head.subarray(at + 4, at + 2 + head.readUInt16BE(at + 2)));
  }
  return found;
}

/** Tables by class and number, as the tags of the old JPEG want them. */
function tablesOf(head: Buffer): { quantisation: Buffer[]; dc: Buffer[]; ac: Buffer[] } {
  const quantisation = segmentsOf(head, 0xdb).flatMap((body) =>
    Array.from({ length: body.length / 65 }, (_, i) => body.subarray(i * 65 + 1, i * 65 + 65)),
  );
  const codes = segmentsOf(head, 0xc4).flatMap((body) => {
    const each: Array<{ head: number; body: Buffer }> = [];
    for (let at = 0; at < body.length; ) {
      const length = 17 + body.subarray(at + 1, at + 17).reduce((sum, one) => sum + one, 0);
      each.push({ head: body[at] ?? 0, body: body.subarray(at + 1, at + length) });
      at += length;
    }
    return each;
  });
  const [dc, ac] = [0, 1].map((kind) => codes.filter((code) => code.head >> 4 === kind).map((code) => code.body));
  return { quantisation, dc: dc ?? [], ac: ac ?? [] };
}

const OLD = 6;
const ROWS = 32;

/** Bands of a picture, and each as a JPEG. */
async function bandsOf(picture: Picture, rows: number, subsampling: '4:4:4' | '4:2:0') {
  const tops = Array.from({ length: Math.ceil(picture.height / rows) }, (_, i) => i * rows);
  return Promise.all(tops.map((y) => jpegParts(crop(picture, 0, y, picture.width, Math.min(rows, picture.height - y)), subsampling)));
}

type Bands = Awaited<ReturnType<typeof bandsOf>>;

async function pixelsOf(bands: Bands): Promise<Picture> {
  const parts = await Promise.all(bands.map(({ whole }) => decode(whole, 3)));
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  return { data: Buffer.concat(parts.map((part) => part.data)), width: parts[0]?.width ?? 0, height, channels: 3 };
}

/** Tiles of a picture, each as a JPEG. At the right and the bottom they go on in gray. */
async function tilesOfPicture(picture: Picture, side: number, subsampling: '4:4:4' | '4:2:0'): Promise<Bands> {
  const { width, height } = picture;
  const [columns, rows] = [Math.ceil(width / side), Math.ceil(height / side)];
  const { data, info } = await (picture.channels === 1 ? open(picture).toColourspace('b-w') : open(picture))
    .extend({ right: columns * side - width, bottom: rows * side - height, background: '#808080' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const whole: Picture = { data, width: info.width, height: info.height, channels: info.channels };
  const places = Array.from({ length: columns * rows }, (_, i) => [(i % columns) * side, Math.floor(i / columns) * side] as const);
  return Promise.all(places.map(([x, y]) => jpegParts(crop(whole, x, y, side, side), subsampling)));
}

/** What a decoder of each tile gives, side by side. */
async function pixelsOfTiles(tiled: Bands, side: number, width: number, height: number): Promise<Picture> {
  const columns = Math.ceil(width / side);
  const parts = tiled.map(({ whole }, i) => ({ input: whole, left: (i % columns) * side, top: Math.floor(i / columns) * side }));
  const size = { width: columns * side, height: Math.ceil(height / side) * side };
  const all = await sharp({ create: { ...size, channels: 3, background: '#000' } })
    .composite(parts)
    .png()
    .toBuffer();
  return crop(await decode(all, 3), 0, 0, width, height);
}

const headOf = (bands: Bands): Buffer => bands[0]?.head ?? Buffer.alloc(0);
const dataOf = (bands: Bands): Buffer[] => bands.map(({ data }) => data);

/** Tags 519 to 521; chrominance shares its tables. */
function tableEntries(head: Buffer): RawDirectory['entries'] {
  const { quantisation, dc, ac } = tablesOf(head);
  const three = ([first = Buffer.alloc(0), second = first]: Buffer[]) => ({ blocks: [first, second, second] });
  return [
    [512, 3, [1]],
    [519, 4, three(quantisation)],
    [520, 4, three(dc)],
    [521, 4, three(ac)],
  ];
}

describe.each([
  ['classic', {}],
  ['BigTIFF, big-endian', { big: true, bigEndian: true }],
] as const)('JPEG of the old kind, %s', (name, kind) => {
  const picture = paint(200, 150);
  const entries = basics(200, 150, OLD, 6);

  const shapes: ReadonlyArray<readonly [string, (bands: Bands, single: Bands) => RawDirectory['entries']]> = [
    ['one stream that is the strip too', (_bands, [one]) => [...strips(150, [one?.whole ?? Buffer.alloc(0)]), [530, 3, [1, 1]]]],
    [
      'tables in tags and one strip',
      (_bands, single) => [...strips(150, dataOf(single)), ...tableEntries(headOf(single)), [530, 3, [1, 1]]],
    ],
    ['tables in tags and several strips', (bands) => [...strips(ROWS, dataOf(bands)), ...tableEntries(headOf(bands)), [530, 3, [1, 1]]]],
    [
      'a stream that ends before the strips',
      (bands) => {
        const head = withHeight(headOf(bands), 150);
        return [...strips(ROWS, dataOf(bands)), [513, 4, { blocks: [head] }], [514, 4, [head.length]]];
      },
    ],
    [
      'a whole stream beside its strip',
      (_bands, [one]) => [
        ...strips(150, [one?.data ?? Buffer.alloc(0)]),
        [513, 4, { blocks: [one?.whole ?? Buffer.alloc(0)] }],
        [514, 4, [one?.whole.length ?? 0]],
      ],
    ],
  ];

  it.each(shapes)('with %s: is read, and handed out whole as it is', async (shape, make) => {
    const [bands, single] = [await bandsOf(picture, ROWS, '4:4:4'), await bandsOf(picture, 150, '4:4:4')];
    const file = assembleTiff([{ entries: [...entries, ...make(bands, single)] }], kind);
    const item = await lab.save(`${name} ${shape}.tif`, file);
    const expected = await pixelsOf(make.length === 1 ? bands : single);
    expect(difference(await decode(await lab.render(item), 3), expected)).toEqual({ mean: 0, max: 0 });
    const copied = await lab.render(item, { format: 'jpg' });
    expect(difference(await decode(copied, 3), expected)).toEqual({ mean: 0, max: 0 });
    expect(Buffer.from(copied).includes(dataOf(bands)[0]?.subarray(0, 200) ?? 'none') || make.length === 2).toBe(true);
    const small = await lab.render(item, { size: { width: 50, height: 38 } });
    expect((await sharp(small).metadata()).width).toBe(50);
  });

  it('with less chrominance than luminance', async () => {
    const bands = await bandsOf(picture, ROWS, '4:2:0');
    const file = assembleTiff(
      [{ entries: [...entries, ...strips(ROWS, dataOf(bands)), ...tableEntries(headOf(bands)), [530, 3, [2, 2]]] }],
      kind,
    );
    const seen = await decode(await lab.render(await lab.save(`${name} halved.tif`, file)), 3);
    expect(difference(seen, await pixelsOf(bands)).mean).toBeLessThan(0.5);
  });

  it('with restart markers within the strips, which are counted anew', async () => {
    const bands = await bandsOf(picture, 16, '4:4:4');
    // Two bands in a strip, with the marker between them that the first of any two has.
    const pairs = Array.from({ length: 5 }, (_, i) => bands.slice(i * 2, i * 2 + 2));
    const blocks = pairs.map(([a, b]) =>
      Buffer.concat([a?.data ?? '', ...(b === undefined ? [] : [Buffer.from([0xff, 0xd0]), b.data])].map((each) => Buffer.from(each))),
    );
    const interval = Math.ceil(200 / 8) * 2;
    const file = assembleTiff(
      [{ entries: [...entries, ...strips(32, blocks), ...tableEntries(headOf(bands)), [515, 3, [interval]], [530, 3, [1, 1]]] }],
      kind,
    );
    const seen = await decode(await lab.render(await lab.save(`${name} restarts.tif`, file)), 3);
    expect(difference(seen, await pixelsOf(bands))).toEqual({ mean: 0, max: 0 });
  });

  it.each([
    [
      'each a stream',
      (bands: Bands) => [
        ...strips(
          20,
          bands.map(({ whole }) => whole),
        ),
      ],
    ],
    ['tables in tags', (bands: Bands) => [...strips(20, dataOf(bands)), ...tableEntries(headOf(bands)), [530, 3, [2, 2]] as const]],
  ])('with strips that end within a row of blocks, %s', async (shape, make) => {
    const bands = await bandsOf(picture, 20, '4:2:0');
    const item = await lab.save(`${name} odd strips ${shape}.tif`, assembleTiff([{ entries: [...entries, ...make(bands)] }], kind));
    const expected = await pixelsOf(bands);
    expect(difference(await decode(await lab.render(item), 3), expected).mean).toBeLessThan(0.5);
    const part = { region: { x: 50, y: 110, width: 100, height: 40 }, size: { width: 100, height: 40 }, format: 'jpg' } as const;
    expect(difference(await decode(await lab.render(item, part), 3), crop(expected, 50, 110, 100, 40)).mean).toBeLessThan(3);
  });

  const SIDE = 64;
  const tileShapes: ReadonlyArray<readonly [string, (tiled: Bands, across: number) => RawDirectory['entries']]> = [
    [
      'each a stream',
      (tiled) => [
        ...tiles(
          SIDE,
          tiled.map(({ whole }) => whole),
        ),
      ],
    ],
    ['tables in tags', (tiled, across) => [...tiles(SIDE, dataOf(tiled)), ...tableEntries(headOf(tiled)), [530, 3, [across, across]]]],
    [
      'a stream that ends before the tiles',
      (tiled) => {
        const head = withHeight(headOf(tiled), 150);
        return [...tiles(SIDE, dataOf(tiled)), [513, 4, { blocks: [head] }], [514, 4, [head.length]]];
      },
    ],
  ];

  describe.each(tileShapes)('in tiles, %s', (shape, make) => {
    it.each([
      ['4:4:4', 1, 0],
      ['4:2:0', 2, 0.5],
    ] as const)('with chrominance %s is read: all of it, parts, smaller, and without loss', async (subsampling, across, most) => {
      const tiled = await tilesOfPicture(picture, SIDE, subsampling);
      const file = assembleTiff([{ entries: [...entries, ...make(tiled, across)] }], kind);
      const item = await lab.save(`${name} tiles ${shape} ${subsampling}.tif`, file);
      const expected = await pixelsOfTiles(tiled, SIDE, 200, 150);
      // The test itself is right only where its tiles show the picture.
      expect(difference(expected, picture).mean).toBeLessThan(3);
      const seen = await decode(await lab.render(item), 3);
      expect(difference(seen, expected).mean).toBeLessThanOrEqual(most);
      expect(await lab.reader.describe(item)).toMatchObject({ width: 200, height: 150, byRegion: false, tile: null });
      const part = { region: { x: 50, y: 40, width: 100, height: 90 }, size: { width: 100, height: 90 } };
      expect(difference(await decode(await lab.render(item, part), 3), crop(seen, 50, 40, 100, 90)).max).toBe(0);
      const jpeg = await decode(await lab.render(item, { ...part, format: 'jpg' }), 3);
      expect(difference(jpeg, crop(expected, 50, 40, 100, 90)).mean).toBeLessThan(3);
      const small = await decode(await lab.render(item, { size: { width: 50, height: 38 } }), 3);
      const smaller = await decode(await open(picture).resize(50, 38, { fit: 'fill' }).png().toBuffer(), 3);
      expect(difference(small, smaller).mean).toBeLessThan(4);
    });
  });

  it('in tiles of gray is read', async () => {
    const gray: Picture = { ...picture, data: picture.data.filter((_, i) => i % 3 === 0), channels: 1 };
    const tiled = await tilesOfPicture(gray, SIDE, '4:4:4');
    const stored = [...tiles(SIDE, dataOf(tiled)), ...tableEntries(headOf(tiled))];
    const file = assembleTiff([{ entries: [...basics(200, 150, OLD, 1, 1), ...stored] }], kind);
    const seen = await decode(await lab.render(await lab.save(`${name} gray tiles.tif`, file)), 1);
    expect(difference(seen, gray).mean).toBeLessThan(3);
  });

  it('in tiles that lie is broken, and in giant ones not read', async () => {
    const tiled = await tilesOfPicture(picture, SIDE, '4:4:4');
    const good: RawDirectory['entries'] = [...entries, ...tiles(SIDE, dataOf(tiled)), ...tableEntries(headOf(tiled)), [530, 3, [1, 1]]];
    const but = (...changed: RawDirectory['entries']) => {
      const tags = new Set(changed.map(([tag]) => tag));
      return lab.save(`${name} lie.tif`, assembleTiff([{ entries: [...good.filter(([tag]) => !tags.has(tag)), ...changed] }], kind));
    };
    const far = dataOf(tiled).map(() => 0x7fff_0000);
    const streams = { blocks: tiled.map(({ whole }) => whole) };
    const lies = {
      'places beyond the file': [[324, 4, far]],
      'lengths beyond the file': [[325, 4, far.map(() => 1_000_000)]],
      'too few tiles': [[324, 4, [8]]],
      'tables beyond the file': [[519, 4, far.slice(0, 3)]],
      'streams of another size': [
        [322, 3, [128]],
        [324, 4, streams],
        [325, 4, tiled.map(({ whole }) => whole.length)],
      ],
      'a head beyond the file': [
        [513, 4, [0x7fff_0000]],
        [514, 4, [600]],
      ],
    } satisfies Record<string, RawDirectory['entries']>;
    expect((await decode(await lab.render(await but()), 3)).width).toBe(200);
    for (const [lie, changed] of Object.entries(lies)) {
      expect({ lie, code: (await failureOf(but(...changed).then((item) => lab.render(item)))).code }).toEqual({
        lie,
        code: 'source.broken',
      });
    }
    expect((await failureOf(lab.reader.describe(await but([322, 4, [600_000]])))).code).toBe('source.unsupported');
  });

  it('in progressive tiles is not read here, and says so', async () => {
    const progressive = await open(paint(TILE, TILE)).jpeg({ progressive: true }).toBuffer();
    const item = await lab.save(
      `${name} progressive.tif`,
      assembleTiff([{ entries: [...basics(TILE, TILE, OLD, 6), ...tiles(TILE, [progressive])] }], kind),
    );
    expect((await failureOf(lab.render(item))).code).toBe('source.unsupported');
  });

  it('without loss is not read here, and says so', async () => {
    const [one] = await bandsOf(paint(TILE, TILE), TILE, '4:4:4');
    const tiled = assembleTiff(
      [{ entries: [...basics(TILE, TILE, OLD, 6), ...tiles(TILE, [one?.whole ?? Buffer.alloc(0)]), [512, 3, [14]]] }],
      kind,
    );
    const lossless = assembleTiff(
      [{ entries: [...basics(TILE, TILE, OLD, 6), ...strips(TILE, [one?.data ?? Buffer.alloc(0)]), [512, 3, [14]]] }],
      kind,
    );
    for (const [file, bytes] of Object.entries({ tiled, lossless })) {
      expect((await failureOf(lab.reader.describe(await lab.save(`${file}.tif`, bytes)))).code).toBe('source.unsupported');
    }
  });
});

describe('JPEG in strips, as libtiff writes them', () => {
  it.each([
    ['in colour', PICTURE, 80, 12],
    ['in RGB', PICTURE, 95, 0],
    ['in gray', GRAY, 80, 0],
  ] as const)('%s is read as libtiff reads it, and handed out whole as it is', async (name, picture, quality, seams) => {
    const file = await open(picture).tiff({ compression: 'jpeg', quality }).toBuffer();
    const item = await lab.save(`strips ${name}.tif`, file);
    const channels = picture.channels as 1 | 3;
    const expected = await decode(file, channels);
    const [made, copied] = [await lab.render(item), await lab.render(item, { format: 'jpg' })];
    // Where strips meet, chrominance is smoothed across now.
    expect(difference(await decode(made, channels), expected).max).toBeLessThanOrEqual(seams);
    expect(difference(await decode(copied, channels), await decode(made, channels)).max).toBe(0);
  });
});

describe('a colour profile', () => {
  const whole = { region: { x: 0, y: 0, width: TILE, height: TILE }, size: { width: TILE, height: TILE }, format: 'jpg' as const };
  const profiled = (profile: string) =>
    open(PICTURE)
      .withIccProfile(profile)
      .tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'jpeg', quality: 80, pyramid: true })
      .toBuffer();

  it('that is sRGB lets stored tiles be copied, and the same pixels come otherwise', async () => {
    const file = await profiled('srgb');
    const item = await lab.save('srgb.tif', file);
    const answer = await lab.render(item, whole);
    expect(file.includes(Buffer.from(answer.slice(-100, -2)))).toBe(true);
    expect((await sharp(answer).metadata()).icc).toBeUndefined();
    expect(difference(await decode(answer, 3), await decode(await lab.render(item, { ...whole, format: 'png' }), 3)).max).toBe(0);
  });

  it('that is another one is applied', async () => {
    const file = await profiled('p3');
    const answer = await lab.render(await lab.save('p3.tif', file), whole);
    expect(file.includes(Buffer.from(answer.slice(-100, -2)))).toBe(false);
  });
});

describe('a TIFF with more samples than a colour and its opacity have', () => {
  it.each([
    ['five', 2, 5],
    ['gray and two', 1, 3],
  ] as const)('%s: is not read here, and says so', async (name, photometric, samples) => {
    const block = Buffer.alloc(16 * 16 * samples, 100);
    const extra = Array.from({ length: samples - (photometric === 2 ? 3 : 1) }, () => 0);
    const file = assembleTiff([{ entries: [...basics(16, 16, 1, photometric, samples), [338, 3, extra], ...strips(16, [block])] }]);
    expect((await failureOf(lab.reader.describe(await lab.save(`${name}.tif`, file)))).code).toBe('source.unsupported');
  });
});

describe('a TIFF of a kind that cannot be read', () => {
  const block = Buffer.alloc(TILE * TILE, 100);
  const planar = basics(TILE, TILE, 1, 2).map((entry) => (entry[0] === 284 ? ([284, 3, [2]] as const) : entry));

  it.each<readonly [string, RawDirectory['entries']]>([
    ['tiles of one sample each', [...planar, ...tiles(TILE, [block, block, block])]],
    ['JPEG 2000 in it', [...basics(TILE, TILE, 34_712, 2), ...tiles(TILE, [block])]],
    ['a coding that nobody knows', [...basics(TILE, TILE, 60_000, 2), ...tiles(TILE, [block])]],
  ])('with %s says so', async (name, entries) => {
    const item = await lab.save(`${name}.tif`, assembleTiff([{ entries }]));
    expect((await failureOf(lab.render(item))).code).toBe('source.unsupported');
  });
});

describe('a tile that cannot be read', () => {
  it.each(['lzw', 'deflate'] as const)('makes the picture a broken one, and is never black: %s', async (compression) => {
    const noise = { ...PICTURE, data: PICTURE.data.map((value, i) => (value + ((i * 7919) % 61)) & 255) };
    const file = await open(noise).tiff({ compression, tile: true, tileWidth: 256, tileHeight: 256 }).toBuffer();
    file.fill(0xa7, 3_000, 3_300);
    expect((await failureOf(lab.render(await lab.save(`damaged-${compression}.tif`, file)))).code).toBe('source.broken');
  });
});

describe('a TIFF that lies', () => {
  const wanted = planOf({ region: { x: 0, y: 0, width: TILE, height: TILE }, size: { width: TILE, height: TILE }, format: 'jpg' });

  async function outcomeOf(name: string, file: Buffer): Promise<string> {
    const item = await lab.save(name, file);
    return lab.reader
      .describe(item)
      .then((description) => lab.reader.render(item, description, wanted, new AbortController().signal))
      .then(
        () => 'picture',
        (error: unknown) => (error as { refusal?: { code: string } }).refusal?.code ?? String(error),
      );
  }

  it('with the same SubIFDs under thousands of directories is broken, and soon', async () => {
    const one = { entries: [...basics(4, 4, 1, 2), ...strips(4, [Buffer.alloc(48)])] };
    const many = { entries: [...one.entries, [330, 4, Array.from({ length: 64 }, () => 8)] as const] };
    const file = assembleTiff(Array.from({ length: 200 }, () => many));
    expect(await outcomeOf('many.tif', file)).toBe('source.broken');
  });

  it.each([
    ['offsets beyond the file', 324, 0xfffffff0],
    ['tiles of four gigabytes', 325, 0xffffffff],
    ['tiles of other bytes', 324, 20],
    ['more tiles than it lists', 256, 1_000_000],
    ['tables beyond the file', 347, 0xfffffff0],
  ] as const)('with %s is broken', async (name, tag, value) => {
    const file = await open(paint(TILE, TILE))
      .tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'jpeg', quality: 80 })
      .toBuffer();
    const directory = file.readUInt32LE(4);
    for (let i = 0; i < file.readUInt16LE(directory); i++) {
      const at = directory + 2 + i * 12;
      if (file.readUInt16LE(at) !== tag) continue;
      file.writeUInt32LE(value, at + 8);
      if (tag === 256) file.writeUInt16LE(4, at + 2);
    }
    expect(await outcomeOf(`${name}.tif`, file)).toBe('source.broken');
  });

  it('in any few bytes of its directories ends with a failure or a picture', async () => {
    const bands = await bandsOf(paint(TILE, TILE), ROWS, '4:4:4');
    const old = assembleTiff(
      [{ entries: [...basics(TILE, TILE, OLD, 6), ...strips(ROWS, dataOf(bands)), ...tableEntries(headOf(bands))] }],
      { big: true },
    );
    const oldTiles = assembleTiff([
      {
        entries: [
          ...basics(TILE, TILE, OLD, 6),
          ...tiles(TILE, dataOf(await bandsOf(paint(TILE, TILE), TILE, '4:4:4'))),
          ...tableEntries(headOf(bands)),
        ],
      },
    ]);
    const webp = await rewrap(await pyramidOf(PICTURE, 'webp', 80), { bigEndian: true }, 'sub');
    const known = ['picture', 'source.broken', 'source.unsupported', 'source.too-large'];
    const change = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0, 1, 3, 7, 13, 127, 255));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(old, oldTiles, webp), fc.array(change, { minLength: 1, maxLength: 4 }), async (file, changes) => {
        const bytes = Buffer.from(file);
        for (const [fromEnd, value] of changes) bytes[bytes.length - fromEnd] = value;
        expect(known).toContain(await outcomeOf('changed.tif', bytes));
      }),
      { numRuns: 300 },
    );
  });
});
