/// <reference lib="dom" />
import { writeFile } from 'node:fs/promises';
import type { Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS, PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const TILE = /\/iiif\/[23]\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/(default|color|gray|bitonal)\.\w+$/;
const LETTER = 'members%2Fletter.jpg';
const MAP = 'terms%2Fmap.jpg';

describe.skipIf(chromiumFile === null)('a locked picture, seen through a viewer on another site', () => {
  let vitrine: TestVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  /** Status of every image that the page asked for. */
  let tiles: number[];

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    site = await startViewerSite();
  });
  afterAll(async () => {
    await site.close();
    await vitrine.close();
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
    tiles = [];
    page.on('response', (response: Response) => {
      if (TILE.test(response.url())) tiles.push(response.status());
    });
  });
  afterEach(() => browser.close());

  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });
  const open = (identifier: string, version: 1 | 2) =>
    page.goto(site.openseadragon(`${vitrine.base}/iiif/${version === 1 ? 2 : 3}/${identifier}/info.json`, version));
  const popup = async (click: () => Promise<unknown>): Promise<Page> => {
    const [opened] = await Promise.all([page.waitForEvent('popup'), click()]);
    await opened.waitForLoadState();
    return opened;
  };
  const signIn = async (window: Page, password: string) => {
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
  };
  /** Whether the page can show this picture now, asked with a plain image as viewers do. */
  const shows = (path: string) =>
    page.evaluate(
      (uri) =>
        new Promise<boolean>((resolve) => {
          const image = new Image();
          image.onload = () => resolve(true);
          image.onerror = () => resolve(false);
          image.src = uri;
        }),
      `${vitrine.base}${path}`,
    );

  describe.each([1, 2] as const)('with OpenSeadragon through version %s', (version) => {
    const shot = (name: string) => shoot(page, `openseadragon-${version}-${name}`);

    it('shows no tile before sign-in, all of them afterwards, and none after sign-out', async () => {
      await open(LETTER, version);
      await state('locked');
      await shot('1-locked');
      expect(tiles).toEqual([]);
      expect(await shows(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).toBe(false);
      tiles.length = 0;

      const window = await popup(() => page.click('.confirm'));
      await shoot(window, `openseadragon-${version}-2-sign-in`);
      await Promise.all([window.waitForEvent('close'), signIn(window, PASSWORDS.reader)]);
      await state('open');
      await page.waitForFunction(() => document.querySelector('.openseadragon-canvas canvas') !== null);
      await expect.poll(() => tiles.length).toBeGreaterThan(0);
      await page.waitForTimeout(500);
      await shot('3-open');
      expect(new Set(tiles)).toEqual(new Set([200]));

      const out = await popup(() => page.click('.sign-out'));
      await shoot(out, `openseadragon-${version}-4-signed-out`).catch(() => {});
      await state('locked');
      tiles.length = 0;
      expect(await shows(`/iiif/3/${LETTER}/full/200,/0/default.jpg`)).toBe(false);
      expect(await shows(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).toBe(false);
      expect(tiles.filter((status) => status === 200)).toEqual([]);
      const asked = await browser.context.request.get(`${vitrine.base}/iiif/3/${LETTER}/full/max/0/default.jpg`);
      expect(asked.status()).toBe(401);
      await shot('5-locked-again');
    });

    it('says that the password is wrong, and goes on when it is right', async () => {
      await open(LETTER, version);
      await state('locked');
      const window = await popup(() => page.click('.confirm'));
      await signIn(window, 'not the password');
      await window.waitForSelector('[role="alert"]');
      await shoot(window, `openseadragon-${version}-wrong-password`);
      await Promise.all([window.waitForEvent('close'), signIn(window, PASSWORDS.reader)]);
      await state('open');
    });

    it('stays locked with a sentence when the window is closed early, and can be tried again', async () => {
      await open(LETTER, version);
      await state('locked');
      const window = await popup(() => page.click('.confirm'));
      await window.close();
      await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error');
      await shot('closed-early');
      expect(await page.textContent('.error')).toMatch(/\w{3}/);
      expect(tiles).toEqual([]);
      const again = await popup(() => page.click('.confirm'));
      await Promise.all([again.waitForEvent('close'), signIn(again, PASSWORDS.reader)]);
      await state('open');
    });

    it('stays locked when the terms are declined, and opens when they are agreed to', async () => {
      await open(MAP, version);
      await state('locked');
      const window = await popup(() => page.click('.confirm'));
      await shoot(window, `openseadragon-${version}-terms`);
      await Promise.all([window.waitForEvent('close'), window.click('button[value="decline"]')]);
      await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error');
      await shot('declined');
      expect(tiles).toEqual([]);

      const again = await popup(() => page.click('.confirm'));
      await Promise.all([again.waitForEvent('close'), again.click('button[value="agree"]')]);
      await state('open');
      await expect.poll(() => tiles.length).toBeGreaterThan(0);
      expect(new Set(tiles)).toEqual(new Set([200]));
    });
  });

  it.each([1, 2] as const)('shows the tier that everyone may see, and after signing in through version %s the picture', async (version) => {
    await writeFile(
      vitrine.accessFile,
      ACCESS.replace(
        '  - items: curators/**',
        '    otherwise: { name: preview, maxSize: 300, watermark: Example Library }\n  - items: curators/**',
      ),
    );
    await expect
      .poll(async () => (await fetch(`${vitrine.base}/iiif/3/${LETTER}%2F~preview/info.json`)).status, { timeout: 10_000 })
      .toBe(200);
    await open(LETTER, version);
    await state('tier');
    await expect.poll(() => tiles.length).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    await shoot(page, `tier-${version}-1-preview`);
    expect(new Set(tiles)).toEqual(new Set([200]));
    expect(await shows(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).toBe(false);

    const window = await popup(() => page.click('.confirm'));
    await Promise.all([window.waitForEvent('close'), signIn(window, PASSWORDS.reader)]);
    await state('open');
    await shoot(page, `tier-${version}-2-open`);
    expect(await shows(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).toBe(true);
    await writeFile(vitrine.accessFile, ACCESS);
    await expect
      .poll(async () => (await fetch(`${vitrine.base}/iiif/3/${LETTER}%2F~preview/info.json`)).status, { timeout: 10_000 })
      .toBe(404);
  });

  it('is not shown where the browser withholds cookies, and the reader is told why', async () => {
    await browser.close();
    browser = await launchChromium('blocked');
    page = await browser.context.newPage();
    await open(LETTER, 2);
    await state('locked');
    const window = await popup(() => page.click('.confirm'));
    await Promise.all([window.waitForEvent('close'), signIn(window, PASSWORDS.reader)]);
    await page.waitForSelector('#vitrine-viewer[data-state="locked"] .error');
    await shoot(page, 'cookies-withheld');
    expect(await page.textContent('.error')).toMatch(/cookie/i);
    expect(await shows(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).toBe(false);
  });

  it('with Mirador shows nothing before sign-in, and the picture afterwards', async () => {
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(String(error)));
    await page.goto(site.mirador(`${vitrine.base}/presentation/3/${LETTER}/manifest`));
    const confirm = page.getByRole('button', { name: 'Sign in', exact: false }).first();
    await confirm.waitFor({ timeout: 20_000 });
    await shoot(page, 'mirador-1-locked');
    expect(tiles.filter((status) => status === 200)).toEqual([]);

    await confirm.click();
    const inner = page.getByRole('button', { name: 'Sign in', exact: true }).last();
    await inner.waitFor();
    const window = await popup(() => inner.click());
    tiles.length = 0;
    await Promise.all([window.waitForEvent('close'), signIn(window, PASSWORDS.reader)]);
    await expect.poll(() => tiles.filter((status) => status === 200).length, { timeout: 20_000 }).toBeGreaterThan(0);
    await page.waitForTimeout(800);
    await shoot(page, 'mirador-2-open');
    expect(new Set(tiles)).toEqual(new Set([200]));
    expect(failures).toEqual([]);
  });
});
