import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tier } from '../../src/domain/access.ts';
import type { Item } from '../../src/domain/item.ts';
import type { Plan } from '../../src/iiif/image/plan.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { crop, decode, difference, failureOf, type Lab, open, openLab, type Picture, paint, pixel, planOf } from './pictures.ts';

const WIDTH = 1600;
const HEIGHT = 1200;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

const MARK = { mark: 'Example Library', opacity: 0.5, place: 'everywhere' } as const;

let lab: Lab;
let photo: Item;
let flat: Item;
let pyramid: Item;
let gray: Item;
let glass: Item;

beforeAll(async () => {
  lab = await openLab();
  const picture = paint(WIDTH, HEIGHT);
  photo = await lab.save('photo.jpg', await open(picture).jpeg({ quality: 95 }).toBuffer());
  const even: Picture = { data: new Uint8Array(WIDTH * HEIGHT * 3).fill(128), width: WIDTH, height: HEIGHT, channels: 3 };
  flat = await lab.save('flat.png', await open(even).png().toBuffer());
  gray = await lab.save('gray.png', await open(even).toColourspace('b-w').png().toBuffer());
  const transparent: Picture = { ...even, data: new Uint8Array(WIDTH * HEIGHT * 4), channels: 4 };
  glass = await lab.save('glass.png', await open(transparent).png().toBuffer());
  const tiff = open(picture).tiff({ tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, compression: 'jpeg', quality: 95 });
  pyramid = await lab.save('pyramid.tif', await tiff.toBuffer());
});
afterAll(() => lab.close());

async function show(item: Item, tier: Partial<Tier>, wanted: Partial<Plan> = {}, channels: 1 | 3 | 4 = 3): Promise<Picture> {
  const region = wanted.region ?? WHOLE;
  const plan = planOf({ size: { width: region.width, height: region.height }, ...wanted, region });
  const served: Item = { ...item, identifier: `${item.path}/~low`, tier: { ...PLAIN_TIER, ...tier } };
  return decode(await lab.reader.render(served, await lab.reader.describe(served), plan, new AbortController().signal), channels);
}

function isBlack(picture: Picture, x: number, y: number): boolean {
  return pixel(picture, x, y).every((sample) => sample === 0);
}

/** Light and dark lines on an even ground. */
function inkOf(picture: Picture): number {
  return picture.data.reduce((count, sample) => count + (Math.abs(sample - 128) > 20 ? 1 : 0), 0) / picture.data.length;
}

