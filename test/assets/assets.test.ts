import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createAssetSource } from '../../src/adapters/sources/assets.ts';
import { createAssets } from '../../src/http/pages/assets.ts';
import type { HttpRequest } from '../../src/http/server/exchange.ts';

const serve = createAssets(createAssetSource());

function ask(name: string, headers: Readonly<Record<string, string>> = {}) {
  const request: HttpRequest = {
    method: 'GET',
    path: `/assets/${name}`,
    query: new URLSearchParams(),
    params: { name },
    header: (wanted) => headers[wanted] ?? null,
    cookies: new Map(),
    address: '127.0.0.1',
    origin: 'http://localhost',
    base: 'http://localhost',
    form: () => Promise.resolve(new URLSearchParams()),
    json: () => Promise.resolve(null),
    raw: { peer: '192.0.2.7', headers: [], query: '' },
    signal: new AbortController().signal,
  };
  return serve(request);
}

describe('the files of our pages', () => {
  it.each([
    ['vitrine.css', 'text/css; charset=utf-8'],
    ['vitrine.svg', 'image/svg+xml'],
    ['locked.svg', 'image/svg+xml'],
    ['close-window.js', 'text/javascript; charset=utf-8'],
    ['post-token.js', 'text/javascript; charset=utf-8'],
    ['view-openseadragon.js', 'text/javascript; charset=utf-8'],
    ['view-mirador.js', 'text/javascript; charset=utf-8'],
    ['vendor/openseadragon/openseadragon.min.js', 'text/javascript; charset=utf-8'],
    ['vendor/openseadragon/images/home_rest.png', 'image/png'],
    ['vendor/mirador/mirador.min.js', 'text/javascript; charset=utf-8'],
    ['use-passkey.js', 'text/javascript; charset=utf-8'],
    ['vendor/@simplewebauthn/browser/index.umd.min.js', 'text/javascript; charset=utf-8'],
    ['vendor/shaka-player/shaka-player.compiled-es2021.js', 'text/javascript; charset=utf-8'],
  ])('are served: %s as %s', async (name, type) => {
    const reply = await ask(name);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe(type);
    expect((reply.body as Uint8Array).length).toBeGreaterThan(50);
  });

  it.each([
    '',
    '.',
    '..',
    '../ui/html.ts',
    'html.ts',
    '../pages/token.ts',
    '%2e%2e/html.ts',
    '..%2fhtml.ts',
    'vendor/../vitrine.css',
    'vendor/openseadragon/../mirador/mirador.min.js',
    'vendor/openseadragon/openseadragon.js.map',
    'vendor/openseadragon/package.json',
    'vendor/openseadragon/images',
    'vendor/mirador/../../../../package.json',
    '/etc/passwd',
    'vitrine.css/',
    'VITRINE.CSS',
    'vitrine.css%00',
    'constructor',
    '__proto__',
  ])('are an allow-list, which has no %j', async (name) => {
    expect((await ask(name)).status).toBe(404);
  });

  const MIRADOR = 'vendor/mirador/mirador.min.js';
  const bytesOf = (reply: { body: unknown }): Uint8Array => {
    if (!(reply.body instanceof Uint8Array)) throw new Error('a file is sent as bytes');
    return reply.body;
  };

  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
  ])('are sent as %s to whoever accepts it: the same bytes, in a third of the size', async (coding, accepted, decode) => {
    const plain = await ask(MIRADOR);
    const coded = await ask(MIRADOR, { 'accept-encoding': accepted });
    expect(coded.headers['content-encoding']).toBe(coding);
    expect(bytesOf(coded).length).toBeLessThan(bytesOf(plain).length / 3);
    expect(Buffer.compare(decode(bytesOf(coded)), bytesOf(plain))).toBe(0);
  });

  it('say that they differ by coding, with an ETag for each', async () => {
    const replies = await Promise.all(['', 'br', 'gzip'].map((accepted) => ask('vitrine.css', { 'accept-encoding': accepted })));
    expect(replies.map(({ headers }) => headers['vary'])).toEqual(Array(3).fill('Accept-Encoding'));
    expect(new Set(replies.map(({ headers }) => headers['etag'])).size).toBe(3);
    const [, br] = replies;
    const held = { 'if-none-match': String(br?.headers['etag']) };
    expect(await ask('vitrine.css', { ...held, 'accept-encoding': 'br' })).toMatchObject({
      status: 304,
      headers: { vary: 'Accept-Encoding' },
    });
    expect((await ask('vitrine.css', { ...held, 'accept-encoding': 'gzip' })).status).toBe(200);
  });

  it('are compressed once, and kept', async () => {
    const [first, again] = [await ask(MIRADOR, { 'accept-encoding': 'gzip' }), await ask(MIRADOR, { 'accept-encoding': 'gzip' })];
    expect(first.body).toBe(again.body);
  });

  it.each(['vendor/openseadragon/images/home_rest.png', 'close-window.js'])(
    'are left as they are where it would not help: %s',
    async (name) => {
      const reply = await ask(name, { 'accept-encoding': 'gzip, br' });
      expect(reply.headers).not.toHaveProperty('content-encoding');
      expect(reply.headers).not.toHaveProperty('vary');
    },
  );

  it('are sent again only when they have changed', async () => {
    const first = await ask('vitrine.css');
    const again = await ask('vitrine.css', { 'if-none-match': String(first.headers['etag']) });
    expect(again.status).toBe(304);
    expect(again.body).toBeNull();
    expect((await ask('vitrine.svg', { 'if-none-match': String(first.headers['etag']) })).status).toBe(200);
  });

  it('are kept by browsers, ours with a question each time, those of viewers for a day', async () => {
    expect((await ask('vitrine.css')).headers['cache-control']).toBe('public, no-cache');
    expect((await ask('vendor/mirador/mirador.min.js')).headers['cache-control']).toBe('public, max-age=86400');
  });
});
