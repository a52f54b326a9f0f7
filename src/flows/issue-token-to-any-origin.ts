import type { AccessService } from '../domain/access.ts';
import { findAspect, isBoundToAPlace } from '../domain/authorizing-aspect.ts';
import type { Session } from '../domain/session.ts';
import { nobody } from '../domain/visitor.ts';
import { type FindDeviceDeps, findDevice, servicesOfDevice } from './find-device.ts';
import { type FoundSession, findSession, type LiveSession } from './find-session.ts';
import { isInForce, issue, type TokenDeps, type TokenOutcome, type TokenRequest } from './issue-access-token.ts';
import type { NewSessionLimits } from './limit-new-sessions.ts';
import { openSession } from './open-session.ts';

type AnyOriginDeps = TokenDeps & FindDeviceDeps & { readonly newSessions: NewSessionLimits };
type AnyOriginRequest = TokenRequest & { readonly address: string };

/**
 * The token of a kiosk or external service. No viewer sent the visitor anywhere to click, so any viewer gets one; it is tied
 * to its origin all the same. https://iiif.io/api/auth/2.0/#external-interaction-pattern
 */
export async function issueTokenToAnyOrigin(deps: AnyOriginDeps, service: AccessService, request: AnyOriginRequest): Promise<TokenOutcome> {
  const found = await findSession(deps, request.cookies, 'access');
  if (isBoundToAPlace(service)) return issueToPlace(deps, service, request, found);
  if (found.state === 'missing') return { kind: 'denied', profile: 'missingAspect' };
  if (found.state === 'ended') return { kind: 'denied', profile: 'expiredAspect' };
  if (found.state === 'unknown') return { kind: 'denied', profile: 'invalidAspect' };
  return service.pattern === 'external' ? issueToAccount(deps, request, found) : issueToVisit(deps, request, found.session);
}

async function issueToPlace(
  deps: AnyOriginDeps,
  service: AccessService,
  request: AnyOriginRequest,
  found: FoundSession,
): Promise<TokenOutcome> {
  const device = await findDevice(deps, request.cookies);
  const aspect = findAspect(service, { ...nobody(request.address), devices: servicesOfDevice(device) });
  if (aspect === null) return { kind: 'denied', profile: 'missingAspect' };
  const asked = device !== null && aspect.kind === 'device' ? { ...request, deviceId: device.id } : request;
  if (found.state === 'live') return issue(deps, asked, found.session);
  if ((await deps.newSessions.take(request.address)) > 0) return { kind: 'denied', profile: 'unavailable' };
  return issue(deps, asked, await sessionOfToken(deps));
}

/** Tokens hang on sessions. This one's cookies go nowhere: it opens nothing that the place does not open. */
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
