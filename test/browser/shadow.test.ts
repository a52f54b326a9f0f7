import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';
import { look } from './look.ts';

describe.skipIf(chromiumFile === null)('shadow mode in the administration, in a browser', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ options: { shadowUntil: new Date(Date.now() + 86_400_000) } });
    await addAdministrator(vitrine);
    const stranger = new TestVisitor(vitrine);
    for (const item of ['members%2Fletter.jpg', 'curators%2Fdiary.jpg']) await stranger.ask(`/iiif/3/${item}/full/100,/0/default.jpg`);
    browser = await launchChromium();
    page = await browser.context.newPage();
    await page.goto(`${vitrine.base}/admin/shadow`);
    await page.fill('#user', 'keeper');
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button[type="submit"]');
    await page.waitForURL(`${vitrine.base}/admin/shadow`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  it('is at the top of a page that anybody can read, and shows who would lose what', async () => {
    const tables = async () => {
      await page.reload();
      return page.locator('table').count();
    };
    await expect.poll(tables, { timeout: 20_000 }).toBe(3);
    expect(await page.locator('.shadow strong').innerText()).toMatch(/^shadow mode: nothing is locked\.$/i);
    await look(page, 'shadow');
    await page.click('text=Count from nothing again');
    await page.waitForURL(/done=shadow-cleared/);
    expect(await page.locator('main').innerText()).toContain('Nothing was counted.');
  }, 60_000);
});
