import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { demoAccessFile } from '../../src/lab/demo-access.ts';
import { drawSample } from '../../src/lab/samples/draw-sample.ts';
import type { Raster } from '../../src/lab/samples/drawing/raster.ts';
import { makeSamples, type SampleReport } from '../../src/lab/samples/make-samples.ts';
import { SAMPLES } from '../../src/lab/samples/sample-list.ts';

type OpenCodec = (options: { print: () => void; printErr: () => void }) => Promise<{
  J2KDecoder: new () => { getEncodedBuffer(length: number): Uint8Array; decode(): void; getDecodedBuffer(): Uint8Array };
}>;

/** How far two pictures are apart on average, in steps of eight bits. */
function meanDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) {
    sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0));
  }
  return sum / one.length;
}

/** Below this deviation of the pixel values, a picture is as good as blank. */
const LEAST_DEVIATION = 12;

function digest(pages: readonly Raster[]): string {
  const hash = createHash('sha256');
  for (const { data } of pages) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

describe('drawing a sample', () => {
  it.each(SAMPLES.map(({ file }) => file))('draws %s twice with the same bytes', (file) => {
    const first = drawSample(file, 0.08);
    expect(digest(drawSample(file, 0.08))).toBe(digest(first));
    const sample = SAMPLES.find((candidate) => candidate.file === file);
    expect(first).toHaveLength(sample?.pages ?? 0);
  });

  it('draws different pages of the manuscript', () => {
    const pages = drawSample('members/manuscript.tif', 0.08);
    expect(new Set(pages.map((page) => digest([page]))).size).toBe(pages.length);
  });
});

describe('the list of samples', () => {
  it('has at least fourteen pictures, all different, of 4 to 61 megapixels', () => {
    expect(SAMPLES.length).toBeGreaterThanOrEqual(14);
    expect(new Set(SAMPLES.map(({ file }) => file)).size).toBe(SAMPLES.length);
    expect(new Set(SAMPLES.map(({ title }) => title)).size).toBe(SAMPLES.length);
    for (const { width, height } of SAMPLES) {
      expect(width * height).toBeGreaterThan(4e6);
      expect(width * height).toBeLessThan(61e6);
    }
  });

  it('shows each kind of access, most of it open', () => {
    const count = (access: string): number => SAMPLES.filter((sample) => sample.access === access).length;
    expect(count('open')).toBeGreaterThan(SAMPLES.length / 2);
    expect(count('members')).toBeGreaterThanOrEqual(2);
    expect(count('terms')).toBeGreaterThanOrEqual(2);
    expect(count('curators')).toBeGreaterThanOrEqual(1);
  });

  it('is covered by the policies of its access file, which name only services that exist', () => {
    const model = parse(demoAccessFile([])) as {
      accessServices: Record<string, { pattern: string; label: Record<string, string[]> }>;
      policies: { items: string; allow: 'everyone' | { service: string }[] }[];
    };
    for (const { file } of SAMPLES) {
      expect(model.policies.some(({ items }) => file.startsWith(items.replace('**', '')))).toBe(true);
    }
    const named = model.policies.flatMap(({ allow }) => (allow === 'everyone' ? [] : allow.map(({ service }) => service)));
    expect(new Set(named)).toEqual(new Set(Object.keys(model.accessServices)));
    for (const { label } of Object.values(model.accessServices)) {
      expect(Object.keys(label)).toEqual(['en', 'de']);
    }
  });

  it('names the institution in every label, as both specifications demand, and no sentence of it is cut', () => {
    const parsed = parseAccessFile(demoAccessFile([]), 'access.yaml');
    if (!parsed.ok) throw new Error('the access file of the samples is good');
    expect(parsed.warnings).toEqual([]);
    for (const { label } of parsed.model.services.values()) {
      for (const [text] of Object.values(label)) expect(text).toMatch(/Vitrine.(Library|Bibliothek)/);
    }
  });
});

describe('making the collection', () => {
  let data = '';
  let report: SampleReport;
  const progress: (readonly [number, number, string])[] = [];
  const path = (file: string): string => join(data, 'images', file);

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'vitrine-samples-'));
    report = await makeSamples(join(data, 'images'), (done, total, label) => progress.push([done, total, label]));
  }, 180_000);
  afterAll(async () => {
    await rm(data, { recursive: true, force: true, maxRetries: 10 });
  });

  it('makes every picture and reports each with its title', () => {
    expect(report.made).toBe(SAMPLES.length);
    expect(progress[0]).toEqual([0, SAMPLES.length, '']);
    expect(progress.at(-1)?.slice(0, 2)).toEqual([SAMPLES.length, SAMPLES.length]);
    expect(new Set(progress.slice(1).map(([, , label]) => label))).toEqual(new Set(SAMPLES.map(({ title }) => title)));
  });

  it('leaves nothing unfinished behind', async () => {
    expect(await readdir(data)).toEqual(['images']);
    const files = (await readdir(join(data, 'images'), { recursive: true })).filter((name) => /\.[a-z0-9]+$/.test(name));
    expect(files.sort()).toEqual(['.complete', ...SAMPLES.map(({ file }) => file)].sort());
  });

  it.each(SAMPLES.filter(({ file }) => !file.endsWith('.jp2')).map(({ file }) => file))(
    '%s has its size and is not blank',
    async (file) => {
      const sample = SAMPLES.find((candidate) => candidate.file === file);
      const { autoOrient } = await sharp(path(file), { limitInputPixels: false }).metadata();
      expect(autoOrient).toEqual({ width: sample?.width, height: sample?.height });
      const { channels } = await sharp(path(file)).resize(600, 600, { fit: 'inside' }).toColourspace('b-w').stats();
      expect(channels[0]?.stdev).toBeGreaterThan(LEAST_DEVIATION);
    },
  );

  it('writes the map as a tiled pyramid of JPEG tiles', async () => {
    const meta = await sharp(path('open/maps/glass-isles.tif'), { limitInputPixels: false }).metadata();
    expect(meta).toMatchObject({ format: 'tiff', width: 8000, height: 6000, channels: 3 });
    expect(await readTags(path('open/maps/glass-isles.tif'))).toMatchObject({
      compression: 7,
      tileWidth: 256,
      tileHeight: 256,
      directories: 6,
    });
  });

  it('writes the moon in strips of 16-bit gray', async () => {
    const meta = await sharp(path('open/sky/moon.tif')).metadata();
    expect(meta).toMatchObject({ format: 'tiff', depth: 'ushort', space: 'grey16', channels: 1 });
    expect(await readTags(path('open/sky/moon.tif'))).toMatchObject({ tileWidth: 0, directories: 1 });
    const { channels } = await sharp(path('open/sky/moon.tif')).stats();
    expect(channels[0]?.max).toBeGreaterThan(40000);
  });

  it('stores the fern sideways, upright after its EXIF orientation', async () => {
    const meta = await sharp(path('open/plants/fern.jpg')).metadata();
    expect(meta).toMatchObject({ format: 'jpeg', orientation: 6, width: 3600, height: 2800 });
    const [drawn] = drawSample('open/plants/fern.jpg', 0.1);
    const upright = await sharp(path('open/plants/fern.jpg')).autoOrient().resize(280, 360, { fit: 'fill' }).removeAlpha().raw().toBuffer();
    expect(meanDifference(drawn?.data ?? [], upright)).toBeLessThan(12);
  });

  it('keeps the fractal in Display P3, with its pixels converted', async () => {
    const file = path('open/fractals/julia.jpg');
    const { icc, format } = await sharp(file).metadata();
    expect(format).toBe('jpeg');
    expect(icc?.toString('latin1').replaceAll('\0', '')).toContain('P3');
    const [drawn] = drawSample('open/fractals/julia.jpg', 1);
    const shown = await sharp(file).raw().toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    expect(meanDifference(shown, drawn?.data ?? [])).toBeLessThan(5);
    expect(meanDifference(stored, shown)).toBeGreaterThan(1);
  });

  it('writes the still life as gray JPEG, the tartan as WebP, the damask as AVIF', async () => {
    expect(await sharp(path('open/engravings/still-life.jpg')).metadata()).toMatchObject({ format: 'jpeg', channels: 1, space: 'b-w' });
    expect(await sharp(path('open/textiles/tartan.webp')).metadata()).toMatchObject({ format: 'webp', channels: 3 });
    expect(await sharp(path('open/textiles/damask.avif')).metadata()).toMatchObject({ format: 'heif', compression: 'av1' });
  });

  it('leaves the lace transparent between its threads', async () => {
    const lace = sharp(path('open/textiles/lace.png'));
    expect(await lace.metadata()).toMatchObject({ format: 'png', hasAlpha: true });
    const { channels } = await lace.stats();
    expect(channels[3]).toMatchObject({ min: 0, max: 255 });
  });

  it('keeps four pages in the manuscript', async () => {
    expect(await sharp(path('members/manuscript.tif')).metadata()).toMatchObject({ format: 'tiff', pages: 4, width: 2000, height: 2800 });
  });

  it('writes the marbled paper as JPEG 2000 in tiles', async () => {
    const file = await readFile(path('open/papers/marbled.jp2'));
    expect(file.subarray(0, 12).toString('hex')).toBe('0000000c6a5020200d0a870a');
    const size = file.indexOf(Buffer.from('ff4fff51', 'hex')) + 4;
    expect([8, 12, 24, 28].map((at) => file.readUInt32BE(size + at - 4))).toEqual([2304, 1792, 512, 512]);
  });

  it('writes tiles that a JPEG 2000 decoder puts together again', async () => {
    const openCodec = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/decodewasmjs') as OpenCodec;
    const codec = await openCodec({ print: () => {}, printErr: () => {} });
    const decoder = new codec.J2KDecoder();
    const file = await readFile(path('open/papers/marbled.jp2'));
    decoder.getEncodedBuffer(file.length).set(file);
    decoder.decode();
    const [drawn] = drawSample('open/papers/marbled.jp2', 1);
    expect(meanDifference(drawn?.data ?? [], decoder.getDecodedBuffer())).toBeLessThan(1);
  });

  it('makes nothing when all is there', async () => {
    const before = await stat(path('open/maps/glass-isles.tif'));
    const again = await makeSamples(join(data, 'images'), () => {});
    expect(again.made).toBe(0);
    expect((await stat(path('open/maps/glass-isles.tif'))).mtimeMs).toBe(before.mtimeMs);
  });
});

