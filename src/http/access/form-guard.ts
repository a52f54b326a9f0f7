import { createHmac } from 'node:crypto';
import type { Randomness } from '../../domain/ports.ts';
import { type Refusal, refuse } from '../../lib/problems.ts';
import { serialiseCookie } from '../server/cookies.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** Tells forms that our own pages sent from those that other sites made a browser send. */
export interface FormGuard {
  /** The hidden field `form-token` for a form, and the `Set-Cookie` values that go with it. */
  prepare(request: HttpRequest, purpose: string): { readonly formToken: string; readonly setCookie: readonly string[] };
  check(request: HttpRequest, form: URLSearchParams, purpose: string): Refusal | null;
}

export interface FormGuardDeps {
  readonly randomness: Randomness;
  readonly signingKey: string;
  readonly cookiePath: string;
}

const FORM_COOKIE = 'vitrine-form';
const FORM_COOKIE_BYTES = 32;
const WRITTEN = /^[A-Za-z0-9_-]{32,128}$/;

/**
 * A random cookie, and a field that only we can make from it, for one purpose each; and the headers by which browsers
 * say who sent the form. The cookie is Lax: a Strict one would not come with the window that a viewer opens, and a
 * second window would then invalidate the form in the first. Neither is sent with a form of another site.
 */
export function createFormGuard(deps: FormGuardDeps): FormGuard {
  const tokenFor = (cookie: string, purpose: string): string =>
    createHmac('sha256', deps.signingKey).update(`form\n${purpose}\n${cookie}`).digest('base64url');

  /** One for all forms of a page. */
  const made = new WeakMap<HttpRequest, string>();
  const makeFor = (request: HttpRequest): string => {
    const cookie = made.get(request) ?? deps.randomness.token(FORM_COOKIE_BYTES);
    made.set(request, cookie);
    return cookie;
  };

  return {
    prepare(request, purpose) {
      const known = readFormCookie(request);
      const cookie = known ?? makeFor(request);
      const setCookie = known === null ? [serialiseCookie(FORM_COOKIE, cookie, { path: deps.cookiePath, sameSite: 'Lax' })] : [];
      return { formToken: tokenFor(cookie, purpose), setCookie };
    },
    check(request, form, purpose) {
      if (isFromElsewhere(request)) return refuse('request.cross-site', 'The form did not come from a page of ours.');
      const cookie = readFormCookie(request);
      const given = form.get('form-token') ?? '';
      if (cookie === null || !deps.randomness.equal(given, tokenFor(cookie, purpose))) {
        return refuse('request.cross-site', 'The form is out of date, or the browser did not send its cookie. Please open it again.');
      }
      return null;
    },
  };
}

function readFormCookie(request: HttpRequest): string | null {
  const cookie = request.cookies.get(FORM_COOKIE);
  return cookie !== undefined && WRITTEN.test(cookie) ? cookie : null;
}

/** Every browser sends `Origin` with a form; whoever sends neither header is no browser, and has no cookies of others. */
export function isFromElsewhere(request: HttpRequest): boolean {
  const origin = request.header('origin');
  const site = request.header('sec-fetch-site');
  return (origin !== null && origin !== request.origin) || (site !== null && site !== 'same-origin');
}
