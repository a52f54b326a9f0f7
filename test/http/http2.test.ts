import { mkdtemp, rm } from 'node:fs/promises';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { request as ask } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import type { Certificate } from '../../src/adapters/certificates/certificate.ts';
import { openToViewers } from '../../src/http/server/cors.ts';
import type { HttpRequest, WholeReply } from '../../src/http/server/exchange.ts';
import { json } from '../../src/http/server/reply.ts';
import { createRouter, type Route } from '../../src/http/server/router.ts';
import type { RunningServer } from '../../src/http/server/server.ts';
import { startTestWebServer } from '../harness/web-server.ts';

const LARGE = Buffer.alloc(8_000_000, 7);
const LATE_MILLISECONDS = 300;

let aborted = 0;
let begun = 0;
let atOnce = 0;
let mostAtOnce = 0;

const seen = ({ method, path, base, address, query, cookies }: HttpRequest) => ({
  method,
  path,
  base,
  address,
  query: `${query}`,
  cookies: [...cookies],
});
const rows: Readonly<Record<string, Route['handler']>> = {
  '/iiif/3/*rest': async (request) => json(200, { ...seen(request), ...request.params }, { link: '<x>; rel="canonical"', etag: '"1"' }),
  '/form': async (request) => json(200, { ...seen(request), user: (await request.form()).get('user') }),
  '/raw': async ({ raw }) => json(200, raw.headers),
  '/unread': async () => json(403, 'no'),
  '/cookies': async () => ({ status: 303, headers: { location: '/', 'set-cookie': ['a=1', 'b=2'] }, body: null }),
  '/none': async () => ({ status: 304, headers: { etag: '"1"' }, body: null }),
  '/closing': async () => ({ status: 503, headers: { connection: 'close' }, body: 'ask again' }),
  '/fails': async () => {
    throw new Error('secret detail');
  },
  '/large': async () => ({ status: 200, headers: { 'content-type': 'image/tiff' }, body: LARGE }),
  '/streamed': async () => ({
    status: 200,
    headers: { 'content-type': 'video/mp4' },
    body: {
      bytes: LARGE.length,
      async *chunks() {
        for (let at = 0; at < LARGE.length; at += 100_000) yield LARGE.subarray(at, at + 100_000);
      },
    },
  }),
  '/late': async ({ signal }) => {
    begun += 1;
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    signal.addEventListener('abort', () => {
      aborted += 1;
    });
    await wait(LATE_MILLISECONDS);
    atOnce -= 1;
    return json(200, 'late');
  },
};
/** What a row answers that lies ready, or would if somebody had to make it. */
const TILE: WholeReply = { status: 200, headers: { 'content-type': 'image/jpeg' }, body: Buffer.alloc(100_000, 3) };
const READY = openToViewers(TILE, null);
/** Answers at the front door since the start, with the cookies that came. */
const atTheDoor: Array<string | null> = [];
const router = createRouter([
  {
    methods: ['GET'],
    path: '/ready/*rest',
    reader: 'viewer',
    handler: async () => TILE,
    ready({ path, header }) {
      if (path === 'not-yet') return null;
      atTheDoor.push(header('cookie'));
      return READY;
    },
  },
  ...Object.entries(rows).map(
    ([path, handler]): Route => ({ methods: ['GET', 'POST'], path, reader: path === '/fails' ? 'person' : 'viewer', handler }),
  ),
]);

let folder: string;
let certificate: Certificate;
let server: RunningServer;
const sessions: ClientHttp2Session[] = [];

