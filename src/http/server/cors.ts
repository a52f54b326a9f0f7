import type { Visitor } from '../../domain/visitor.ts';
import { mayReadWithCredentials } from '../../flows/may-read-with-credentials.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import type { HttpRequest, Reply } from './exchange.ts';

type Headers = Readonly<Record<string, string>>;

/** Read by viewers: links to the canonical form, what a copy is called, when to come back. */
const EXPOSED = 'Link, ETag, Last-Modified, Retry-After, WWW-Authenticate, Content-Length, Content-Range, Accept-Ranges';

/** Anyone may read it, without credentials. */
const OPEN_TO_ALL: Headers = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * Adds who may read the answer: any page, and with credentials too, since a viewer that sends them is refused `*`, and
 * most answers are the same for everybody. Where a handler says otherwise, that stands. `origin`: the header.
 */
export function openToViewers<R extends Reply>(reply: R, origin: string | null): R {
  const readers = 'access-control-allow-origin' in reply.headers ? {} : openToOrigin(origin);
  return { ...reply, headers: { ...readers, ...reply.headers, vary: varyByOrigin(reply.headers['vary']) } };
}

/** For an answer that depends on who asks: beside the viewer that sent the visitor to sign in, no page may read it with credentials. */
export function closedToOthers(visitor: Visitor, origin: string | null): Headers {
  return mayReadWithCredentials(visitor, origin) ? {} : OPEN_TO_ALL;
}

/** For an answer that is one viewer's alone. Cookies make no difference to it, and a viewer that sends them may. */
export function openToOne(origin: string): Headers {
  return { ...OPEN_TO_ALL, 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
}

/**
 * The answer to a preflight, which carries no cookie: it allows what the request itself will be judged for.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflight(request: HttpRequest): Headers {
  return {
    ...openToOrigin(request.header('origin')),
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-allow-headers':
      'Authorization, Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range',
    'access-control-max-age': '7200',
    vary: 'Origin',
  };
}

/** What browsers do not send as an origin, `null` among it, is not repeated. */
function openToOrigin(origin: string | null): Headers {
  if (origin === null || parseOrigin(origin) !== origin) return OPEN_TO_ALL;
  return openToOne(origin);
}

function varyByOrigin(vary: string | readonly string[] | undefined): string {
  return [vary ?? [], 'Origin'].flat().join(', ');
}
