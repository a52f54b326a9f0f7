/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const LETTER = 'members%2Fletter.jpg';

describe.skipIf(chromiumFile === null)('the page about the own session, in a browser', () => {
  let vitrine: TestVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;

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
  });
  afterEach(() => browser.close());

  const state = (page: Page, wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });

  it('is a link away, shows what a viewer elsewhere was given, and takes it back', async () => {
    const viewer = await browser.context.newPage();
    await viewer.goto(site.openseadragon(`${vitrine.base}/iiif/3/${LETTER}/info.json`, 2));
    await state(viewer, 'locked');
    const [window] = await Promise.all([viewer.waitForEvent('popup'), viewer.click('.confirm')]);
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
    await state(viewer, 'open');

    const own = await browser.context.newPage();
    await own.goto(`${vitrine.base}/`);
    await own.click('a[href="/session"]');
    await own.waitForURL(`${vitrine.base}/session`);
    await shoot(own, 'session-page');
    const main = own.locator('main');
    expect(await main.innerText()).toContain(`the viewer at ${new URL(site.origin).host}`);
    expect(await own.locator('button[value="token"]').count()).toBe(1);
    expect(await own.locator('time').first().innerText()).not.toContain('UTC');

    await own.click('button[value="token"]');
    await own.waitForURL(`${vitrine.base}/session`);
    expect(await own.locator('button[value="token"]').count()).toBe(0);
    expect(await own.locator('button[value="grant"]').count()).toBe(1);
    await own.click('button[value="grant"]');
    await own.waitForURL(`${vitrine.base}/session`);
    expect(await own.locator('button[value="grant"]').count()).toBe(0);
    await viewer.reload();
    await state(viewer, 'locked');

    await own.click('button[value="all"]');
    await own.waitForURL(`${vitrine.base}/session`);
    expect(await main.innerText()).toContain('You are not signed in here');
    const names = (await browser.context.cookies(vitrine.base)).map(({ name }) => name);
    expect(names).not.toContain('vitrine-session');
    expect(names).not.toContain('vitrine-access');
  });
});
