import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import { wrapJp2 } from '../../src/adapters/imaging/wrap-jp2.ts';
import { assembleTiff, basics, strips } from './assemble-tiff.ts';
import { decode, difference, failureOf, type Lab, open, openLab, paint, planOf } from './pictures.ts';
import { writeTiff } from './write-tiff.ts';

const PICTURE = paint(400, 300);

let lab: Lab;
const sources = new Map<string, Buffer>();

beforeAll(async () => {
  lab = await openLab({ maxSourcePixels: 50_000_000, jpeg2000: 'worker' });
  // Noise, so that compressed data has to reach to the end of the file.
  const noisy = sharp(
    PICTURE.data.map((value, i) => (value + ((i * 7919) % 61)) & 255),
    { raw: { width: 400, height: 300, channels: 3 } },
  );
  sources.set('jpg', await noisy.clone().jpeg().toBuffer());
  sources.set('progressive.jpg', await noisy.clone().jpeg({ progressive: true }).toBuffer());
  sources.set('png', await noisy.clone().png().toBuffer());
  sources.set('tif', await noisy.clone().tiff({ compression: 'lzw' }).toBuffer());
  sources.set('tiled.tif', await noisy.clone().tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'deflate' }).toBuffer());
  sources.set('strips.tif', await noisy.clone().tiff({ compression: 'jpeg' }).toBuffer());
  const jpeg = [sources.get('jpg') ?? Buffer.alloc(0)];
  sources.set('old.tif', assembleTiff([{ entries: [...basics(400, 300, 6, 6), ...strips(300, jpeg)] }]));
  sources.set('big.tif', await noisy.clone().tiff({ bigtiff: true, compression: 'none' }).toBuffer());
  sources.set('webp', await noisy.clone().webp().toBuffer());
  sources.set('gif', await noisy.clone().gif().toBuffer());
  sources.set('avif', await noisy.clone().avif({ effort: 0 }).toBuffer());
  const plain = await lab.save('plain.png', await noisy.clone().png().toBuffer());
  sources.set('jp2', Buffer.from(await lab.render(plain, { format: 'jp2' })));
});
afterAll(() => lab.close());

/** Describes and renders, whichever fails first. */
async function tryAll(name: string, bytes: Uint8Array | string, quarter = false) {
  const item = await lab.save(name, bytes);
  const region = { x: 0, y: 0, width: 400, height: 300 };
  return failureOf(
    lab.reader.describe(item).then((description) => {
      const size = quarter ? { width: 100, height: 75 } : { width: 400, height: 300 };
      return lab.reader.render(item, description, planOf({ region, size }), new AbortController().signal);
    }),
  );
}

const FORMATS = ['jpg', 'progressive.jpg', 'png', 'tif', 'tiled.tif', 'strips.tif', 'old.tif', 'big.tif', 'webp', 'gif', 'avif', 'jp2'];

describe.each(FORMATS)('a %s file', (format) => {
  const whole = (): Buffer => sources.get(format) ?? Buffer.alloc(0);

  it('is fine before it is damaged', async () => {
    const seen = await decode(await lab.render(await lab.save(`fine.${format}`, whole())), 3);
    expect([seen.width, seen.height]).toEqual([400, 300]);
  });

  it.each([0.02, 0.25, 0.5, 0.9, 0.98])('cut off at %d of its length is broken, and never half a picture', async (share) => {
    const bytes = whole().subarray(0, Math.floor(whole().length * share));
    for (const quarter of [false, true]) {
      const { code, log, publicText } = await tryAll(`cut-${share}-${quarter}.${format}`, bytes, quarter);
      expect(code).toBe('source.broken');
      expect(log).toContain(lab.folder);
      expect(publicText).not.toContain(lab.folder);
    }
  });

  it('of a few bytes is broken or unknown', async () => {
    for (let length = 1; length <= 60; length += 3) {
      const { code } = await tryAll(`few-${length}.${format}`, whole().subarray(0, length));
      expect(['source.broken', 'source.unsupported']).toContain(code);
    }
  });

  it('with garbage after its header ends with a failure or a picture, and never with the process', async () => {
    for (let round = 0; round < 5; round++) {
      const keep = Math.min(800, whole().length / 3);
      const bytes = Buffer.concat([whole().subarray(0, keep), randomBytes(whole().length - keep)]);
      const item = await lab.save(`garbage-${round}.${format}`, bytes);
      const outcome = await lab.render(item).then(
        () => 'picture',
        (error: unknown) => (error as { refusal?: { code: string } }).refusal?.code,
      );
      expect(['picture', 'source.broken', 'source.unsupported', 'source.too-large']).toContain(outcome);
    }
  });

  it('with single bytes changed ends with a failure or a picture', async () => {
    for (let round = 0; round < 30; round++) {
      const bytes = Buffer.from(whole());
      bytes[(round * 37) % Math.min(bytes.length, 600)] = (round * 101) & 255;
      const item = await lab.save(`changed-${round}.${format}`, bytes);
      const outcome = await lab.render(item).then(
        () => 'picture',
        (error: unknown) => (error as { refusal?: { code: string } }).refusal?.code,
      );
      expect(['picture', 'source.broken', 'source.unsupported', 'source.too-large']).toContain(outcome);
    }
  });
});

