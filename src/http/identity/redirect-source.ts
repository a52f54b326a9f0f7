import type { OutsideRequest, RedirectIdentitySource } from '../../domain/identity.ts';
import type { KnownSource } from '../../domain/sign-on.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** A signed SAML message with its attributes and certificates is some ten kilobytes. */
const SAML_FORM_BYTES = 512 * 1024;

export type KnownRedirectSource = KnownSource & { readonly source: RedirectIdentitySource };

/** The source that the path names; null where browsers are not sent there. */
export function findRedirectSource(deps: Pick<AccessDeps, 'identitySources'>, request: HttpRequest): KnownRedirectSource | null {
  const known = deps.identitySources().get(request.params['name'] ?? '');
  return known?.source.flow === 'redirect' ? { ...known, source: known.source } : null;
}

export async function readOutsideRequest(request: HttpRequest, { type }: Pick<KnownSource, 'type'>): Promise<OutsideRequest> {
  const { query } = request.raw;
  if (request.method !== 'POST') return { method: 'GET', query, form: new URLSearchParams() };
  return { method: 'POST', query, form: await request.form(type === 'saml' ? SAML_FORM_BYTES : undefined) };
}
