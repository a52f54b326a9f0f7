import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { Failure, refuse } from '../../lib/problems.ts';
import { createBreaker } from './breaker.ts';

export interface UpstreamClientOptions {
  /** What stands before everything that is asked for: ends with `/` or `=`. Redirects are followed below it and nowhere else. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long the upstream may take to begin an answer, or to go on with one. */
  readonly timeoutSeconds: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** One image server, over connections that are used again. */
export interface UpstreamClient {
  /**
   * `path` follows the address. Rejects with `Failure`: `upstream.unreachable`, `upstream.broken` or `upstream.slow`, `server.busy`
   * where too much is under way.
   */
  get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<UpstreamReply>;
  close(): Promise<void>;
}

export interface UpstreamReply {
  readonly status: number;
  /** Null when absent. Names in lower case. */
  header(name: string): string | null;
  /** Null where the upstream does not say, or what it says is of the compressed bytes. */
  readonly bytes: number | null;
  /** Either of both is called. Rejects with `Failure`. */
  body(): AsyncIterable<Uint8Array>;
  discard(): void;
}

const CONNECT_SECONDS = 5;
/** Under way to one upstream; more are refused, so that a slow one does not fill the memory with readers who wait. */
const MOST_AT_ONCE = 512;
const MOST_REDIRECTS = 3;
const MOST_HEADER_BYTES = 32 * 1024;
/** A body that nobody begins to read. */
const UNREAD_SECONDS = 30;

export function createUpstreamClient({ url, headers, timeoutSeconds, now }: UpstreamClientOptions): UpstreamClient {
  const milliseconds = timeoutSeconds * 1000;
  const agent = new Agent({
    connect: { timeout: Math.min(milliseconds, CONNECT_SECONDS * 1000) },
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    maxHeaderSize: MOST_HEADER_BYTES,
    pipelining: 1,
  });
  const breaker = createBreaker(now);
  let underWay = 0;

  async function request(target: URL, own: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const ask = () =>
      agent.request({
        origin: target.origin,
        path: target.pathname + target.search,
        method: 'GET',
        headers: { 'user-agent': 'Vitrine', ...headers, ...own, 'accept-encoding': 'identity' },
        signal,
      });
    // A connection that was kept may have been closed at the other end a moment ago.
    const reply = await ask().catch((error: unknown) => (isClosedConnection(error) ? ask() : Promise.reject(error)));
    // Who reads the body hears of it; one that is let go of fails on purpose.
    reply.body.on('error', () => {});
    return reply;
  }

  async function follow(target: URL, own: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    let at = target;
    for (let redirects = 0; ; redirects += 1) {
      const reply = await request(at, own, signal);
      const location = REDIRECTS.has(reply.statusCode) ? reply.headers.location : undefined;
      if (location === undefined) return reply;
      reply.body.destroy();
      const next = typeof location === 'string' && URL.canParse(location, at.href) ? new URL(location, at.href) : null;
      if (next === null || !isBelow(next, url)) throw broken(`it redirects out of the addresses that it may redirect to`);
      if (redirects >= MOST_REDIRECTS) throw broken('it redirects again and again');
      at = next;
    }
  }

  return {
    async get(path, own, signal) {
      const target = new URL(url + path);
      // First, as the breaker counts on hearing of what it has let through.
      if (underWay >= MOST_AT_ONCE)
        throw new Failure({ ...BUSY, retryAfterSeconds: 2 }, `${underWay} requests to ${target.origin} are under way`);
      if (!breaker.mayAsk()) {
        const seconds = breaker.secondsLeft();
        throw new Failure(
          { ...UNREACHABLE, retryAfterSeconds: seconds },
          `${target.origin} failed often: it is left alone for ${seconds} s`,
        );
      }
      underWay += 1;
      let left = false;
      const leave = (): void => {
        if (!left) underWay -= 1;
        left = true;
      };
      try {
        const reply = await follow(target, own, signal);
        breaker.note(reply.statusCode < 500 || reply.statusCode === 501 ? 'well' : 'failed');
        reply.body.once('close', leave);
        return replyOf(reply, target.origin);
      } catch (error) {
        leave();
        // Of a reader who has gone nothing is known about the upstream.
        breaker.note(signal.aborted ? 'unknown' : 'failed');
        throw failureOf(error, target.origin);
      }
    },
    close: () => agent.destroy(),
  };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether an address is one of those that begin with `url`: the same server, and no way out of its path. */
function isBelow(next: URL, url: string): boolean {
  return next.username === '' && next.password === '' && next.href.startsWith(url);
}

function replyOf(reply: Dispatcher.ResponseData, origin: string): UpstreamReply {
  const header = (name: string): string | null => {
    const value = reply.headers[name];
    return typeof value === 'string' ? value : (value?.[0] ?? null);
  };
  const coding = (header('content-encoding') ?? 'identity').trim().toLowerCase();
  const length = header('content-length');
  const unread = setTimeout(() => reply.body.destroy(), UNREAD_SECONDS * 1000);
  unread.unref();
  return {
    status: reply.statusCode,
    header,
    bytes: coding === 'identity' && length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null,
    async *body() {
      clearTimeout(unread);
      try {
        yield* decoded(reply.body, coding);
      } catch (error) {
        throw failureOf(error, origin);
      } finally {
        reply.body.destroy();
      }
    },
    discard() {
      clearTimeout(unread);
      reply.body.destroy();
    },
  };
}

/** We ask for plain bytes; some upstreams compress all the same. */
function decoded(body: Readable, coding: string): AsyncIterable<Uint8Array> {
  const decoders: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  };
  if (coding === 'identity' || coding === '') return body;
  const create = decoders[coding];
  if (create === undefined) throw broken('it sends bytes in a coding that nobody asked for');
  const decoder = create();
  body.on('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

const UNREACHABLE = refuse('upstream.unreachable', 'The image server behind this gateway cannot be reached at the moment.');
const SLOW = refuse('upstream.slow', 'The image server behind this gateway takes too long to answer.');
const BROKEN = refuse('upstream.broken', 'The image server behind this gateway did not answer as it should.');
const BUSY = refuse('server.busy', 'Too many requests wait for the image server behind this gateway.');

const SLOW_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const UNREACHABLE_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** What went wrong, and nothing of where the upstream is but for the log. */
function failureOf(error: unknown, origin: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const refusal = SLOW_CODES.has(code) ? SLOW : UNREACHABLE_CODES.has(code) ? UNREACHABLE : BROKEN;
  return new Failure(refusal, `${origin}: ${error instanceof Error ? error.message : String(error)} (${code})`, { cause: error });
}

/** An answer that is there, and none that can be used. `why`: for the log. */
export function broken(why: string): Failure {
  return new Failure(BROKEN, `the upstream: ${why}`);
}

function isClosedConnection(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
