/// <reference lib="dom" />
import type { Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NginxSetting, startNginxSetting } from '../harness/nginx-setting.ts';
import { findRealPart, IIPIMAGE, NGINX } from '../setup/real-parts.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { fillIn } from './sign-in.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const TILE = /\/iiif\/2\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/(default|color|gray|bitonal)\.\w+$/;
const isMissing = chromiumFile === null || findRealPart(NGINX) === null || findRealPart(IIPIMAGE) === null;

describe.skipIf(isMissing)('locked tiles of IIPImage, behind nginx that asks the gateway, in a viewer on another site', () => {
  let setting: NginxSetting;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  /** Status and server of every tile that the page asked for. */
  let tiles: Array<{ readonly status: number; readonly server: string | undefined }>;

  beforeAll(async () => {
    setting = await startNginxSetting('iipimage');
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
      if (TILE.test(response.url())) tiles.push({ status: response.status(), server: response.headers()['x-powered-by'] });
    });
  });
  afterEach(() => browser.close());

  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });

  it.each([1, 2] as const)(
    'are not shown before the sign-in, all of them afterwards, and none after the sign-out, by version %i',
    async (version) => {
      await page.goto(site.openseadragon(`${setting.base}/iiif/2/members%2Fpyramid.tif/info.json`, version));
      await state('locked');
      expect(tiles).toEqual([]);

      const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
      await window.waitForLoadState();
      await fillIn(window);
      await state('open');
      await expect.poll(() => tiles.length).toBeGreaterThan(0);
      await page.waitForTimeout(500);
      await shoot(page, `gateway-iipimage-${version}-open`);
      expect(new Set(tiles.map(({ status }) => status))).toEqual(new Set([200]));
      // The bytes come from IIPImage, past the gateway.
      expect(new Set(tiles.map(({ server }) => server))).toEqual(new Set(['IIPImage']));

      await Promise.all([page.waitForEvent('popup'), page.click('.sign-out')]);
      await state('locked');
      const asked = await browser.context.request.get(`${setting.base}/iiif/2/members%2Fpyramid.tif/full/full/0/default.jpg`);
      expect(asked.status()).toBe(401);
    },
  );

  it('are shown to everybody where they are open', async () => {
    await page.goto(site.openseadragon(`${setting.base}/iiif/2/open%2Fpyramid.tif/info.json`, 2));
    await state('open');
    await expect.poll(() => tiles.length).toBeGreaterThan(0);
    expect(new Set(tiles.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
