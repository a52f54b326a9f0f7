import { describe, expect, it } from 'vitest';
import type { HttpRequest } from './exchange.ts';
import { json } from './reply.ts';
import { createRouter } from './router.ts';

const router = createRouter([
  { methods: ['GET'], path: '/iiif/3/*rest', reader: 'viewer', handler: async ({ params }) => json(200, params) },
  { methods: ['GET', 'POST'], path: '/auth/access/:service', reader: 'person', handler: async ({ params }) => json(200, params) },
  { methods: ['GET'], path: '/', reader: 'person', handler: async () => json(200, 'front') },
]);

function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const request: Omit<HttpRequest, 'params'> = {
    method,
    path,
    query: new URLSearchParams(),
    header: (name) => headers[name] ?? null,
    cookies: new Map(),
    address: '127.0.0.1',
    origin: 'http://localhost',
    base: 'http://localhost',
    form: async () => new URLSearchParams(),
    json: async () => null,
    raw: { peer: '192.0.2.7', headers: [], query: '' },
    signal: new AbortController().signal,
  };
  return router.handle(request);
}

describe('the router', () => {
  it('hands the rest of a path on as it was sent', async () => {
    const reply = await ask('GET', '/iiif/3/a%2Fb/full/max/0/default.jpg');
    expect(JSON.parse(String(reply.body))).toEqual({ rest: 'a%2Fb/full/max/0/default.jpg' });
  });

  it('matches one segment with a name, and neither fewer nor more', async () => {
    expect((await ask('GET', '/auth/access/members')).status).toBe(200);
    expect((await ask('GET', '/auth/access')).status).toBe(404);
    expect((await ask('GET', '/auth/access/members/')).status).toBe(404);
  });

  it('allows a viewer to send a token, and answers its preflight without one', async () => {
    const reply = await ask('OPTIONS', '/iiif/3/a/info.json', { origin: 'https://viewer.example' });
    expect(reply.status).toBe(204);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': 'https://viewer.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      vary: 'Origin',
    });
  });

  it('lets everyone read what viewers read, also a refusal of the method', async () => {
    expect((await ask('GET', '/iiif/3/a')).headers['access-control-allow-origin']).toBe('*');
    const refused = await ask('POST', '/iiif/3/a');
    expect(refused.status).toBe(405);
    expect(refused.headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS', 'access-control-allow-origin': '*' });
  });

  it('gives pages for people no CORS', async () => {
    expect((await ask('GET', '/')).headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask('OPTIONS', '/auth/access/members')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers HEAD through the handler of GET', async () => {
    expect((await ask('HEAD', '/')).status).toBe(200);
  });
});
