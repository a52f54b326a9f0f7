import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/item.ts';
import { FORMATS, type Format } from '../../src/iiif/image/request.ts';
import { crop, decode, difference, type Lab, open, openLab, type Picture, paint, pixel, toGray, withAlpha } from './pictures.ts';

const PICTURE = paint(240, 160);
/** Mean difference that lossy compression and palettes may make. */
const TOLERANCE: Readonly<Record<Format, number>> = { jpg: 3, png: 0, webp: 4, avif: 4, gif: 4, tif: 0, jp2: 3, pdf: 3 };
const TRANSPARENT: readonly Format[] = ['png', 'webp', 'avif', 'gif', 'tif', 'jp2'];
const OPAQUE: readonly Format[] = ['jpg', 'pdf'];

let lab: Lab;
let opaque: Item;
let transparent: Item;

beforeAll(async () => {
  lab = await openLab({ backgroundColour: '#ff00ff' });
  opaque = await lab.save('opaque.png', await open(PICTURE).png().toBuffer());
  transparent = await lab.save('transparent.png', await open(withAlpha(PICTURE)).png().toBuffer());
});
afterAll(() => lab.close());

/** JPEG 2000 comes back through our own reader, PDF by the JPEG in it. */
async function read(format: Format, bytes: Uint8Array, channels: 1 | 3 | 4): Promise<Picture> {
  if (format === 'pdf') return decode(jpegIn(bytes), channels);
  if (format !== 'jp2') return decode(bytes, channels);
  return decode(await lab.render(await lab.save(`back-${Math.random()}.jp2`, bytes)), channels);
}

function jpegIn(pdf: Uint8Array): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const found = /\/DCTDecode \/Length (\d+) >>\nstream\n/.exec(text);
  const start = (found?.index ?? 0) + (found?.[0].length ?? 0);
  return pdf.subarray(start, start + Number(found?.[1]));
}

function starts(format: Format, bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const magic: Record<Format, RegExp> = {
    jpg: /^\xff\xd8\xff/,
    png: /^\x89PNG/,
    webp: /^RIFF....WEBP/s,
    avif: /^....ftypavif/s,
    gif: /^GIF89a/,
    tif: /^II\*\0/,
    jp2: /^\0\0\0\x0cjP {2}/,
    pdf: /^%PDF-/,
  };
  return magic[format].test(head);
}

