import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import type { Item } from '../../src/domain/item.ts';
import { crop, decode, difference, type Lab, open, openLab, type Picture, paint, pixel, toGray, withAlpha } from './pictures.ts';
import { writeTiff } from './write-tiff.ts';

const PICTURE = paint(240, 160);
/** Colours that ink can make. */
const MUTED: Picture = { ...PICTURE, data: PICTURE.data.map((value) => Math.round(128 + (value - 128) * 0.35)) };

let lab: Lab;
let gray: Picture;

beforeAll(async () => {
  lab = await openLab();
  gray = await decode(
    await open(await toGray(PICTURE))
      .png()
      .toBuffer(),
    3,
  );
});
afterAll(() => lab.close());

const wide = () => open(PICTURE).toColourspace('rgb16');
const wideGray = () => open(PICTURE).toColourspace('grey16');

/** Name, formatName, how it is made, what is seen, and how far off it may be. */
type Row = readonly [string, RegExp, () => Promise<Uint8Array>, 'colour' | 'gray' | 'muted', number];

const ROWS: readonly Row[] = [
  ['a baseline JPEG', /^JPEG$/, () => open(PICTURE).jpeg({ quality: 95 }).toBuffer(), 'colour', 2],
  ['a progressive JPEG', /^JPEG$/, () => open(PICTURE).jpeg({ quality: 95, progressive: true }).toBuffer(), 'colour', 2],
  ['a gray JPEG', /^JPEG, gray$/, () => open(PICTURE).greyscale().toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(), 'gray', 2],
  ['a CMYK JPEG', /^JPEG, CMYK$/, () => open(MUTED).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 'muted', 7],
  ['a PNG', /^PNG$/, () => open(PICTURE).png().toBuffer(), 'colour', 0],
  ['an interlaced PNG', /^PNG$/, () => open(PICTURE).png({ progressive: true }).toBuffer(), 'colour', 0],
  ['a PNG with 16 bits', /^PNG, 16 bit$/, () => wide().png().toBuffer(), 'colour', 1],
  ['a gray PNG', /^PNG, gray$/, () => open(PICTURE).greyscale().toColourspace('b-w').png().toBuffer(), 'gray', 1],
  ['a gray PNG with 16 bits', /^PNG, 16 bit, gray$/, () => wideGray().png().toBuffer(), 'gray', 1],
  ['a PNG with a palette', /^PNG, palette$/, () => open(PICTURE).png({ palette: true, colours: 256 }).toBuffer(), 'colour', 4],
  ['a striped TIFF', /^TIFF$/, () => open(PICTURE).tiff({ compression: 'lzw' }).toBuffer(), 'colour', 0],
  ['a TIFF without compression', /^TIFF$/, () => open(PICTURE).tiff({ compression: 'none' }).toBuffer(), 'colour', 0],
  [
    'a tiled TIFF',
    /^tiled TIFF$/,
    () => open(PICTURE).tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'deflate' }).toBuffer(),
    'colour',
    0,
  ],
  [
    'a tiled TIFF of JPEG tiles',
    /^tiled TIFF$/,
    () => open(PICTURE).tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'jpeg', quality: 95 }).toBuffer(),
    'colour',
    2,
  ],
  ['a BigTIFF', /^TIFF$/, () => open(PICTURE).tiff({ bigtiff: true, compression: 'lzw' }).toBuffer(), 'colour', 0],
  [
    'a tiled BigTIFF',
    /^pyramidal TIFF$/,
    () => open(PICTURE).tiff({ bigtiff: true, tile: true, tileWidth: 64, tileHeight: 64, pyramid: true, compression: 'lzw' }).toBuffer(),
    'colour',
    0,
  ],
  ['a TIFF with 16 bits', /^TIFF, 16 bit$/, () => wide().tiff({ compression: 'lzw' }).toBuffer(), 'colour', 1],
  [
    'a tiled TIFF with 16 bits',
    /^tiled TIFF, 16 bit$/,
    () => wide().tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'lzw' }).toBuffer(),
    'colour',
    1,
  ],
  ['a gray TIFF', /^TIFF, gray$/, () => open(PICTURE).greyscale().toColourspace('b-w').tiff({ compression: 'lzw' }).toBuffer(), 'gray', 1],
  ['a gray TIFF with 16 bits', /^TIFF, 16 bit, gray$/, () => wideGray().tiff({ compression: 'lzw' }).toBuffer(), 'gray', 1],
  ['a CMYK TIFF', /^TIFF, CMYK$/, () => open(MUTED).toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(), 'muted', 7],
  ['a TIFF written big-endian', /^TIFF$/, async () => writeTiff([{ picture: PICTURE }], { bigEndian: true }), 'colour', 0],
  ['a WebP', /^WebP$/, () => open(PICTURE).webp({ quality: 95 }).toBuffer(), 'colour', 3],
  ['a lossless WebP', /^WebP$/, () => open(PICTURE).webp({ lossless: true }).toBuffer(), 'colour', 0],
  ['a GIF', /^GIF$/, () => open(PICTURE).gif().toBuffer(), 'colour', 5],
  ['an AVIF', /^AVIF$/, () => open(PICTURE).avif({ quality: 90, effort: 0 }).toBuffer(), 'colour', 3],
];

