import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const RETRY = `retry; allowed-origin="${VIEWER}"`;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  for (const folder of ['members', 'open']) {
    await mkdir(join(vitrine.images, folder), { recursive: true });
    await writeFile(join(vitrine.images, folder, 'note.txt'), 'A note.');
  }
});
afterAll(() => vitrine.close());

function ask(path: string, storageAccess: string): Promise<Response> {
  return fetch(vitrine.base + path, { headers: { origin: VIEWER, 'sec-fetch-storage-access': storageAccess } });
}

describe('a browser that keeps our cookie back though the reader has allowed it', () => {
  it.each([
    '/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg',
    '/iiif/2/members%2Fletter.jpg/full/max/0/default.jpg',
    '/iiif/3/members%2Fletter.jpg/info.json',
    '/iiif/2/members%2Fletter.jpg/info.json',
    '/auth/probe/members%2Fletter.jpg',
    '/media/members%2Fnote.txt',
  ])('is asked to send the request again with it: %s', async (path) => {
    const response = await ask(path, 'inactive');
    expect(response.headers.get('activate-storage-access')).toBe(RETRY);
    expect(response.headers.get('vary')).toContain('Sec-Fetch-Storage-Access');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await ask(path, 'active')).headers.get('activate-storage-access')).toBeNull();
    expect((await ask(path, 'none')).headers.get('activate-storage-access')).toBeNull();
  });

  it.each([
    '/iiif/3/open%2Fphoto.jpg/full/max/0/default.jpg',
    '/iiif/3/open%2Fphoto.jpg/info.json',
    '/iiif/3/nowhere%2Funlisted.jpg/full/max/0/default.jpg',
    '/auth/probe/open%2Fphoto.jpg',
    '/media/open%2Fnote.txt',
  ])('is not asked where no cookie helps: %s', async (path) => {
    expect((await ask(path, 'inactive')).headers.get('activate-storage-access')).toBeNull();
  });

  it('is told where a film, a sound or a text opens', async () => {
    const result = (await (await ask('/auth/probe/members%2Fnote.txt', 'none')).json()) as { note: { en: string[] } };
    expect(result.note.en[0]).toContain(`${vitrine.base}/view/media/members%2Fnote.txt `);
  });
});