describe.each(FORMATS)('a derivative in %s', (format) => {
  it('shows the picture', async () => {
    const bytes = await lab.render(opaque, { format });
    expect(starts(format, bytes)).toBe(true);
    expect(difference(await read(format, bytes, 3), PICTURE).mean).toBeLessThanOrEqual(TOLERANCE[format]);
  });

  it('shows it in gray', async () => {
    const bytes = await lab.render(opaque, { format, quality: 'gray' });
    const seen = await read(format, bytes, 3);
    expect(
      difference(
        seen,
        await decode(
          await open(await toGray(PICTURE))
            .png()
            .toBuffer(),
          3,
        ),
      ).mean,
    ).toBeLessThanOrEqual(TOLERANCE[format] + 1);
    const [r = 0, g = 0, b = 0] = pixel(seen, 20, 20);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(2);
  });

  it('shows it in black and white', async () => {
    const seen = await read(format, await lab.render(opaque, { format, quality: 'bitonal' }), 1);
    const gray = await toGray(PICTURE);
    // Far from an edge, so that the traces of compression do not count.
    for (const [x, y] of [
      [20, 20],
      [200, 20],
      [20, 140],
      [150, 100],
    ] as const) {
      const [value = -1] = pixel(seen, x, y);
      const [luminance = 0] = pixel(gray, x, y);
      expect(Math.abs(value - (luminance >= 128 ? 255 : 0))).toBeLessThanOrEqual(8);
    }
  });

  it('scales a region to exactly the size of the plan', async () => {
    const region = { x: 60, y: 40, width: 120, height: 80 };
    const seen = await read(format, await lab.render(opaque, { format, region, size: { width: 61, height: 37 } }), 3);
    const expected = await decode(
      await open(crop(PICTURE, 60, 40, 120, 80))
        .resize(61, 37, { fit: 'fill' })
        .png()
        .toBuffer(),
      3,
    );
    expect(difference(seen, expected).mean).toBeLessThanOrEqual(TOLERANCE[format] + 3);
  });

  it('is mirrored before it is turned', async () => {
    const seen = await read(format, await lab.render(opaque, { format, mirrored: true, degrees: 90 }), 3);
    const mirrored = await decode(await open(PICTURE).flop().png().toBuffer(), 3);
    const expected = await decode(await open(mirrored).rotate(90).png().toBuffer(), 3);
    expect(difference(seen, expected).mean).toBeLessThanOrEqual(TOLERANCE[format] + 1);
  });

  it('turns by 180 and 270 degrees', async () => {
    for (const degrees of [180, 270]) {
      const seen = await read(format, await lab.render(opaque, { format, degrees }), 3);
      expect(difference(seen, await decode(await open(PICTURE).rotate(degrees).png().toBuffer(), 3)).mean).toBeLessThanOrEqual(
        TOLERANCE[format] + 1,
      );
    }
  });

  it.each([0.5, 30, 45, 100.25, 359])(
    'turned by %d degrees it has the box around it, and all four corners in one colour',
    async (degrees) => {
      const seen = await read(format, await lab.render(opaque, { format, degrees }), 4);
      const angle = (degrees * Math.PI) / 180;
      const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
      expect(Math.abs(seen.width - (240 * cos + 160 * sin))).toBeLessThanOrEqual(1.5);
      expect(Math.abs(seen.height - (240 * sin + 160 * cos))).toBeLessThanOrEqual(1.5);
      const centre = pixel(seen, Math.floor(seen.width / 2) - 12, Math.floor(seen.height / 2));
      expect(centre[3]).toBe(255);
      if (degrees < 20 || degrees > 340) return;
      for (const [x, y] of [
        [1, 1],
        [seen.width - 2, 1],
        [1, seen.height - 2],
        [seen.width - 2, seen.height - 2],
      ] as const) {
        const [r = 0, g = 0, b = 0, alpha = 0] = pixel(seen, x, y);
        if (TRANSPARENT.includes(format)) expect(alpha).toBeLessThanOrEqual(5);
        else expect(Math.abs(r - 255) + g + Math.abs(b - 255)).toBeLessThanOrEqual(20);
      }
    },
  );

  it('of one pixel is made', async () => {
    const seen = await read(format, await lab.render(opaque, { format, size: { width: 1, height: 1 } }), 3);
    expect([seen.width, seen.height]).toEqual([1, 1]);
  });

  it('of a single row or column is made', async () => {
    for (const size of [
      { width: 240, height: 1 },
      { width: 1, height: 160 },
    ]) {
      const seen = await read(format, await lab.render(opaque, { format, size }), 3);
      expect([seen.width, seen.height]).toEqual([size.width, size.height]);
    }
  });
});

describe('transparency', () => {
  it.each(TRANSPARENT.filter((format) => format !== 'gif'))('is kept in %s', async (format) => {
    const seen = await read(format, await lab.render(transparent, { format }), 4);
    const expected = withAlpha(PICTURE);
    for (const [x, y] of [
      [10, 10],
      [120, 30],
      [230, 150],
    ] as const) {
      expect(Math.abs((pixel(seen, x, y)[3] ?? 0) - (pixel(expected, x, y)[3] ?? 0))).toBeLessThanOrEqual(6);
    }
  });

  it.each(OPAQUE)('shows the background through in %s', async (format) => {
    const seen = await read(format, await lab.render(transparent, { format }), 3);
    const expected = await decode(await open(withAlpha(PICTURE)).flatten({ background: '#ff00ff' }).png().toBuffer(), 3);
    expect(difference(seen, expected).mean).toBeLessThanOrEqual(4);
  });

  it.each(FORMATS)('goes with gray, black and white, and turning in %s', async (format) => {
    for (const quality of ['gray', 'bitonal'] as const) {
      const seen = await read(format, await lab.render(transparent, { format, quality, degrees: 45 }), 4);
      expect(Math.abs(seen.width - 283)).toBeLessThanOrEqual(1);
      const [, , , alpha = 0] = pixel(seen, 1, 1);
      expect(alpha > 250).toBe(!TRANSPARENT.includes(format));
    }
  });
});

describe('what a format cannot hold', () => {
  it('is refused with a sentence, before any work', async () => {
    const size = { width: 16_400, height: 1 };
    for (const format of ['webp', 'avif'] as const) {
      await expect(lab.render(opaque, { format, size })).rejects.toMatchObject({ refusal: { code: 'image.limit' } });
    }
  });
});

describe('metadata', () => {
  it('is left behind', async () => {
    const exif = { IFD0: { Artist: 'Somebody', Copyright: 'Secret' } };
    const item = await lab.save('named.jpg', await open(PICTURE).withExif(exif).jpeg().toBuffer());
    for (const format of ['jpg', 'png', 'webp', 'tif', 'avif'] as const) {
      expect(Buffer.from(await lab.render(item, { format })).includes('Somebody')).toBe(false);
    }
  });
});
