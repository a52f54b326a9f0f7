import { COOKIE_NAMES } from '../../flows/find-session.ts';

/** What a cookie value may hold: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1, less the quotes. */
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** More than any honest request has; the rest is not read. */
const MOST_COOKIES = 100;

/** Reads a `Cookie` header. What is malformed is left out; of several with one name, the first (most specific path) counts. */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';', MOST_COOKIES)) {
    const at = pair.indexOf('=');
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    if (!cookies.has(name) && NAME.test(name) && VALUE.test(value)) cookies.set(name, value);
  }
  return cookies;
}

export interface CookieOptions {
  readonly path: string;
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** Absent: until the browser closes. 0: at once. */
  readonly maxAgeSeconds?: number;
  /** Kept for the site of the page around the frame alone: https://www.ietf.org/archive/id/draft-cutler-httpbis-partitioned-cookies-01.html */
  readonly partitioned?: true;
}

/**
 * A `Set-Cookie` value. Always HttpOnly and Secure: browsers treat http://localhost as secure,
 * and over plain http elsewhere a session must not travel.
 */
export function serialiseCookie(name: string, value: string, options: CookieOptions): string {
  if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError(`cookie ${name} cannot be written`);
  const maxAge = options.maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.max(0, Math.floor(options.maxAgeSeconds))}`];
  const partitioned = options.partitioned === undefined ? [] : ['Partitioned'];
  return [`${name}=${value}`, `Path=${options.path}`, ...maxAge, 'HttpOnly', 'Secure', `SameSite=${options.sameSite}`, ...partitioned].join(
    '; ',
  );
}

/** Both cookies of a session, as `Set-Cookie` values. They last to its absolute end; idleness is judged here. */
export function sessionCookies(
  keys: { readonly sessionCookie: string; readonly accessCookie: string; readonly endsAt: Date },
  now: Date,
  path: string,
): readonly string[] {
  const maxAgeSeconds = (keys.endsAt.getTime() - now.getTime()) / 1000;
  return [
    serialiseCookie(COOKIE_NAMES.session, keys.sessionCookie, { path, sameSite: 'Lax', maxAgeSeconds }),
    serialiseCookie(COOKIE_NAMES.access, keys.accessCookie, { path, sameSite: 'None', maxAgeSeconds }),
  ];
}

/** The access cookie of a viewer's frame, as a `Set-Cookie` value. */
export function partitionedCookie(key: { readonly accessCookie: string; readonly endsAt: Date }, now: Date, path: string): string {
  const maxAgeSeconds = (key.endsAt.getTime() - now.getTime()) / 1000;
  return serialiseCookie(COOKIE_NAMES.partitioned, key.accessCookie, { path, sameSite: 'None', maxAgeSeconds, partitioned: true });
}

/** Takes both cookies away, as `Set-Cookie` values. */
export function clearedSessionCookies(path: string): readonly string[] {
  return [
    serialiseCookie(COOKIE_NAMES.session, '', { path, sameSite: 'Lax', maxAgeSeconds: 0 }),
    serialiseCookie(COOKIE_NAMES.access, '', { path, sameSite: 'None', maxAgeSeconds: 0 }),
  ];
}