describe('a collection that was interrupted', () => {
  it('is continued, without drawing again what was finished', async () => {
    const data = await mkdtemp(join(tmpdir(), 'vitrine-samples-'));
    try {
      const unfinished = join(data, 'images.unfinished');
      const { SAMPLES_VERSION } = await import('../../src/lab/samples/sample-list.ts');
      for (const { file } of SAMPLES.slice(0, -1)) {
        await mkdir(join(unfinished, file, '..'), { recursive: true });
        await writeFile(join(unfinished, file), 'finished earlier');
      }
      await writeFile(join(unfinished, '.complete'), `${SAMPLES_VERSION}\n`);
      await mkdir(join(unfinished, 'curators'), { recursive: true });
      await writeFile(join(unfinished, `${SAMPLES.at(-1)?.file}.part`), 'cut off');
      const report = await makeSamples(join(data, 'images'), () => {});
      expect(report.made).toBe(1);
      expect(await readFile(join(data, 'images', SAMPLES[0].file), 'utf8')).toBe('finished earlier');
      expect((await sharp(join(data, 'images', SAMPLES.at(-1)?.file ?? '')).metadata()).format).toBe('tiff');
      expect(existsSync(`${join(data, 'images', SAMPLES.at(-1)?.file ?? '')}.part`)).toBe(false);
    } finally {
      await rm(data, { recursive: true, force: true, maxRetries: 10 });
    }
  }, 60_000);

  it('is refused in a folder that holds other files', async () => {
    const data = await mkdtemp(join(tmpdir(), 'vitrine-samples-'));
    try {
      await mkdir(join(data, 'images'));
      await writeFile(join(data, 'images', 'holiday.jpg'), 'mine');
      await expect(makeSamples(join(data, 'images'), () => {})).rejects.toThrow(/not the sample collection/);
      expect(await readFile(join(data, 'images', 'holiday.jpg'), 'utf8')).toBe('mine');
    } finally {
      await rm(data, { recursive: true, force: true, maxRetries: 10 });
    }
  });
});

/** What the first directory of a little-endian TIFF says about tiles, and how many directories there are. */
async function readTags(file: string): Promise<{ compression: number; tileWidth: number; tileHeight: number; directories: number }> {
  const bytes = await readFile(file);
  expect(bytes.toString('latin1', 0, 2)).toBe('II');
  const tags = new Map<number, number>();
  let directories = 0;
  for (let at = bytes.readUInt32LE(4); at !== 0; directories += 1) {
    const entries = bytes.readUInt16LE(at);
    for (let entry = 0; entry < entries && directories === 0; entry += 1) {
      const start = at + 2 + entry * 12;
      tags.set(bytes.readUInt16LE(start), bytes.readUInt16LE(start + 8));
    }
    at = bytes.readUInt32LE(at + 2 + entries * 12);
  }
  return { compression: tags.get(259) ?? 0, tileWidth: tags.get(322) ?? 0, tileHeight: tags.get(323) ?? 0, directories };
}
