/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser, type ThirdPartyCookies } from './chromium.ts';
import { grantStorageAccess } from './sign-in.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const LETTER = 'members%2Fletter.jpg';

/** The matrix of docs/explain/browsers.md: where the viewer is, what the browser does, and whether the picture opens. */
const MATRIX = [
  ['the same origin', 'allowed', false, 'open'],
  ['the same origin', 'blocked', false, 'open'],
  ['the same site, another name', 'allowed', false, 'open'],
  ['the same site, another name', 'blocked', false, 'open'],
  ['the same site', 'allowed', false, 'open'],
  ['the same site', 'blocked', false, 'open'],
  ['another site', 'allowed', false, 'open'],
  ['another site', 'blocked', false, 'locked'],
  ['another site', 'blocked', true, 'open'],
] as const;
type Place = (typeof MATRIX)[number][0];

describe.skipIf(chromiumFile === null)('third-party cookies', () => {
  let vitrine: TestVitrine;
  let elsewhere: ViewerSite;
  let sameSite: ViewerSite;
  let neighbour: ViewerSite;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    elsewhere = await startViewerSite('127.0.0.1');
    sameSite = await startViewerSite('localhost');
    neighbour = await startViewerSite('localhost', 'viewer.lib.localhost');
  });
  afterAll(async () => {
    await Promise.all([elsewhere.close(), sameSite.close(), neighbour.close()]);
    await vitrine.close();
  });
  afterEach(() => browser.close());

  async function start(cookies: ThirdPartyCookies, language = 'en') {
    browser = await launchChromium(cookies, language);
    page = await browser.context.newPage();
  }

  /** What the server is called by viewers there: `iiif.lib.localhost` and `viewer.lib.localhost` are one site, as names of one institution are. */
  const baseFor = (place: Place) =>
    place === 'the same site, another name' ? vitrine.base.replace('//localhost', '//iiif.lib.localhost') : vitrine.base;

  function open(place: Place, version: 1 | 2) {
    if (place === 'the same origin') return page.goto(`${vitrine.base}/view/openseadragon/${LETTER}?auth=${version}`);
    const sites = { 'the same site': sameSite, 'the same site, another name': neighbour, 'another site': elsewhere };
    return page.goto(sites[place].openseadragon(`${baseFor(place)}/iiif/${version === 1 ? 2 : 3}/${LETTER}/info.json`, version));
  }

  /** Patient: a browser and a server under load take their time. */
  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 60_000 });

  /** The viewer gives the token frame eight seconds, which a busy machine may not keep: then its reader tries again, as people do. */
  async function opened() {
    const slow = page.getByText('did not say in time');
    const open = page.locator('#vitrine-viewer[data-state="open"]');
    await open.or(slow).first().waitFor({ timeout: 60_000 });
    if (await open.isVisible()) return;
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await Promise.all([window.waitForEvent('close'), window.click('button[value="continue"]')]);
    await state('open');
  }

  async function signIn() {
    await state('locked');
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
  }

  /** Another size is another request: pages keep pictures that they have shown. */
  const shows = (size = 'max', base = vitrine.base) =>
    page.evaluate(
      (uri) =>
        new Promise<boolean>((resolve) => {
          const image = new Image();
          image.onload = () => resolve(true);
          image.onerror = () => resolve(false);
          image.src = uri;
        }),
      `${base}/iiif/3/${LETTER}/full/${size}/0/default.jpg`,
    );

  describe.each([1, 2] as const)('through version %s', (version) => {
    it.each(MATRIX)('from %s, cookies %s, storage access granted before: %s: %s', async (place, cookies, granted, expected) => {
      await start(cookies);
      await open(place, version);
      if (granted) await grantStorageAccess(browser.context, page, elsewhere.origin, vitrine.base);
      await signIn();
      if (expected === 'open') await opened();
      else await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error', { timeout: 60_000 });
      expect(await shows('max', baseFor(place))).toBe(expected === 'open');
    });
  });

  describe('where cookies are blocked and storage access was granted before', () => {
    beforeEach(async () => {
      await start('blocked');
      await open('another site', 2);
      await grantStorageAccess(browser.context, page, elsewhere.origin, vitrine.base);
      await signIn();
      await opened();
    });

    it('a picture is shown with the partitioned cookie of the frame alone', async () => {
      const [partitioned] = (await browser.context.cookies(vitrine.base)).filter(({ name }) => name === 'vitrine-access-p');
      expect(partitioned).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None' });
      await browser.context.clearCookies({ name: 'vitrine-access' });
      expect(await shows()).toBe(true);
    });

    it('a picture is shown with the ordinary cookie alone: the browser sends the request again', async () => {
      await browser.context.clearCookies({ name: 'vitrine-access-p' });
      expect(await shows('399,')).toBe(true);
      await browser.context.clearCookies({ name: 'vitrine-access' });
      expect(await shows('401,')).toBe(false);
    });

    it('a sign-out on our own page ends the frame’s copy too, at once', async () => {
      const own = await browser.context.newPage();
      await own.goto(`${vitrine.base}/sign-out`);
      await own.click('button[type="submit"]');
      await own.waitForURL(`${vitrine.base}/`);
      expect((await browser.context.cookies(vitrine.base)).map(({ name }) => name)).toContain('vitrine-access-p');
      expect(await shows('398,')).toBe(false);
    });
  });

  it('are named as the reason, in the reader’s language, with where the pictures open', async () => {
    await start('blocked', 'de');
    await open('another site', 1);
    await signIn();
    const error = await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error');
    await shoot(page, 'third-party-cookies-blocked-de');
    expect(await error.textContent()).toContain('Ihr Browser hält unser Cookie von diesem Viewer fern');
    expect(await error.textContent()).toContain(`${vitrine.base}/`);
  });

  describe('on the page that says what works', () => {
    it.each([
      ['allowed', 'sent'],
      ['blocked', 'withheld'],
    ] as const)('are tried out: %s is %s', async (cookies, result) => {
      await start(cookies);
      await page.goto(`${vitrine.base}/browser-check`);
      await page.waitForSelector(`[data-result="${result}"]`);
      await shoot(page, `browser-check-${cookies}`);
      expect(await page.isVisible('[data-result="unknown"]')).toBe(false);
      expect(await page.isVisible('[data-result="no-cookies"]')).toBe(false);
      expect(await page.isVisible(`[data-result="${result === 'sent' ? 'withheld' : 'sent'}"]`)).toBe(false);
    });
  });
});
