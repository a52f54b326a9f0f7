import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../house/run-vitrine.ts';

/** 500 megapixels. */
const WIDTH = 25_000;
const HEIGHT = 20_000;
const MEMORY_LIMIT_BYTES = 1e9;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-large-pyramid-'));
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const part = await sharp({ create: { width: 250, height: 200, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
  const large = sharp(part).resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'nearest' });
  await large.jpeg({ quality: 60 }).toFile(join(folder, 'large.jpg'));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe.skipIf(process.platform !== 'linux')('a pyramid of 500 megapixels', () => {
  it('is made in less than a gigabyte of memory, all processes together', { timeout: 240_000 }, async () => {
    const running = start(['pyramid', join(folder, 'large.jpg'), '--out', join(folder, 'out')]);
    const peaks = new Map<number, number>();
    let ended = false;
    void running.exit.then(() => {
      ended = true;
    });
    while (!ended) {
      for (const pid of await withChildren(running.process.pid ?? 0)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, await peakOf(pid)));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(running.out()).toContain('1 made');
    const made = await sharp(join(folder, 'out/large.tif'), { limitInputPixels: false }).metadata();
    expect(made).toMatchObject({ width: WIDTH, height: HEIGHT, pages: 8 });
    expect(peaks.size).toBeGreaterThanOrEqual(2);
    expect([...peaks.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MEMORY_LIMIT_BYTES);
  });
});

async function withChildren(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
  const children = lists.flatMap((list) => list.split(' ').filter((part) => part.trim() !== '')).map(Number);
  return [pid, ...(await Promise.all(children.map(withChildren))).flat()];
}

/** The most memory that a process ever held, in bytes. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
