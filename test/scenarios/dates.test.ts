import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkProbeResult2 } from '../specifications/auth-2.ts';

/** In UTC, so many minutes from now. */
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19).concat('Z');

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: open/photo.jpg, until: "${inMinutes(10)}", allow: everyone }
  - { items: open/**, from: "2999-01-31", allow: [{ service: members }], otherwise: { gray: true } }
  - { items: members/letter.jpg, until: 2001-01-31, allow: everyone }
  - { items: members/**, allow: [{ service: members, roles: [curator] }, { everyone: true, from: "2999-01-31T09:30:00Z" }] }
  - { items: terms/**, allow: [{ everyone: true, until: "${inMinutes(10)}" }, { service: members }] }
`;
const OPEN = 'open%2Fphoto.jpg';
const SOON = 'open%2Fquarters.png';
const OVER = 'members%2Fletter.jpg';
const PARTLY = 'members%2Fpyramid.tif';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
});
afterAll(() => vitrine.close());

const ask = (path: string, language = 'en') => new TestVisitor(vitrine).ask(path, { headers: { 'accept-language': language } });
const probe = async (identifier: string) => (await ask(`/auth/probe/${identifier}`)).json() as Promise<Record<string, unknown>>;

describe('an item that is open until a time', () => {
  it.each([
    `/iiif/3/${OPEN}/info.json`,
    `/iiif/2/${OPEN}/info.json`,
    `/iiif/3/${OPEN}/full/max/0/default.jpg`,
    `/iiif/2/${OPEN}/full/full/0/default.jpg`,
    `/presentation/3/${OPEN}/manifest`,
    `/presentation/2/${OPEN}/manifest`,
    `/iiif/3/terms%2Fmap.jpg/full/40,/0/default.jpg`,
  ])('is kept by caches until then at most, and never shown after: %s', async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    const [, seconds] = /^public, max-age=(\d+), must-revalidate$/.exec(response.headers.get('cache-control') ?? '') ?? [];
    expect(Number(seconds)).toBeLessThanOrEqual(600);
    expect(Number(seconds)).toBeGreaterThanOrEqual(0);
  });
});

describe('an item that is not open yet', () => {
  it.each([`/iiif/3/${SOON}/full/max/0/default.jpg`, `/iiif/2/${SOON}/full/full/0/default.jpg`, `/media/${SOON}`])(
    'is closed, and no cache keeps that: %s',
    async (path) => {
      const response = await ask(path);
      const kept = response.headers.get('cache-control');
      expect([
        [403, 'no-store'],
        [302, 'no-store'],
        [404, 'no-store'],
      ]).toContainEqual([response.status, kept]);
      expect(response.status).not.toBe(200);
    },
  );

  it('says when it opens, by probe and page, in the reader’s language', async () => {
    const result = await probe(SOON);
    expect(checkProbeResult2(result)).toEqual([]);
    expect(result).toMatchObject({
      status: 403,
      heading: { en: ['This item is closed until 31 January 2999'], de: ['Dieses Objekt ist bis zum 31. Januar 2999 gesperrt'] },
    });
    const page = await ask(`/browse/members`, 'de');
    expect(await page.text()).toContain('bis zum 31. Januar 2999');
  });

  it('has its lesser version meanwhile', async () => {
    const response = await ask(`/iiif/3/${SOON}%2F~1/full/40,/0/default.jpg`);
    expect(response.status).toBe(200);
    expect(await probe(SOON)).toHaveProperty('substitute');
  });
});

describe('an item that has closed', () => {
  it('is closed to everybody, also to those who sign in', async () => {
    const curator = new TestVisitor(vitrine);
    await curator.signIn('curator');
    const response = await curator.ask(`/iiif/2/${OVER}/full/full/0/default.jpg`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store']);
    expect(await response.json()).toMatchObject({
      detail: 'This image was open until 31 January 2001. Signing in does not open it any more.',
    });
  });

  it('says so, by probe and page', async () => {
    expect(await probe(OVER)).toMatchObject({
      status: 403,
      heading: { en: ['This item was open until 31 January 2001'], fr: ['Ce document était accessible jusqu’au 31 janvier 2001'] },
    });
    const page = await ask(`/view/openseadragon/${OVER}`, 'de');
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('war bis zum 31. Januar 2001 zugänglich')]);
  });
});

describe('an item that opens to everybody later', () => {
  it('needs access until then, and says until when', async () => {
    expect((await ask(`/iiif/3/${PARTLY}/info.json`)).status).toBe(401);
    expect(await probe(PARTLY)).toMatchObject({
      status: 401,
      heading: { en: ['Until 31 January 2999, 09:30 UTC this item needs access'] },
    });
  });
});
