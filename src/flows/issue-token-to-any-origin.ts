import type { AccessService } from '../domain/access.ts';
import type { Session } from '../domain/session.ts';
import { findNetwork } from '../lib/network.ts';
import { findSession, type LiveSession } from './find-session.ts';
import { isInForce, issue, type TokenDeps, type TokenOutcome, type TokenRequest } from './issue-access-token.ts';
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
  if (found.state === 'unknown') return { kind: 'denied', profile: 'invalidAspect' };
  return service.pattern === 'external' ? issueToAccount(deps, request, found) : issueToVisit(deps, request, found.session);
}

/** Tokens hang on sessions. This one's cookies go nowhere: it opens nothing that the address does not open. */
async function sessionOfToken(deps: TokenDeps) {
  const { id } = await openSession(deps, null, []);
  const session = await deps.sessions.find(id);
  if (session === null) throw new Error('a session that was just opened is gone');
  return session;
}

async function issueToAccount(deps: TokenDeps, request: TokenRequest, { user, session }: LiveSession): Promise<TokenOutcome> {
  return user === null ? { kind: 'denied', profile: 'invalidAspect' } : issue(deps, request, session);
}

async function issueToVisit(deps: TokenDeps, request: TokenRequest, session: Session): Promise<TokenOutcome> {
  const grants = session.grants.filter((grant) => grant.service === request.service);
  if (grants.length === 0) return { kind: 'denied', profile: 'invalidAspect' };
  return isInForce(deps, grants) ? issue(deps, request, session, grants) : { kind: 'denied', profile: 'expiredAspect' };
}
