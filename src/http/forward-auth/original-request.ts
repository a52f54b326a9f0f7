import type { PlainRequest } from '../server/exchange.ts';

/** Whom a proxy asks in whose way: `auth-request` as nginx does, `forward-auth` as Traefik and Caddy do. */
export type AskingWay = 'auth-request' | 'forward-auth';

/** What a proxy asks about: the request that it has before it. */
export interface OriginalRequest {
  readonly method: string;
  /** As the visitor sent it: still percent-encoded, without query, and below our own base path. */
  readonly path: string;
  readonly hasQuery: boolean;
}

/** Each way has headers of its own, and no others count: a proxy clears or writes its own, and passes on what visitors write into others. */
const HEADERS = {
  'auth-request': { uri: 'x-original-uri', method: 'x-original-method' },
  'forward-auth': { uri: 'x-forwarded-uri', method: 'x-forwarded-method' },
} as const satisfies Record<AskingWay, { uri: string; method: string }>;

const METHOD = /^[A-Z]{1,20}$/;

/** Null where the proxy does not say, or what it says is no request of one of our addresses. */
export function readOriginalRequest(way: AskingWay, request: Pick<PlainRequest, 'header' | 'base'>): OriginalRequest | null {
  const uri = request.header(HEADERS[way].uri);
  const method = request.header(HEADERS[way].method);
  if (uri === null || method === null || !uri.startsWith('/') || !METHOD.test(method)) return null;
  const mark = uri.indexOf('?');
  const path = mark < 0 ? uri : uri.slice(0, mark);
  const basePath = pathOf(request.base);
  if (!path.startsWith(`${basePath}/`)) return null;
  return { method, path: path.slice(basePath.length), hasQuery: mark >= 0 };
}

/** Of an address without a slash at the end; empty where it has none. */
function pathOf(base: string): string {
  const at = base.indexOf('/', 'https://'.length);
  return at < 0 ? '' : base.slice(at);
}
