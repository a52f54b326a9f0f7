import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVitrineProcess, type VitrineProcess } from '../harness/process.ts';

/** The largest sample of the demo has about this size. */
const WIDTH = 9000;
const HEIGHT = 6600;
const MEMORY_LIMIT_BYTES = 1.5e9;
const REQUEST_SECONDS = 100;

const HOSTILE = [
  '/full/^50000,50000/0/default.jpg',
  '/full/^max/0/default.png',
  '/full/^max/37/default.png',
  '/full/^max/123.4/default.tif',
  '/full/max/45/default.jpg',
  '/full/max/!33/default.webp',
  '/full/max/10/gray.png',
  '/full/max/80/bitonal.gif',
  '/full/max/0/default.avif',
  '/full/max/0/default.jp2',
  '/full/9000,/0/default.png',
  '/0,0,8999,6599/max/0/default.png',
  '/1,1,8998,6598/max/0.1/default.tif',
  '/0,0,1,1/^10000,10000/0/default.png',
  '/0,0,2,2/^99999999999,1/0/default.jpg',
  '/pct:0,0,100,100/^pct:1000/0/default.jpg',
].flatMap((path) => [`/iiif/3/tiled.tif${path}`, `/iiif/3/plain.jpg${path}`]);

let folder = '';
let vitrine: VitrineProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-hostile-'));
  const images = join(folder, 'images');
  await mkdir(images);
  const noise = await sharp({
    create: { width: 600, height: 440, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  })
    .png()
    .toBuffer();
  const large = sharp(noise).resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'nearest' });
  const tiles = { tile: true, pyramid: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', quality: 85 } as const;
  await large.clone().tiff(tiles).toFile(join(images, 'tiled.tif'));
  await large.clone().jpeg({ quality: 85 }).toFile(join(images, 'plain.jpg'));
  vitrine = await startVitrineProcess('serve', ['--images', images, '--data', join(folder, 'data')]);
});

afterAll(async () => {
  await vitrine?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

describe('thirty-two hostile requests at once', () => {
  it('are answered with sentences, in bounded memory, while tiles go on being served', { timeout: 240_000 }, async () => {
    expect(HOSTILE).toHaveLength(32);
    const done = new AbortController();
    const tiles = serveTiles(done.signal);
    const answers = await Promise.all(HOSTILE.map(askHostile));
    done.abort();

    for (const answer of answers) {
      expect([200, 400, 403, 413, 503], `${answer.path}: ${answer.status}`).toContain(answer.status);
      if (answer.status !== 200) expect(answer.body, answer.path).toMatch(/"detail":"[A-Z][^"]+\."/);
      if (answer.status === 503) expect(answer.retryAfter, answer.path).toMatch(/^\d+$/);
    }
    expect(answers.filter(({ status }) => status !== 200).length).toBeGreaterThan(HOSTILE.length / 4);
    expect(await tiles).toBeGreaterThan(20);
    expect(vitrine.alive()).toBe(true);
    const peak = await vitrine.peakMemory();
    if (peak !== null) expect(peak).toBeLessThan(MEMORY_LIMIT_BYTES);
  });
});

async function askHostile(path: string) {
  const response = await fetch(`${vitrine.base}${path}`, { signal: AbortSignal.timeout(REQUEST_SECONDS * 1000) });
  const body = response.status === 200 ? (await response.arrayBuffer()) && '' : await response.text();
  return { path, status: response.status, body, retryAfter: response.headers.get('retry-after') };
}

/** Asks for one tile after another until told to stop; every one must come. Returns how many came. */
async function serveTiles(until: AbortSignal): Promise<number> {
  let served = 0;
  while (!until.aborted && served < 5000) {
    const [x, y] = [(served * 256) % 8704, (served * 512) % 6144];
    const response = await fetch(`${vitrine.base}/iiif/3/tiled.tif/${x},${y},256,256/256,256/0/default.jpg`);
    await response.arrayBuffer();
    expect(response.status, `tile ${served}`).toBe(200);
    served += 1;
  }
  return served;
}