describe.each(ROWS)('%s', (name, formatName, make, seen, tolerance) => {
  const expected = () => ({ gray, colour: PICTURE, muted: MUTED })[seen];
  let item: Item;
  beforeAll(async () => {
    // A name that lies: only the bytes count.
    item = await lab.save(`${name.replaceAll(' ', '-')}.dat`, await make());
  });

  it('is described from its header', async () => {
    const description = await lab.reader.describe(item);
    expect(description).toMatchObject({ width: 240, height: 160, pages: 1, alpha: false, rights: null });
    expect(description.formatName).toMatch(formatName);
  });

  it('comes out right as a whole', async () => {
    expect(difference(await decode(await lab.render(item), 3), expected()).mean).toBeLessThanOrEqual(tolerance);
  });

  it('comes out right in a region', async () => {
    const seenPart = await decode(await lab.render(item, { region: { x: 101, y: 33, width: 77, height: 90 } }), 3);
    expect(difference(seenPart, crop(expected(), 101, 33, 77, 90)).mean).toBeLessThanOrEqual(tolerance + 1);
  });

  it('comes out right when it is reduced', async () => {
    const size = { width: 60, height: 40 };
    const reduced = await decode(await open(expected()).resize(60, 40).png().toBuffer(), 3);
    expect(difference(await decode(await lab.render(item, { size }), 3), reduced).mean).toBeLessThanOrEqual(tolerance + 2);
  });
});

describe('transparent sources', () => {
  const clear = withAlpha(PICTURE);
  const grayClear = async () => {
    const grays = await toGray(PICTURE);
    return open(grays)
      .joinChannel(Buffer.from(clear.data.filter((_, i) => i % 4 === 3)), { raw: { width: 240, height: 160, channels: 1 } })
      .toColourspace('b-w');
  };

  it.each([
    ['PNG', () => open(clear).png().toBuffer(), 'colour', 0],
    ['PNG with a palette', () => open(clear).png({ palette: true }).toBuffer(), 'colour', 10],
    ['gray PNG', async () => (await grayClear()).png().toBuffer(), 'gray', 1],
    ['TIFF', () => open(clear).tiff({ compression: 'lzw' }).toBuffer(), 'colour', 0],
    ['tiled TIFF', () => open(clear).tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'lzw' }).toBuffer(), 'colour', 0],
    ['16-bit PNG', () => open(clear).toColourspace('rgb16').png().toBuffer(), 'colour', 1],
    ['16-bit TIFF', () => open(clear).toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(), 'colour', 1],
    ['WebP', () => open(clear).webp({ lossless: true, exact: true }).toBuffer(), 'colour', 0],
    ['AVIF', () => open(clear).avif({ quality: 90, effort: 0 }).toBuffer(), 'colour', 3],
  ] as const)('keep their opacity: %s', async (name, make, seen, tolerance) => {
    const item = await lab.save(`clear-${name.replaceAll(' ', '-')}.dat`, await make());
    expect((await lab.reader.describe(item)).alpha).toBe(true);
    const picture = await decode(await lab.render(item), 4);
    const opacity = (p: Picture): Picture => ({ ...p, data: p.data.filter((_, i) => i % 4 === 3), channels: 1 });
    const colours = (p: Picture): Picture => ({ ...p, data: p.data.filter((_, i) => i % 4 !== 3), channels: 3 });
    expect(difference(opacity(picture), opacity(clear)).mean).toBeLessThanOrEqual(tolerance);
    expect(difference(colours(picture), seen === 'gray' ? gray : PICTURE).mean).toBeLessThanOrEqual(tolerance);
  });
});

