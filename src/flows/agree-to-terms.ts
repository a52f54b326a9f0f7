import type { AccessService } from '../domain/access.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import { grantToSession, type OpenedSession } from './open-session.ts';

/** Null where the browser has its cookies already. */
export async function agreeToTerms(
  deps: SessionDeps,
  service: AccessService,
  origin: string,
  cookies: ReadonlyMap<string, string>,
): Promise<OpenedSession | null> {
  return grantToSession(deps, cookies, { service: service.name, origin, grantedAt: deps.clock.now() });
}

/** Whoever agreed before and declines now takes it back. */
export async function declineTerms(deps: SessionDeps, service: AccessService, cookies: ReadonlyMap<string, string>): Promise<void> {
  const live = await findLiveSession(deps, cookies, 'session');
  if (live !== null) await deps.sessions.removeGrants(live.session.id, service.name);
}
