/// <reference lib="dom" />
import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { wav } from '../media/write-media.ts';
import { chromiumFile, launchChromium, type TestBrowser, type ThirdPartyCookies } from './chromium.ts';
import { fillIn, grantStorageAccess, requestToken, signInByWindow } from './sign-in.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const LETTER = 'members%2Fletter.jpg';
const SECONDS = 120;

/** The matrix of docs/explain/browsers.md, for viewers that ask for content without cookies. */
const MATRIX = [
  // where the viewer is, third-party cookies, storage access granted before, `contentWithoutCookies`: what comes of it
  ['the same origin', 'allowed', false, false, 'open'],
  ['the same origin', 'blocked', false, false, 'open'],
  ['the same site', 'allowed', false, false, 'closed'],
  ['the same site', 'allowed', false, true, 'open'],
  ['the same site', 'blocked', false, false, 'closed'],
  ['the same site', 'blocked', false, true, 'open'],
  ['another site', 'allowed', false, false, 'closed'],
  ['another site', 'allowed', false, true, 'open'],
  ['another site', 'blocked', false, true, 'no token'],
  ['another site', 'blocked', true, false, 'closed'],
  ['another site', 'blocked', true, true, 'open'],
] as const;
interface Located {
  readonly location: { readonly service: readonly [{ readonly id: string }] };
}
type Place = (typeof MATRIX)[number][0];

