/**
 * What browsers say of our cookies in a page of another site, and how to be sent them where the reader has allowed it.
 * https://privacycg.github.io/storage-access-headers/
 * https://privacycg.github.io/storage-access/
 */
import { COOKIE_NAMES } from '../../flows/find-session.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import type { HttpRequest } from './exchange.ts';

/** What an answer depends on that says whether our cookies were kept back. */
export const VARY_STORAGE_ACCESS = 'Sec-Fetch-Storage-Access';

/** `inactive`: the reader has allowed our cookies in that page, and they are sent once we ask. Null: the browser does not say. */
type StorageAccess = 'none' | 'inactive' | 'active' | null;

function storageAccessOf(request: Pick<HttpRequest, 'header'>): StorageAccess {
  const said = request.header('sec-fetch-storage-access');
  return said === 'none' || said === 'inactive' || said === 'active' ? said : null;
}

/** Whether the browser says that it has kept the access cookie back. It does not tell whether there is one. */
export function isCookieWithheld(request: HttpRequest): boolean {
  const said = storageAccessOf(request);
  return (said === 'none' || said === 'inactive') && !request.cookies.has(COOKIE_NAMES.access);
}

/** Whether a frame may find out by script that our cookies can be had: also in browsers that say nothing in headers. */
export function mayAskForStorageAccess(request: HttpRequest): boolean {
  const site = request.header('sec-fetch-site');
  const isElsewhere = site === null || site === 'cross-site';
  return isElsewhere && storageAccessOf(request) !== 'active' && !request.cookies.has(COOKIE_NAMES.access);
}

/**
 * For an answer that refuses for want of a cookie: asks the browser to send the request again, with cookies, where the
 * reader has allowed that. Browsers do so once; who may read the answer is for CORS to say, as ever.
 * https://privacycg.github.io/storage-access-headers/#activate-storage-access-header
 */
export function activateStorageAccess(request: Pick<HttpRequest, 'header'>): Readonly<Record<string, string>> {
  const origin = parseOrigin(request.header('origin'));
  if (storageAccessOf(request) !== 'inactive' || origin === null) return {};
  return { 'activate-storage-access': `retry; allowed-origin="${origin}"` };
}
