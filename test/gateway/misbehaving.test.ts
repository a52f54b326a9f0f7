import { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../harness/gateway.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { information, type MisbehavingUpstream, type Misbehaviour, startMisbehavingUpstream } from './misbehaving-upstream.ts';

const PICTURE = '/iiif/3/a/full/max/0/default.jpg';
const DOCUMENT = '/iiif/3/a/info.json';
const SECRET = 'key-of-the-image-server';

let upstream: MisbehavingUpstream;
let gateway: TestGateway;
let visitor: TestVisitor;

const OPTIONS = { access: 'policies:\n  - { items: "**", allow: everyone }\n', options: { upstreamTimeoutSeconds: 1 } };

/** One for each test. */
function startEach(): void {
  beforeEach(async () => {
    upstream = await startMisbehavingUpstream();
    gateway = await startTestGateway({ url: upstream.url, headers: { 'X-Api-Key': SECRET } }, OPTIONS);
    visitor = new TestVisitor(gateway);
  });

  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });
}

const jpeg = { 'content-type': 'image/jpeg' };
const json = { 'content-type': 'application/json' };
const say =
  (status: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Misbehaviour =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

async function readProblem(answer: Response, { url }: MisbehavingUpstream): Promise<{ status: number; code: unknown }> {
  const text = await answer.text();
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  for (const hidden of [url, new URL(url).host, SECRET, 'inner']) expect(text).not.toContain(hidden);
  return { status: answer.status, code: (JSON.parse(text) as { code: unknown }).code };
}

const MISBEHAVIOURS: ReadonlyArray<readonly [how: string, path: string, Misbehaviour, status: number, code: string]> = [
  ['fails', PICTURE, say(500, {}, 'at /srv/inner/secret.tif'), 502, 'upstream.broken'],
  ['wants to be signed in to', PICTURE, say(401, { 'www-authenticate': 'Basic realm="inner"' }), 502, 'upstream.broken'],
  ['is busy', PICTURE, say(503, { 'retry-after': '7' }), 503, 'server.busy'],
  ['has its own proxy that gave up', PICTURE, say(504), 504, 'upstream.slow'],
  ['does not make that much', PICTURE, say(403), 403, 'upstream.limit'],
  ['does not understand', PICTURE, say(400, {}, 'inner'), 400, 'upstream.request'],
  ['does not know how', PICTURE, say(501), 501, 'upstream.unsupported'],
  ['has no such picture', PICTURE, say(404), 404, 'not-found'],
  ['sends a page', PICTURE, say(200, { 'content-type': 'text/html' }, '<script>alert(1)</script>'), 502, 'upstream.broken'],
  ['sends another format', PICTURE, say(200, { 'content-type': 'image/png' }, 'x'), 502, 'upstream.broken'],
  ['sends no type', PICTURE, say(200, {}, 'x'), 502, 'upstream.broken'],
  ['answers with half of something', PICTURE, say(206, jpeg, 'x'), 502, 'upstream.broken'],
  ['closes at once', PICTURE, (request) => request.socket.destroy(), 502, 'upstream.broken'],
  ['speaks no HTTP', PICTURE, (request) => request.socket.end('hello\r\n\r\n'), 502, 'upstream.broken'],
  ['never answers', PICTURE, () => {}, 504, 'upstream.slow'],
  [
    'never goes on after the head',
    PICTURE,
    (_, response) => response.writeHead(200, { ...jpeg, 'content-length': '9' }).flushHeaders(),
    504,
    'upstream.slow',
  ],
  ['compresses in a way of its own', PICTURE, say(200, { ...jpeg, 'content-encoding': 'zpaq' }, 'x'), 502, 'upstream.broken'],
  ['compresses wrongly', PICTURE, say(200, { ...jpeg, 'content-encoding': 'gzip' }, 'no gzip at all'), 502, 'upstream.broken'],
  ['redirects to another server', PICTURE, say(302, { location: 'http://127.0.0.1:9/inner' }), 502, 'upstream.broken'],
  ['redirects out of its path', PICTURE, say(302, { location: '/inner/admin' }), 502, 'upstream.broken'],
  ['redirects out of its path by dots', PICTURE, say(302, { location: '../../../../inner/x' }), 502, 'upstream.broken'],
  ['redirects to a file', PICTURE, say(302, { location: 'file:///etc/passwd' }), 502, 'upstream.broken'],
  ['redirects without end', PICTURE, say(302, { location: '?' }), 502, 'upstream.broken'],
  ['has a document that is a page', DOCUMENT, say(200, json, '<html>inner</html>'), 502, 'upstream.broken'],
  ['has a document without size', DOCUMENT, say(200, json, information({ width: undefined })), 502, 'upstream.broken'],
  ['has a document with a size of text', DOCUMENT, say(200, json, information({ width: '800' })), 502, 'upstream.broken'],
  [
    'speaks another version',
    DOCUMENT,
    say(200, json, information({ '@context': 'http://iiif.io/api/image/2/context.json', '@id': 'x' })),
    502,
    'upstream.broken',
  ],
  ['has a list for a document', DOCUMENT, say(200, json, '[]'), 502, 'upstream.broken'],
  ['has a document that is huge', DOCUMENT, say(200, json, information({ note: 'x'.repeat(3_000_000) })), 502, 'upstream.broken'],
  [
    'has a document that is huge when it is unpacked',
    DOCUMENT,
    say(200, { ...json, 'content-encoding': 'gzip' }, gzipSync(information({ note: ' '.repeat(50_000_000) }))),
    502,
    'upstream.broken',
  ],
  [
    'has a document that ends early',
    DOCUMENT,
    (_, response) => {
      response.writeHead(200, { ...json, 'content-length': '900' });
      response.write('{');
      response.destroy();
    },
    502,
    'upstream.broken',
  ],
  ['has a document that does not go on', DOCUMENT, (_, response) => response.writeHead(200, json).write('{'), 504, 'upstream.slow'],
];

describe('an image server that misbehaves in one way', () => {
  let server: MisbehavingUpstream;
  let inFront: TestGateway;

  // Each has a prefix of its own, so that none is left alone for what the others did.
  beforeAll(async () => {
    server = await startMisbehavingUpstream();
    const one = { url: server.url, headers: { 'X-Api-Key': SECRET } };
    inFront = await startTestGateway(Object.fromEntries(MISBEHAVIOURS.map((_, at) => [`p${at}`, one])), OPTIONS);
  });

  afterAll(async () => {
    await inFront.close();
    await server.close();
  });

  it.each(MISBEHAVIOURS.map((each, at) => [...each, at] as const))('is answered for with a sentence where it %s', async (...given) => {
    const [, path, behaviour, status, code, at] = given;
    server.behave(behaviour);
    const answer = await new TestVisitor(inFront).ask(path.replace('/a/', `/p${at}%2Fa/`));
    expect(await readProblem(answer, server)).toEqual({ status, code });
  });
});

describe('an image server that misbehaves', () => {
  startEach();

  it('says when a busy one may be asked again', async () => {
    upstream.behave(say(503, { 'retry-after': '7' }));
    expect((await visitor.ask(PICTURE)).headers.get('retry-after')).toBe('7');
  });

  it('cuts the connection where the pixels end early, so that nobody takes the half for the whole', async () => {
    upstream.behave((_, response) => {
      response.writeHead(200, { ...jpeg, 'content-length': '1000000' });
      response.write(Buffer.alloc(100_000), () => setTimeout(50).then(() => response.destroy()));
    });
    const answer = await visitor.ask(PICTURE);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('cuts it where the pixels stop coming', async () => {
    upstream.behave((_, response) => {
      response.writeHead(200, { ...jpeg, 'content-length': '1000000' });
      response.write(Buffer.alloc(100_000));
    });
    await expect((await visitor.ask(PICTURE)).arrayBuffer()).rejects.toThrow();
  });

  it('is left alone for a while when it fails again and again, and asked again afterwards', async () => {
    upstream.behave(say(500));
    for (let time = 0; time < 8; time += 1) await visitor.ask(PICTURE);
    expect(upstream.asked).toHaveLength(8);
    const left = await visitor.ask(PICTURE);
    expect([left.status, Number(left.headers.get('retry-after')) > 0]).toEqual([502, true]);
    expect(upstream.asked).toHaveLength(8);
    upstream.behave(say(200, jpeg, 'pixels'));
    await expect.poll(async () => (await visitor.ask(PICTURE)).status, { timeout: 10_000, interval: 200 }).toBe(200);
  });

  it('is not blamed for readers who go', async () => {
    upstream.behave(() => {});
    for (let time = 0; time < 12; time += 1) {
      const gone = new AbortController();
      const asking = visitor.ask(PICTURE, { signal: gone.signal }).catch(() => null);
      await setTimeout(15);
      gone.abort();
      await asking;
    }
    upstream.behave(say(200, jpeg, 'pixels'));
    expect((await visitor.ask(PICTURE)).status).toBe(200);
  });

  it('is unreachable where nothing listens', async () => {
    await upstream.close();
    expect(await readProblem(await visitor.ask(PICTURE), upstream)).toEqual({ status: 502, code: 'upstream.unreachable' });
    upstream = await startMisbehavingUpstream();
  });
});

describe('an image server that does what it may', () => {
  startEach();

  it('may compress', async () => {
    upstream.behave(say(200, { ...json, 'content-encoding': 'gzip' }, gzipSync(information())));
    expect(await (await visitor.ask(DOCUMENT)).json()).toMatchObject({ width: 800, id: `${gateway.base}/iiif/3/a` });
    upstream.behave(say(200, { ...jpeg, 'content-encoding': 'gzip' }, gzipSync('pixels')));
    const answer = await visitor.ask(PICTURE);
    expect([await answer.text(), answer.headers.get('content-encoding')]).toEqual(['pixels', null]);
  });

  it('may redirect below its own address', async () => {
    upstream.behave((request, response) => {
      if (request.url === '/iiif/3/a/full/max/0/default.jpg')
        response.writeHead(303, { location: '/iiif/3/b/full/max/0/default.jpg' }).end();
      else response.writeHead(200, jpeg).end(request.url);
    });
    expect(await (await visitor.ask(PICTURE)).text()).toBe('/iiif/3/b/full/max/0/default.jpg');
  });

  it('may send any number of bytes without saying how many, and they are not held', async () => {
    const chunk = Buffer.alloc(1_000_000);
    upstream.behave(async (_, response) => {
      response.writeHead(200, jpeg);
      for (let sent = 0; sent < 40; sent += 1) if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
    const answer = await visitor.ask(PICTURE);
    expect((await answer.arrayBuffer()).byteLength).toBe(40_000_000);
  });

  it('is asked over connections that are used again', async () => {
    upstream.behave(say(200, jpeg, 'pixels'));
    for (let time = 0; time < 10; time += 1) await (await visitor.ask(PICTURE)).text();
    expect(upstream.connections()).toBe(1);
  });

  it('is asked once more where it has closed a connection that was kept', async () => {
    upstream.behave((request, response) => {
      response.writeHead(200, jpeg).end('pixels');
      setTimeout(5).then(() => request.socket.destroy());
    });
    for (let time = 0; time < 4; time += 1) {
      expect((await visitor.ask(PICTURE)).status).toBe(200);
      await setTimeout(time * 3);
    }
  });
});

describe('what passes through', () => {
  startEach();

  it('is nothing of the reader but conditions, and the headers that the options name', async () => {
    upstream.behave(say(200, jpeg, 'pixels'));
    const headers = {
      cookie: 'vitrine-session=x; other=y',
      authorization: 'Bearer abc',
      'x-forwarded-for': '192.0.2.9',
      'x-api-key': 'mine',
      range: 'bytes=0-1',
      referer: 'https://viewer.example/',
      connection: 'x-hop',
      'x-hop': '1',
      'accept-encoding': 'gzip',
      'if-none-match': '"abc", W/"def"',
    };
    await (await visitor.ask(`${PICTURE}?token=secret`, { headers })).text();
    const [asked] = upstream.asked;
    expect([asked?.method, asked?.url]).toEqual(['GET', '/iiif/3/a/full/max/0/default.jpg']);
    expect(asked?.headers).toEqual({
      host: new URL(upstream.url).host,
      connection: 'keep-alive',
      'user-agent': 'Vitrine',
      'x-api-key': SECRET,
      accept: 'image/jpeg',
      'accept-encoding': 'identity',
      'if-none-match': '"abc", W/"def"',
    });
  });

  it('is nothing of the answer but type, length, pixels and what says whether they have changed', async () => {
    const sent = {
      ...jpeg,
      'content-length': '6',
      etag: '"v1"',
      'last-modified': 'Sat, 03 Jan 2026 10:00:00 GMT',
      'set-cookie': 'JSESSIONID=1',
      'cache-control': 'public, max-age=999999',
      'access-control-allow-origin': 'https://inner.example',
      server: 'inner/1.0',
      'x-powered-by': 'inner',
      link: '<http://inner.example/iiif/3/a>;rel="canonical"',
      location: 'http://inner.example/',
      'content-disposition': 'attachment; filename="/srv/inner.jpg"',
    };
    upstream.behave(say(200, sent, 'pixels'));
    const answer = await visitor.ask(PICTURE);
    const all = Object.fromEntries(answer.headers);
    expect(all).toMatchObject({
      etag: '"v1"',
      'last-modified': sent['last-modified'],
      'content-type': 'image/jpeg',
      'content-length': '6',
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(/inner|JSESSIONID|999999/);
    expect(all['cache-control']).toBe('public, max-age=3600');
    expect(all['access-control-allow-origin']).toBe('*');
  });

  it('is no access service of the upstream, and nothing that makes a name of ours of one of its', async () => {
    const service = [
      {
        '@context': 'http://iiif.io/api/auth/1/context.json',
        '@id': 'http://inner.example/login',
        profile: 'http://iiif.io/api/auth/1/login',
      },
      { id: 'http://inner.example/probe', type: 'AuthProbeService2' },
      {
        '@context': 'http://iiif.io/api/annex/services/physdim/1/context.json',
        profile: 'http://iiif.io/api/annex/services/physdim',
        physicalScale: 0.1,
      },
    ];
    const context = ['http://iiif.io/api/auth/2/context.json', 'http://iiif.io/api/image/3/context.json'];
    upstream.behave(say(200, json, information({ service, '@context': context, sizes: [{ width: 80, height: 60 }] })));
    const document = await (await visitor.ask(DOCUMENT)).json();
    expect(document).toEqual({
      ...JSON.parse(information({ sizes: [{ width: 80, height: 60 }] })),
      id: `${gateway.base}/iiif/3/a`,
      service: service.slice(2),
    });
  });

  it('goes in one spelling, and what does not parse not at all', async () => {
    // The size is known from here on, for a region outside of the image is not passed on either.
    upstream.behave(say(200, json, information()));
    await visitor.ask('/iiif/3/b%3Fc%23d%26e%3bf/info.json');
    upstream.behave(say(200, jpeg, 'pixels'));
    for (const path of [
      '/iiif/3/b%3Fc%23d%26e%3bf/0010,0,20,20/%5e!40,40/%2190.0/default.jpg',
      '/iiif/3/%C3%BCb%2Fer/full/max/360/default.jpg',
    ]) {
      expect((await visitor.ask(path)).status).toBe(200);
    }
    expect(upstream.asked.map(({ url }) => url)).toEqual([
      '/iiif/3/b%3Fc%23d%26e%3Bf/info.json',
      '/iiif/3/b%3Fc%23d%26e%3Bf/10,0,20,20/%5E!40,40/!90/default.jpg',
      '/iiif/3/%C3%BCb%2Fer/full/max/0/default.jpg',
    ]);
    for (const path of [
      '/iiif/3/a/full/max/0/default.gifx',
      '/iiif/3/a/^max/full/0/default.jpg',
      '/iiif/3/a/full/max/0/default.jpg/x',
      '/iiif/3/a%2F..%2Fb/full/max/0/default.jpg',
      '/iiif/3/b%3Fc%23d%26e%3bf/9000,0,20,20/max/0/default.jpg',
    ]) {
      expect((await visitor.ask(path)).status).toBeGreaterThanOrEqual(400);
    }
    expect(upstream.asked).toHaveLength(3);
  });
});
