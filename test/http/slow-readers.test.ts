import { request as ask } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRouter } from '../../src/http/server/router.ts';
import type { RunningServer } from '../../src/http/server/server.ts';
import { startTestWebServer } from '../harness/web-server.ts';

const LARGE_BYTES = 20_000_000;
const SMALL_BYTES = 100_000;

let server: RunningServer;
const sockets: Socket[] = [];

const PATTERN = Uint8Array.from({ length: LARGE_BYTES }, (_, at) => at % 251);

/** Each answer has a body of its own, as a picture that was just made. */
function bytes(length: number): Uint8Array {
  return PATTERN.slice(0, length);
}

const answer = async (length: number) => ({ status: 200, headers: { 'content-type': 'image/tiff', etag: '"1"' }, body: bytes(length) });
const rows: ReadonlyArray<readonly [path: string, handler: () => ReturnType<typeof answer>]> = [
  ['/large', () => answer(LARGE_BYTES)],
  ['/small', () => answer(SMALL_BYTES)],
  ['/late', () => new Promise((resolve) => setTimeout(resolve, 300)).then(() => answer(SMALL_BYTES))],
];
const router = createRouter(rows.map(([path, handler]) => ({ methods: ['GET'], path, reader: 'viewer', handler })));

beforeAll(async () => {
  server = await startTestWebServer(router);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => server.close(1));

/** The first line of an answer of which nothing more is ever read. */
function openAndStop(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
    socket.on('error', () => resolve('error'));
    socket.once('readable', () => resolve(String(socket.read(12) ?? '')));
    sockets.push(socket);
  });
}

function read(path: string): Promise<{ status: number; retryAfter: string | undefined; etag: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', port: server.port, path, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { 'retry-after': retryAfter, etag } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, retryAfter, etag, body: Buffer.concat(chunks) });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('a large answer', () => {
  it('arrives whole', async () => {
    const { status, body } = await read('/large');
    expect(status).toBe(200);
    expect(body.equals(bytes(LARGE_BYTES))).toBe(true);
  });

  it('arrives whole behind another one on the same connection', async () => {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket);
    const line = (path: string, last: boolean) => `GET ${path} HTTP/1.1\r\nHost: a\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
    socket.write(line('/large', false) + line('/small', false) + line('/large', true));
    let length = 0;
    for await (const chunk of socket) length += (chunk as Buffer).length;
    expect(length).toBeGreaterThan(2 * LARGE_BYTES + SMALL_BYTES);
  });
});

describe('readers who never read', () => {
  it('cannot fill the memory: one more is asked to come back, small answers go on, and all is well when they are gone', async () => {
    const answers: string[] = [];
    for (let at = 0; at < 20; at += 1) answers.push(await openAndStop('/large'));
    expect(answers.filter((line) => line === 'HTTP/1.1 200')).toHaveLength(12);
    expect(answers.filter((line) => line === 'HTTP/1.1 503')).toHaveLength(8);

    const refused = await read('/large');
    expect(refused).toMatchObject({ status: 503, retryAfter: '10', etag: undefined });
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'server.busy' });
    expect((await read('/small')).body.equals(bytes(SMALL_BYTES))).toBe(true);

    for (const socket of sockets.splice(0)) socket.destroy();
    await expect.poll(async () => (await read('/large')).status, { timeout: 20_000 }).toBe(200);
  });

  it('hold no place by answers that wait on a connection which is gone', async () => {
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(server.port, '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => {});
      socket.write('GET /late HTTP/1.1\r\nHost: a\r\n\r\nGET /large HTTP/1.1\r\nHost: a\r\n\r\n');
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.destroy();
    }
    await expect.poll(async () => (await read('/large')).status, { timeout: 20_000 }).toBe(200);
  });
});

describe('a thousand idle connections', () => {
  it('are closed when more come, which are answered', { timeout: 60_000 }, async () => {
    let closed = 0;
    const open = async (): Promise<void> => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('HEAD /small HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      sockets.push(socket);
      socket.once('close', () => {
        closed += 1;
      });
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('data', resolve));
    };
    for (let at = 0; at < 1_100; at += 50) await Promise.all(Array.from({ length: 50 }, open));
    await expect.poll(() => closed).toBeGreaterThan(900);
    expect((await read('/small')).status).toBe(200);
  });
});
