/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS, PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser, type ThirdPartyCookies } from './chromium.ts';
import { grantStorageAccess } from './sign-in.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const SERVICES = `accessServices:
  room: { pattern: kiosk, label: { en: [Exhibition] } }
  staff: { pattern: external, label: { en: [Staff of Example Library] }, errorHeading: { en: [For staff only] } }
`;
const POLICIES = `policies:
  - items: open/quarters.png
    allow: [{ service: room }]
  - items: open/photo.jpg
    allow: [{ service: staff }]
  - items: members/pyramid.tif
    allow: [{ service: members, roles: [curator] }]
    otherwise:
      - { name: reading, label: { en: [For readers] }, maxSize: 400, for: [{ service: members, roles: [reader] }] }
      - { name: gray, label: { en: [Gray] }, gray: true }
      - { name: small, label: { en: [Small] }, maxSize: 200 }
`;
const RULES = ACCESS.replace('accessServices:\n', SERVICES).replace('policies:\n', POLICIES);

const [KIOSK, EXTERNAL, TIERED, LETTER] = ['open%2Fquarters.png', 'open%2Fphoto.jpg', 'members%2Fpyramid.tif', 'members%2Fletter.jpg'];

describe.skipIf(chromiumFile === null)('our viewer on another site', () => {
  let vitrine: TestVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: RULES });
    site = await startViewerSite();
  });
  afterAll(async () => {
    await site.close();
    await vitrine.close();
  });
  afterEach(() => browser.close());

  const start = async (cookies: ThirdPartyCookies = 'allowed') => {
    browser = await launchChromium(cookies);
    page = await browser.context.newPage();
  };
  const open = (identifier: string | undefined, version: 1 | 2) =>
    page.goto(site.openseadragon(`${vitrine.base}/iiif/${version === 1 ? 2 : 3}/${identifier}/info.json`, version));
  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });
  const signIn = async (window: Page, user: keyof typeof PASSWORDS) => {
    await window.waitForLoadState();
    await window.fill('input[name="user"]', user);
    await window.fill('input[name="password"]', PASSWORDS[user]);
    await window.click('button[type="submit"]');
  };
  const signInHere = async (user: keyof typeof PASSWORDS) => {
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await Promise.all([window.waitForEvent('close'), signIn(window, user)]);
  };

  describe.each([1, 2] as const)('through version %s', (version) => {
    it('goes through a kiosk without a click', async () => {
      await start();
      const opened = page.waitForEvent('popup');
      await open(KIOSK, version);
      expect((await opened).url()).toContain('/auth/access/');
      await state('open');
    });

    it('asks an external service without a click, and opens for those who have signed in elsewhere', async () => {
      await start();
      await open(EXTERNAL, version);
      await state('locked');
      expect(await page.textContent('.panels')).toContain('For staff only');
      const own = await browser.context.newPage();
      await own.goto(`${vitrine.base}/sign-in`);
      await signIn(own, 'reader');
      await own.waitForURL((url) => url.pathname !== '/sign-in');
      await page.reload();
      await state('open');
    });
  });

  it('names the lesser versions, and shows the one that is chosen', async () => {
    await start();
    const probe = `${vitrine.base}/auth/probe/${TIERED}`;
    await page.goto(site.openseadragon(`${vitrine.base}/iiif/3/${TIERED}/info.json`, 2, probe));
    await state('tier');
    const status = () => page.textContent('[role="status"]');
    const pressed = () => page.locator('.version[aria-pressed="true"]').allTextContents();
    expect(await page.locator('.version').allTextContents()).toEqual(expect.arrayContaining(['Gray', 'Small']));
    expect(await status()).toContain('Gray');
    expect(await pressed()).toEqual(['Gray']);
    const asked = page.waitForRequest((request) => request.url().includes('~small'));
    await page.click('.version:text-is("Small")');
    await asked;
    await state('tier');
    expect(await status()).toContain('Small');
    expect(await pressed()).toEqual(['Small']);
    await shoot(page, 'versions-1-choice');
    await signInHere('reader');
    await expect.poll(() => page.locator('.version').allTextContents(), { timeout: 20_000 }).toEqual(['For readers', 'Gray', 'Small']);
    expect(await pressed()).toEqual(['For readers']);
    await shoot(page, 'versions-2-reader');
    const [out] = await Promise.all([page.waitForEvent('popup'), page.click('.sign-out')]);
    await out.close().catch(() => undefined);
    await expect.poll(() => page.locator('.sign-out').count()).toBe(0);
    await state('tier');
    await signInHere('curator');
    await state('open');
    expect(await page.locator('.version').count()).toBe(0);
  });

  it('shows the button of the token page where the browser keeps the cookie back, and goes on after a click on it', async () => {
    await start('blocked');
    await open(LETTER, 2);
    await state('locked');
    await signInHere('reader');
    const frame = await page.waitForSelector('iframe.asking');
    expect(await page.textContent('.error')).toMatch(/cookie/i);
    const box = await frame.boundingBox();
    expect(box?.height).toBeGreaterThan(40);
    await shoot(page, 'cookie-button');
    // As if the reader said yes to the browser's own question, which a browser without a window does not show.
    await grantStorageAccess(browser.context, page, site.origin, vitrine.base);
    await page.frameLocator('iframe.asking').locator('#allow-cookie').click();
    await state('open');
    expect(await page.locator('iframe').count()).toBe(0);
  });
});
