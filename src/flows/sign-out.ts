import type { AccessModel, AccessService } from '../domain/access.ts';
import type { AuditTrail } from '../domain/audit.ts';
import { grantsInForce } from '../domain/grants-in-force.ts';
import type { SeatStore } from '../domain/seat.ts';
import { type CookieKind, findLiveSession, type LiveSession, type SessionDeps } from './find-session.ts';
import { giveBackSeat } from './take-seat.ts';

export interface SignOutDeps extends SessionDeps {
  readonly audit: AuditTrail;
  readonly seats: Pick<SeatStore, 'leave'>;
}

/** The parts of a request that say whose session it is, and where from. */
export interface Leaving {
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
}

/** Ends the visitor's session, with every grant and token of it, at once. False when there was none. */
export async function signOut(deps: SignOutDeps, leaving: Leaving, kind: CookieKind): Promise<boolean> {
  const live = await findLiveSession(deps, leaving.cookies, kind);
  if (live === null) return false;
  await endSession(deps, live, leaving.address);
  return true;
}

/** Ends a session at the wish of its owner. */
export async function endSession(deps: SignOutDeps, { session, user }: LiveSession, address: string): Promise<void> {
  await deps.sessions.remove(session.id);
  if (user !== null) await deps.audit.record({ action: 'sign-out', actor: user.name, address });
}

/** The services of which the visitor's session still holds something, each once. */
export async function servicesStillOpen(
  deps: SessionDeps & { access(): AccessModel },
  cookies: ReadonlyMap<string, string>,
  kind: CookieKind,
): Promise<readonly string[]> {
  const live = await findLiveSession(deps, cookies, kind);
  const grants = grantsInForce(deps.access(), live?.session.grants ?? [], deps.clock.now());
  return [...new Set(grants.map(({ service }) => service))];
}

/**
 * Leaves one access service. For one that signs in, that is the whole session; for terms, what was agreed to, and the
 * session too where nothing is left of it. https://iiif.io/api/auth/2.0/#logout-interaction
 */
export async function leaveService(
  deps: SignOutDeps,
  service: AccessService,
  leaving: Leaving,
  kind: CookieKind,
): Promise<'session-ended' | 'grants-ended' | 'nothing-to-end'> {
  const live = await findLiveSession(deps, leaving.cookies, kind);
  if (live === null) return 'nothing-to-end';
  const { id, userId, grants } = live.session;
  const isLast = userId === null && grants.every((grant) => grant.service === service.name);
  if (service.pattern === 'login' || isLast) {
    await endSession(deps, live, leaving.address);
    return 'session-ended';
  }
  await deps.sessions.removeGrants(id, service.name);
  await giveBackSeat(deps, id, service.name);
  return 'grants-ended';
}