describe('an animated GIF', () => {
  it('shows its first frame', async () => {
    const frames = Buffer.concat([PICTURE.data, Buffer.alloc(PICTURE.data.length, 7)]);
    const animated = sharp(frames, { raw: { width: 240, height: 320, channels: 3, pageHeight: 160 } });
    for (const [name, bytes] of [
      ['a.gif', await animated.clone().gif().toBuffer()],
      ['a.webp', await animated.clone().webp({ lossless: true }).toBuffer()],
    ] as const) {
      const item = await lab.save(name, bytes);
      expect(await lab.reader.describe(item)).toMatchObject({ width: 240, height: 160, pages: 1 });
      expect(difference(await decode(await lab.render(item), 3), PICTURE).mean).toBeLessThanOrEqual(6);
    }
  });
});

describe('EXIF orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is applied', async (orientation) => {
    const upright = await decode(
      await sharp(await open(PICTURE).withMetadata({ orientation }).png().toBuffer())
        .autoOrient()
        .png()
        .toBuffer(),
      3,
    );
    const region = { x: 17, y: 20, width: 100, height: 90 };
    const small = await decode(
      await open(upright)
        .resize(Math.ceil(upright.width / 4), Math.ceil(upright.height / 4), { fit: 'fill' })
        .png()
        .toBuffer(),
      3,
    );
    for (const [name, bytes, tolerance] of [
      ['jpeg', await open(PICTURE).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(), 2],
      ['striped', await open(PICTURE).withMetadata({ orientation }).tiff({ compression: 'lzw' }).toBuffer(), 0],
      [
        'pyramid',
        await open(PICTURE)
          .withMetadata({ orientation })
          .tiff({ compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 32, pyramid: true })
          .toBuffer(),
        0,
      ],
      ['webp', await open(PICTURE).withMetadata({ orientation }).webp({ lossless: true }).toBuffer(), 0],
    ] as const) {
      const item = await lab.save(`turned-${orientation}-${name}`, bytes);
      const description = await lab.reader.describe(item);
      expect([description.width, description.height]).toEqual([upright.width, upright.height]);
      if (name === 'pyramid') expect(description.tile).toEqual(orientation >= 5 ? { width: 32, height: 64 } : { width: 64, height: 32 });
      expect(difference(await decode(await lab.render(item), 3), upright).mean).toBeLessThanOrEqual(tolerance);
      const part = await decode(await lab.render(item, { region }), 3);
      expect(difference(part, crop(upright, region.x, region.y, region.width, region.height)).mean).toBeLessThanOrEqual(tolerance + 1);
      const size = { width: small.width, height: small.height };
      expect(difference(await decode(await lab.render(item, { size }), 3), small).mean).toBeLessThanOrEqual(tolerance + 3);
    }
  });
});

