import { readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../../src/adapters/storage/sqlite/open.ts';
import { runCachePurge, runCacheStats } from '../../../src/cli/cache.ts';
import { addPersonalToken } from '../../harness/personal-token.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../../harness/vitrine.ts';

const KEPT = { derivativeDiskKeeps: 'everything' } as const;
const SOON = { timeout: 20_000, interval: 100 };

let vitrine: TestVitrine;
let token: string;
let printed: string[];

beforeAll(async () => {
  vitrine = await startTestVitrine({ access: null, options: KEPT });
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  await db.users.create({ name: 'root', roles: ['administrator'], passwordHash: null });
  await db.close();
  token = await addPersonalToken(vitrine, 'root', ['cache:read', 'cache:write', 'audit:read']);
});
afterAll(() => vitrine.close());

function command(items: readonly string[]) {
  printed = [];
  return {
    options: { data: vitrine.data, derivativeDiskMegabytes: 100 },
    items,
    print: (line: string) => void printed.push(line),
    error: (line: string) => expect.unreachable(line),
  };
}

async function api<T>(path: string, method = 'GET'): Promise<T> {
  const response = await fetch(`${vitrine.base}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

type Stats = Record<'memory' | 'disk', { derivatives: number; bytes: number; maxBytes: number; hits: number; misses: number }>;
const stats = () => api<Stats>('/api/1/cache');

async function fetchImage(path: string, base = vitrine.base): Promise<Buffer> {
  const response = await fetch(`${base}/iiif/3/${path}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Of a data folder: derivatives that are kept there. */
async function filesOnDisk(data = vitrine.data): Promise<readonly string[]> {
  const names = await readdir(join(data, 'cache/derivatives'), { recursive: true }).catch(() => []);
  return names.filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{24}-/.test(name));
}

/** Of this process, in which the server runs: those too that were removed, as long as they take room on the disk. */
async function openPyramidFiles(): Promise<readonly string[]> {
  const names = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return names.filter((name) => name.startsWith(join(vitrine.data, 'pyramids')));
}

describe('the caches of a server', () => {
  it('hold what was made in memory and on disk, and a tile that was asked for again in memory only', async () => {
    await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg');
    await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg');
    await vi.waitFor(async () => expect(await filesOnDisk()).toHaveLength(1), SOON);
    expect(await stats()).toMatchObject({ memory: { derivatives: 1, hits: 1, misses: 1 }, disk: { derivatives: 1, hits: 0, misses: 1 } });
    const tile = 'open%2Fpyramid.tif/0,0,256,256/256,256/0/default.jpg';
    const first = await fetchImage(tile);
    for (let n = 0; n < 2; n += 1) expect(await fetchImage(tile)).toEqual(first);
    expect(await stats()).toMatchObject({ memory: { derivatives: 2 }, disk: { derivatives: 1 } });
  });

  it('hold on disk what is asked for again, unless all is to be there', async () => {
    const usual = await startTestVitrine({ access: null });
    try {
      await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg', usual.base);
      await fetchImage('open%2Fphoto.jpg/full/90,/0/default.jpg', usual.base);
      await fetchImage('open%2Fphoto.jpg/full/90,/0/default.jpg', usual.base);
      await vi.waitFor(async () => expect(await filesOnDisk(usual.data)).toHaveLength(1), SOON);
      await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg', usual.base);
      await vi.waitFor(async () => expect(await filesOnDisk(usual.data)).toHaveLength(2), SOON);
    } finally {
      await usual.close();
    }
  });

  it('give back from disk what another process has made, unless an option makes another picture of it', async () => {
    const made = await fetchImage('open%2Fphoto.jpg/full/90,/0/default.jpg');
    await vi.waitFor(async () => expect(await filesOnDisk()).toHaveLength(2), SOON);
    const other = await startTestVitrine({ access: null, options: { ...KEPT, data: vitrine.data, images: vitrine.images } });
    try {
      expect(await fetchImage('open%2Fphoto.jpg/full/90,/0/default.jpg', other.base)).toEqual(made);
      expect(await filesOnDisk()).toHaveLength(2);
    } finally {
      await other.stop();
    }
    const worse = await startTestVitrine({
      access: null,
      options: { ...KEPT, data: vitrine.data, images: vitrine.images, jpegQuality: 20 },
    });
    try {
      expect((await fetchImage('open%2Fphoto.jpg/full/90,/0/default.jpg', worse.base)).byteLength).toBeLessThan(made.byteLength);
    } finally {
      await worse.close();
      await other.close();
    }
    expect(await filesOnDisk()).toHaveLength(3);
  });

  it('lose an item by the interface for programs, of all sizes and at the front door too, and write that down', async () => {
    for (let n = 0; n < 3; n += 1) await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg');
    const before = await stats();
    expect(await api('/api/1/cache?items=open%2Fphoto.jpg', 'DELETE')).toEqual({ memory: 2, disk: 3, pyramids: 0, copies: 0 });
    expect((await stats()).disk.derivatives).toBe(before.disk.derivatives - 3);
    await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg');
    await vi.waitFor(async () => expect((await stats()).disk.derivatives).toBe(before.disk.derivatives - 2), SOON);
    expect(await api('/api/1/audit?action=cache.purged')).toMatchObject({
      events: [{ actor: 'root', via: 'api', item: 'open/photo.jpg' }],
    });
  });

  it('lose a folder by the command, on disk at once and in a running server soon', async () => {
    await fetchImage('members%2Fletter.jpg/full/100,/0/default.jpg');
    await fetchImage('open%2Fphoto.jpg/full/100,/0/default.jpg');
    await vi.waitFor(async () => expect(await filesOnDisk()).toHaveLength(2), SOON);
    const before = (await stats()).memory.derivatives;
    expect(await runCacheStats(command([]))).toBe(0);
    expect(printed).toEqual([expect.stringMatching(/^2 finished images on disk, 0\.0 of 100 MB at most\.$/)]);
    expect(await runCachePurge(command(['members/']))).toBe(0);
    expect(printed[0]).toBe('1 finished image of members/ removed from disk.');
    expect(await filesOnDisk()).toHaveLength(1);
    await vi.waitFor(async () => expect((await stats()).memory.derivatives).toBe(before - 1), SOON);
    expect(await api('/api/1/audit?action=cache.purged&item=members')).toMatchObject({ events: [{ actor: null, via: 'command line' }] });
  });

  it('lose pyramids with the item, by both ways, and let go of their files', async () => {
    await writeFile(join(vitrine.images, 'open/large.png'), await quarters(1900, 1300));
    const pyramids = async () =>
      (await readdir(join(vitrine.data, 'pyramids'), { recursive: true })).filter((name) => name.endsWith('.tif'));
    const showTile = () => fetchImage('open%2Flarge.png/0,0,256,256/256,256/0/default.jpg');
    let width = 100;
    const untilPyramidIsRead = () =>
      vi.waitFor(async () => {
        width += 1;
        await fetchImage(`open%2Flarge.png/full/${width},/0/default.jpg`);
        expect(await openPyramidFiles()).toEqual([expect.stringMatching(/pyramids\/p[0-9a-f]{2}\/[^/]*\.tif$/)]);
      }, SOON);
    const before = await showTile();
    await untilPyramidIsRead();
    expect(await api('/api/1/cache?items=open%2Flarge.png', 'DELETE')).toMatchObject({ pyramids: 1, copies: 0 });
    expect(await pyramids()).toEqual([]);
    await vi.waitFor(async () => expect(await openPyramidFiles()).toEqual([]), SOON);
    expect(await showTile()).toEqual(before);
    await untilPyramidIsRead();
    expect(await runCacheStats(command([]))).toBe(0);
    expect(printed[1]).toMatch(/^1 pyramid, 0\.[1-9] MB\.$/);
    expect(await runCachePurge(command(['members/', 'open/']))).toBe(0);
    expect(printed.slice(0, 2)).toEqual([
      expect.stringMatching(/^[01] finished images? of members\/ removed from disk\.$/),
      expect.stringMatching(/^[0-9]+ finished images? and 1 pyramid of open\/ removed from disk\.$/),
    ]);
    expect(await pyramids()).toEqual([]);
    await vi.waitFor(async () => expect(await openPyramidFiles()).toEqual([]), SOON);
  });
});
