import { readdir, truncate, unlink } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { mp4, wav } from '../media/write-media.ts';

const SOUND = wav(1, 44_100);
const OPEN = '/media/open%2Ftone.wav';
const LOCKED = '/media/members%2Ftone.wav';

let vitrine: TestVitrine;
let nobody: TestVisitor;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  await writeFiles(vitrine.images, {
    'open/tone.wav': SOUND,
    'open/film.mp4': mp4({ seconds: 62, size: [640, 360] }),
    'open/large.mp4': Buffer.alloc(40_000_000, 7),
    'open/empty.txt': '',
    'open/goes.mp3': Buffer.alloc(1_000),
    'open/page "é".html': '<script>alert(1)</script>',
    'open/alto.xml': '<x xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></x>',
    'open/book.pdf': '%PDF-1.7',
    'open/book.epub': 'PK',
    'open/jar.glb': 'glTF',
    'members/tone.wav': SOUND,
    'curators/tone.wav': SOUND,
    'nowhere/tone.wav': SOUND,
  });
  nobody = new TestVisitor(vitrine);
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', visitor = nobody) =>
  visitor.ask(path, { headers, method });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a sound that everybody may hear', () => {
  it('is sent whole, with its type, its length and how to ask for parts', async () => {
    const response = await ask(OPEN);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(SOUND.length),
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=3600',
      'content-disposition': 'inline; filename="tone.wav"',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await bytesOf(response)).equals(SOUND)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100000-', 100_000, SOUND.length - 100_000],
    ['bytes=-44', SOUND.length - 44, 44],
    [`bytes=${SOUND.length - 1}-${SOUND.length + 100}`, SOUND.length - 1, 1],
  ])('is sent in parts: %s', async (range, start, length) => {
    const response = await ask(OPEN, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${start + length - 1}/${SOUND.length}`);
    expect(response.headers.get('content-length')).toBe(String(length));
    expect((await bytesOf(response)).equals(SOUND.subarray(start, start + length))).toBe(true);
  });

  it.each(['bytes=0-9,20-29', 'bytes=9-0', 'lines=1-2'])('is sent whole for a range that is not understood: %s', async (range) => {
    const response = await ask(OPEN, { range });
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toHaveLength(SOUND.length);
  });

  it('has no bytes behind its end', async () => {
    const response = await ask(OPEN, { range: `bytes=${SOUND.length}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${SOUND.length}`);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ code: 'request.range' });
  });

  it('is the same by HEAD, without a body, and ranges are for GET alone', async () => {
    const response = await ask(OPEN, { range: 'bytes=0-99' }, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(SOUND.length));
    expect(await bytesOf(response)).toHaveLength(0);
  });

  it('is not sent again to whoever has it, and not cut from another one', async () => {
    const first = await ask(OPEN, {}, 'HEAD');
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    expect((await ask(OPEN, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask(OPEN, { 'if-modified-since': modified })).status).toBe(304);
    expect((await ask(OPEN, { 'if-none-match': etag, range: 'bytes=0-9' })).status).toBe(304);
    expect((await ask(OPEN, { 'if-match': '"another"' })).status).toBe(412);
    expect((await ask(OPEN, { 'if-range': etag, range: 'bytes=0-9' })).status).toBe(206);
    expect((await ask(OPEN, { 'if-range': '"another"', range: 'bytes=0-9' })).status).toBe(200);
  });

  it('that is empty is sent, and has no parts', async () => {
    const response = await ask('/media/open%2Fempty.txt');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('0');
    expect((await ask('/media/open%2Fempty.txt', { range: 'bytes=0-' })).status).toBe(416);
  });

  it('tells a preflight that ranges may be asked for', async () => {
    const response = await ask(OPEN, { origin: VIEWER, 'access-control-request-headers': 'range' }, 'OPTIONS');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/\bIf-Range, Range\b/);
    const answer = await ask(OPEN, { origin: VIEWER });
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/Content-Length, Content-Range, Accept-Ranges/);
  });
});

describe('files that a browser might run', () => {
  it.each([
    [
      'open%2Fpage%20%22%C3%A9%22.html',
      'text/plain; charset=utf-8',
      `inline; filename="page ___.html"; filename*=UTF-8''page%20%22%C3%A9%22.html`,
    ],
    ['open%2Falto.xml', 'application/xml', 'attachment; filename="alto.xml"'],
    ['open%2Fbook.epub', 'application/epub+zip', 'attachment; filename="book.epub"'],
    ['open%2Fjar.glb', 'model/gltf-binary', 'attachment; filename="jar.glb"'],
  ])('%s are %s, and of no origin', async (identifier, type, disposition) => {
    const response = await ask(`/media/${identifier}`);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(disposition);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; sandbox;/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('are not PDF, which browsers show apart', async () => {
    const response = await ask('/media/open%2Fbook.pdf');
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toMatch(/^inline/);
    expect(response.headers.get('content-security-policy')).toBeNull();
  });
});

describe('a locked sound', () => {
  it('is refused with a sentence, before anything is told of it', async () => {
    for (const headers of [{}, { range: 'bytes=0-9' }, { 'if-none-match': '*' }, { range: 'bytes=99999999-' }, { 'if-match': '"x"' }]) {
      const response = await ask(LOCKED, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('etag')).toBeNull();
      expect(response.headers.get('www-authenticate')).toBe('Cookie realm="IIIF"');
      expect(await response.json()).toMatchObject({ code: 'access.needed', status: 401 });
    }
    expect((await ask('/media/nowhere%2Ftone.wav')).status).toBe(403);
    expect((await ask('/media/curators%2Ftone.wav', {}, 'GET', reader)).status).toBe(401);
    expect((await ask('/media/nothing.wav')).status).toBe(404);
  });

  it('is open to whoever has access, in parts too, and kept by no shared cache', async () => {
    const response = await ask(LOCKED, { range: 'bytes=0-99', origin: VIEWER }, 'GET', reader);
    expect(response.status).toBe(206);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBe(VIEWER);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    const other = await ask(LOCKED, { origin: 'https://other.example' }, 'GET', reader);
    expect(other.status).toBe(401);
  });

  it('is probed by the probe service, and by HEAD with a token, which never opens the sound', async () => {
    const { message } = await reader.token(1, 'members');
    const token = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
    expect((await ask(LOCKED, token, 'HEAD')).status).toBe(200);
    expect((await ask(LOCKED, { ...token, origin: 'https://other.example' }, 'HEAD')).status).toBe(401);
    expect((await ask(LOCKED, { authorization: 'Bearer undefined' }, 'HEAD')).status).toBe(401);
    expect((await ask(LOCKED, {}, 'HEAD', reader)).status).toBe(200);
    expect((await ask(LOCKED, token)).status).toBe(401);
    expect((await ask(LOCKED, { ...token, range: 'bytes=0-9' })).status).toBe(401);
    const probe = async (headers: Record<string, string>) =>
      (await (await ask('/auth/probe/members%2Ftone.wav', headers)).json()) as unknown;
    expect(await probe(token)).toMatchObject({ status: 200 });
    expect(await probe({})).toMatchObject({ status: 401 });
  });

  it('is closed again after a sign-out, also to whoever kept a copy', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const cookies = new Map(visitor.cookies);
    const etag = (await ask(LOCKED, {}, 'HEAD', visitor)).headers.get('etag') ?? '';
    expect((await ask(LOCKED, { 'if-none-match': etag }, 'GET', visitor)).status).toBe(304);
    await visitor.ask('/auth/logout/members');
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    expect((await ask(LOCKED, { 'if-none-match': etag }, 'GET', visitor)).status).toBe(401);
  });
});

describe('an item that is no image', () => {
  it.each(['/iiif/3/open%2Ftone.wav/info.json', '/iiif/2/open%2Ffilm.mp4/full/max/0/default.jpg'])(
    'is not found as one: %s',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'not-found', detail: expect.stringMatching(/^There is no image/) });
    },
  );

  it('and an image is not found as a file, which would walk around its limits', async () => {
    expect((await ask('/media/open%2Fphoto.jpg')).status).toBe(404);
  });

  it('has a card and a page of its own, with what its file says', async () => {
    const front = await (await ask('/browse/open')).text();
    expect(front).toContain('Film · 1:02 · 640 × 360 pixels · 50 kB');
    expect(front).toContain('href="/view/media/open%2Ffilm.mp4"');
    const page = await ask('/view/media/open%2Ffilm.mp4');
    expect(page.headers.get('content-security-policy')).toMatch(/; media-src 'self' blob:;/);
    expect(await page.text()).toContain('<video controls preload="metadata" src="/media/open%2Ffilm.mp4"');
    expect(await (await ask('/view/media/open%2Ftone.wav')).text()).toContain('<audio controls');
    expect(await (await ask('/view/media/open%2Fbook.pdf')).text()).toContain('href="/media/open%2Fbook.pdf"');
  });

  it('that is locked names what opens it, and nothing to play', async () => {
    const locked = await (await ask('/view/media/members%2Ftone.wav')).text();
    expect(locked).toContain('href="/auth/access/members"');
    expect(locked).not.toContain('<audio');
    expect(await (await ask('/view/media/members%2Ftone.wav', {}, 'GET', reader)).text()).toContain('<audio');
    expect((await ask('/view/media/nowhere%2Ftone.wav')).status).toBe(403);
    expect((await ask('/view/media/open%2Fphoto.jpg')).status).toBe(404);
  });
});

describe('a file that is sent', () => {
  /** Reads the head of an answer, and then nothing until told. */
  const begin = (path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request(`${vitrine.base}${path}`, { agent: false }, resolve).on('error', reject).end();
    });

  it('is read as fast as it is taken, and no faster', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin('/media/open%2Flarge.mp4')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
    const lengths = await Promise.all(
      answers.map(async (answer) => {
        let length = 0;
        for await (const chunk of answer) length += (chunk as Buffer).length;
        return length;
      }),
    );
    expect(new Set(lengths)).toEqual(new Set([40_000_000]));
  });

  it('is closed when its reader has gone', async () => {
    const open = async () => (await readdir('/proc/self/fd')).length;
    const before = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => begin('/media/open%2Flarge.mp4')));
    expect(await open()).toBeGreaterThanOrEqual(before + 20);
    for (const answer of answers) answer.destroy();
    await expect.poll(open).toBeLessThanOrEqual(before + 2);
  });

  it('ends the connection where it becomes shorter on the way, and is a problem where it is gone before', async () => {
    const answer = await begin('/media/open%2Flarge.mp4');
    await truncate(join(vitrine.images, 'open/large.mp4'), 20_000_000);
    const read = (async () => {
      for await (const _chunk of answer);
    })();
    await expect(read).rejects.toThrow();
    await ask('/media/open%2Fgoes.mp3', {}, 'HEAD');
    await unlink(join(vitrine.images, 'open/goes.mp3'));
    const gone = await ask('/media/open%2Fgoes.mp3');
    expect([404, 500]).toContain(gone.status);
    expect(await gone.text()).not.toContain(vitrine.images);
  });
});