describe.skipIf(chromiumFile === null)('viewers that ask for content without cookies', () => {
  let vitrine: TestVitrine;
  let sites: Readonly<Record<'the same site' | 'another site', Readonly<Record<'true' | 'false', ViewerSite>>>>;
  let browser: TestBrowser;
  let page: Page;
  /** Of content, in the order in which it was asked for. */
  let requests: Request[];

  beforeAll(async () => {
    const [near, nearUnlisted, far, farUnlisted] = await Promise.all([
      startViewerSite('localhost'),
      startViewerSite('localhost'),
      startViewerSite('127.0.0.1'),
      startViewerSite('127.0.0.1'),
    ]);
    sites = { 'the same site': { true: near, false: nearUnlisted }, 'another site': { true: far, false: farUnlisted } };
    vitrine = await startTestVitrine({ options: { contentWithoutCookies: [near.origin, far.origin] } });
    await writeFiles(vitrine.images, {
      'members/tone.wav': wav(SECONDS),
      'members/talk/index.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nparts/1.ts\n#EXTINF:4,\nparts/2.ts\n#EXT-X-ENDLIST\n',
      'members/talk/parts/1.ts': 'one',
      'members/talk/parts/2.ts': 'two',
    });
  });
  afterAll(async () => {
    await Promise.all(Object.values(sites).flatMap((each) => Object.values(each).map((site) => site.close())));
    await vitrine.close();
  });
  afterEach(() => browser.close());

  async function start(cookies: ThirdPartyCookies) {
    browser = await launchChromium(cookies);
    page = await browser.context.newPage();
    requests = [];
    page.on('request', (request) => {
      if (/\/default\.jpg$|\/media\//.test(request.url())) requests.push(request);
    });
  }

  /** A page of the viewer, and the token that its reader's sign-in gives; null for none. */
  async function openViewer(place: Place, granted: boolean, listed: boolean, version: 1 | 2): Promise<string | null> {
    if (place === 'the same origin') {
      await page.goto(`${vitrine.base}/livez`);
      await page.addScriptTag({ url: `${vitrine.base}/assets/vendor/openseadragon/openseadragon.min.js` });
    } else {
      const site = sites[place][`${listed}`];
      await page.goto(site.anonymous);
      if (granted) await grantStorageAccess(browser.context, page, site.origin, vitrine.base);
    }
    await signInByWindow(page, vitrine.base);
    const message = await requestToken(page, vitrine.base, version);
    return typeof message['accessToken'] === 'string' ? message['accessToken'] : null;
  }

  const readJson = (path: string, token: string) =>
    page.evaluate(
      async ([uri, bearer]) =>
        (await (await fetch(uri, { headers: { authorization: `Bearer ${bearer}` } })).json()) as Record<string, unknown>,
      [`${vitrine.base}${path}`, token] as const,
    );

  /** `open` once a tile of it is there with pixels that a script can read, as for WebGL. */
  const show = (information: unknown) =>
    page.evaluate(
      (tileSources) =>
        new Promise<string>((resolve) => {
          const element = document.createElement('div');
          Object.assign(element.style, { width: '600px', height: '400px' });
          document.body.prepend(element);
          const options = { element, tileSources, crossOriginPolicy: 'Anonymous', drawer: 'canvas', showNavigationControl: false };
          // @ts-expect-error: the page has loaded it
          const viewer = window.OpenSeadragon(options);
          for (const event of ['open-failed', 'tile-load-failed']) viewer.addHandler(event, () => resolve('closed'));
          viewer.addHandler('tile-drawn', () => {
            element.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1);
            resolve('open');
          });
        }),
      information,
    );

  async function expectNoCookies() {
    expect(requests.length).toBeGreaterThan(0);
    const headers = await Promise.all(requests.map((request) => request.allHeaders()));
    expect(headers.map(({ cookie }) => cookie ?? 'none')).toEqual(requests.map(() => 'none'));
  }

  describe('OpenSeadragon with crossOriginPolicy Anonymous, as Universal Viewer has it', () => {
    it.each(MATRIX)(
      'on %s, cookies %s, storage access granted before: %s, on the list: %s: %s',
      async (place, cookies, granted, listed, expected) => {
        await start(cookies);
        const token = await openViewer(place, granted, listed, 1);
        if (expected === 'no token') return expect(token).toBeNull();
        // 1.0: the document that the token opens.
        expect(await show(await readJson(`/iiif/2/${LETTER}/info.json`, token ?? ''))).toBe(expected);
        // 2.0: where the probe sends the viewer, or the picture itself.
        const probe = await readJson(`/auth/probe/${LETTER}`, String((await requestToken(page, vitrine.base, 2))['accessToken']));
        expect(probe['status']).toBe(listed ? 302 : 200);
        const service = listed ? (probe as unknown as Located).location.service[0].id : `${vitrine.base}/iiif/3/${LETTER}`;
        expect(await show(`${service}/info.json`)).toBe(expected);
        if (place !== 'the same origin') await expectNoCookies();
      },
    );
  });

  describe('where third-party cookies are blocked, the viewer is on another site and on the list, and has its token', () => {
    async function location(identifier: string) {
      await start('blocked');
      const token = await openViewer('another site', true, true, 2);
      const probe = await readJson(`/auth/probe/${encodeURIComponent(identifier)}`, token ?? '');
      expect(probe['status']).toBe(302);
      return String((probe['location'] as { id: string }).id);
    }

    it('a video element with crossorigin=anonymous plays and seeks', async () => {
      const uri = await location('members/tone.wav');
      const played = await page.evaluate(
        (source) =>
          new Promise<number | string>((resolve) => {
            const film = document.createElement('video');
            film.crossOrigin = 'anonymous';
            film.muted = true;
            film.onerror = () => resolve(`error ${film.error?.code}`);
            film.onloadedmetadata = () => {
              film.currentTime = 100;
              film.play().catch((error: unknown) => resolve(String(error)));
            };
            film.ontimeupdate = () => {
              if (film.currentTime > 100.3) resolve(film.currentTime);
            };
            film.src = source;
          }),
        uri,
      );
      expect(played).toBeGreaterThan(100);
      await expectNoCookies();
    });

    it('a player of streams fetches playlist and segments without credentials', async () => {
      const uri = await location('members/talk/index.m3u8');
      const segments = await page.evaluate(async (playlist) => {
        const get = async (from: string) => (await fetch(from, { credentials: 'omit' })).text();
        const names = (await get(playlist)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        return Promise.all(names.map((name) => get(new URL(name, playlist).href)));
      }, uri);
      expect(segments).toEqual(['one', 'two']);
      await expectNoCookies();
    });

    it('Mirador shows the picture, and needs no cookie for its tiles', async () => {
      await start('blocked');
      const site = sites['another site'].true;
      await page.goto(site.mirador(`${vitrine.base}/presentation/3/${LETTER}/manifest`));
      await grantStorageAccess(browser.context, page, site.origin, vitrine.base);
      await page.getByRole('button', { name: 'Sign in' }).first().click({ timeout: 60_000 });
      const [window] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('button', { name: 'Sign in', exact: true }).last().click(),
      ]);
      await fillIn(window);
      const shown = async () => {
        const signed = requests.filter((request) => request.url().startsWith(`${vitrine.base}/signed/`));
        const statuses = await Promise.all(signed.map(async (request) => (await request.response())?.status()));
        return statuses.filter((status) => status === 200).length;
      };
      await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(2);
    });

    it('a viewer of 2.0 that follows location shows the picture', async () => {
      await start('blocked');
      const site = sites['another site'].true;
      await page.goto(site.openseadragon(`${vitrine.base}/iiif/3/${LETTER}/info.json`, 2));
      await grantStorageAccess(browser.context, page, site.origin, vitrine.base);
      const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
      await fillIn(window);
      await page.waitForSelector('#vitrine-viewer[data-state="open"]');
      await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /\/signed\/.*\.jpg$/.test(name)));
      await page.waitForLoadState('networkidle');
      expect(requests.filter((request) => !request.url().startsWith(`${vitrine.base}/signed/`))).toEqual([]);
    });
  });
});