describe('a watermark', () => {
  it.each([1, 2, 4, 8])('is in every tile at scale factor %i', async (factor) => {
    const side = 400 * factor;
    for (let y = 0; y < HEIGHT; y += side) {
      for (let x = 0; x < WIDTH; x += side) {
        const region = { x, y, width: Math.min(side, WIDTH - x), height: Math.min(side, HEIGHT - y) };
        const size = { width: Math.ceil(region.width / factor), height: Math.ceil(region.height / factor) };
        const ink = inkOf(await show(flat, { watermark: MARK }, { region, size }));
        expect(ink).toBeGreaterThan(0.005);
        expect(ink).toBeLessThan(0.5);
      }
    }
  });

  it.each([
    ['jpg', 'photo'],
    ['tif', 'pyramid'],
  ] as const)('fits together over tiles of a %s', async (_, name) => {
    const item = name === 'photo' ? photo : pyramid;
    const whole = await show(item, { watermark: MARK });
    const tile = await show(item, { watermark: MARK }, { region: { x: 512, y: 256, width: 512, height: 512 } });
    const cutOut = await decode(await open(whole).extract({ left: 512, top: 256, width: 512, height: 512 }).png().toBuffer(), 3);
    expect(difference(tile, cutOut).max).toBeLessThanOrEqual(3);
  });

  it('is where it is placed and nowhere else', async () => {
    const quarter = { width: 800, height: 600 };
    const corners = {
      'top-left': { x: 0, y: 0, ...quarter },
      'top-right': { x: 800, y: 0, ...quarter },
      'bottom-left': { x: 0, y: 600, ...quarter },
      'bottom-right': { x: 800, y: 600, ...quarter },
    } as const;
    for (const place of Object.keys(corners) as (keyof typeof corners)[]) {
      for (const [corner, region] of Object.entries(corners)) {
        const ink = inkOf(await show(flat, { watermark: { ...MARK, place } }, { region }));
        expect(ink > 0).toBe(corner === place);
      }
    }
    const centre = { x: 400, y: 300, width: 800, height: 600 };
    expect(inkOf(await show(flat, { watermark: { ...MARK, place: 'center' } }, { region: centre }))).toBeGreaterThan(0.02);
  });

  it('can be an image: in every tile, or where it is placed, as strong as its opacity says', async () => {
    const logo = await sharp({ create: { width: 300, height: 100, channels: 4, background: '#ffffff' } })
      .composite([{ input: { create: { width: 100, height: 100, channels: 4, background: '#ff0000' } }, left: 200, top: 0 }])
      .png()
      .toBuffer();
    const mark = { file: '/private/logo.png', stamp: '1', version: '1', bytes: logo };
    for (let y = 0; y < HEIGHT; y += 400) {
      for (let x = 0; x < WIDTH; x += 400) {
        const ink = inkOf(await show(flat, { watermark: { ...MARK, mark } }, { region: { x, y, width: 400, height: 400 } }));
        expect(ink).toBeGreaterThan(0.02);
        expect(ink).toBeLessThan(0.9);
      }
    }
    const placed = await show(flat, { watermark: { mark, opacity: 1, place: 'top-left' } });
    expect(pixel(placed, 60, 60)).toEqual([255, 255, 255]);
    expect(pixel(placed, 400, 60)).toEqual([255, 0, 0]);
    expect(pixel(placed, 800, 600)).toEqual([128, 128, 128]);
    const faint = await show(flat, { watermark: { mark, opacity: 0.5, place: 'top-left' } });
    expect(pixel(faint, 60, 60)[0]).toBeGreaterThan(185);
    expect(pixel(faint, 60, 60)[0]).toBeLessThan(198);
    const [colour] = await Promise.all([show(gray, { watermark: { mark, opacity: 1, place: 'top-left' } })]);
    expect(new Set(pixel(colour, 400, 60)).size).toBe(1);
  });

  it('that cannot be drawn makes no picture without it', async () => {
    const mark = { file: '/private/logo.png', stamp: '1', version: '2', bytes: new Uint8Array([0x89, 0x50]) };
    const failure = await failureOf(show(flat, { watermark: { ...MARK, mark } }));
    expect(failure.publicText).not.toContain('private');
  });

  it('is as strong as its opacity says', async () => {
    const strongest = async (opacity: number) =>
      (await show(flat, { watermark: { ...MARK, opacity } })).data.reduce((most, sample) => Math.max(most, sample));
    expect(await strongest(1)).toBeGreaterThan(250);
    expect(await strongest(0.5)).toBeGreaterThan(185);
    expect(await strongest(0.5)).toBeLessThan(198);
  });

  it('stays on gray and on transparent pictures, whatever the format', async () => {
    for (const format of ['png', 'jpg', 'webp', 'tif', 'gif'] as const) {
      expect(inkOf(await show(gray, { watermark: MARK }, { format }))).toBeGreaterThan(0.02);
    }
    expect((await show(glass, { watermark: MARK }, {}, 4)).data.some((sample) => sample > 100)).toBe(true);
  });
});