describe('a colour profile', () => {
  const inP3 = () => open(PICTURE).withIccProfile('p3');

  it.each([
    ['JPEG', () => inP3().jpeg({ quality: 95 }).toBuffer(), 2],
    ['PNG', () => inP3().png().toBuffer(), 2],
    ['16-bit PNG', () => open(PICTURE).toColourspace('rgb16').withIccProfile('p3').png().toBuffer(), 2],
    ['16-bit TIFF', () => open(PICTURE).toColourspace('rgb16').withIccProfile('p3').tiff({ compression: 'lzw' }).toBuffer(), 2],
    ['tiled TIFF', () => inP3().tiff({ tile: true, compression: 'lzw' }).toBuffer(), 2],
    ['WebP', () => inP3().webp({ lossless: true }).toBuffer(), 2],
  ] as const)('of a %s is converted to sRGB', async (name, make, tolerance) => {
    const bytes = await make();
    // The stored numbers are not those of sRGB, or else the test would prove nothing.
    const numbers = await decode(await sharp(bytes, { ignoreIcc: true }).png().toBuffer(), 3);
    expect(difference(numbers, PICTURE).mean).toBeGreaterThan(4);
    const item = await lab.save(`p3-${name.replaceAll(' ', '-')}`, bytes);
    const made = await lab.render(item);
    expect(difference(await decode(made, 3), PICTURE).mean).toBeLessThanOrEqual(tolerance);
    expect((await sharp(made).metadata()).hasProfile).toBe(false);
  });

  it('is kept when the options say so, and gray and GIF are converted nevertheless', async () => {
    const keeping = await openLab({ colour: 'keep-profile' });
    const bytes = await inP3().png().toBuffer();
    const profile = (await sharp(bytes).metadata()).icc;
    const item = await keeping.save('p3.png', bytes);
    for (const format of ['jpg', 'png', 'webp', 'avif', 'tif'] as const) {
      const made = await keeping.render(item, { format });
      expect((await sharp(made).metadata()).icc).toEqual(profile);
      expect(difference(await decode(made, 3), PICTURE).mean).toBeLessThanOrEqual(4);
    }
    const small = await keeping.render(item, { size: { width: 61, height: 40 }, degrees: 90 });
    expect((await sharp(small).metadata()).icc).toEqual(profile);
    for (const wanted of [{ quality: 'gray' }, { format: 'gif' }] as const) {
      const made = await keeping.render(item, wanted);
      expect((await sharp(made).metadata()).hasProfile).toBe(false);
    }
    expect(Buffer.from(await keeping.render(item, { format: 'pdf' })).toString('latin1')).toContain('/ICCBased');
    const back = await keeping.save('back.jp2', await keeping.render(item, { format: 'jp2' }));
    expect(difference(await decode(await keeping.render(back), 3), PICTURE).mean).toBeLessThanOrEqual(4);
    await keeping.close();
  });
});

describe('rights', () => {
  it('are read from XMP of every format that holds it', async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"><rdf:Description xmpRights:WebStatement="http://rightsstatements.org/vocab/NoC-NC/1.0/"/></rdf:RDF></x:xmpmeta>';
    const made = open(PICTURE).withXmp(xmp);
    for (const [name, bytes] of [
      ['r.jpg', await made.clone().jpeg().toBuffer()],
      ['r.png', await made.clone().png().toBuffer()],
      ['r.tif', await made.clone().tiff().toBuffer()],
      ['r.webp', await made.clone().webp().toBuffer()],
    ] as const) {
      expect((await lab.reader.describe(await lab.save(name, bytes))).rights).toBe('http://rightsstatements.org/vocab/NoC-NC/1.0/');
    }
  });
});

