/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const ACCESS = `accessServices:
  loan: { pattern: clickthrough, label: { en: [Loans of Example Library] }, perItem: true }
policies:
  - { items: terms/**, allow: [{ service: loan }], seats: 1 }
`;
const MAP = 'terms%2Fmap.jpg';

describe.skipIf(chromiumFile === null)('waiting for a seat, in a browser', () => {
  let vitrine: TestVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;
  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: ACCESS });
    site = await startViewerSite();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    await vitrine.close();
  });

  it('shows the place in the queue, goes on by itself when the reader before leaves, and the viewer shows the picture', async () => {
    const first = new TestVisitor(vitrine);
    const sent = await first.submit(`/auth/access/loan%2F${MAP}?origin=${encodeURIComponent(VIEWER)}`, { answer: 'agree' });
    await first.ask(sent.headers.get('location') ?? '');

    const viewer = await browser.context.newPage();
    await viewer.goto(site.openseadragon(`${vitrine.base}/iiif/3/${MAP}/info.json`, 2));
    const state = (wanted: string) => viewer.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });
    await state('locked');
    const [window] = await Promise.all([viewer.waitForEvent('popup'), viewer.click('.confirm')]);
    await window.click('button[value="agree"]');
    await window.waitForURL(/wait=1/);
    expect(await window.locator('main').innerText()).toContain('You are the next one to get a seat.');
    await shoot(window, 'waiting');
    await window.emulateMedia({ colorScheme: 'dark' });
    await window.setViewportSize({ width: 360, height: 640 });
    await shoot(window, 'waiting-dark-narrow');

    const closed = window.waitForEvent('close', { timeout: 30_000 });
    await first.ask(`/auth/logout/loan%2F${MAP}`, { headers: { 'sec-fetch-dest': 'document' } });
    await closed;
    await state('open');
  });
});
