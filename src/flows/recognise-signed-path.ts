import type { AccessModel } from '../domain/access.ts';
import { isBoundToAPlace } from '../domain/authorizing-aspect.ts';
import { grantsInForce } from '../domain/grants-in-force.ts';
import { findServiceByName } from '../domain/item-service.ts';
import type { Visitor } from '../domain/visitor.ts';
import { isActive } from '../iiif/auth/service-description.ts';
import { type FindPersonDeps, findPerson } from './find-person.ts';
import { judgeSession, type LiveSession, type SessionDeps } from './find-session.ts';
import { keepAlive } from './keep-alive.ts';
import { isWithoutCookies, type SignedPathLimits } from './sign-path.ts';
import { type PathClaims, readSignedPath, type SigningDeps } from './signed-path.ts';

export interface RecogniseSignedPathDeps extends SessionDeps, SigningDeps, FindPersonDeps {
  readonly signedPaths: SignedPathLimits;
  access(): AccessModel;
}

/** What comes with a signed path. */
export interface SignedRequest {
  /** The signed segment of the path. */
  readonly capability: string;
  /** Of the item that is asked for. */
  readonly identifier: string;
  /** The `Origin` header; pictures that no script can read come without. */
  readonly origin: string | null;
  readonly address: string;
}

/**
 * Whose path it is; null where it is nobody's: changed, for another item, ended, used by another origin, or of a session
 * that is over. What its visitor may see is judged anew by whoever asks: a role, a grant or a policy that has gone counts.
 */
export async function recogniseSignedPath(deps: RecogniseSignedPathDeps, request: SignedRequest): Promise<Visitor | null> {
  const claims = readSignedPath(deps, request.capability, request.identifier);
  if (claims === null || deps.clock.now() >= claims.expiresAt) return null;
  if (request.origin !== null && request.origin !== claims.origin) return null;
  if (!isWithoutCookies(deps.signedPaths, claims.origin, request.identifier)) return null;
  const session = await deps.sessions.find(claims.sessionId);
  if (session === null) return null;
  const live = await judgeSession(deps, session);
  if (live.state !== 'live') return null;
  await keepAlive(deps, live.session);
  return {
    address: request.address,
    by: 'signed-path',
    sessionId: live.session.id,
    user: await findPerson(deps, live.user),
    services: new Set(isHeld(deps.access(), claims, live, deps.clock.now()) ? [claims.service] : []),
    devices: new Set(),
    origins: new Set([claims.origin]),
  };
}

/** Whether the session still has what the token was issued for. What depends on the address is judged with the address. */
function isHeld(access: AccessModel, { service: name, origin }: PathClaims, { session, user }: LiveSession, now: Date): boolean {
  const service = findServiceByName(access, name);
  if (service === null) return false;
  if (isBoundToAPlace(service)) return true;
  if (service.pattern === 'external') return user !== null;
  return grantsInForce(access, session.grants, now).some(
    (grant) => grant.service === name && (!isActive(service) || grant.origin === origin),
  );
}
