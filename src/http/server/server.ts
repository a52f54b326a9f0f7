import { createServer as createHttpServer, type Server } from 'node:http';
import { Failure, type Refusal, refuse } from '../../lib/problems.ts';
import { openToViewers } from './cors.ts';
import type { HttpRequest, WholeReply } from './exchange.ts';
import { endExchange, type OpenDoor, openFrontDoor } from './front-door.ts';
import { type Http2Sessions, type ReadyListener, serveHttp2 } from './http2.ts';
import type { PlainHead } from './plain-head.ts';
import { basePathOf, peerOf, readPlainRequest, readRequest, readTarget, type Surroundings, withoutBase } from './read-request.ts';
import { problem } from './reply.ts';
import { createRequestIds, REQUEST_ID_HEADER } from './request-id.ts';
import { type Router, withCors } from './router.ts';
import { createSecureServer, type TlsCertificate } from './secure-server.ts';
import { createSender, type Sender } from './sender.ts';
import { type BegunReply, createStreams, type Streams } from './streamed-body.ts';
import type { Incoming, Line, Outgoing } from './transport.ts';
import { IDLE_SECONDS, wireOf } from './wire.ts';

export interface ServerLog {
  /** One line for each request that was answered. */
  request(line: RequestLine): void;
  /** A failure, with its private detail. */
  failure(error: unknown, request: Pick<RequestLine, 'id' | 'path'>): void;
}

export interface RequestLine {
  readonly id: string;
  readonly method: string;
  /** The row of the table of URLs. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  /** 0 at the front door. */
  readonly milliseconds: number;
  readonly address: string;
  readonly bytes: number;
  /** Reads a field of the request. */
  readonly header: (name: string) => string | null;
}

export interface ServerOptions extends Surroundings {
  readonly host: string;
  readonly port: number;
  /** In a worker: listens alone. Otherwise all workers that ask for port 0 are given the same one, and share it. */
  readonly alone?: boolean;
  readonly tls: TlsCertificate | null;
  /** Sent with every answer. */
  readonly always?: Readonly<Record<string, string>>;
  /** A problem, as a page for people. */
  problemPage(refusal: Refusal, request: Pick<HttpRequest, 'header' | 'base'>): WholeReply;
  readonly log: ServerLog;
}

export interface RunningServer {
  /** 0 where it listens on a Unix socket. */
  readonly port: number;
  /** Refuses new connections, lets running answers end for at most this long, then closes. */
  close(patienceSeconds: number): Promise<void>;
}

/** Longer than any true IIIF request; identifiers are paths, each byte of which may be percent-encoded. */
const HEADER_LIMIT_BYTES = 32 * 1024;
/** How often connections are looked through for requests that take too long to arrive. */
const CHECK_MILLISECONDS = 5_000;
/** While the server stops: how often connections that ask for nothing any more are closed. */
const SWEEP_MILLISECONDS = 50;
/** Each costs a file descriptor and some kilobytes; a browser holds six, a proxy some hundred. */
const MOST_CONNECTIONS = 5_000;
/** With more, those that ask for nothing at the moment are closed, so that idle ones never keep others out. */
const MANY_CONNECTIONS = 1_000;
/** Before the first request. */
const FIRST_MILLISECONDS = 15_000;
/** In which a request must have come, with its body. */
const REQUEST_MILLISECONDS = 30_000;
const HTTP2_LIMITS = {
  headerBytes: HEADER_LIMIT_BYTES,
  firstMilliseconds: FIRST_MILLISECONDS,
  idleMilliseconds: IDLE_SECONDS * 1000,
  bodyMilliseconds: REQUEST_MILLISECONDS,
};

