import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WholeReply } from '../../src/http/server/exchange.ts';
import { endExchange, openFrontDoor } from '../../src/http/server/front-door.ts';
import { createRouter } from '../../src/http/server/router.ts';
import type { RunningServer } from '../../src/http/server/server.ts';
import { startTestWebServer } from '../harness/web-server.ts';

let server: RunningServer;
let readyAnswers = 0;

const READY: WholeReply = { status: 200, headers: { 'content-type': 'text/plain', etag: '"ready"' }, body: 'ready' };

const router = createRouter([
  {
    methods: ['GET', 'POST'],
    path: '/tiles/*rest',
    reader: 'viewer',
    handler: async (request) => {
      const form = request.method === 'POST' ? `${await request.form()}` : '';
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: `made ${request.params['rest']} ${form}`.trim() };
    },
    ready: ({ path }) => {
      if (!path.startsWith('ready')) return null;
      readyAnswers += 1;
      return READY;
    },
  },
  { methods: ['GET'], path: '/late', reader: 'viewer', handler: () => late({ status: 200, headers: {}, body: 'late' }) },
]);

const late = (reply: WholeReply): Promise<WholeReply> => new Promise((resolve) => setTimeout(() => resolve(reply), 50));

beforeAll(async () => {
  server = await startTestWebServer(router);
});
afterAll(() => server.close(1));

/**
 * Sends the pieces one after the other, each once the one before has had its answer where `waiting` says so, and reads
 * until there are so many answers, or the server ends the connection.
 */
function exchange(pieces: readonly string[], answers: number, waiting = false): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(server.port, '127.0.0.1', () => sendNext(0));
    const sendNext = (at: number): void => {
      const piece = pieces[at];
      if (piece === undefined || socket.destroyed) return;
      socket.write(piece, 'latin1', () => (waiting ? undefined : setTimeout(() => sendNext(at + 1), 2)));
    };
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const found = bodiesOf(text);
      if (found.length < answers) return waiting ? sendNext(found.length) : undefined;
      socket.destroy();
      resolve(found);
    });
    socket.on('close', () => resolve(bodiesOf(text)));
    socket.on('error', reject);
  });
}

