/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAdministrator, signedInAdministrator } from '../harness/administrator.ts';
import type { TestVisitor } from '../harness/visitor.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { chromiumFile, launchChromium, type TestBrowser } from './chromium.ts';

const TILE = '/iiif/3/members%2Fpyramid.tif/0,0,256,256/256,256/0/default.jpg';
const INFORMATION = '/iiif/3/members%2Fpyramid.tif/info.json';
const FILM = '/media/members%2Ffilm.mp4';
const SEGMENT = '/media/stream/members/stream/1.ts';
const OPEN = '/iiif/3/open%2Fphoto.jpg/full/80,/0/default.jpg';

describe.skipIf(chromiumFile === null)('a browser with a warm cache', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;
  let keeper: TestVisitor;

  beforeEach(async () => {
    vitrine = await startTestVitrine();
    await writeFiles(vitrine.images, {
      'members/film.mp4': Buffer.alloc(50_000, 7),
      'members/stream/main.m3u8': '#EXTM3U\n#EXTINF:4,\n1.ts\n',
      'members/stream/1.ts': Buffer.alloc(5_000, 8),
    });
    await addAdministrator(vitrine);
    keeper = await signedInAdministrator(vitrine);
    browser = await launchChromium();
    page = await browser.context.newPage();
    await page.goto(`${vitrine.base}/sign-in`);
    await page.fill('input[name="user"]', 'reader');
    await page.fill('input[name="password"]', PASSWORDS.reader);
    await page.click('button[type="submit"]');
    await page.waitForURL(`${vitrine.base}/`);
  });
  afterEach(async () => {
    await browser.close();
    await vitrine.close();
  });

  /** What the server answered to the last requests for a path: nothing where the browser did not ask. */
  const answers = (path: string) => vitrine.log.filter((line) => line['path'] === path).map((line) => line['status']);

  /** In a page of its own, as after a reload: which of them can be seen and read there. */
  async function look(): Promise<Record<string, boolean>> {
    await page.goto(`${vitrine.base}/browser-check`);
    const picture = (path: string) =>
      page.evaluate(
        (uri) =>
          new Promise<boolean>((resolve) => {
            const image = new Image();
            image.onload = () => resolve(true);
            image.onerror = () => resolve(false);
            image.src = uri;
          }),
        path,
      );
    const read = (path: string, range: string | null = null) =>
      page.evaluate(
        async ([uri, bytes]) => {
          const reply = await fetch(uri ?? '', bytes == null ? {} : { headers: { range: bytes } });
          await reply.arrayBuffer();
          return reply.ok;
        },
        [path, range] as const,
      );
    return {
      tile: await picture(TILE),
      information: await read(INFORMATION),
      film: await read(FILM),
      range: await read(FILM, 'bytes=100-199'),
      segment: await read(SEGMENT),
      open: await picture(OPEN),
    };
  }

  const everything = { tile: true, information: true, film: true, range: true, segment: true, open: true };

  it('asks again for what is locked, is told that its copy is good, and after the session was ended that it is not', async () => {
    expect(await look()).toEqual(everything);
    expect(await look()).toEqual(everything);
    expect(answers(TILE)).toEqual([200, 304]);
    expect(answers(SEGMENT)).toEqual([200, 304]);
    expect(answers(INFORMATION)).toEqual([200, 304]);
    expect(answers(OPEN), 'what everybody may see is kept without asking').toEqual([200]);

    const sessions = await (await keeper.ask('/admin/sessions')).text();
    const [, token = ''] = /sessions\/end"[^>]*>\s*<input type="hidden" name="form-token" value="([^"]+)"/.exec(sessions) ?? [];
    const ended = await keeper.ask('/admin/sessions/end', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ user: 'reader', 'form-token': token }).toString(),
    });
    expect(ended.status).toBe(303);
    const closed = { tile: false, information: false, film: false, range: false, segment: false };
    expect(await look()).toEqual({ ...everything, ...closed });
    for (const path of [TILE, INFORMATION, FILM, SEGMENT]) expect(answers(path).at(-1), path).toBe(401);
    expect(await look(), 'and no copy comes back').toEqual({ ...everything, ...closed });
  }, 60_000);
});
