import type { Server } from 'node:http';
import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { createPairReader, type PlainHead } from './plain-head.ts';
import type { ExchangeListener, Incoming, Line, Outgoing } from './transport.ts';

export interface Http2Limits {
  readonly headerBytes: number;
  /** A connection must have asked for something by then. */
  readonly firstMilliseconds: number;
  /** Between two requests. */
  readonly idleMilliseconds: number;
  /** In which the body of a request must have come. */
  readonly bodyMilliseconds: number;
}

/** Answers a request that can be answered at once, and says whether it was. */
export type ReadyListener = (head: PlainHead, line: Line, response: () => Outgoing) => boolean;

export interface Http2Sessions {
  /** Closes the connections that ask for nothing at the moment. */
  closeIdle(): void;
  /** Takes no more requests, and closes each connection when its answers have ended. */
  closeSoon(): void;
  closeAll(): void;
}

/** What clients count on before they know better: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 */
const MOST_STREAMS = 100;
/**
 * How many of them are answered at the same time; the others wait for their turn. By HTTP/1.1 a browser asks for six at once;
 * with a hundred, two readers who zoom would fill the lane of small images.
 */
const STREAMS_AT_ONCE = 24;
/** How often connections are looked through for those that ask for nothing. */
const SWEEP_MILLISECONDS = 5_000;

interface Visit {
  /** On a clock that never goes back. */
  since: number;
  hasAsked: boolean;
  readonly open: Set<ServerHttp2Stream>;
  /** Of these, those that wait for their turn, in order. */
  readonly waiting: Map<ServerHttp2Stream, () => void>;
  readonly read: ReturnType<typeof createPairReader>;
}

/**
 * Takes the connections of an https server that chose HTTP/2, and gives their requests to the same listener; those that
 * `ready` answers never get so far.
 * Resets, pings and settings without end are Node's to stop: it closes such a connection. https://www.rfc-editor.org/rfc/rfc9113
 */
export function serveHttp2(server: Server, listener: ExchangeListener, ready: ReadyListener, limits: Http2Limits): Http2Sessions {
  const visits = new Map<Http2Session, Visit>();
  const http2 = createServer({
    settings: { maxConcurrentStreams: MOST_STREAMS, maxHeaderListSize: limits.headerBytes },
  });
  http2.on('session', (session) => {
    visits.set(session, { since: performance.now(), hasAsked: false, open: new Set(), waiting: new Map(), read: createPairReader() });
    session.once('close', () => visits.delete(session));
    session.on('error', () => session.destroy());
  });
  http2.on('request', (request, response) => {
    const visit = request.stream.session === undefined ? undefined : visits.get(request.stream.session);
    if (visit === undefined) return;
    boundBody(request, response, limits.bodyMilliseconds);
    inTurn(visit, request.stream, () => listener(incomingOf(request), outgoingOf(response)));
  });

  // Before Node makes a request and a response of a stream.
  const letIn = http2.listeners('stream');
  http2.removeAllListeners('stream');
  http2.on('stream', (stream, headers, flags, rawHeaders) => {
    const visit = stream.session === undefined ? undefined : visits.get(stream.session);
    if (visit === undefined || !answerAtOnce(visit, stream, rawHeaders, ready))
      for (const listen of letIn) listen.call(http2, stream, headers, flags, rawHeaders);
  });

  const close = (isDue: (visit: Visit) => boolean): void => {
    for (const [session, visit] of visits) if (visit.open.size === 0 && isDue(visit)) session.destroy();
  };
  const sweep = setInterval(() => {
    const now = performance.now();
    close(({ since, hasAsked }) => now - since > (hasAsked ? limits.idleMilliseconds : limits.firstMilliseconds));
  }, SWEEP_MILLISECONDS);
  sweep.unref();
  server.once('close', () => clearInterval(sweep));

  const toHttp1 = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.emit('connection', socket);
    else for (const take of toHttp1) take.call(server, socket);
  });
  return {
    closeIdle: () => close(({ hasAsked }) => hasAsked),
    closeSoon() {
      for (const session of visits.keys()) session.close();
    },
    closeAll() {
      for (const session of visits.keys()) session.destroy();
    },
  };
}

/** As one that is answered inside, it counts until its answer has been taken. */
function answerAtOnce(visit: Visit, stream: ServerHttp2Stream, rawHeaders: readonly string[], ready: ReadyListener): boolean {
  if (!stream.endAfterHeaders || visit.open.size >= STREAMS_AT_ONCE) return false;
  const head = visit.read(rawHeaders);
  if (head === null) return false;
  return ready(head, lineOf(stream), () => {
    stream.on('error', () => stream.destroy());
    inTurn(visit, stream, () => {});
    return plainOutgoing(stream);
  });
}

