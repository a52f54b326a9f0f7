import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImageReader } from '../../src/adapters/imaging/image-reader.ts';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createPyramids } from '../../src/adapters/imaging/pyramid/background-pyramids.ts';
import { createFolderSource } from '../../src/adapters/sources/folder.ts';
import { runVitrine, start } from '../house/run-vitrine.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pyramid-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

/** Much of everything, so that it does not shrink to nothing. */
async function picture(width: number, height: number) {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  const small = await sharp({ create: { width: 500, height: 400, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
  return sharp(small).resize(width, height, { fit: 'fill', kernel: 'nearest' });
}

async function makeImages(name: string): Promise<string> {
  const images = join(folder, name);
  await mkdir(join(images, 'maps'), { recursive: true });
  await (await picture(1900, 1200)).png({ compressionLevel: 1 }).toFile(join(images, 'maps/world.png'));
  await (await picture(1800, 1300)).jpeg().toFile(join(images, 'town.jpg'));
  await (await picture(400, 300)).jpeg().toFile(join(images, 'stamp.jpg'));
  await writeFile(join(images, 'broken.png'), 'no picture at all');
  return images;
}

async function namesIn(where: string): Promise<readonly string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('vitrine pyramid', () => {
  it('makes the pyramids that the server reads, tells what it could not make, and does not make them again', async () => {
    const [images, data] = [await makeImages('images'), join(folder, 'data')];
    const words = ['pyramid', '--images', images, '--data', data, '--parallel', '2'];
    const first = await runVitrine(words);
    expect(first.out).toContain('2 made, 1 need none, 1 failed');
    expect(first.out).toMatch(/Pyramids 4\/4 .*MP\/s/);
    expect(first.err).toMatch(/^broken\.png: /m);
    expect(first.code).toBe(1);

    const again = await runVitrine(words);
    expect(again.out).toContain('0 made, 2 there already, 1 need none, 1 failed');

    const recipe = { quality: 85, subsampling: '4:2:0', colour: 'srgb' } as const;
    const nothing = () => {};
    const pyramids = createPyramids({
      folder: join(data, 'pyramids'),
      recipe,
      maxBytes: 1e9,
      atOnce: 0,
      imaging: IMAGING_DEFAULTS,
      remote: null,
      onMade: nothing,
      onFailure: nothing,
    });
    const reader = createImageReader(IMAGING_DEFAULTS, pyramids);
    const items = createFolderSource(images);
    for (const path of ['maps/world.png', 'town.jpg']) {
      const item = await items.find(path);
      if (item === null) throw new Error(`${path} is not there`);
      expect(await reader.describe(item)).toMatchObject({ pyramid: true });
    }
    await reader.close();
  });

  it('takes files and folders, of the folder of images only', async () => {
    const [images, data] = [await makeImages('some'), join(folder, 'some-data')];
    const maps = await runVitrine(['pyramid', join(images, 'maps'), 'town.jpg', '--images', images, '--data', data], { folder: images });
    expect(maps).toMatchObject({ code: 0, out: expect.stringContaining('2 made') });
    const other = await runVitrine(['pyramid', join(folder, 'some-data'), '--images', images, '--data', data]);
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('is not in the folder of images') });
    const absent = await runVitrine(['pyramid', join(images, 'absent.png'), '--images', images, '--data', data]);
    expect(absent.code).not.toBe(0);
    expect(absent.err).toContain('absent.png');
  });

  it('stops where there is no more room, and keeps what it made', async () => {
    const [images, data] = [await makeImages('large'), join(folder, 'little-room')];
    for (const name of ['a', 'b', 'c', 'd']) await (await picture(2400, 1800)).jpeg().toFile(join(images, `${name}.jpg`));
    const words = ['pyramid', '--images', images, '--data', data, '--parallel', '1', '--pyramid-disk-megabytes', '5'];
    const run = await runVitrine(words);
    expect(run.err).toContain('pyramidDiskMegabytes');
    expect(run.code).toBe(1);
    const kept = await namesIn(join(data, 'pyramids'));
    expect(kept.length).toBeGreaterThan(0);
    await runVitrine(words);
    expect(await namesIn(join(data, 'pyramids'))).toEqual(kept);
  });

  it('with --out, makes files of its own that other programs read, one for each page', async () => {
    const images = await makeImages('sources');
    const pages = await Promise.all([picture(700, 900), picture(700, 900)]);
    const raw = await Promise.all(pages.map((page) => page.raw().toBuffer()));
    await sharp(Buffer.concat(raw), { raw: { width: 700, height: 1800, channels: 3, pageHeight: 900 } })
      .tiff()
      .toFile(join(images, 'book.tif'));
    const out = join(folder, 'out');
    const run = await runVitrine(['pyramid', images, '--out', out]);
    expect((await namesIn(out)).toSorted()).toEqual(['book-2.tif', 'book.tif', 'stamp.tif', 'town.tif', 'world.tif']);
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining('5 made, 1 failed') });
    expect(await sharp(join(out, 'maps/world.tif'), { page: 1 }).metadata()).toMatchObject({ width: 950, height: 600 });

    const changed = new Date(Date.now() + 60_000);
    await utimes(join(images, 'town.jpg'), changed, changed);
    expect((await runVitrine(['pyramid', images, '--out', out])).out).toContain('1 made, 4 there already, 1 failed');
  });

  it('with --out, gives no two the same name, and does not write among its sources', async () => {
    const images = join(folder, 'twins');
    await mkdir(images);
    await (await picture(300, 200)).png().toFile(join(images, 'twin.png'));
    await (await picture(300, 200)).jpeg().toFile(join(images, 'twin.jpg'));
    const run = await runVitrine(['pyramid', images, '--out', join(folder, 'twins-out'), '--parallel', '1']);
    expect(run).toMatchObject({
      code: 1,
      out: expect.stringContaining('1 made, 1 failed'),
      err: expect.stringContaining('the name of that of twin.'),
    });
    const inside = await runVitrine(['pyramid', images, '--out', join(images, 'pyramids')]);
    expect(inside).toMatchObject({ code: 2, err: expect.stringContaining('pyramids of pyramids') });
  });
});

describe('vitrine pyramid that is ended in the middle', () => {
  it.each([
    ['by Ctrl-C', 'SIGINT', 130],
    ['by force', 'SIGKILL', null],
  ] as const)('%s leaves nothing unfinished, and goes on when it is run again', async (_how, signal, code) => {
    const images = join(folder, signal);
    await mkdir(images);
    await (await picture(9000, 7000)).jpeg().toFile(join(images, 'giant.jpg'));
    const [out, words] = [join(folder, `${signal}-out`), ['pyramid', images, '--out', join(folder, `${signal}-out`)]];
    const running = start(words);
    await expect.poll(() => readdir(out).catch(() => []), { timeout: 30_000 }).toEqual([expect.stringMatching(/^\.unfinished-/)]);
    running.process.kill(signal);
    expect(await running.exit).toBe(code);
    await expect.poll(() => readdir(out), { timeout: 30_000 }).toEqual([]);
    expect(await runVitrine(words)).toMatchObject({ code: 0, out: expect.stringContaining('1 made') });
    expect(await readdir(out)).toEqual(['giant.tif']);
  });
});
