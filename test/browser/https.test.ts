/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';

describe.skipIf(chromiumFile === null)('https in a browser', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  beforeAll(async () => {
    vitrine = await startTestVitrine({ options: { tls: { mode: 'adhoc' } } });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  it('is HTTP/2, from the sign-in to the tiles of a locked picture', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${vitrine.base}/view/openseadragon/members%2Fpyramid.tif`);
    await page.waitForSelector('#vitrine-viewer[data-state="locked"]', { timeout: 20_000 });
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
    await page.waitForSelector('#vitrine-viewer[data-state="open"]', { timeout: 20_000 });
    const tiles = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter(({ name }) => name.endsWith('/default.jpg'))
          .map((entry) => entry.toJSON() as { nextHopProtocol: string; responseStatus: number })
          .map(({ nextHopProtocol, responseStatus }) => `${nextHopProtocol} ${responseStatus}`),
      );
    await expect.poll(async () => [...new Set(await tiles())], { timeout: 20_000 }).toEqual(['h2 200']);
  });
});
