/// <reference lib="dom" />
import type { Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startNginxSetting, startProxySetting } from '../harness/nginx-setting.ts';
import { findRealPart, IIPIMAGE, NGINX } from '../setup/real-parts.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { fillIn } from './sign-in.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const TILE = /\/iiif\/2\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/(default|color|gray|bitonal)\.\w+$/;
const LETTER = 'members%2Fpyramid.tif';
const isMissing = chromiumFile === null || findRealPart(NGINX) === null || findRealPart(IIPIMAGE) === null;

describe.skipIf(isMissing).each([
  // The bytes come from IIPImage past the gateway, or through it with no header of IIPImage's.
  ['nginx that asks the gateway', () => startNginxSetting('iipimage'), 'IIPImage'],
  ['the gateway', startProxySetting, undefined],
] as const)('locked tiles of IIPImage, behind %s, in a viewer on another site', (kind, start, server) => {
  const name = kind === 'the gateway' ? 'proxy' : 'asked';
  let setting: Awaited<ReturnType<typeof start>>;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  /** Of every tile that the page asked for. */
  let tiles: Array<{ readonly url: string; readonly status: number; readonly server: string | undefined }>;

  beforeAll(async () => {
    setting = await start();
    site = await startViewerSite();
  });
  afterAll(async () => {
    await site.close();
    await setting.close();
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
    tiles = [];
    page.on('response', (response: Response) => {
      const url = response.url();
      if (TILE.test(url)) tiles.push({ url, status: response.status(), server: response.headers()['x-powered-by'] });
    });
  });
  afterEach(() => browser.close());

  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });

  it.each([1, 2] as const)(
    'are not shown before the sign-in, all of them afterwards, and none after the sign-out, by version %i',
    async (version) => {
      await page.goto(site.openseadragon(`${setting.base}/iiif/2/${LETTER}/info.json`, version));
      await state('locked');
      expect(tiles).toEqual([]);

      const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
      await window.waitForLoadState();
      await fillIn(window);
      await state('open');
      await expect.poll(() => tiles.length).toBeGreaterThan(0);
      await page.waitForTimeout(500);
      await shoot(page, `gateway-${name}-iipimage-${version}-open`);
      expect(new Set(tiles.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(tiles.map((tile) => tile.server))).toEqual(new Set([server]));

      const shown = tiles.map(({ url }) => url);
      await Promise.all([page.waitForEvent('popup'), page.click('.sign-out')]);
      await state('locked');
      await shoot(page, `gateway-${name}-iipimage-${version}-out`);
      // What the browser has kept is asked for anew, each time.
      const statuses = await page.evaluate(async (urls) => {
        const answers = await Promise.all(urls.map((url) => fetch(url, { credentials: 'include' })));
        return answers.map(({ status }) => status);
      }, shown);
      expect(new Set(statuses)).toEqual(new Set([401]));
    },
  );

  it('are shown to everybody where they are open', async () => {
    await page.goto(site.openseadragon(`${setting.base}/iiif/2/open%2Fpyramid.tif/info.json`, 2));
    await state('open');
    await expect.poll(() => tiles.length).toBeGreaterThan(0);
    expect(new Set(tiles.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe.skipIf(isMissing)('a manifest that lies beside IIPImage, in Mirador on another site', () => {
  it('is drawn after the sign-in, of pixels that IIPImage was not asked for before', async () => {
    const setting = await startProxySetting();
    const site = await startViewerSite();
    const browser = await launchChromium();
    const page = await browser.context.newPage();
    const came: number[] = [];
    page.on('response', (response) => {
      if (TILE.test(response.url())) came.push(response.status());
    });
    await page.goto(site.mirador(`${setting.base}/presentation/manifests/letters.json`));
    const offer = page.getByRole('button', { name: 'Sign in', exact: false }).first();
    await offer.click();
    await shoot(page, 'gateway-mirador-locked');
    expect(came).not.toContain(200);
    const asked = /Full Request is IIIF=members%2Fpyramid\.tif\/(?!info\.json)/;
    expect(await setting.log()).not.toMatch(asked);
    const confirm = page.getByRole('button', { name: 'Sign in', exact: true }).last();
    const [window] = await Promise.all([page.waitForEvent('popup'), confirm.click()]);
    await window.waitForLoadState();
    await fillIn(window);
    await expect.poll(() => came, { timeout: 20_000 }).toContain(200);
    expect(await setting.log()).toMatch(asked);
    await page.waitForTimeout(500);
    await shoot(page, 'gateway-mirador-open');
    await browser.close();
    await site.close();
    await setting.close();
  });
});
