import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Options } from '../../src/config/options.ts';
import { openTestStore, TEST_REGION, type TestStore } from '../harness/object-store.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

let store: TestStore;
let vitrine: TestVitrine;

const optionsOf = ({ endpoint, bucket, key }: TestStore): Partial<Options> => ({
  images: `s3://${bucket}/scans`,
  objectStoreEndpoint: endpoint,
  objectStoreRegion: TEST_REGION,
  objectStoreKeyId: key.id,
  objectStoreSecretKey: key.secret,
  objectStoreTimeoutSeconds: 1,
});

beforeAll(async () => {
  store = await openTestStore();
  // The pictures of every test server, moved into the store.
  const samples = await startTestVitrine();
  for (const name of ['open/photo.jpg', 'open/pyramid.tif', 'members/letter.jpg', 'open/quarters.png']) {
    store.put(`scans/${name}`, await readFile(join(samples.images, name)));
  }
  await samples.close();
  vitrine = await startTestVitrine({ options: optionsOf(store) });
}, 60_000);
afterAll(async () => {
  await vitrine.close();
  await store.close();
});

const get = (path: string) => fetch(`${vitrine.base}/iiif/3/${path}`);

describe('pictures in an object store', () => {
  it('have information documents and images, of which tiles are read in parts', async () => {
    const information = await get('open%2Fpyramid.tif/info.json');
    expect(await information.json()).toMatchObject({ width: 800, height: 600, tiles: [{ width: 256 }] });
    const tile = await get('open%2Fpyramid.tif/0,0,256,256/256,256/0/default.jpg');
    expect([tile.status, tile.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await get('open%2Fquarters.png/full/200,/0/default.png')).status).toBe(200);
  });

  it('are locked by the same access file, and listed in collections', async () => {
    expect((await get('members%2Fletter.jpg/full/max/0/default.jpg')).status).toBe(401);
    const manifest = (await (await fetch(`${vitrine.base}/presentation/3/open/manifest`)).json()) as { items?: unknown[] };
    expect(manifest.items).toHaveLength(3);
  });

  it('that are not there are not found', async () => {
    expect((await get('open%2Fmissing.jpg/info.json')).status).toBe(404);
  });

  it('show their new bytes when they change, with another ETag', async () => {
    const before = await get('open%2Fphoto.jpg/full/max/0/default.jpg');
    const pixels = Buffer.from(await before.arrayBuffer());
    store.put('scans/open/changing.jpg', pixels);
    const first = await get('open%2Fchanging.jpg/full/50,/0/default.jpg');
    store.put('scans/open/changing.jpg', Buffer.concat([pixels, Buffer.alloc(8)]));
    await expect
      .poll(async () => (await get('open%2Fchanging.jpg/full/50,/0/default.jpg')).headers.get('etag'), { timeout: 20_000 })
      .not.toBe(first.headers.get('etag'));
  }, 30_000);
});

describe('a store that is out of order', () => {
  it.each([
    ['refuses', 502, 'source.unreachable'],
    ['is silent', 504, 'source.slow'],
  ] as const)('and %s: the answer is %d, with a sentence and no names', async (how, status, code) => {
    store.misbehave((_request, response) => {
      if (how === 'refuses') response.writeHead(403).end();
      return true;
    });
    const answer = await get(`open%2Fother-${status}.jpg/info.json`);
    const text = await answer.text();
    store.misbehave(null);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '10']);
    expect(JSON.parse(text)).toMatchObject({ code, detail: expect.stringContaining('Asking again later may work.') });
    expect(text).not.toMatch(/scans|s3:|127\.0\.0\.1/);
    expect(JSON.stringify(vitrine.log)).toContain(`scans/open/other-${status}.jpg`);
  });

  it('or that does not know the key stops the start with a sentence', async () => {
    const options = { ...optionsOf(store), objectStoreSecretKey: 'another one' };
    await expect(startTestVitrine({ options })).rejects.toThrow(/^The images cannot be listed: .*status 403/);
  });
});
