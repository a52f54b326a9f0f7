import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/adapters/storage/sqlite/open.ts';
import { addPersonalToken } from '../../harness/personal-token.ts';
import { startTestVitrine, type TestVitrine } from '../../harness/vitrine.ts';
import { type Finished, runVitrine } from '../../house/run-vitrine.ts';

const ACCESS = `policies:
  - items: open/photo.jpg
    allow: nobody
    otherwise:
      - { name: preview, maxSize: 200, gray: true }
  - items: '**'
    allow: everyone
`;

let vitrine: TestVitrine;
let token: string;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  await db.users.create({ name: 'root', roles: ['administrator'], passwordHash: null });
  await db.close();
  token = await addPersonalToken(vitrine, 'root', ['cache:read']);
});
afterAll(() => vitrine.close());

function warm(...words: readonly string[]): Promise<Finished> {
  const { data, images, accessFile } = vitrine;
  return runVitrine(['cache', 'warm', ...words, '--data', data, '--images', images, '--access', accessFile]);
}

const filesOnDisk = async () =>
  (await readdir(join(vitrine.data, 'cache/derivatives'), { recursive: true })).filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{24}-/.test(name));

/** How often the server found nothing on disk, and had to make it. */
async function misses(): Promise<number> {
  const response = await fetch(`${vitrine.base}/api/1/cache`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { disk: { misses: number } }).disk.misses;
}

async function fetchImage(path: string): Promise<void> {
  const response = await fetch(`${vitrine.base}/iiif/3/${path}`);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  await response.arrayBuffer();
}

describe('vitrine cache warm', () => {
  it('makes what the running server then finds on disk, and nothing twice', async () => {
    const first = await warm('members/letter.jpg', '--size', '300,', '--size', '!100,100', '--format', 'webp');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^2 finished images made of 1 image\.\n2 finished images on disk, 0\.0 of 2000 MB at most\.\n$/);
    const again = await warm('members/letter.jpg', '--size', '300,', '--size', '!100,100', '--format', 'webp');
    expect(again.out).toMatch(/^0 finished images made of 1 image, and 2 were ready\.\n/);
    await fetchImage('members%2Fletter.jpg/full/300,/0/default.webp');
    await fetchImage('members%2Fletter.jpg/full/!100,100/0/default.webp');
    expect(await misses()).toBe(0);
  });

  it('makes all tiles that viewers ask for, but those that are copied from the source', async () => {
    const before = (await filesOnDisk()).length;
    expect((await warm('members/pyramid.tif', '--tiles')).out).toMatch(/^0 finished images made of 1 image, and \d+ were ready\.\n/);
    expect(await filesOnDisk()).toHaveLength(before);
    const { width, height, tiles } = await information('members%2Fletter.jpg');
    expect(await warm('members/letter.jpg', '--tiles')).toMatchObject({ code: 0, err: '' });
    const made = (await filesOnDisk()).length;
    expect(made).toBeGreaterThan(before);
    for (const { width: w, height: h = w, scaleFactors } of tiles)
      for (const factor of scaleFactors)
        for (let y = 0; y < height; y += h * factor)
          for (let x = 0; x < width; x += w * factor) {
            const [right, bottom] = [Math.min(width, x + w * factor), Math.min(height, y + h * factor)];
            const size = `${Math.ceil((right - x) / factor)},${Math.ceil((bottom - y) / factor)}`;
            await fetchImage(`members%2Fletter.jpg/${x},${y},${right - x},${bottom - y}/${size}/0/default.jpg`);
          }
    expect(await misses()).toBe(0);
    expect(await filesOnDisk()).toHaveLength(made);
  });

  it('takes folders with all below them, makes lesser versions, and goes on where one cannot be read', async () => {
    await mkdir(join(vitrine.images, 'open/below'), { recursive: true });
    await writeFile(
      join(vitrine.images, 'open/below/other.png'),
      await (await fetch(`${vitrine.base}/iiif/3/members%2Fletter.jpg/full/99,/0/default.png`)).bytes(),
    );
    const done = await warm('open/', 'nowhere/at/all', '--size', '50,', '--tier', 'preview');
    expect(done.code).toBe(1);
    expect(done.err).toMatch(/open\/broken\.jpg: .+\n/);
    expect(done.err).toMatch(/open\/lying\.png: .+\n/);
    expect(done.err).toMatch(/nowhere\/at\/all: There is no such image or folder\.\n/);
    const before = await misses();
    await fetchImage('open%2Fphoto.jpg%2F~preview/full/50,/0/default.jpg');
    await fetchImage('open%2Fbelow%2Fother.png/full/50,/0/default.jpg');
    expect(await misses()).toBe(before);
    const locked = await fetch(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/full/50,/0/default.jpg`);
    expect(locked.status).toBe(403);
  });

  it('works on several images at a time, and on each once', async () => {
    for (let i = 0; i < 6; i++)
      await copyFile(join(vitrine.images, 'members/letter.jpg'), join(vitrine.images, `open/below/copy ${i}.jpg`));
    const before = (await filesOnDisk()).length;
    const done = await warm('open/below/', 'open/below/copy 1.jpg', '--size', '77,', '--size', '78,', '--parallel', '4');
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/^14 finished images made of 7 images\.\n/);
    expect(await filesOnDisk()).toHaveLength(before + 14);
  });

  it('says what is typed wrongly', async () => {
    expect(await warm('open/', '--size', '0,')).toMatchObject({ code: 2, out: '' });
    expect(await warm('open/', '--parallel', '0')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^.*--parallel must be a whole number from 1 to 64\.\n/),
    });
    expect(await warm('open/', '--derivative-disk-megabytes', '0')).toMatchObject({
      code: 1,
      err: 'derivativeDiskMegabytes is 0: nothing is kept on disk.\n',
    });
  });

  interface Information {
    readonly width: number;
    readonly height: number;
    readonly tiles: ReadonlyArray<{ readonly width: number; readonly height?: number; readonly scaleFactors: readonly number[] }>;
  }

  async function information(identifier: string): Promise<Information> {
    return (await (await fetch(`${vitrine.base}/iiif/3/${identifier}/info.json`)).json()) as Information;
  }
});
