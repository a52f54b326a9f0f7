/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser, type ThirdPartyCookies } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const LETTER = 'members%2Fletter.jpg';

/** The matrix of docs/explain/browsers.md: where the viewer is, what the browser does, and whether the picture opens. */
const MATRIX = [
  ['the same origin', 'allowed', false, 'open'],
  ['the same origin', 'blocked', false, 'open'],
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
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    elsewhere = await startViewerSite('127.0.0.1');
    sameSite = await startViewerSite('localhost');
  });
  afterAll(async () => {
    await Promise.all([elsewhere.close(), sameSite.close()]);
    await vitrine.close();
  });
  afterEach(() => browser.close());

  async function start(cookies: ThirdPartyCookies, language = 'en') {
    browser = await launchChromium(cookies, language);
    page = await browser.context.newPage();
  }

  /** As if the reader had allowed it before, in the browser's own prompt. */
  async function grantStorageAccess() {
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Browser.setPermission', {
      permission: { name: 'storage-access' },
      setting: 'granted',
      origin: elsewhere.origin,
      embeddedOrigin: vitrine.base,
    });
  }

  function open(place: Place, version: 1 | 2) {
    if (place === 'the same origin') return page.goto(`${vitrine.base}/view/openseadragon/${LETTER}?auth=${version}`);
    const site = place === 'the same site' ? sameSite : elsewhere;
    return page.goto(site.openseadragon(`${vitrine.base}/iiif/${version === 1 ? 2 : 3}/${LETTER}/info.json`, version));
  }

  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });

  async function signIn() {
    await state('locked');
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
  }

  /** Another size is another request: pages keep pictures that they have shown. */
  const shows = (size = 'max') =>
    page.evaluate(
      (uri) =>
        new Promise<boolean>((resolve) => {
          const image = new Image();
          image.onload = () => resolve(true);
          image.onerror = () => resolve(false);
          image.src = uri;
        }),
      `${vitrine.base}/iiif/3/${LETTER}/full/${size}/0/default.jpg`,
    );

  describe.each([1, 2] as const)('through version %s', (version) => {
    it.each(MATRIX)('from %s, cookies %s, storage access granted before: %s: %s', async (place, cookies, granted, expected) => {
      await start(cookies);
      await open(place, version);
      if (granted) await grantStorageAccess();
      await signIn();
      if (expected === 'open') await state('open');
      else await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error');
      expect(await shows()).toBe(expected === 'open');
    });
  });

  describe('where cookies are blocked and storage access was granted before', () => {
    beforeEach(async () => {
      await start('blocked');
      await open('another site', 2);
      await grantStorageAccess();
      await signIn();
      await state('open');
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