describe('JPEG with damaged data', () => {
  it('is broken, although libjpeg only warns', async () => {
    const whole = sources.get('jpg') ?? Buffer.alloc(0);
    const bytes = Buffer.concat([whole.subarray(0, 700), randomBytes(whole.length - 700)]);
    expect((await tryAll('damaged.jpg', bytes)).code).toBe('source.broken');
  });
});

describe('a file that is not what it is called', () => {
  it.each([
    ['empty.jpg', '', 'source.broken'],
    ['text.jpg', 'Dear reader, this is a letter.', 'source.unsupported'],
    ['page.png', '<!doctype html><title>x</title>', 'source.unsupported'],
    [
      'drawing.png',
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>',
      'source.unsupported',
    ],
    ['bomb.svg', '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', 'source.unsupported'],
    ['document.tif', '%PDF-1.4\n', 'source.unsupported'],
    ['script.gif', '#!/bin/sh\n', 'source.unsupported'],
    ['zip.jp2', 'PK\x03\x04', 'source.unsupported'],
  ])('%s', async (name, bytes, code) => {
    expect((await tryAll(name, bytes)).code).toBe(code);
  });

  it('is read all the same when its bytes are a picture', async () => {
    const item = await lab.save('really-a-png.jpg', await open(PICTURE).png().toBuffer());
    expect(difference(await decode(await lab.render(item), 3), PICTURE).max).toBe(0);
  });

  it('never gets another loader, even where libvips is asked directly', async () => {
    // From memory libvips reads SVG: the watermarks that we draw. A file of it is read by nothing.
    const svg = await lab.save('a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'));
    await expect(sharp(svg.source.file).metadata()).rejects.toThrow();
    await expect(sharp(Buffer.from('P6 1 1 255 abc')).metadata()).rejects.toThrow();
  });
});

