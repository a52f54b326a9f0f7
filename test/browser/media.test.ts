/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { wav } from '../media/write-media.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const SECONDS = 120;
const LOCKED = '/media/members%2Ftone.wav';
/** A page of XML in which a script would run, and say so. */
const SCRIPTED = '<r xmlns:h="http://www.w3.org/1999/xhtml"><h:script>document.documentElement.setAttribute("ran", "yes")</h:script></r>';

describe.skipIf(chromiumFile === null)('in Chromium', () => {
  let vitrine: TestVitrine;
  let viewer: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  let answers: Array<{ readonly status: number; readonly range: string | undefined }>;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
    viewer = await startViewerSite();
    await writeFiles(vitrine.images, {
      'members/tone.wav': wav(SECONDS),
      'open/page.html': '<script>document.title = "ran"</script>',
      'open/evil/manifest.mpd': SCRIPTED,
    });
  });
  afterAll(async () => {
    await viewer.close();
    await vitrine.close();
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
    answers = [];
    page.on('response', (response) => {
      if (response.url().endsWith(LOCKED)) answers.push({ status: response.status(), range: response.request().headers()['range'] });
    });
  });
  afterEach(() => browser.close());

  const signIn = async (window: Page): Promise<void> => {
    await window.waitForLoadState();
    await window.fill('input[name="user"]', 'reader');
    await window.fill('input[name="password"]', PASSWORDS.reader);
    await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
  };

  /** Plays what is at a place, from the middle on; the seconds that were played, or why not. */
  const playFrom = (uri: string, from: number) =>
    page.evaluate(
      ([source, start]) =>
        new Promise<number | string>((resolve) => {
          const sound = new Audio();
          sound.muted = true;
          sound.preload = 'metadata';
          sound.onerror = () => resolve(`error ${sound.error?.code}`);
          sound.onloadedmetadata = () => {
            sound.currentTime = start;
            sound.play().catch((error: unknown) => resolve(String(error)));
          };
          sound.ontimeupdate = () => {
            if (sound.currentTime > start + 0.3) resolve(sound.currentTime);
          };
          sound.src = source;
        }),
      [uri, from] as const,
    );

  it('a locked sound on another site is silent until its reader signs in, and then plays and seeks', async () => {
    await page.goto(`${viewer.origin}/assets/vitrine.css`);
    expect(await playFrom(`${vitrine.base}${LOCKED}`, 0)).toMatch(/^error/);
    const refused = vitrine.log.filter((line) => line['path'] === LOCKED).map((line) => line['status']);
    expect(new Set(refused)).toEqual(new Set([401]));

    const access = `${vitrine.base}/auth/access/members?origin=${encodeURIComponent(viewer.origin)}`;
    const [window] = await Promise.all([page.waitForEvent('popup'), page.evaluate((uri) => void open(uri), access)]);
    await signIn(window);
    answers.length = 0;
    const played = await playFrom(`${vitrine.base}${LOCKED}`, 100);
    expect(played).toBeGreaterThan(100);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([206]));
    expect(answers.some(({ range }) => /^bytes=[1-9]\d{6,}-/.test(range ?? ''))).toBe(true);
  });

  it('our own page leads through the sign-in, and plays', async () => {
    await page.goto(`${vitrine.base}/view/media/members%2Ftone.wav`);
    await shoot(page, 'media-locked');
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('a[data-access]')]);
    await signIn(window);
    await page.waitForFunction(() => (document.querySelector('audio')?.duration ?? 0) > 100);
    await shoot(page, 'media-open');
    expect(await page.evaluate(() => document.querySelector('audio')?.duration)).toBeCloseTo(SECONDS, 1);
    await page.goto(`${vitrine.base}/browse/members`);
    await shoot(page, 'media-cards');
  });

  it('nothing in a text or a playlist runs', async () => {
    await page.goto(`${vitrine.base}/media/open%2Fpage.html`);
    expect(await page.evaluate(() => [document.contentType, document.title, document.querySelector('script')])).toEqual([
      'text/plain',
      '',
      null,
    ]);
    // The type of a stream is saved by some browsers and shown by others: a frame shows what the policy makes of it.
    const answer = await browser.context.request.get(`${vitrine.base}/media/stream/open/evil/manifest.mpd`);
    await page.route('**/as-xml', (route) =>
      route.fulfill({
        body: SCRIPTED,
        headers: { ...answer.headers(), 'content-type': 'application/xml', 'content-disposition': 'inline' },
      }),
    );
    await page.goto(`${vitrine.base}/as-xml`);
    expect(await page.evaluate(() => [document.documentElement.getAttribute('ran'), origin])).toEqual([null, 'null']);
  });
});
