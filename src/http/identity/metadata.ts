/** `/identity/{name}/metadata`: what a source needs to know about us. */
import type { AccessDeps } from '../access/access-deps.ts';
import { noticeReply } from '../access/access-page.ts';
import type { Handler } from '../server/exchange.ts';
import { identityAddresses } from './identity-addresses.ts';
import { findRedirectSource } from './redirect-source.ts';

export function createIdentityMetadata(deps: AccessDeps): Handler {
  return async (request) => {
    const known = findRedirectSource(deps, request);
    const addresses = known === null ? null : identityAddresses(deps, request, known.name);
    const document = known === null || addresses === null ? null : known.source.describe(addresses);
    if (document === null) return noticeReply(request, 'not-found');
    return {
      status: 200,
      headers: { 'content-type': 'application/samlmetadata+xml; charset=utf-8', 'cache-control': 'no-cache' },
      body: document,
    };
  };
}
