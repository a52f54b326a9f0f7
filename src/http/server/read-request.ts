import { parseCookies } from './cookies.ts';
import type { HttpRequest, PlainRequest } from './exchange.ts';
import { type ProxyHeaders, type ProxyTrust, parseHost, plainAddress, readForwarded, UNIX_PEER } from './forwarded.ts';
import type { PlainFields } from './plain-head.ts';
import { readForm, readJson } from './read-body.ts';
import type { Incoming, Line } from './transport.ts';

/** What is known of every request before it comes. */
export interface Surroundings {
  /** As visitors see us. Null: what the `Host` header says. */
  readonly publicUrl: URL | null;
  readonly trusted: ProxyTrust;
  /** Where these proxies write what they forward; the usual `X-Forwarded-…` unless told. */
  readonly proxyHeaders?: ProxyHeaders;
  /** Whether they say what visitors call us, too. */
  readonly proxiesNameUs?: boolean;
  /** Null: plain http. */
  readonly tls: object | null;
  /** Null, or nothing: a port. */
  readonly socket?: string | null;
}

export function readRequest(around: Surroundings, incoming: Incoming, signal: AbortSignal): Omit<HttpRequest, 'params'> {
  const target = readTarget(incoming);
  const header = (name: string) => {
    const value = incoming.headers[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  };
  const { address, origin, base } = readNames(around, header, incoming.socket);
  return {
    method: incoming.method ?? 'GET',
    path: withoutBase(target.path, basePathOf(around)),
    query: new URLSearchParams(target.query),
    header,
    cookies: parseCookies(header('cookie')),
    address,
    origin,
    base,
    form: (mostBytes) => readForm(incoming, mostBytes),
    json: () => readJson(incoming),
    raw: { peer: peerOf(around, incoming.socket), headers: incoming.rawHeaders, query: target.query },
    signal,
  };
}

/** As much as is known from the head alone; the path apart, as the same fields come with one path after another. */
export function readPlainRequest(around: Surroundings, fields: PlainFields, socket: Peer): Omit<PlainRequest, 'path'> {
  const header = (name: string) => fields.get(name) ?? null;
  const { address, base } = readNames(around, header, socket);
  return { header, address, base, raw: { peer: peerOf(around, socket) } };
}

/** The request target, in its short or its absolute form. */
export function readTarget(incoming: Pick<Incoming, 'url'>): { readonly path: string; readonly query: string } {
  const target = (incoming.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

export function withoutBase(path: string, basePath: string): string {
  if (basePath === '' || !(path === basePath || path.startsWith(`${basePath}/`))) return path || '/';
  return path.slice(basePath.length) || '/';
}

export function basePathOf({ publicUrl }: Pick<Surroundings, 'publicUrl'>): string {
  return (publicUrl?.pathname ?? '').replace(/\/+$/, '');
}

type Peer = Pick<Line, 'remoteAddress' | 'localPort'>;

function readNames(around: Surroundings, header: (name: string) => string | null, socket: Peer) {
  const { publicUrl, trusted, proxyHeaders = 'x-forwarded' } = around;
  const { address, scheme, host } = readForwarded(peerOf(around, socket), header, { trusted, headers: proxyHeaders });
  const named = around.proxiesNameUs === true ? { scheme, host } : { scheme: null, host: null };
  const ownScheme = around.tls === null ? 'http' : 'https';
  const ownHost = parseHost(header('host') ?? '') ?? `localhost:${socket.localPort}`;
  const origin = publicUrl?.origin ?? `${named.scheme ?? ownScheme}://${named.host ?? ownHost}`;
  return { address, origin, base: origin + basePathOf(around) };
}

/** The other end of the connection. */
export function peerOf({ socket: path }: Pick<Surroundings, 'socket'>, socket: Peer): string {
  return typeof path === 'string' ? UNIX_PEER : plainAddress(socket.remoteAddress ?? '');
}
