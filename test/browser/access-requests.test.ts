/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator } from '../harness/administrator.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { findings } from './axe.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: curators/**, allow: [{ service: members, roles: [curator] }], requests: true }
  - { items: '**', allow: everyone }
`;

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1200, height: 860 };

describe.skipIf(chromiumFile === null)('a request for access', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: ACCESS });
    await addAdministrator(vitrine);
    browser = await launchChromium();
    page = await browser.context.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  /** The page as it is, in both colours and widths. */
  async function look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const size of [WIDE, NARROW]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await shoot(page, `request-${name}-${colorScheme}-${size === WIDE ? 'wide' : 'narrow'}`);
        expect(await findings(page), `${name}, ${colorScheme}, ${size.width} pixels wide`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name} is wider than ${size.width} pixels`).toBeLessThanOrEqual(0);
      }
    }
    await page.setViewportSize(WIDE);
  }

  it('leads from the picture by the sign-in to the form, and on to the list', async () => {
    await page.goto(`${vitrine.base}/view/openseadragon/curators%2Fdiary.jpg`);
    await page.click('text=Ask for access');
    await page.fill('#user', 'reader');
    await page.fill('#password', PASSWORDS.reader);
    await page.click('button.primary');
    await page.waitForURL(/request-access/);
    await look('form');
    await page.fill('#reason', '   ');
    await page.click('button.primary');
    expect(await page.locator('[role="alert"]').innerText()).toContain('Please say why you need it.');
    await look('form-wrong');
    await page.fill('#reason', 'I write about the diaries of the estate, and would like to see the pages of 1890.');
    await page.click('button.primary');
    await page.waitForURL(/requests\?done=made/);
    await look('list');
  }, 60_000);

  it('is granted in the administration, and opens the picture', async () => {
    await page.goto(`${vitrine.base}/admin/requests`);
    await page.fill('#user', 'keeper');
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button.primary');
    await page.waitForURL(/\/admin\/requests/);
    await look('admin-list');
    await page.click('td a');
    await look('admin-detail');
    await page.fill('#answer', 'With pleasure.');
    await page.click('button.primary');
    await page.waitForURL(/done=request-granted/);
    await page.goto(`${vitrine.base}/admin/grants`);
    await look('admin-grants');
    await page.click('td a');
    await look('admin-grant');
    await page.goto(`${vitrine.base}/requests`);
    await look('list-granted');
    const status = await page.evaluate(async () => (await fetch('/iiif/3/curators%2Fdiary.jpg/full/80,/0/default.jpg')).status);
    expect(status).toBe(200);
  }, 60_000);
});
