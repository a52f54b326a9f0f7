import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFolderSource } from '../../src/adapters/sources/folder.ts';
import { createKeptListings } from '../../src/adapters/sources/kept-listings.ts';

const COUNT = 5_200;

let folder: string;
let images: string;
let listingsIn: string;
let rounds = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-listings-'));
  images = join(folder, 'images');
  await mkdir(join(images, 'small'), { recursive: true });
  await writeFile(join(images, 'small', 'one.jpg'), '');
  for (let from = 1; from <= COUNT; from += 200) {
    await Promise.all(Array.from({ length: 200 }, (_, at) => writeFile(join(images, `page ${from + at}.jpg`), '')));
  }
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));
beforeEach(async () => {
  rounds += 1;
  listingsIn = join(folder, `listings-${rounds}`);
  // A change that is seconds old shows in the time of the folder from then on.
  await utimes(images, new Date(0), new Date(1_000_000_000_000 + rounds));
});

/** As the next start lists it. */
async function list(path = '') {
  const listing = await createFolderSource(images, { listingsIn }).list(path, { offset: 0, limit: 3, only: 'items' });
  return { total: listing?.total, names: listing?.entries.map(({ name }) => name) };
}

async function keptFile(): Promise<string> {
  await expect.poll(() => readdir(listingsIn).catch(() => [])).toEqual([expect.stringMatching(/^[0-9a-f]{40}\.json$/)]);
  const [name = ''] = await readdir(listingsIn);
  return join(listingsIn, name);
}

const ALL = { total: COUNT, names: ['page 1.jpg', 'page 2.jpg', 'page 3.jpg'] };

describe('the listing of a large folder', () => {
  it('is kept for the next start, for its owner only, and is the same', async () => {
    expect(await list()).toEqual(ALL);
    const file = await keptFile();
    expect(((await stat(file)).mode | (await stat(listingsIn)).mode) & 0o077).toBe(0);
    expect(await list()).toEqual(ALL);
    // That it is what was kept shows where it is made to say something else.
    await writeFile(file, (await readFile(file, 'utf8')).replace('"page 2.jpg",', ''));
    expect(await list()).toEqual({ total: COUNT - 1, names: ['page 1.jpg', 'page 3.jpg', 'page 4.jpg'] });
  });

  it('is made anew once the folder has changed', async () => {
    await list();
    await keptFile();
    await writeFile(join(images, 'page 0.jpg'), '');
    expect(await list()).toEqual({ total: COUNT + 1, names: ['page 0.jpg', 'page 1.jpg', 'page 2.jpg'] });
    await rm(join(images, 'page 0.jpg'));
    expect(await list()).toEqual(ALL);
  });

  it.each([
    ['that is torn', (text: string) => text.slice(0, 5_000)],
    ['that was made by another rule', (text: string) => text.replace(/"rule":"./, '"rule":"?').replace('"page 2.jpg",', '')],
    ['of another folder', (text: string) => text.replace('"folder":"', '"folder":"/other').replace('"page 2.jpg",', '')],
  ])('%s counts for nothing', async (_what, change) => {
    await list();
    const file = await keptFile();
    await writeFile(file, change(await readFile(file, 'utf8')));
    expect(await list()).toEqual(ALL);
  });

  it('of a small one is not kept', async () => {
    expect(await list('small')).toEqual({ total: 1, names: ['one.jpg'] });
    expect(await list('small')).toEqual({ total: 1, names: ['one.jpg'] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(readdir(listingsIn)).rejects.toThrow('ENOENT');
  });

  it('takes the place of the oldest where there are a hundred', async () => {
    const kept = createKeptListings(listingsIn);
    const names = { folders: [], items: Array.from({ length: 5_000 }, (_, at) => `${at}.jpg`), playlists: [], hasStreams: false };
    for (let at = 0; at < 102; at += 1) {
      await kept.keep(`/folder ${at}`, 'state', names);
      if (at === 1) for (const name of await readdir(listingsIn)) await utimes(join(listingsIn, name), new Date(0), new Date(0));
    }
    const found = await Promise.all([0, 1, 2, 101].map((at) => kept.find(`/folder ${at}`, 'state')));
    expect(found.map((each) => each?.items.length)).toEqual([undefined, undefined, 5_000, 5_000]);
  });
});
