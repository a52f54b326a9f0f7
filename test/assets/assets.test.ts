import { describe, expect, it } from 'vitest';
import { createAssetSource } from '../../src/adapters/sources/assets.ts';
import { createAssets } from '../../src/http/assets.ts';
import type { HttpRequest } from '../../src/http/exchange.ts';

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
  ])('are served: %s as %s', async (name, type) => {
    const reply = await ask(name);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe(type);
    expect(reply.body?.length).toBeGreaterThan(50);
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