/** Of an answer whose bytes are all there. */
function plainOutgoing(stream: ServerHttp2Stream): Outgoing {
  const fields = new Map<string, string | number | string[]>();
  const begin = (): void => {
    if (!stream.headersSent && !stream.destroyed) stream.respond(Object.fromEntries([[':status', outgoing.statusCode], ...fields]));
  };
  const outgoing: Outgoing = {
    statusCode: 200,
    shouldKeepAlive: true,
    get destroyed() {
      return stream.destroyed;
    },
    get writableFinished() {
      return stream.writableFinished && !stream.aborted;
    },
    setHeader: (name, value) => fields.set(name, typeof value === 'object' ? [...value] : value),
    getHeaderNames: () => [...fields.keys()],
    removeHeader: (name) => void fields.delete(name),
    write(chunk, done) {
      begin();
      return stream.write(chunk, done);
    },
    end(chunk) {
      begin();
      return chunk === undefined ? stream.end() : stream.end(chunk);
    },
    destroy: () => stream.destroy(),
    on: (event, listener) => stream.on(event, listener),
    once: (event, listener) => stream.once(event, listener),
    off: (event, listener) => stream.off(event, listener),
  };
  return outgoing;
}

function outgoingOf(response: Http2ServerResponse): Outgoing {
  const { stream } = response;
  return {
    get statusCode() {
      return response.statusCode;
    },
    set statusCode(status) {
      response.statusCode = status;
    },
    // A connection outlives each of its streams.
    shouldKeepAlive: true,
    get destroyed() {
      return stream.destroyed;
    },
    get writableFinished() {
      // Node ends the stream of a reader who has gone.
      return stream.writableFinished && !stream.aborted;
    },
    setHeader(name, value) {
      // What HTTP/1.1 says in this field, HTTP/2 says in a frame: https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2
      if (name !== 'connection') response.setHeader(name, value);
      else if (value === 'close') stream.session?.close();
    },
    getHeaderNames: () => response.getHeaderNames(),
    removeHeader: (name) => response.removeHeader(name),
    write: (chunk, done) => response.write(chunk, done),
    end: (chunk) => (chunk === undefined ? response.end() : response.end(chunk)),
    destroy: () => stream.destroy(),
    on: (event, listener) => response.on(event, listener),
    once: (event, listener) => response.once(event, listener),
    off: (event, listener) => response.off(event, listener),
  };
}

function inTurn(visit: Visit, stream: ServerHttp2Stream, begin: () => void): void {
  const { open, waiting } = visit;
  visit.hasAsked = true;
  open.add(stream);
  stream.once('close', () => {
    open.delete(stream);
    visit.since = performance.now();
    // One that has not begun leaves no place.
    if (waiting.delete(stream)) return;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next[0]);
    next[1]();
  });
  if (open.size - waiting.size > STREAMS_AT_ONCE) waiting.set(stream, begin);
  else begin();
}

/** A body that does not come, or that nobody reads to its end, holds no stream. */
function boundBody(request: Http2ServerRequest, response: Http2ServerResponse, milliseconds: number): void {
  if (request.complete || request.stream.endAfterHeaders) return;
  const end = (code: number) => () => {
    if (!request.complete) request.stream.close(code);
  };
  const late = setTimeout(end(constants.NGHTTP2_CANCEL), milliseconds);
  request.stream.once('close', () => clearTimeout(late));
  response.once('finish', end(constants.NGHTTP2_NO_ERROR));
}

/** The authority is what HTTP/1.1 calls the host. https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1 */
function incomingOf(request: Http2ServerRequest): Incoming {
  const { stream, method, url } = request;
  const rawHeaders = withoutPseudo(request.rawHeaders, request.authority);
  return {
    method,
    url,
    headers: { ...request.headers, host: request.authority },
    rawHeaders,
    get complete() {
      return request.complete;
    },
    socket: lineOf(stream),
    [Symbol.asyncIterator]: () => request[Symbol.asyncIterator](),
  };
}

function lineOf(stream: ServerHttp2Stream): Line {
  const own = stream.session?.socket;
  return {
    remoteAddress: own?.remoteAddress,
    localPort: own?.localPort,
    get destroyed() {
      return stream.destroyed;
    },
    destroy: () => stream.destroy(),
  };
}

/** A host that differs from the authority stays beside it, to be refused as the second one. */
function withoutPseudo(raw: readonly string[], authority: string): readonly string[] {
  const pairs: string[] = ['host', authority];
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]];
    if (name.startsWith(':') || (name === 'host' && value === authority)) continue;
    pairs.push(name, value);
  }
  return pairs;
}
