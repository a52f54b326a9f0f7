import type { AccessService } from '../domain/access.ts';
import { findNetwork } from '../lib/network.ts';
import { type FoundSession, findSession, type LiveSession } from './find-session.ts';
import { issue, type TokenDeps, type TokenOutcome, type TokenRequest } from './issue-access-token.ts';
import type { NewSessionLimits } from './limit-new-sessions.ts';
import { openSession } from './open-session.ts';

/**
 * The token of a kiosk or external service. No viewer sent the visitor anywhere to click, so any viewer gets one; it is tied
 * to its origin all the same. https://iiif.io/api/auth/2.0/#external-interaction-pattern
 */
export async function issueTokenToAnyOrigin(
  deps: TokenDeps & { readonly newSessions: NewSessionLimits },
  service: AccessService,
  request: TokenRequest & { readonly address: string },
): Promise<TokenOutcome> {
  const found = await findSession(deps, request.cookies, 'access');
  if (service.networks.length > 0) {
    if (findNetwork(service.networks, request.address) === null) return { kind: 'denied', profile: 'missingAspect' };
    if (found.state === 'live') return issue(deps, request, found.session);
    if (deps.newSessions.take(request.address) > 0) return { kind: 'denied', profile: 'unavailable' };
    return issue(deps, request, await sessionOfToken(deps));
  }
  if (found.state === 'missing') return { kind: 'denied', profile: 'missingAspect' };
  if (found.state === 'ended') return { kind: 'denied', profile: 'expiredAspect' };
  return isHeld(service, found) ? issue(deps, request, found.session) : { kind: 'denied', profile: 'invalidAspect' };
}

/** Tokens hang on sessions. This one's cookies go nowhere: it opens nothing that the address does not open. */
async function sessionOfToken(deps: TokenDeps) {
  const { id } = await openSession(deps, null, []);
  const session = await deps.sessions.find(id);
  if (session === null) throw new Error('a session that was just opened is gone');
  return session;
}

function isHeld(service: AccessService, found: FoundSession): found is FoundSession & LiveSession & { readonly state: 'live' } {
  if (found.state !== 'live') return false;
  return service.pattern === 'external' ? found.user !== null : found.session.grants.some((grant) => grant.service === service.name);
}
