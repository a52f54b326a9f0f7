/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator } from '../harness/administrator.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';
import { look } from './look.ts';

describe.skipIf(chromiumFile === null)('the access file, edited in a browser', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    await addAdministrator(vitrine);
    browser = await launchChromium();
    page = await browser.context.newPage();
    await page.goto(`${vitrine.base}/admin/access`);
    await page.fill('#user', 'keeper');
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button[type="submit"]');
    await page.waitForURL(`${vitrine.base}/admin/access`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  it('has line numbers, and links from policies to their lines', async () => {
    const numbers = page.locator('.line-numbers span');
    expect(await numbers.count()).toBe(ACCESS.split('\n').length);
    await page.click('#policy-2 a');
    const selected = await page.$eval('#text', (field) => {
      const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(selected).toBe('  - items: members/**');
  }, 60_000);

  it('marks the lines of mistakes', async () => {
    await page.fill('#text', ACCESS.replace('service: terms', 'service: therms').replace('allow: everyone', 'alow: everyone'));
    await page.click('.editor button');
    await page.waitForSelector('.remarks');
    expect(await page.locator('.line-numbers .marked').allInnerTexts()).toEqual(['13', '14', '23']);
    await look(page, 'access-mistakes');
  }, 60_000);

  it('previews and saves', async () => {
    await page.fill('#text', ACCESS.replace('allow: everyone', 'allow: [{ service: terms }]\n    otherwise: { maxSize: 300 }'));
    await page.click('.editor button');
    await page.waitForSelector('.changes');
    expect(await page.locator('main').innerText()).toContain('Whoever agreed to terms');
    await look(page, 'access-preview');
    await page.fill('#comment', 'terms for all');
    await page.click('text=Save, and put in force');
    await page.waitForURL(`${vitrine.base}/admin/access?done=access-saved`);
    expect(await page.locator('[role="status"]').innerText()).toContain('saved, and in force');
    const answer = await page.request.get(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/full/max/0/default.jpg`);
    expect(answer.status()).toBe(401);
    await page.goto(`${vitrine.base}/admin/access/versions/2?against=1`);
    await look(page, 'access-version');
  }, 60_000);
});
