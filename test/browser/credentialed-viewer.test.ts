/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const OPEN = 'open%2Fphoto.jpg';
const LETTER = 'members%2Fletter.jpg';
/** What counts is whose it is. */
const ANY_PAGE = '/assets/vitrine.css';
const TILE = '/full/200,/0/default.jpg';

/** OpenSeadragon with `crossOriginPolicy: use-credentials` or `ajaxWithCredentials`, and Clover with `withCredentials`. */
describe.skipIf(chromiumFile === null)('a viewer on another site that sends credentials', () => {
  let vitrine: TestVitrine;
  let viewer: ViewerSite;
  let other: ViewerSite;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    [viewer, other] = await Promise.all([startViewerSite(), startViewerSite()]);
  });
  afterAll(async () => {
    await Promise.all([viewer.close(), other.close()]);
    await vitrine.close();
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
    await page.goto(`${viewer.origin}${ANY_PAGE}`);
  });
  afterEach(() => browser.close());

  /** The status, or `blocked` where the browser keeps the answer from the page. */
  const fetched = (path: string, on = page) =>
    on.evaluate(
      (uri) =>
        fetch(uri, { credentials: 'include' }).then(
          (response) => response.status,
          () => 'blocked',
        ),
      `${vitrine.base}${path}`,
    );

  /** Whether the picture can be drawn, and its pixels read again, as WebGL needs. */
  const drawn = (path: string, on = page) =>
    on.evaluate(
      (uri) =>
        new Promise<boolean>((resolve) => {
          const image = new Image();
          image.crossOrigin = 'use-credentials';
          image.onload = () => {
            const context = document.createElement('canvas').getContext('2d');
            context?.drawImage(image, 0, 0);
            resolve(context?.getImageData(0, 0, 1, 1).data[3] === 255);
          };
          image.onerror = () => resolve(false);
          image.src = uri;
        }),
      `${vitrine.base}${path}`,
    );

  it('shows what is open, and reads where to sign in for what is not', async () => {
    expect(await drawn(`/iiif/3/${OPEN}${TILE}`)).toBe(true);
    expect(await fetched(`/iiif/3/${OPEN}`)).toBe(200);
    expect(await fetched(`/iiif/3/${LETTER}/info.json`)).toBe(401);
    expect(await fetched(`/presentation/3/${LETTER}/manifest`)).toBe(200);
    expect(await drawn(`/iiif/3/${LETTER}${TILE}`)).toBe(false);
  });

  it('shows what its reader signed in for, and another site does not, but reads where to sign in', async () => {
    const access = `${vitrine.base}/auth/access/members?origin=${encodeURIComponent(viewer.origin)}`;
    const [window] = await Promise.all([page.waitForEvent('popup'), page.evaluate((uri) => void open(uri), access)]);
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);

    expect(await drawn(`/iiif/3/${LETTER}${TILE}`)).toBe(true);
    expect(await fetched(`/iiif/3/${LETTER}/info.json`)).toBe(200);

    const elsewhere = await browser.context.newPage();
    await elsewhere.goto(`${other.origin}${ANY_PAGE}`);
    expect(await drawn(`/iiif/3/${LETTER}${TILE}`, elsewhere)).toBe(false);
    expect(await fetched(`/iiif/3/${LETTER}${TILE}`, elsewhere)).toBe(401);
    expect(await fetched(`/iiif/3/${LETTER}/info.json`, elsewhere)).toBe(401);
    expect(await drawn(`/iiif/3/${OPEN}${TILE}`, elsewhere)).toBe(true);
  });
});
