import { refuse } from '../../lib/problems.ts';
import { browserCheckFrame, browserCheckPage } from '../../ui/pages/browser-check.ts';
import { preferredLanguage } from '../../ui/texts.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { PAGE_POLICY, page } from '../server/reply.ts';
import { problemPage } from './problem-page.ts';

/** `/browser-check`: which viewers work in the reader's browser, and why others do not. */
export const browserCheck: Handler = async (request) => {
  const other = otherSite(request);
  const html = browserCheckPage({
    base: request.base,
    lang: preferredLanguage(request.header('accept-language')),
    frame: other === null ? null : `${other}${request.base.slice(request.origin.length)}/browser-check/frame`,
  });
  return page(200, html, { 'content-security-policy': other === null ? PAGE_POLICY : `${PAGE_POLICY}; frame-src ${other}` });
};

/** `/browser-check/frame`: this machine under its other name, which to a browser is another site. */
export const browserCheckInside: Handler = async (request) => {
  const other = otherSite(request);
  if (other === null) return problemPage(refuse('not-found', 'There is no such address on this server.'), request);
  const html = browserCheckFrame({ base: request.base, lang: preferredLanguage(request.header('accept-language')), targetOrigin: other });
  const policy = PAGE_POLICY.replace("frame-ancestors 'none'", `frame-ancestors ${other}`);
  return page(200, html, { 'content-security-policy': policy });
};

const LOOPBACK_NAMES: ReadonlyMap<string, string> = new Map([
  ['localhost', '127.0.0.1'],
  ['127.0.0.1', 'localhost'],
]);

/** Null where this server has one name only: then a page of ours can be on no other site. */
function otherSite({ origin }: Pick<HttpRequest, 'origin'>): string | null {
  const url = new URL(origin);
  const name = LOOPBACK_NAMES.get(url.hostname);
  return name === undefined ? null : `${url.protocol}//${name}${url.port === '' ? '' : `:${url.port}`}`;
}