/** Bodies of whole answers; the status where it is not 200. */
function bodiesOf(text: string): readonly string[] {
  const bodies: string[] = [];
  let rest = text;
  for (;;) {
    const head = rest.indexOf('\r\n\r\n');
    if (head < 0) return bodies;
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0);
    if (rest.length < head + 4 + length) return bodies;
    const status = rest.slice(9, 12);
    bodies.push(status === '200' ? rest.slice(head + 4, head + 4 + length) : status);
    rest = rest.slice(head + 4 + length);
  }
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const FORM = 'content-type: application/x-www-form-urlencoded\r\n';
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${FORM}Content-Length: ${body.length}\r\n\r\n${body}`;

describe('a connection', () => {
  it('is answered at the door, inside, and at the door again', async () => {
    const before = readyAnswers;
    const pieces = [get('/tiles/ready'), get('/tiles/a'), get('/tiles/ready'), get('/tiles/b'), get('/tiles/ready')];
    const wanted = ['ready', 'made a', 'ready', 'made b', 'ready'];
    expect(await exchange(pieces, 5, true)).toEqual(wanted);
    expect(readyAnswers - before).toBe(3);
  });

  it('gets its answers in the order of its requests, however they come', async () => {
    expect(await exchange([get('/late'), get('/tiles/ready'), get('/tiles/b')], 3)).toEqual(['late', 'made ready', 'made b']);
    expect(await exchange([get('/late') + get('/tiles/ready'), get('/tiles/ready')], 3)).toEqual(['late', 'made ready', 'made ready']);
    expect(await exchange([...get('/tiles/ready')], 1)).toEqual(['made ready']);
  });

  it('may send a form between its pictures', async () => {
    const pieces = [get('/tiles/ready'), post('/tiles/form', 'a=1'), get('/tiles/ready')];
    expect(await exchange(pieces, 3, true)).toEqual(['ready', 'made form a=1', 'ready']);
  });

  it('cannot hide a request in another one', async () => {
    const hidden = get('/tiles/hidden');
    const disguised = [
      `GET /tiles/ready HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
      `GET /tiles/ready HTTP/1.1\r\nHost: localhost\r\nContent-Length : ${hidden.length}\r\n\r\n${hidden}`,
      `GET /tiles/ready HTTP/1.1\r\nHost: localhost\nTransfer-Encoding: chunked\r\n\r\n${hidden}`,
      `GET /tiles/ready HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n`,
    ];
    for (const text of disguised) expect(await exchange([text, get('/late')], 2), text).not.toContain('made hidden');
  });

  it('that is closed in the middle of an answer leaves the server well', async () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(get('/late')));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    expect(await exchange([get('/tiles/ready')], 1)).toEqual(['ready']);
  });

  it('is told when it is to end', async () => {
    expect(await exchange([get('/tiles/ready', 'Connection: close\r\n')], 2)).toEqual(['made ready']);
  });

  it('gives the same answers however its bytes are cut', async () => {
    const requests = [get('/tiles/a'), get('/tiles/ready'), post('/tiles/f', 'x=2'), get('/tiles/ready?q'), get('/tiles/b')];
    const texts = fc.array(fc.constantFrom(...requests), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(300), { maxLength: 4 }), async (asked, cuts) => {
        const whole = asked.join('');
        const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length])].sort((a, b) => a - b);
        const pieces = places.slice(1).map((end, at) => whole.slice(places[at], end));
        const wanted = asked.map((text) => (text.startsWith('POST') ? 'made f x=2' : `made ${/\/tiles\/(\w+)/.exec(text)?.[1]}`));
        const given = await exchange(pieces, asked.length);
        expect(given.map((body) => (body === 'ready' ? 'made ready' : body))).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an answer that is ready', () => {
  it('is a whole answer of HTTP, with the date of its second', async () => {
    const ask = () => fetch(`http://127.0.0.1:${server.port}/tiles/ready`);
    const answer = await ask();
    expect([answer.status, await answer.text(), answer.headers.get('content-length')]).toEqual([200, 'ready', '5']);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const first = Date.parse(answer.headers.get('date') ?? '');
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
    await expect.poll(async () => Date.parse((await ask()).headers.get('date') ?? ''), { timeout: 10_000 }).toBeGreaterThan(first);
  });

  it('is not sent to whoever asks for the head alone', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/tiles/ready`, { method: 'HEAD' });
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('etag')).toBeNull();
  });
});

describe('a connection that is idle', () => {
  it('is closed after a while, but not while its answer is being made', async () => {
    const slow = createServer((request, response) => {
      response.once('close', () => endExchange(request.socket));
      setTimeout(() => response.end('made'), 400);
    });
    openFrontDoor(slow, 'connection', { answer: () => null, firstMilliseconds: 100, idleMilliseconds: 100 });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    let text = '';
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(get('/tiles/a')));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve());
    });
    expect(bodiesOf(text)).toEqual(['made']);
    const silent = connect(port, '127.0.0.1');
    await new Promise((resolve) => silent.once('close', resolve));
    await new Promise((resolve) => slow.close(resolve));
  });
});

describe('a server that stops', () => {
  it('closes connections that wait, and waits for those that are answered', async () => {
    const stopping = await startTestWebServer(router);
    const idle = connect(stopping.port, '127.0.0.1', () => idle.write(get('/tiles/ready')));
    await new Promise((resolve) => idle.once('data', resolve));
    const busy = fetch(`http://127.0.0.1:${stopping.port}/late`).then((answer) => answer.text());
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    await stopping.close(20);
    await closed;
    expect(await busy).toBe('late');
  });
});
