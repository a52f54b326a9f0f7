/// <reference lib="dom" />
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS, PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { wav } from '../media/write-media.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const SECONDS = 120;
const LOCKED = '/media/members%2Ftone.wav';
/** A page of XML in which a script would run, and say so. */
const SCRIPTED = '<r xmlns:h="http://www.w3.org/1999/xhtml"><h:script>document.documentElement.setAttribute("ran", "yes")</h:script></r>';

const LAB_MEDIA = fileURLToPath(new URL('../../src/lab/media/', import.meta.url));

/** Files of the lab, under a folder of the test's. Those of a stream keep the name of their folder. */
async function labMedia(to: string, ...names: readonly string[]): Promise<Record<string, Uint8Array>> {
  const files = names.map(async (name): Promise<Array<[string, Uint8Array]>> => {
    if (name.includes('.')) return [[`${to}/${name}`, await readFile(LAB_MEDIA + name)]];
    const parts = await readdir(LAB_MEDIA + name);
    return Promise.all(
      parts.map(async (part): Promise<[string, Uint8Array]> => [`${to}/${name}/${part}`, await readFile(`${LAB_MEDIA}${name}/${part}`)]),
    );
  });
  return Object.fromEntries((await Promise.all(files)).flat());
}

const LESSER = `  - items: lesser/**
    allow: [{ service: members, roles: [reader] }]
    otherwise: [{ name: low, item: open/dash/manifest.mpd }]
`;

describe.skipIf(chromiumFile === null)('in Chromium', () => {
  let vitrine: TestVitrine;
  let viewer: ViewerSite;
  let browser: TestBrowser;
  let page: Page;
  let answers: Array<{ readonly status: number; readonly range: string | undefined }>;

  beforeAll(async () => {
    vitrine = await startTestVitrine({ access: `${ACCESS}${LESSER}` });
    viewer = await startViewerSite();
    await writeFiles(vitrine.images, {
      'members/tone.wav': wav(SECONDS),
      'open/page.html': '<script>document.title = "ran"</script>',
      'open/evil/manifest.mpd': SCRIPTED,
      ...(await labMedia('open', 'voyage.webm', 'voyage.mp4', 'tune.ogg', 'tune.mp3', 'guide.pdf', 'hls', 'dash')),
      ...(await labMedia('members', 'hls', 'dash')),
      ...(await labMedia('lesser', 'voyage.webm')),
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

  /** Plays what the page shows; seconds that were played, of how many, and what went wrong. */
  const playOnPage = async (from: number) => {
    await page.waitForFunction(() => (document.querySelector<HTMLMediaElement>('video, audio')?.readyState ?? 0) > 0);
    return page.evaluate(async (start) => {
      const media = document.querySelector<HTMLMediaElement>('video, audio');
      if (media === null) throw new Error('nothing to play');
      media.muted = true;
      media.currentTime = start;
      await media.play();
      while (media.currentTime < start + 0.3) await new Promise((resolve) => setTimeout(resolve, 50));
      return {
        played: media.currentTime > start,
        seconds: media.duration,
        failed: document.querySelector('.failed:not([hidden])') !== null,
      };
    }, from);
  };

  const viewPage = (path: string) => `${vitrine.base}/view/media/${encodeURIComponent(path)}`;

  it.each(['open/voyage.webm', 'open/voyage.mp4', 'open/tune.ogg', 'open/tune.mp3', 'open/hls/master.m3u8', 'open/dash/manifest.mpd'])(
    'our own page plays and seeks: %s',
    async (path) => {
      await page.goto(viewPage(path));
      const { played, seconds, failed } = await playOnPage(3);
      expect({ played, failed }).toEqual({ played: true, failed: false });
      expect(seconds).toBeGreaterThan(5);
    },
  );

  it.each(['members/hls/master.m3u8', 'members/dash/manifest.mpd'])(
    'a locked stream plays after the sign-in, without loading the page again: %s',
    async (path) => {
      await page.goto(viewPage(path));
      expect(await page.locator('video').count()).toBe(0);
      await page.evaluate(() => document.documentElement.setAttribute('data-same', 'page'));
      const [window] = await Promise.all([page.waitForEvent('popup'), page.click('a[data-access]')]);
      await signIn(window);
      expect(await playOnPage(3)).toMatchObject({ played: true, failed: false });
      expect(await page.locator('html').getAttribute('data-same')).toBe('page');
      expect(await page.locator('.site .visitor').textContent()).toContain('reader');
    },
  );

  it('a lesser version plays meanwhile, and the film goes on from there after the sign-in', async () => {
    await page.goto(viewPage('lesser/voyage.webm'));
    await playOnPage(2);
    await page.evaluate(() => document.querySelector('video')?.pause());
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('a[data-access]')]);
    await signIn(window);
    await page.waitForFunction(() => document.querySelector('video[src$="voyage.webm"]') !== null);
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) >= 2);
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(true);
  });

  it('a stream whose access ends says so', async () => {
    await page.goto(viewPage('members/dash/manifest.mpd'));
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('a[data-access]')]);
    await signIn(window);
    await playOnPage(0);
    expect(await page.locator('.failed:not([hidden])').count()).toBe(0);
    await page.route('**/part-*', (route) => route.fulfill({ status: 401 }));
    await page.goto(viewPage('members/dash/manifest.mpd'));
    await page.waitForSelector('.failed:not([hidden])');
    await shoot(page, 'media-failed');
  });

  it('a PDF is shown by browsers that can, and linked to by all', async () => {
    const file = '/media/open%2Fguide.pdf';
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith(file)),
      page.goto(viewPage('open/guide.pdf')),
    ]);
    expect(answer.status()).toBe(200);
    expect(await page.locator('object[type="application/pdf"]').count()).toBe(1);
    expect(await page.locator('a.button').getAttribute('href')).toBe(file);
    await page.addInitScript(() => Object.defineProperty(navigator, 'pdfViewerEnabled', { value: false }));
    await page.goto(viewPage('open/guide.pdf'));
    expect(await page.locator('object').count()).toBe(0);
    expect(await page.locator('img.drawing').count()).toBe(1);
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
