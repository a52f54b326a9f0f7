import type { HttpRequest } from './exchange.ts';

type Headers = Readonly<Record<string, string>>;

/** Read by viewers: links to the canonical form, the reason to come back later, and where a redirect led. */
const EXPOSED = 'Link, ETag, Last-Modified, Retry-After, WWW-Authenticate, Content-Range, Accept-Ranges';

/** On every IIIF answer, errors included: anyone may read it, without credentials. */
export const OPEN_TO_ALL: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
  'cross-origin-resource-policy': 'cross-origin',
};

/** For the viewer that sent the visitor to sign in, and no other: it may read answers that the cookie opened. */
export function openToOrigin(origin: string): Headers {
  return { ...OPEN_TO_ALL, 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}

/**
 * The answer to a preflight, which carries no cookie: it allows what the request itself will be judged for.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflight(request: HttpRequest): Headers {
  const origin = request.header('origin');
  const who = origin === null || origin === 'null' ? OPEN_TO_ALL : openToOrigin(origin);
  return {
    ...who,
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-allow-headers': 'Authorization, Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range',
    'access-control-max-age': '7200',
    vary: 'Origin',
  };
}
