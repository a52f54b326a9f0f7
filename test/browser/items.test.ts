/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator } from '../harness/administrator.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';
import { look } from './look.ts';

const TIERED = ACCESS.replace('  - items: curators/**', '    otherwise: { maxSize: 300 }\n  - items: curators/**');

describe.skipIf(chromiumFile === null)('the items of the administration, in a browser', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: TIERED });
    await addAdministrator(vitrine);
    browser = await launchChromium();
    page = await browser.context.newPage();
    await page.goto(`${vitrine.base}/admin/items?folder=members`);
    await page.fill('#user', 'keeper');
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button[type="submit"]');
    await page.waitForURL(`${vitrine.base}/admin/items?folder=members`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  const widthsOfThumbnails = () =>
    page.$$eval('img.thumbnail', (images) =>
      Promise.all(images.map((image) => (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth))),
    );

  it('show small pictures of what is locked', async () => {
    const widths = await widthsOfThumbnails();
    expect(widths.length).toBeGreaterThan(0);
    expect(Math.min(...widths)).toBeGreaterThan(0);
    expect(Math.max(...widths)).toBeLessThanOrEqual(192);
    const shown = await page.$$eval('img.thumbnail', (images) => images.map((image) => image.clientWidth));
    expect(Math.min(...shown)).toBeGreaterThan(60);
    await look(page, 'items-folder');
  }, 60_000);

  it('are found, and say who can see them and why', async () => {
    await page.fill('#search', 'letter');
    await page.press('#search', 'Enter');
    await look(page, 'items-search');
    await page.click('text=members/letter.jpg');
    await page.waitForSelector('#answer');
    expect(await page.locator('.verdict').allInnerTexts()).toEqual([
      'The item is locked, and can be unlocked',
      expect.stringMatching(/^Its tier .* is seen$/),
    ]);
    await page.fill('#user', 'reader');
    await page.fill('#address', '192.0.2.7');
    await page.click('text=Ask');
    await page.waitForURL(/user=reader/);
    expect((await page.locator('.verdict').allInnerTexts())[0]).toBe('The item is seen');
    expect(await page.locator('#answer').innerText()).toContain('because user reader has role reader');
    await look(page, 'items-answer');
    await page.locator('#answer').scrollIntoViewIfNeeded();
    await look(page, 'items-answer-below');
  }, 60_000);

  it('lead to the line of their policy', async () => {
    await page.click('a[href*="/admin/access?line="]');
    await page.waitForURL(/admin\/access\?line=\d+#text/);
    const selected = await page.$eval('#text', (text) => {
      const { value, selectionStart, selectionEnd } = text as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(selected).toBe('  - items: members/**');
  }, 60_000);
});
