import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTokenPage, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** A kiosk and a site's sign-in, which count by cookie, and a room that counts by address. */
const WITH_PLACES = `${ACCESS.replace(
  'accessServices:\n',
  `accessServices:
  exhibit: { pattern: kiosk, label: { en: [Exhibition] } }
  site: { pattern: external, label: { en: [Site of Example Library] } }
  room: { pattern: kiosk, label: { en: [Reading room] }, networks: [192.0.2.0/24] }
`,
)}  - { items: exhibit/**, allow: [{ service: exhibit }] }
  - { items: site/**, allow: [{ service: site }] }
  - { items: room/**, allow: [{ service: room }] }
`;

const RETRY = `retry; allowed-origin="${VIEWER}"`;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: WITH_PLACES });
  for (const folder of ['members', 'open', 'exhibit', 'site', 'room']) {
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

  it.each([
    ['exhibit', 'It opens at certain places only'],
    ['site', 'people who signed in on the institution’s own site'],
  ])('reads of it beside what the service %s says, which opens without a sign-in in the window', async (name, own) => {
    const headers = { 'sec-fetch-storage-access': 'none', 'accept-language': 'fr' };
    const query = new URLSearchParams({ messageId: '1', origin: VIEWER });
    const page = await (await fetch(`${vitrine.base}/auth/token/2/${name}?${query}`, { headers })).text();
    const { note } = readTokenPage(page).message as { note: Record<string, string[]> };
    expect(note['en']?.[0]).toContain(own);
    expect(note['fr']?.[1]).toMatch(new RegExp(`votre navigateur .* ${vitrine.base}/ .* ${vitrine.base}/browser-check$`));
    const probe = (await (await ask(`/auth/probe/${name}%2Fnote.txt`, 'none')).json()) as {
      status: number;
      note: Record<string, string[]>;
    };
    expect([probe.status, probe.note['de']?.[1]]).toEqual([401, expect.stringContaining(`${vitrine.base}/view/media/${name}%2Fnote.txt `)]);
  });

  it('is not blamed where an address is what is missing', async () => {
    const probe = (await (await ask('/auth/probe/room%2Fnote.txt', 'none')).json()) as { status: number; note: Record<string, string[]> };
    expect([probe.status, JSON.stringify(probe.note).includes('browser-check')]).toEqual([401, false]);
  });

  it('is told where a film, a sound or a text opens', async () => {
    const result = (await (await ask('/auth/probe/members%2Fnote.txt', 'none')).json()) as { note: { en: string[] } };
    expect(result.note.en[0]).toContain(`${vitrine.base}/view/media/members%2Fnote.txt `);
  });
});