async function start(): Promise<RunningServer> {
  return startTestWebServer(router, {
    tls: { current: () => certificate, onChange: () => {} },
    always: { 'strict-transport-security': 'max-age=86400' },
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-http2-'));
  certificate = await adhocCertificate(folder, ['localhost'], new Date());
  server = await start();
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});
afterAll(async () => {
  await server.close(1);
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

function open(port = server.port): ClientHttp2Session {
  const session = connect(`https://localhost:${port}`, { ca: certificate.cert });
  session.on('error', () => {});
  sessions.push(session);
  return session;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

async function readStream(stream: ClientHttp2Stream): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & { ':status'?: number }>();
  stream.once('response', resolve);
  stream.once('error', reject);
  const { ':status': status = 0, ...headers } = await promise;
  return { status, headers, body: await buffer(stream) };
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

function by2({ method = 'GET', path, headers = {}, body }: Asked, session = open()): Promise<Answer> {
  const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return readStream(stream);
}

function by1({ method = 'GET', path, headers = {}, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const to = { host: 'localhost', port: server.port, ca: certificate.cert, agent: false, method, path, headers };
    ask(
      to,
      (answer) => void buffer(answer).then((read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read })),
    )
      .once('error', reject)
      .end(body);
  });
}

/** Of the connection, or of the one request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding', 'x-request-id']);

function comparable({ status, headers, body }: Answer) {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return { status, headers: Object.fromEntries(kept), body: body.toString('latin1').replace(/"nonce[^"]*"/g, '') };
}

/** https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** GET, https, a path, an authority. https://www.rfc-editor.org/rfc/rfc7541#section-6 */
function askingFor(path: string): Buffer {
  const literal = (name: number, value: string) => Buffer.concat([Buffer.from([name, value.length]), Buffer.from(value)]);
  return Buffer.concat([Buffer.from([0x82, 0x87]), literal(0x04, path), literal(0x01, 'localhost')]);
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('HTTP/2', () => {
  it.each<[string, Asked]>([
    ['a document', { path: '/iiif/3/a%2Fb%20c.jpg/info.json?x=%2F', headers: { origin: 'https://viewer.example' } }],
    ['what lies ready', { path: '/ready/tile', headers: { host: 'localhost' } }],
    ['cookies', { path: '/iiif/3/a', headers: { cookie: 'a=1; b=2' } }],
    ['HEAD', { method: 'HEAD', path: '/iiif/3/a/info.json' }],
    ['a preflight', { method: 'OPTIONS', path: '/iiif/3/a', headers: { origin: 'https://viewer.example' } }],
    ['a form', { method: 'POST', path: '/form', headers: FORM, body: 'user=anna' }],
    ['a form of another type', { method: 'POST', path: '/form', headers: { 'content-type': 'text/plain' }, body: 'user=anna' }],
    ['a method that is not for it', { method: 'DELETE', path: '/form' }],
    ['several cookies in an answer', { path: '/cookies' }],
    ['an answer without a body', { path: '/none' }],
    ['what is not there', { path: '/nowhere' }],
    ['a failure', { path: '/fails' }],
    ['a large body', { path: '/large' }],
    ['a file', { path: '/streamed' }],
    ['the head of a file', { method: 'HEAD', path: '/streamed' }],
  ])('gives %s as HTTP/1.1 does', async (_what, asked) => {
    const [two, one] = [comparable(await by2(asked)), comparable(await by1(asked))];
    expect(two).toEqual(one);
    expect(two.headers['strict-transport-security']).toBe('max-age=86400');
  });

  it('gives what lies ready at once, with an id, and whatever differs in any way is made inside', async () => {
    const session = open();
    const countOf = async (asked: Asked) => {
      const before = atTheDoor.length;
      const { status, headers, body } = await by2(asked, session);
      return [atTheDoor.length - before, status, typeof headers['x-request-id'], body.length];
    };
    expect(await countOf({ path: '/ready/tile' })).toEqual([1, 200, 'string', 100_000]);
    expect(await countOf({ path: '/ready/tile', headers: { cookie: ['a=1', 'b=2'] } })).toEqual([1, 200, 'string', 100_000]);
    expect(atTheDoor.at(-1)).toBe('a=1; b=2');
    expect(await countOf({ path: '/ready/not-yet' })).toEqual([0, 200, 'string', 100_000]);
    expect(await countOf({ path: '/ready/tile', method: 'HEAD' })).toEqual([0, 200, 'string', 0]);
    for (const headers of [
      { authorization: 'Bearer x' },
      { range: 'bytes=0-1' },
      { te: 'trailers' },
      { 'x-forwarded-for': ['192.0.2.1', '192.0.2.2'] },
    ])
      expect(await countOf({ path: '/ready/tile', headers })).toEqual([0, 200, 'string', 100_000]);
    expect(await countOf({ path: '/ready/tile?x' })).toEqual([0, 200, 'string', 100_000]);
    expect((await countOf({ path: '/ready/tile', headers: { ':authority': 'a.example', host: 'evil.example' } })).slice(0, 2)).toEqual([
      0, 400,
    ]);
  });

  it('gives it again and again over one connection, and not to a reader who takes nothing', async () => {
    const session = open();
    const before = atTheDoor.length;
    for (let at = 0; at < 5; at += 1) await Promise.all(Array.from({ length: 20 }, () => by2({ path: '/ready/tile' }, session)));
    expect(atTheDoor.length - before).toBe(100);
    const streams = Array.from({ length: 60 }, () => session.request({ ':path': '/ready/tile' }));
    for (const stream of streams) stream.on('error', () => {}).pause();
    await Promise.all(streams.slice(0, 24).map((stream) => new Promise((resolve) => stream.once('response', resolve))));
    await wait(50);
    expect(atTheDoor.length - before).toBeLessThanOrEqual(124);
    const gone = streams.splice(0, 12);
    for (const stream of gone) stream.close(constants.NGHTTP2_CANCEL);
    const bodies = await Promise.all(streams.map((stream) => buffer(stream.resume())));
    expect(new Set(bodies.map(({ length }) => length))).toEqual(new Set([100_000]));
    expect((await by2({ path: '/ready/tile' }, session)).status).toBe(200);
  });

  it('knows the visitor and our name', async () => {
    const { body } = await by2({ path: '/iiif/3/a', headers: { ':authority': 'Iiif.Example.org' } });
    expect(JSON.parse(body.toString())).toMatchObject({ base: 'https://iiif.example.org', address: '127.0.0.1' });
  });

  it('shows the fields as they came, without those of the protocol itself', async () => {
    const { body } = await by2({ path: '/raw', headers: { 'x-user': ['a', 'b'] } });
    const fields = JSON.parse(body.toString()) as string[];
    expect(fields.filter((name) => name.startsWith(':'))).toEqual([]);
    expect(fields.filter((_, at) => fields[at - 1] === 'x-user')).toEqual(['a', 'b']);
    expect(fields.slice(0, 2)).toEqual(['host', `localhost:${server.port}`]);
  });

  it('refuses a host that differs from the authority', async () => {
    const other = await by2({ path: '/iiif/3/a', headers: { ':authority': 'a.example', host: 'evil.example' } });
    expect([other.status, `${other.body}`]).toEqual([400, expect.stringContaining('more than one Host')]);
    expect((await by2({ path: '/iiif/3/a', headers: { ':authority': 'a.example', host: 'a.example' } })).status).toBe(200);
  });

  it('answers many at once over one connection, and no more than are allowed', async () => {
    const session = open();
    mostAtOnce = 0;
    const answers = await Promise.all(Array.from({ length: 100 }, () => by2({ path: '/late' }, session)));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(mostAtOnce).toBeGreaterThan(6);
    expect(mostAtOnce).toBeLessThanOrEqual(24);
  });

  it('drops what its reader no longer wants, and goes on', async () => {
    const session = open();
    const before = { aborted, begun };
    const stream = session.request({ ':path': '/late' });
    stream.on('error', () => {});
    await expect.poll(() => begun).toBe(before.begun + 1);
    stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => aborted).toBe(before.aborted + 1);
    expect((await by2({ path: '/iiif/3/a' }, session)).status).toBe(200);
  });

  it('tells nobody that the reader has gone when the answer has been sent', async () => {
    const before = aborted;
    await by2({ path: '/late' });
    await wait(50);
    expect(aborted).toBe(before);
  });

  it('ends a connection that asks and takes back without end', async () => {
    const socket = connectTls({ host: 'localhost', port: server.port, ca: certificate.cert, ALPNProtocols: ['h2'] });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.resume();
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)]));
    const before = begun;
    for (let id = 1; id < 10_000 && socket.writable; id += 2) {
      socket.write(Buffer.concat([frame(1, 5, id, askingFor('/late')), frame(3, 0, id, Buffer.from([0, 0, 0, 8]))]));
      if (id % 101 === 0) await wait(1);
    }
    await closed;
    expect(begun - before).toBeLessThan(2_000);
    expect((await by2({ path: '/iiif/3/a' })).status).toBe(200);
  });

  it('answers others while a reader takes nothing of what it asked for', async () => {
    const session = open();
    const stalled = Array.from({ length: 20 }, () => session.request({ ':path': '/large' }));
    for (const stream of stalled) stream.on('error', () => {}).pause();
    await Promise.all(stalled.map((stream) => new Promise((resolve) => stream.once('response', resolve))));
    expect((await by2({ path: '/large' })).body.length).toBe(LARGE.length);
    expect((await by1({ path: '/iiif/3/a' })).status).toBe(200);
  });

  it('closes a connection that an answer is to close, when that has been read, and warns of nothing', async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error) => void warnings.push(message);
    process.on('warning', hear);
    const session = open();
    const closed = new Promise((resolve) => session.once('close', resolve));
    const { status, body } = await by2({ path: '/closing' }, session);
    expect([status, `${body}`]).toEqual([503, 'ask again']);
    await closed;
    await wait(10);
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  it('answers before a body that nobody reads has come, and waits for no more of it', async () => {
    const session = open();
    const stream = session.request({ ':method': 'POST', ':path': '/unread' }, { endStream: false });
    stream.write(Buffer.alloc(10_000));
    const closed = new Promise<number>((resolve) => stream.once('close', () => resolve(stream.rstCode)));
    expect((await readStream(stream)).status).toBe(403);
    expect(await closed).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('lets answers end when the server stops, takes no more, and closes', async () => {
    const stopping = await start();
    const idle = open(stopping.port);
    await by2({ path: '/iiif/3/a' }, idle);
    const busy = open(stopping.port);
    const before = begun;
    const last = by2({ path: '/late' }, busy);
    await expect.poll(() => begun).toBe(before + 1);
    const closed = stopping.close(10);
    expect((await last).status).toBe(200);
    await closed;
    expect([idle.destroyed || idle.closed, busy.destroyed || busy.closed]).toEqual([true, true]);
  });

  it('stops in its time where a reader never takes what it asked for', async () => {
    const stopping = await start();
    const stream = open(stopping.port).request({ ':path': '/large' });
    stream.on('error', () => {}).pause();
    await new Promise((resolve) => stream.once('response', resolve));
    await stopping.close(0.2);
    await expect.poll(() => stream.destroyed).toBe(true);
  });
});
