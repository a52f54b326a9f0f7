/** `/identity/{name}/logout`: what a source says about somebody who was signed out there. */
import type { IdentityAddresses, OutsideRequest } from '../../domain/identity.ts';
import { endOutsideSessions } from '../../flows/end-outside-sessions.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import { noticeReply, rootOf } from '../access/access-page.ts';
import { clearedSessionCookies } from '../server/cookies.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { json, seeOther } from '../server/reply.ts';
import { refusedReply } from './answer-sign-on.ts';
import { identityAddresses } from './identity-addresses.ts';
import { findRedirectSource, type KnownRedirectSource, readOutsideRequest } from './redirect-source.ts';

export function createIdentityLogout(deps: AccessDeps): Handler {
  return async (request) => {
    const known = findRedirectSource(deps, request);
    const addresses = known === null ? null : identityAddresses(deps, request, known.name);
    if (known === null || addresses === null) return noticeReply(request, 'not-found');
    return answerLogout(deps, request, { known, outside: await readOutsideRequest(request, known), addresses });
  };
}

interface Logout {
  readonly known: KnownRedirectSource;
  readonly outside: OutsideRequest;
  readonly addresses: IdentityAddresses;
}

/** Ends the sessions that it names, at once: a browser goes back with the answer, a server is told that it is done. */
export async function answerLogout(deps: AccessDeps, request: HttpRequest, { known, outside, addresses }: Logout): Promise<Reply> {
  const outcome = await known.source.readLogout(outside, addresses);
  if (outcome.outcome === 'returned') return seeOther(`${rootOf(request)}/`);
  if (outcome.outcome === 'logout') {
    await endOutsideSessions(deps, known.name, outcome);
    if (outcome.replyUrl === null) return { status: 200, headers: { 'cache-control': 'no-store' }, body: null };
    return seeOther(outcome.replyUrl, { 'set-cookie': clearedSessionCookies(deps.cookiePath) });
  }
  const what = outcome.outcome === 'refused' ? outcome.code : 'unavailable';
  if ((await deps.starts.take(request.address)) === 0) {
    const detail = `${known.name}: a sign-out was not believed: ${what}: ${outcome.privateDetail}`;
    await deps.audit.record({ action: 'refused', address: request.address, detail });
  }
  // SAML is brought by a browser; https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse for the others.
  if (known.type === 'saml') return refusedReply(deps, request, outcome, null);
  return json(outcome.outcome === 'refused' ? 400 : 503, { error: 'invalid_request' }, { 'cache-control': 'no-store' });
}
