import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../../src/http/server/reply.ts';
import { createRouter } from '../../src/http/server/router.ts';
import type { RunningServer } from '../../src/http/server/server.ts';
import { Failure, refuse } from '../../src/lib/problems.ts';
import { startTestWebServer } from '../harness/web-server.ts';

let server: RunningServer;
const failures: unknown[] = [];
const failedAt: string[] = [];

const router = createRouter([
  {
    methods: ['GET'],
    path: '/iiif/3/*rest',
    reader: 'viewer',
    handler: async ({ params, base, query }) => json(200, { ...params, base, query: `${query}` }),
  },
  {
    methods: ['GET', 'POST'],
    path: '/form',
    reader: 'person',
    handler: async (request) => json(200, { user: (await request.form()).get('user') }),
  },
  {
    methods: ['GET'],
    path: '/fails',
    reader: 'person',
    handler: async () => {
      throw new Error('secret detail');
    },
  },
  {
    methods: ['GET'],
    path: '/unwritable',
    reader: 'person',
    handler: async () => ({ status: 200, headers: { 'x-broken': 'a\nb' }, body: null }),
  },
  {
    methods: ['GET'],
    path: '/busy',
    reader: 'viewer',
    handler: async () => {
      throw new Failure({ ...refuse('server.busy', 'Come back later.'), retryAfterSeconds: 7 }, 'lane full');
    },
  },
]);

beforeAll(async () => {
  server = await startTestWebServer(router, {
    log: {
      request: () => {},
      failure: (error, path) => {
        failures.push(error);
        failedAt.push(path.path);
      },
    },
  });
});
afterAll(() => server.close(1));

/** Sends these bytes as they are, and returns all that comes back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(5000, () => socket.destroy());
  });
}

const get = (target: string, headers = '') => raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);

describe('the web server', () => {
  it('hands the path on as it was sent, without its query', async () => {
    expect(await get('/iiif/3/a%2Fb/info.json?x=1&y')).toContain('"rest": "a%2Fb/info.json"');
  });

  it('understands the absolute form of a target', async () => {
    expect(await get('http://localhost/iiif/3/a/info.json')).toContain('"rest": "a/info.json"');
  });

  it.each(['localhost"><script>', 'a/b', 'evil.example/x', 'a b', '', '[::1', 'x@y'])(
    'puts no host like %j into its own URIs',
    async (host) => {
      const answer = await raw(`GET /iiif/3/a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400|"base": "http:\/\/localhost:\d+"/);
    },
  );

  it.each([
    ['no request at all', 'hello\r\n\r\n', '400'],
    ['a header that is not one', 'GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n', '400'],
    ['a line break within a header', 'GET / HTTP/1.1\r\nHost: a\r\nx: a\rb\r\n\r\n', '400'],
    [
      'two hosts, of which a cache in front may read the other one',
      'GET /iiif/3/a HTTP/1.1\r\nHost: a\r\nhost: b\r\nConnection: close\r\n\r\n',
      '400',
    ],
    ['two lengths', 'POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', '400'],
    ['a length beside chunks', 'POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '400'],
  ])('refuses %s, and lives', async (_name, bytes, status) => {
    expect(await raw(bytes)).toContain(`HTTP/1.1 ${status}`);
    expect(await get('/iiif/3/a')).toContain('HTTP/1.1 200');
  });

  it('refuses headers that are too long, and says that it is that', async () => {
    expect(await get(`/iiif/3/${'a'.repeat(40_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('lets any page read the status of what it refuses before it is a request', async () => {
    for (const answer of [await get(`/iiif/3/${'a'.repeat(40_000)}`), await raw('nonsense\r\n\r\n')]) {
      expect(answer).toMatch(/^HTTP\/1\.1 4(?:31|00) [\s\S]*\r\naccess-control-allow-origin: \*\r\n/i);
    }
  });

  it('answers HEAD with the length of the body, and no body', async () => {
    const answer = await raw('HEAD /iiif/3/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/content-length: [1-9]\d*/i);
    expect(answer.split('\r\n\r\n')[1]).toBe('');
  });

  it('reads a form, and refuses one that is too large or of another kind', async () => {
    const form = (body: string, type = 'application/x-www-form-urlencoded') =>
      raw(
        `POST /form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    expect(await form('user=anna%20b')).toContain('"user": "anna b"');
    expect(await form(`user=${'a'.repeat(70_000)}`)).toContain('HTTP/1.1 413');
    expect(await form('{}', 'application/json')).toContain('HTTP/1.1 400');
  });

  it('closes a connection whose body it did not read to its end', async () => {
    const head = 'POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000';
    expect(await raw(`${head}\r\n\r\n${'a'.repeat(70_000)}`)).toMatch(/^HTTP\/1\.1 413 [\s\S]*\r\nconnection: close\r\n/i);
  });

  it('says nothing of an unknown error but that it is in the log, where it is', async () => {
    const answer = await get('/fails');
    expect(answer).toContain('HTTP/1.1 500');
    expect(answer).toContain('text/html');
    expect(answer).not.toMatch(/secret detail|node:|\.ts/);
    expect(String(failures.at(-1))).toContain('secret detail');
  });

  it('writes down where a request failed without its query, however it failed', async () => {
    expect(await get('/fails?code=1')).toContain('HTTP/1.1 500');
    expect(await get('/unwritable?code=1')).toBe('');
    expect(await get('http://localhost/unwritable?code=1')).toBe('');
    expect(failedAt.slice(-3)).toEqual(['/fails', '/unwritable', '/unwritable']);
  });

  it('tells a viewer when to come back, readable from any site', async () => {
    const answer = await get('/busy');
    expect(answer).toContain('HTTP/1.1 503');
    expect(answer).toMatch(/retry-after: 7/i);
    expect(answer).toMatch(/access-control-allow-origin: \*/i);
    expect(answer).toContain('"detail":"Come back later."');
  });
});

describe('the web server below a path', () => {
  it.each([
    ['/pictures', '/'],
    ['/pictures/', '/'],
    ['/pictures/form', '/form'],
    ['/picturesque', '/picturesque'],
    ['/form', '/form'],
  ])('takes %s for %s, with the slash at the end and without', async (asked, path) => {
    const seen: string[] = [];
    const table = createRouter([
      { methods: ['GET'], path: '/*rest', reader: 'program', handler: async (request) => json(200, seen.push(request.path)) },
    ]);
    const publicUrl = new URL('http://localhost:8080/pictures');
    const below = await startTestWebServer(table, { publicUrl });
    await fetch(`http://127.0.0.1:${below.port}${asked}`);
    await below.close(1);
    expect(seen).toEqual([path]);
  });
});
