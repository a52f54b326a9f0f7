import { rootOf } from '../access/access-page.ts';
import { isLocalPath } from '../access/return-path.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** Pages that are no place to come back to. */
const PASSING = /^\/admin\/(sign-in|sign-out|first)(\/|$)/;

/** A page below `/admin` to go back to, or `/admin` for anything else. Begins below the base path. */
export function adminReturn(text: string | null): string {
  if (text === null || !isLocalPath(text)) return '/admin';
  const [path = ''] = text.split('?');
  const isAdminPage = path === '/admin' || path.startsWith('/admin/');
  return isAdminPage && !PASSING.test(path) ? text : '/admin';
}

/** The address of the sign-in that leads back to the page, below the base path. */
export function signInAddress(back: string, path = '/admin/sign-in'): string {
  const page = adminReturn(back);
  return page === '/admin' ? path : `${path}?return=${encodeURIComponent(page)}`;
}

/** What is asked for, as a form on our page is posted to. */
export function addressOf(request: HttpRequest): string {
  return rootOf(request) + request.path + (request.query.size === 0 ? '' : `?${request.query}`);
}

/** The page that is asked for, or from which a form was sent. */
export function pageOf(request: HttpRequest): string {
  if (request.method !== 'POST') return request.path + (request.query.size === 0 ? '' : `?${request.query}`);
  const referer = request.header('referer') ?? '';
  const base = `${request.origin}${rootOf(request)}`;
  return referer.startsWith(`${base}/`) ? referer.slice(base.length) : '/admin';
}
