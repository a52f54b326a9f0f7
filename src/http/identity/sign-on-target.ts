import type { SignOnTarget } from '../../domain/sign-on.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { returnPath } from '../access/return-path.ts';

/** Of the links that begin a sign-on: forms that browsers send by following them. */
export const SIGN_ON_PURPOSE = 'sign-on';

/** The link to `/identity/{name}/start`. With the form token of the page that holds it, it says that somebody clicked. */
export function startHref(root: string, name: string, target: SignOnTarget, formToken: string | null): string {
  const query = new URLSearchParams(
    target.kind === 'service'
      ? { service: target.service, ...(target.origin === null ? {} : { origin: target.origin }) }
      : { return: target.path },
  );
  if (formToken !== null) query.set('form-token', formToken);
  return `${root}/identity/${name}/start?${query}`;
}

/** Null where the query names none, or an origin that is none. */
export function readTarget(query: URLSearchParams): SignOnTarget | null {
  const service = query.get('service');
  if (service === null) return query.has('return') ? { kind: 'page', path: returnPath(query.get('return')) } : null;
  const given = query.get('origin');
  const origin = given === null ? null : parseOrigin(given);
  return given !== null && origin === null ? null : { kind: 'service', service, origin };
}

/** The page of ours on which a sign-on begins. */
export function pageOfTarget(root: string, target: SignOnTarget, slashSubstitute: string | null): string {
  if (target.kind === 'page') return `${root}/sign-in${target.path === '/' ? '' : `?return=${encodeURIComponent(target.path)}`}`;
  const path = authUris(root, slashSubstitute).access(target.service);
  return target.origin === null ? path : `${path}?origin=${encodeURIComponent(target.origin)}`;
}