describe('a header that claims too much', () => {
  const png = (width: number, height: number): Buffer => {
    const bytes = Buffer.from(sources.get('png') ?? Buffer.alloc(0));
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    // The checksum of IHDR, or the size would not be believed at all.
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    return bytes;
  };

  it.each([
    ['png', () => png(100_000, 100_000)],
    ['tif', () => writeTiff([{ picture: { ...paint(2, 2), width: 100_000, height: 100_000 } }])],
    ['j2k', () => codestreamOf(100_000, 100_000)],
    [
      'jp2',
      () =>
        Buffer.from(
          wrapJp2(codestreamOf(100_000, 100_000), {
            width: 100_000,
            height: 100_000,
            components: 3,
            depth: 8,
            colour: 'srgb',
            profile: null,
            alpha: false,
          }),
        ),
    ],
  ] as const)('is refused before anything is decoded: %s', async (format, make) => {
    const { code, log } = await tryAll(`giant.${format}`, make());
    expect(code).toBe('source.too-large');
    expect(log).toContain(`giant.${format}`);
  });

  it('within the limit ends as broken', async () => {
    expect((await tryAll('lying.png', png(5000, 5000))).code).toBe('source.broken');
    expect((await tryAll('lying.tif', writeTiff([{ picture: { ...paint(2, 2), width: 5000, height: 5000 } }]))).code).toBe('source.broken');
    expect((await tryAll('lying.j2k', codestreamOf(5000, 5000))).code).toBe('source.broken');
  });

  /** What the header of a small file says of its size, changed in place. */
  const lie = (name: string, write: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(sources.get(name) ?? Buffer.alloc(0));
    write(bytes);
    return bytes;
  };
  const jpeg = (name: string, marker: number, side: number): Buffer =>
    lie(name, (bytes) => {
      const at = bytes.indexOf(Buffer.from([0xff, marker]));
      bytes.writeUInt16BE(side, at + 5);
      bytes.writeUInt16BE(side, at + 7);
    });
  const avif = (side: number): Buffer =>
    lie('avif', (bytes) => {
      const at = bytes.indexOf('ispe');
      bytes.writeUInt32BE(side, at + 8);
      bytes.writeUInt32BE(side, at + 12);
    });
  const gif = (side: number): Buffer =>
    lie('gif', (bytes) => {
      const image = bytes.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]));
      for (const at of [6, image + 5]) bytes.writeUInt16LE(side, at);
      for (const at of [8, image + 7]) bytes.writeUInt16LE(side, at);
    });
  const webp = (side: number): Buffer =>
    lie('webp', (bytes) => {
      const at = bytes.indexOf(Buffer.from([0x9d, 0x01, 0x2a]));
      bytes.writeUInt16LE(side, at + 3);
      bytes.writeUInt16LE(side, at + 5);
    });

  it.each([
    ['avif', () => avif(8_000)],
    ['progressive.jpg', () => jpeg('progressive.jpg', 0xc2, 19_000)],
    ['gif', () => gif(20_000)],
    ['webp', () => webp(16_000)],
  ] as const)('is refused where its format is decoded whole, at fewer pixels than others: %s', async (format, make) => {
    const roomy = await openLab({ maxSourcePixels: 1_000_000_000 });
    const { code, publicText } = await failureOf(roomy.reader.describe(await roomy.save(`heavy.${format}`, make())));
    expect(code).toBe('source.too-large');
    expect(publicText).toContain('in its format');
    const plain = await roomy.reader.describe(await roomy.save('plain.jpg', jpeg('jpg', 0xc0, 19_000)));
    expect(plain.width).toBe(19_000);
    await roomy.close();
  });

  /** The main header and nothing behind it. */
  function codestreamOf(width: number, height: number): Buffer {
    const siz = Buffer.alloc(49);
    siz.writeUInt16BE(0xff51, 0);
    siz.writeUInt16BE(47, 2);
    siz.writeUInt32BE(width, 6);
    siz.writeUInt32BE(height, 10);
    siz.writeUInt32BE(width, 22);
    siz.writeUInt32BE(height, 26);
    siz.writeUInt16BE(3, 38);
    for (let i = 0; i < 3; i++) siz.set([7, 1, 1], 40 + i * 3);
    const cod = Buffer.from([0xff, 0x52, 0, 12, 0, 0, 0, 1, 1, 5, 4, 4, 0, 1]);
    const qcd = Buffer.from([0xff, 0x5c, 0, 19, 0x40, ...Array.from({ length: 16 }, () => 0x48)]);
    return Buffer.concat([Buffer.from([0xff, 0x4f]), siz, cod, qcd, Buffer.from([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 0xff, 0x93])]);
  }
});

describe('a TIFF with loops', () => {
  it('of directories is broken', async () => {
    const bytes = writeTiff([{ picture: paint(4, 4) }]);
    const directory = bytes.readUInt32LE(4);
    const entries = bytes.readUInt16LE(directory);
    bytes.writeUInt32LE(directory, directory + 2 + entries * 12);
    expect((await tryAll('loop.tif', bytes)).code).toBe('source.broken');
  });

  it('asked for a page that it has not says how many it has, and renders none', async () => {
    await lab.save('one.tif', writeTiff([{ picture: paint(4, 4) }]));
    const item = await lab.itemOf(lab.file('one.tif'), 7);
    expect((await lab.reader.describe(item)).pages).toBe(1);
    expect((await failureOf(lab.render(item))).code).toBe('source.broken');
  });
});

describe('a file that goes away', () => {
  it('between two requests is a failure that names it in the log only', async () => {
    const item = await lab.save('gone.png', await open(PICTURE).png().toBuffer());
    await rm(item.source.file);
    const { code, log, publicText } = await failureOf(lab.reader.describe(item));
    expect(code).toBe('source.broken');
    expect(log).toContain('gone.png');
    expect(publicText).not.toContain('gone.png');
  });
});

describe('a request that nobody waits for', () => {
  it('is not begun', async () => {
    const item = await lab.save('unwanted.png', await open(PICTURE).png().toBuffer());
    const description = await lab.reader.describe(item);
    const gone = AbortSignal.abort(new Error('the reader has gone'));
    const plan = planOf({ region: { x: 0, y: 0, width: 400, height: 300 }, size: { width: 400, height: 300 } });
    await expect(lab.reader.render(item, description, plan, gone)).rejects.toThrow('the reader has gone');
  });
});
