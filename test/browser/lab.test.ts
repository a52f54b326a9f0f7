import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestLab, type TestLab } from '../harness/lab.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';

const PASSWORD = 'vitrine-lab';

describe.skipIf(chromiumFile === null)('the lab, as somebody goes through it who writes a viewer', () => {
  let lab: TestLab;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    lab = await startTestLab();
  }, 60_000);
  afterAll(() => lab.close());
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
  });
  afterEach(() => browser.close());

  const openCase = async (title: string) => {
    await page.goto(`${lab.base}/lab`);
    await page.click(`.case-link:text-is("${title}")`);
    await page.waitForSelector('.case-items');
  };
  /** What the page says of each item, for this visitor. */
  const access = () => page.locator('.case-items .access').evaluateAll((all) => all.map(({ className }) => className));
  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });
  const window = async (click: () => Promise<unknown>) => {
    const [opened] = await Promise.all([page.waitForEvent('popup'), click()]);
    await opened.waitForLoadState();
    return opened;
  };
  const signIn = async (form: Page) => {
    await form.fill('input[name="user"]', 'reader');
    await form.fill('input[name="password"]', PASSWORD);
    await form.click('button[type="submit"]');
  };

  it.each(['OpenSeadragon', 'OpenSeadragon, Auth 1.0'])(
    'opens the standard login in %s, and says afterwards that it is open',
    async (viewer) => {
      await openCase('Standard login');
      expect(await access()).toEqual(['access locked']);
      await page.click(`a.button:has-text("${viewer} –")`);
      await state('locked');
      const form = await window(() => page.click('.confirm'));
      await Promise.all([form.waitForEvent('close'), signIn(form)]);
      await state('open');
      await page.goto(`${lab.base}/lab/login`);
      expect(await access()).toEqual(['access granted']);
    },
  );

  it('lets agree to the terms of two pictures once, and no further', async () => {
    await openCase('One clickthrough for several items');
    await page.click('a.button:has-text("OpenSeadragon –")');
    await state('locked');
    const form = await window(() => page.click('.confirm'));
    await Promise.all([form.waitForEvent('close'), form.click('button[value="agree"]')]);
    await state('open');
    await page.goto(`${lab.base}/lab/clickthrough-shared`);
    expect(await access()).toEqual(['access granted', 'access granted']);
    await page.goto(`${lab.base}/lab/clickthrough`);
    expect(await access()).toEqual(['access locked']);
  });

  it('opens the external case to whoever signs in on the hidden page', async () => {
    await openCase('External, with a hidden sign-in page');
    expect(await access()).toEqual(['access locked']);
    await page.click('.visitor a:has-text("Sign in")');
    await signIn(page);
    await page.waitForURL(`${lab.base}/lab/external`);
    expect(await access()).toEqual(['access granted']);
    await page.click('a.button:has-text("OpenSeadragon –")');
    await state('open');
  });

  it('shows a lower tier at once', async () => {
    await openCase('Login with a gray lower tier');
    await page.click('a.button:has-text("OpenSeadragon –")');
    await page.waitForSelector('#vitrine-viewer .openseadragon-canvas canvas', { timeout: 20_000 });
    expect(await page.locator('#vitrine-viewer').getAttribute('data-state')).not.toBe('open');
  });

  it('fits a telephone: nothing on its pages is wider than the window', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ['/lab', '/lab/from-hell', '/lab/token-invalid-aspect', '/lab/substitutes-several']) {
      await page.goto(`${lab.base}${path}`);
      await shoot(page, `lab${path.slice(4).replace('/', '-')}`);
      expect([path, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([path, 0]);
    }
  });
});
