import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseHost } from './forwarded.ts';
import { readTarget } from './read-request.ts';

export interface RedirectOptions {
  readonly host: string;
  readonly port: number;
  /** Where https is answered, as visitors see it; null where that follows the `Host` header, at this port. */
  readonly to: { readonly origin: string } | { readonly port: number };
  /** What `/.well-known/acme-challenge/{token}` holds at the moment; null for nothing. */
  challenge(token: string): Promise<string | null>;
}

export interface Redirects {
  readonly port: number;
  close(): Promise<void>;
}

/** https://www.rfc-editor.org/rfc/rfc8555#section-8.3 */
const CHALLENGE = /^\/\.well-known\/acme-challenge\/([A-Za-z0-9_-]{1,256})$/;
const TIME_MILLISECONDS = 10_000;
const MOST_CONNECTIONS = 500;

/** Plain http, for those who type an address without https: nothing is served here, and no cookie is read. */
export async function startRedirects(options: RedirectOptions): Promise<Redirects> {
  const server = createServer(
    { maxHeaderSize: 32 * 1024, requestTimeout: TIME_MILLISECONDS, keepAliveTimeout: 1000 },
    (incoming, response) => {
      answer(options, incoming, response).catch(() => response.destroy());
    },
  );
  server.headersTimeout = TIME_MILLISECONDS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'string' ? 0 : (address?.port ?? 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: RedirectOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = readTarget(incoming);
  const token = CHALLENGE.exec(path)?.[1];
  const proof = token === undefined ? null : await options.challenge(token);
  if (proof !== null) return send(response, 200, {}, proof);
  const isSafe = incoming.method === 'GET' || incoming.method === 'HEAD' || incoming.method === 'OPTIONS';
  // A form that came in the clear was read on the way; sending it on would hide that.
  if (!isSafe) return send(response, 403, { connection: 'close' }, 'Use https here.\n');
  const origin = 'origin' in options.to ? options.to.origin : originAt(incoming.headers.host ?? '', options.to.port);
  if (origin === null) return send(response, 400, {}, 'The request has no Host header.\n');
  const location = `${origin}${path.startsWith('/') ? path : '/'}${query === '' ? '' : `?${query}`}`;
  send(response, 301, { location, 'access-control-allow-origin': '*', 'cache-control': 'max-age=3600' }, `${location}\n`);
}

function originAt(given: string, port: number): string | null {
  const host = parseHost(given)?.replace(/:\d+$/, '') ?? null;
  if (host === null) return null;
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