describe('a blacked-out region', () => {
  const blackout = [{ x: 25, y: 25, width: 25, height: 50 }];

  it.each([1, 2, 3.7, 8, 16, 40])('is black to its edges at 1/%d of the scale', async (factor) => {
    const size = { width: Math.round(WIDTH / factor), height: Math.round(HEIGHT / factor) };
    for (const item of [photo, pyramid]) {
      const picture = await show(item, { blackout }, { size });
      const [left, right, top, bottom] = [size.width / 4, size.width / 2 - 1, size.height / 4, (size.height * 3) / 4 - 1].map(Math.ceil);
      for (const x of [left, right]) for (const y of [top, bottom]) expect(isBlack(picture, x ?? 0, y ?? 0)).toBe(true);
      expect(isBlack(picture, size.width - 1, size.height - 1)).toBe(false);
    }
  });

  it('is black in regions within it, enlarged ones too', async () => {
    const region = { x: 420, y: 310, width: 60, height: 40 };
    const picture = await show(photo, { blackout }, { region, size: { width: 300, height: 200 } });
    expect(picture.data.every((sample) => sample === 0)).toBe(true);
  });

  it.each([
    [90, 0.5, 0.375],
    [180, 0.625, 0.5],
    [270, 0.5, 0.625],
  ])('is black when turned by %i degrees', async (degrees, across, down) => {
    const picture = await show(photo, { blackout }, { degrees, size: { width: 400, height: 300 } });
    expect(isBlack(picture, Math.round(picture.width * across), Math.round(picture.height * down))).toBe(true);
  });

  it('is black when mirrored, turned by any angle, and in a tier that is limited in size', async () => {
    const mirrored = await show(photo, { blackout }, { mirrored: true, size: { width: 400, height: 300 } });
    expect(isBlack(mirrored, 250, 150)).toBe(true);
    const turned = await show(
      photo,
      { blackout: [{ x: 40, y: 40, width: 20, height: 20 }] },
      { degrees: 33, size: { width: 400, height: 300 } },
    );
    expect(isBlack(turned, Math.round(turned.width / 2), Math.round(turned.height / 2))).toBe(true);
    const small = await show(photo, { blackout, maxSize: 400 }, { region: { x: 0, y: 0, width: 400, height: 300 } });
    expect(isBlack(small, 100, 75) && isBlack(small, 199, 224)).toBe(true);
  });

  it('shows nothing of what it covers: two pictures that differ only there give the same answers', async () => {
    const one = paint(WIDTH, HEIGHT);
    const other = { ...one, data: one.data.slice() };
    for (let y = 300; y < 900; y++)
      for (let x = 400; x < 800; x++) other.data.fill((x * y) % 256, (y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3);
    const items = await Promise.all([one, other].map(async (each, at) => lab.save(`secret-${at}.png`, await open(each).png().toBuffer())));
    for (const factor of [1, 1.5, 3, 7, 20]) {
      const size = { width: Math.round(WIDTH / factor), height: Math.round(HEIGHT / factor) };
      const [a, b] = await Promise.all(items.map((item) => show(item, { blackout }, { size })));
      expect(a !== undefined && b !== undefined && difference(a, b).max).toBe(0);
    }
  });
});

describe('a blurred region', () => {
  const blur = [{ x: 25, y: 25, width: 50, height: 50 }];

  it('keeps the colours and loses the detail, at every scale', async () => {
    const striped = paint(WIDTH, HEIGHT);
    for (let i = 0; i < WIDTH * HEIGHT; i++) if (Math.floor((i % WIDTH) / 20) % 2 === 0) striped.data.fill(255, i * 3, i * 3 + 3);
    const item = await lab.save('striped.png', await open(striped).png().toBuffer());
    for (const factor of [1, 2, 5]) {
      const size = { width: WIDTH / factor, height: HEIGHT / factor };
      const picture = await show(item, { blur }, { size });
      const y = Math.round(size.height * 0.4);
      let steepest = 0;
      for (let x = Math.ceil(size.width * 0.27); x < size.width * 0.73; x++) {
        steepest = Math.max(steepest, Math.abs((pixel(picture, x, y)[0] ?? 0) - (pixel(picture, x - 1, y)[0] ?? 0)));
      }
      expect(steepest).toBeLessThan(30 * factor);
      expect(Math.max(...pixel(picture, Math.round(size.width * 0.3), y))).toBeGreaterThan(100);
    }
  });

  it('fits together over tiles', async () => {
    const whole = await show(photo, { blur });
    const tile = await show(photo, { blur }, { region: { x: 512, y: 256, width: 512, height: 512 } });
    const cutOut = await decode(await open(whole).extract({ left: 512, top: 256, width: 512, height: 512 }).png().toBuffer(), 3);
    expect(difference(tile, cutOut).max).toBeLessThanOrEqual(3);
  });
});

describe('a gray tier', () => {
  it.each(['default', 'gray'] as const)('has no colour in quality %s', async (quality) => {
    for (const format of ['png', 'jpg', 'webp'] as const) {
      const { data } = await show(photo, { gray: true, watermark: MARK }, { quality, format });
      let colour = 0;
      for (let i = 0; i < data.length; i += 3) colour = Math.max(colour, Math.abs((data[i] ?? 0) - (data[i + 1] ?? 0)));
      // Lossy WebP rounds on the way from its own colour space.
      expect(colour).toBeLessThanOrEqual(format === 'webp' ? 1 : 0);
    }
  });
});

describe('a tier that is limited in size', () => {
  it('may be a large one', async () => {
    const strip = paint(6_000, 60);
    const tiff = open(strip).tiff({ tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, compression: 'lzw' });
    for (const item of [
      await lab.save('strip.tif', await tiff.toBuffer()),
      await lab.save('strip.png', await open(strip).png().toBuffer()),
    ]) {
      const whole = await show(item, { maxSize: 5_000 }, { region: { x: 0, y: 0, width: 5_000, height: 50 } });
      expect([whole.width, whole.height]).toEqual([5_000, 50]);
      const tile = await show(item, { maxSize: 5_000 }, { region: { x: 4_200, y: 10, width: 512, height: 40 } });
      expect(difference(tile, crop(whole, 4_200, 10, 512, 40)).max).toBe(0);
    }
  });

  it('is the same image whatever it is cut into', async () => {
    const full = { x: 0, y: 0, width: 600, height: 450 };
    for (const item of [photo, pyramid]) {
      const whole = await show(item, { maxSize: 600 }, { region: full });
      expect([whole.width, whole.height]).toEqual([600, 450]);
      const tile = await show(item, { maxSize: 600 }, { region: { x: 123, y: 77, width: 256, height: 200 } });
      const cutOut = await decode(await open(whole).extract({ left: 123, top: 77, width: 256, height: 200 }).png().toBuffer(), 3);
      expect(difference(tile, cutOut).max).toBe(0);
    }
  });
});
