import type { SignOnTarget } from '../../domain/sign-on.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { returnPath } from '../access/return-path.ts';
import { adminReturn, signInAddress } from '../admin/admin-return.ts';

/** Of the links that begin a sign-on: forms that browsers send by following them. */
export const SIGN_ON_PURPOSE = 'sign-on';

/** The link to `/identity/{name}/start`. With the form token of the page that holds it, it says that somebody clicked. */
export function startHref(root: string, name: string, target: SignOnTarget, formToken: string | null): string {
  const query = new URLSearchParams(fieldsOf(target));
  if (formToken !== null) query.set('form-token', formToken);
  return `${root}/identity/${name}/start?${query}`;
}

function fieldsOf(target: SignOnTarget): Record<string, string> {
  if (target.kind === 'page') return { return: target.path };
  if (target.kind === 'test') return { test: target.link };
  if (target.kind === 'admin') return { admin: target.path };
  return { service: target.service, ...(target.origin === null ? {} : { origin: target.origin }) };
}

/** Null where the query names none, or an origin that is none. */
export function readTarget(query: URLSearchParams): SignOnTarget | null {
  const [service, test] = [query.get('service'), query.get('test')];
  if (test !== null) return { kind: 'test', link: test };
  if (query.has('admin')) return { kind: 'admin', path: adminReturn(query.get('admin')) };
  if (service === null) return query.has('return') ? { kind: 'page', path: returnPath(query.get('return')) } : null;
  const given = query.get('origin');
  const origin = given === null ? null : parseOrigin(given);
  return given !== null && origin === null ? null : { kind: 'service', service, origin };
}

/** The page of ours on which a sign-on begins. */
export function pageOfTarget(root: string, target: SignOnTarget, slashSubstitute: string | null): string {
  if (target.kind === 'test') return `${root}/`;
  if (target.kind === 'admin') return root + signInAddress(target.path);
  if (target.kind === 'page') return `${root}/sign-in${target.path === '/' ? '' : `?return=${encodeURIComponent(target.path)}`}`;
  const path = authUris(root, slashSubstitute).access(target.service);
  return target.origin === null ? path : `${path}?origin=${encodeURIComponent(target.origin)}`;
}