/** Listens, turns what arrives into `HttpRequest` values, and writes the replies. Node's own server: docs/decisions/0004. */
export async function startWebServer(router: Router, options: ServerOptions): Promise<RunningServer> {
  const settings = {
    maxHeaderSize: HEADER_LIMIT_BYTES,
    headersTimeout: FIRST_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    keepAliveTimeout: IDLE_SECONDS * 1000,
    connectionsCheckingInterval: CHECK_MILLISECONDS,
  };
  const ids = createRequestIds();
  const sending = { sender: createSender(options.always), streams: createStreams() };
  const listener = (incoming: Incoming, response: Outgoing) => {
    const given = incoming.headers[REQUEST_ID_HEADER];
    const id = ids(typeof given === 'string' ? given : null, options.trusted(peerOf(options, incoming.socket)));
    response.setHeader(REQUEST_ID_HEADER, id);
    serve(router, options, sending, id, incoming, response).catch((error: unknown) => {
      options.log.failure(error, { id, path: readTarget(incoming).path });
      response.destroy();
    });
  };
  const server = options.tls ? createSecureServer(settings, options.tls, listener) : createHttpServer(settings, listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = CLIENT_ERRORS[error.code ?? ''] ?? '400 Bad Request';
    // A viewer on another site learns the status too, where it sends no credentials: whose request it was is not known.
    const readers = 'Access-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\n';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\n${readers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  const desk = createReadyDesk(router, options, ids);
  const manner = { idleSeconds: IDLE_SECONDS, always: options.always ?? {} };
  const door = openFrontDoor(server, options.tls ? 'secureConnection' : 'connection', {
    answer(head, socket) {
      const ready = desk(head, socket);
      return ready === null ? null : wireOf(ready.reply, manner, Date.now());
    },
    firstMilliseconds: FIRST_MILLISECONDS,
    idleMilliseconds: IDLE_SECONDS * 1000,
  });
  const readyListener: ReadyListener = (head, socket, open) => {
    const ready = desk(head, socket);
    if (ready === null) return false;
    const response = open();
    response.setHeader(REQUEST_ID_HEADER, ready.id);
    const busy = () => openToViewers(problem(refuseToHold()), head.fields.get('origin') ?? null);
    sending.sender.send({ response, socket, headOnly: false }, ready.reply, busy);
    return true;
  };
  const http2 = options.tls === null ? null : serveHttp2(server, listener, readyListener, HTTP2_LIMITS);
  const doors = http2 === null ? [door] : [door, http2];
  limitConnections(server, doors);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const place = typeof options.socket === 'string' ? { path: options.socket } : { host: options.host, port: options.port };
    server.listen({ ...place, exclusive: options.alone === true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'string' ? 0 : (address?.port ?? 0),
    close: (patienceSeconds) => close(server, { doors, http2 }, patienceSeconds),
  };
}

/** What Node says of requests that never became one. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function limitConnections(server: Server, doors: readonly OpenDoor[]): void {
  server.maxConnections = MOST_CONNECTIONS;
  let open = 0;
  let closedIdleAt = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open <= MANY_CONNECTIONS || performance.now() - closedIdleAt < 1000) return;
    closedIdleAt = performance.now();
    server.closeIdleConnections();
    for (const door of doors) door.closeIdle();
  });
}

interface Doors {
  readonly doors: readonly OpenDoor[];
  readonly http2: Http2Sessions | null;
}

function close(server: Server, { doors, http2 }: Doors, patienceSeconds: number): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => {
      server.closeAllConnections();
      http2?.closeAll();
    }, patienceSeconds * 1000);
    // A connection whose answer has ended would stay open for the next request.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MILLISECONDS);
    server.close(() => {
      clearTimeout(impatience);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
    for (const door of doors) door.closeSoon();
  });
}

interface ReadyReply {
  readonly reply: WholeReply;
  readonly id: string;
}

/** Answers that are there already. */
function createReadyDesk(
  router: Router,
  options: ServerOptions,
  ids: ReturnType<typeof createRequestIds>,
): (head: PlainHead, socket: Line) => ReadyReply | null {
  const basePath = basePathOf(options);

  return ({ target, fields, beside }, socket) => {
    if (target.includes('?')) return null;
    beside.request ??= readPlainRequest(options, fields, socket);
    const { request } = beside;
    const path = withoutBase(target, basePath);
    const reply = router.ready({ ...request, path });
    if (reply === null) return null;
    const { header } = request;
    const id = ids(header(REQUEST_ID_HEADER), options.trusted(peerOf(options, socket)));
    options.log.request({
      id,
      method: 'GET',
      route: router.routeOf(path),
      path,
      status: reply.status,
      milliseconds: 0,
      address: request.address,
      bytes: reply.body?.length ?? 0,
      header,
    });
    return { reply, id };
  };
}

async function serve(
  router: Router,
  options: ServerOptions,
  { sender, streams }: { readonly sender: Sender; readonly streams: Streams },
  id: string,
  incoming: Incoming,
  response: Outgoing,
): Promise<void> {
  const started = performance.now();
  const { socket } = incoming;
  const gone = new AbortController();
  response.once('close', () => {
    endExchange(socket);
    if (!response.writableFinished) gone.abort(new DOMException('The reader has gone.', 'AbortError'));
  });
  const request = readRequest(options, incoming, gone.signal);
  const reply = hasTwoHosts(incoming) ? explain(router, options, request, TWO_HOSTS) : await answer(router, options, streams, id, request);
  const busy = () => explain(router, options, request, refuseToHold());
  const to = { response, socket, headOnly: incoming.method === 'HEAD' };
  // A body that nobody read to its end would be taken for the next request, or hold it up.
  if (!incoming.complete && incoming.method !== 'GET' && incoming.method !== 'HEAD') response.shouldKeepAlive = false;
  const { status, bytes } = 'chunks' in reply ? await sender.stream(to, reply) : sender.send(to, reply, busy);
  const { method, address, path, header } = request;
  const milliseconds = performance.now() - started;
  options.log.request({ id, method, route: router.routeOf(path), path, status, milliseconds, address, bytes, header });
}

function refuseToHold(): Refusal {
  return { ...refuse('server.busy', 'Too many readers are taking their images slowly at the moment.'), retryAfterSeconds: 10 };
}

/** Two names for one server could mean one thing to a cache in front of us and another thing to us. */
const TWO_HOSTS = refuse('request.malformed', 'The request has more than one Host header.');

function hasTwoHosts({ rawHeaders }: Incoming): boolean {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length > 1;
}

async function answer(
  router: Router,
  options: ServerOptions,
  streams: Streams,
  id: string,
  request: Omit<HttpRequest, 'params'>,
): Promise<WholeReply | BegunReply> {
  try {
    return await streams.begin(request.method, await router.handle(request));
  } catch (error) {
    if (request.signal.aborted) return { status: 499, headers: {}, body: null };
    options.log.failure(error, { id, path: request.path });
    const refusal = error instanceof Failure ? error.refusal : refuse('server.error', 'The fault is written down in the log.');
    return explain(router, options, request, refusal);
  }
}

/** A refusal, in the form for whoever reads the answers of this path. */
function explain(router: Router, options: ServerOptions, request: Omit<HttpRequest, 'params'>, refusal: Refusal): WholeReply {
  const reader = router.readerOf(request.path);
  return reader === 'person' ? options.problemPage(refusal, request) : withCors({ reader }, request, problem(refusal));
}
