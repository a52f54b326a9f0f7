import type { Randomness } from '../../domain/ports.ts';
import { PENDING_MINUTES } from '../../flows/start-sign-on.ts';
import { serialiseCookie } from '../server/cookies.ts';
import type { HttpRequest } from '../server/exchange.ts';

const COOKIE = 'vitrine-sign-on';
const SECRET_BYTES = 32;
const WRITTEN = /^[A-Za-z0-9_-]{32,128}$/;

interface KeyDeps {
  readonly randomness: Randomness;
  /** `/`, or the base path of the public URL. */
  readonly cookiePath: string;
}

/**
 * What ties an answer to the browser that left for it: without it, somebody could have their own answer redeemed in the
 * browser of another. `SameSite=None`, since SAML answers are forms that another site posts, and browsers send those no
 * stricter cookie. It authenticates nobody: it opens nothing but the answer to a question of the same browser.
 */
export function browserKey(
  { randomness, cookiePath }: KeyDeps,
  request: HttpRequest,
): { readonly secret: string; readonly setCookie: string } {
  const secret = readBrowserKey(request) ?? randomness.token(SECRET_BYTES);
  const path = `${cookiePath.replace(/\/$/, '')}/identity`;
  return { secret, setCookie: serialiseCookie(COOKIE, secret, { path, sameSite: 'None', maxAgeSeconds: PENDING_MINUTES * 60 }) };
}

/** Null where the browser brings none. */
export function readBrowserKey({ cookies }: Pick<HttpRequest, 'cookies'>): string | null {
  const secret = cookies.get(COOKIE);
  return secret !== undefined && WRITTEN.test(secret) ? secret : null;
}
