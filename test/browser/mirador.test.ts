/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS, PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const TILE = /\/iiif\/[23]\/([^/]+)\/[^/]+\/[^/]+\/[^/]+\/(?:default|color|gray|bitonal)\.\w+$/;
const LETTER = 'members%2Fletter.jpg';
const TIERED = ACCESS.replace(
  '  - items: members/**',
  `  - items: members/pyramid.tif
    allow: [{ service: members }]
    otherwise: { name: preview, maxSize: 300, gray: true }
  - items: members/**`,
);

describe.skipIf(chromiumFile === null)('Mirador', () => {
  let vitrine: TestVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  /** Identifiers of the pictures of which a tile came. */
  let came: Set<string>;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: TIERED });
    site = await startViewerSite();
  });
  afterAll(async () => {
    await site.close();
    await vitrine.close();
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
    came = new Set();
    page.on('response', (response) => {
      const [, identifier] = TILE.exec(response.url()) ?? [];
      if (identifier !== undefined && response.status() === 200) came.add(identifier);
    });
  });
  afterEach(() => browser.close());

  const untilCame = (identifier: string) => expect.poll(() => [...came], { timeout: 20_000 }).toContain(identifier);

  /** Mirador asks in a bar, then in a dialog, and then opens the window. */
  const signIn = async () => {
    const offer = page.getByRole('button', { name: 'Sign in', exact: false }).first();
    await offer.waitFor({ timeout: 20_000 });
    await offer.click();
    const confirm = page.getByRole('button', { name: 'Sign in', exact: true }).last();
    await confirm.waitFor();
    const [window] = await Promise.all([page.waitForEvent('popup'), confirm.click()]);
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
  };

  it('on another site, with the lines of the guide, draws the picture after the sign-in', async () => {
    await page.goto(site.miradorByGuide(`${vitrine.base}/presentation/3/${LETTER}/manifest`));
    await signIn();
    await untilCame(LETTER);
  });

  it('draws a folder of pictures, all of them after one sign-in', async () => {
    await page.goto(`${vitrine.base}/view/mirador/members`);
    await signIn();
    await untilCame(LETTER);
    await shoot(page, 'mirador-folder');
    came.clear();
    await page.getByRole('button', { name: 'Next item' }).first().click();
    await untilCame('members%2Fpyramid.tif');
    expect([...came]).not.toContain('members%2Fpyramid.tif%2F~preview');
  });

  it('draws the preview, and after the sign-in the picture', async () => {
    await page.goto(`${vitrine.base}/view/mirador/members%2Fpyramid.tif`);
    await untilCame('members%2Fpyramid.tif%2F~preview');
    expect(came).not.toContain('members%2Fpyramid.tif');
    await shoot(page, 'mirador-preview');
    await signIn();
    await untilCame('members%2Fpyramid.tif');
    await shoot(page, 'mirador-after-preview');
  });
});