describe('pyramids and pages', () => {
  const half = (picture: Picture) => ({ ...picture, data: Uint8Array.from(picture.data, (value) => value >> 1) });

  it('tell the levels of a pyramid from pages', async () => {
    const bytes = await open(paint(1000, 700))
      .tiff({ tile: true, tileWidth: 128, tileHeight: 128, pyramid: true, compression: 'lzw' })
      .toBuffer();
    const description = await lab.reader.describe(await lab.save('pyramid.tif', bytes));
    expect(description).toMatchObject({ width: 1000, height: 700, pages: 1, tile: { width: 128, height: 128 } });
    expect(description.levels).toEqual([
      { width: 500, height: 350 },
      { width: 250, height: 175 },
      { width: 125, height: 87 },
    ]);
  });

  it('read a reduced level, whether it is a directory of its own or a SubIFD, marked or not', async () => {
    const [full, level] = [paint(512, 256), half(paint(256, 128))];
    for (const [name, bytes] of [
      [
        'marked',
        writeTiff([
          { picture: full, tile: 128 },
          { picture: level, tile: 128, subfileType: 1 },
        ]),
      ],
      [
        'unmarked',
        writeTiff([
          { picture: full, tile: 128 },
          { picture: level, tile: 128 },
        ]),
      ],
      ['subifd', writeTiff([{ picture: full, tile: 128, sub: [{ picture: level, tile: 128, subfileType: 1 }] }])],
    ] as const) {
      const item = await lab.save(`level-${name}.tif`, bytes);
      expect(await lab.reader.describe(item)).toMatchObject({ pages: 1, levels: [{ width: 256, height: 128 }] });
      // The level is darker than the full size, which shows from where it was read.
      const seen = await decode(await lab.render(item, { size: { width: 256, height: 128 } }), 3);
      expect(difference(seen, level).max).toBe(0);
      expect(difference(await decode(await lab.render(item), 3), full).max).toBe(0);
      const part = await decode(
        await lab.render(item, { region: { x: 256, y: 0, width: 256, height: 256 }, size: { width: 128, height: 128 } }),
        3,
      );
      expect(difference(part, crop(level, 128, 0, 128, 128)).max).toBe(0);
    }
  });

  it('show each page of a document by itself, with the levels of its own', async () => {
    const pages = [paint(100, 80), half(paint(90, 120)), paint(50, 40)];
    const item = await lab.save('pages.tif', writeTiff(pages.map((picture) => ({ picture, subfileType: 2 }))));
    expect((await lab.reader.describe(item)).pages).toBe(3);
    for (const [i, picture] of pages.entries()) {
      const page = await lab.itemOf(lab.file('pages.tif'), i + 1);
      expect(await lab.reader.describe(page)).toMatchObject({ width: picture.width, height: picture.height, pages: 3 });
      expect(difference(await decode(await lab.render(page), 3), picture).max).toBe(0);
    }
    const afterTheLast = await lab.itemOf(lab.file('pages.tif'), pages.length + 1);
    expect((await lab.reader.describe(afterTheLast)).pages).toBe(3);
    const tiled = writeTiff(
      pages.flatMap((picture) => [
        {
          picture,
          tile: 32,
          subfileType: 2,
          sub: [{ picture: half(crop(picture, 0, 0, picture.width / 2, picture.height / 2)), tile: 32 }],
        },
      ]),
    );
    await lab.save('tiled-pages.tif', tiled);
    const second = await lab.itemOf(lab.file('tiled-pages.tif'), 2);
    expect(await lab.reader.describe(second)).toMatchObject({ width: 90, height: 120, pages: 3, levels: [{ width: 45, height: 60 }] });
    expect(difference(await decode(await lab.render(second), 3), pages[1] as Picture).max).toBe(0);
  });

  it('leave out masks and thumbnails of another shape', async () => {
    const bytes = writeTiff([
      { picture: paint(200, 100) },
      { picture: paint(50, 50), subfileType: 1 },
      { picture: paint(200, 100), subfileType: 4 },
    ]);
    expect(await lab.reader.describe(await lab.save('odd.tif', bytes))).toMatchObject({ pages: 1, levels: [] });
  });
});

describe('the corners of a picture', () => {
  it('are where they were', async () => {
    const item = await lab.save('corners.png', await open(PICTURE).png().toBuffer());
    const seen = await decode(await lab.render(item), 3);
    expect([pixel(seen, 0, 0), pixel(seen, 239, 159)]).toEqual([pixel(PICTURE, 0, 0), pixel(PICTURE, 239, 159)]);
  });
});
