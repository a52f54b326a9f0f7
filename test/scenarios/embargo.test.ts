import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessModel } from '../../src/domain/access.ts';
import { openSession } from '../../src/flows/open-session.ts';
import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { createImageApi } from '../../src/http/iiif/image-api.ts';
import { cookiesOf, ACCESS as FAKE_ACCESS, fakePeople, IMAGES, VIEWER } from '../fakes/access.ts';
import { FakeBrowser } from '../fakes/browser.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkProbeResult2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: open/photo.jpg, embargoUntil: 2001-01-31, allow: everyone }
  - { items: open/**, embargoUntil: 2999-01-31, allow: [{ service: members }], otherwise: { gray: true } }
  - { items: members/**, embargoUntil: "2999-01-31T09:30:00Z", duringEmbargo: [{ service: members, roles: [curator] }], allow: everyone }
`;
const CLOSED = 'open%2Fquarters.png';
const LETTER = 'members%2Fletter.jpg';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
});
afterAll(() => vitrine.close());

const ask = (path: string, language = 'en') => new TestVisitor(vitrine).ask(path, { headers: { 'accept-language': language } });
const probe = async (identifier: string) => (await ask(`/auth/probe/${identifier}`)).json() as Promise<Record<string, unknown>>;

describe('an item under embargo', () => {
  it.each([
    `/iiif/3/${CLOSED}/info.json`,
    `/iiif/2/${CLOSED}/info.json`,
    `/iiif/3/${CLOSED}/full/max/0/default.jpg`,
    `/iiif/2/${CLOSED}/full/full/0/default.jpg`,
    `/iiif/3/${CLOSED}%2F~1/info.json`,
    `/iiif/3/${CLOSED}%2F~1/full/max/0/default.jpg`,
    `/presentation/3/${CLOSED}/manifest`,
    `/presentation/2/${CLOSED}/manifest`,
  ])('is closed with the date: %s', async (path) => {
    const response = await ask(path);
    expect([response.status, response.headers.get('cache-control')]).toEqual([403, 'no-store']);
    expect(await response.json()).toMatchObject({
      code: 'access.refused',
      detail: expect.stringContaining('closed until 31 January 2999. Signing in does not open it'),
    });
  });

  it('has a probe that says so in every language, with the date as people write it', async () => {
    const result = await probe(CLOSED);
    expect(checkProbeResult2(result)).toEqual([]);
    expect(result).toMatchObject({
      status: 403,
      heading: {
        en: ['This item is closed until 31 January 2999'],
        de: ['Dieses Objekt ist bis zum 31. Januar 2999 gesperrt'],
        fr: ['Ce document n’est pas accessible avant le 31 janvier 2999'],
      },
      note: { en: [expect.stringContaining('31 January 2999')] },
    });
    expect(result).not.toHaveProperty('substitute');
  });

  it('is in no list, and its page says when to come back', async () => {
    const page = await ask(`/view/openseadragon/${CLOSED}`, 'de');
    expect(page.status).toBe(403);
    expect(await page.text()).toContain('bis zum 31. Januar 2999');
    expect(await (await ask('/presentation/3/open/manifest')).text()).not.toContain('quarters');
    expect(await (await ask('/browse/open')).text()).not.toContain('quarters');
  });

  it('opens from its date on', async () => {
    const response = await ask('/iiif/3/open%2Fphoto.jpg/full/40,/0/default.jpg');
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
  });
});

describe('an item under embargo that some may see', () => {
  it('needs access until its date', async () => {
    expect((await ask(`/iiif/3/${LETTER}/info.json`)).status).toBe(401);
    expect(await probe(LETTER)).toMatchObject({
      status: 401,
      heading: { en: ['Until 31 January 2999, 09:30 UTC this item needs access'] },
      note: { de: [expect.stringContaining('31. Januar 2999')] },
    });
    expect(await (await ask('/browse/members')).text()).toContain('until 31 January 2999, 09:30 UTC');
  });

  it('opens to them alone, and to nobody from a shared cache', async () => {
    const [curator, reader] = [new TestVisitor(vitrine), new TestVisitor(vitrine)];
    await curator.signIn('curator');
    await reader.signIn('reader');
    const [seen, refused] = await Promise.all([curator, reader].map((visitor) => visitor.ask(`/iiif/3/${LETTER}/full/40,/0/default.jpg`)));
    expect([seen?.status, seen?.headers.get('cache-control'), refused?.status]).toEqual([200, 'private, no-cache', 401]);
  });
});

describe('a kept answer', () => {
  it('never outlives the date: it is asked for again, and decided anew', async () => {
    const people = fakePeople();
    const until = new Date(people.clock.now().getTime() + 60_000);
    const rules = [{ service: 'terms', roles: [] }];
    const access: AccessModel = {
      ...FAKE_ACCESS,
      policies: [
        { number: 1, line: 1, items: ['closes.tif'], embargo: { until, allow: rules }, allow: [] },
        { number: 2, line: 2, items: ['opens.tif'], embargo: { until, allow: [] }, allow: 'everyone' },
      ],
    };
    const parts = { ...people, access: () => access, slashSubstitute: null };
    const { recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/' });
    const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };
    const image = createImageApi(3, {
      ...parts,
      recognise,
      images: { ...IMAGES, copy: async () => null, render: async () => new Uint8Array([1]) },
      cache: { recall: () => null, get: () => null, put: () => {} },
      lanes: createRenderLanes({ small: lane, big: lane }),
      signedBase: () => null,
      limits: { maxWidth: 1000, maxHeight: 1000, maxArea: 1_000_000, maxUpscale: 1, sizeAboveFull: false },
      rendering: '',
      digest: people.randomness.hash,
      lockedInformationStatus: 401,
      now: () => people.clock.now(),
    });
    const browser = new FakeBrowser();
    const grant = { service: 'terms', origin: VIEWER, grantedAt: people.clock.now() };
    for (const [name, value] of cookiesOf((await openSession(people, null, [grant])).opened)) browser.jar.set(name, value);
    const get = (rest: string, headers = {}) => browser.get(image, { params: { rest }, headers });

    const paths = ['closes.tif/full/max/0/default.jpg', 'closes.tif/info.json'];
    const kept = await Promise.all(paths.map((path) => get(path)));
    expect(kept.map(({ status, headers }) => [status, headers['cache-control']])).toEqual([
      [200, 'private, no-cache'],
      [200, 'private, no-cache'],
    ]);
    expect(await get('opens.tif/info.json')).toMatchObject({ status: 403, headers: { 'cache-control': 'no-store' } });
    people.clock.forward({ minutes: 1 });
    const again = await Promise.all(paths.map((path, at) => get(path, { 'if-none-match': kept[at]?.headers['etag'] ?? '' })));
    expect(again.map(({ status }) => status)).toEqual([403, 403]);
    expect((await get('opens.tif/info.json')).status).toBe(200);
  });
});
