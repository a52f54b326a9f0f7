import { type AdminSession, hasAdminSessionEnded } from '../../domain/admin-session.ts';
import { isAdministrator } from '../../domain/administrator.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import type { AdminSessionStore, Clock, Randomness, UserStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import { readAdminKey } from './admin-key.ts';

export interface AdminSessionDeps {
  readonly audit: AuditTrail;
  readonly adminSessions: AdminSessionStore;
  readonly users: UserStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** An administrator with a session in force, as stored now. */
export interface Admin {
  readonly user: User;
  readonly session: AdminSession;
}

/** A use is written down once a minute: enough to tell who is idle. */
const TOUCH_SECONDS = 60;

/** Null unless the cookie is that of a session in force, of somebody who is an administrator now. Counts as a use. */
export async function findAdmin(deps: AdminSessionDeps, cookies: ReadonlyMap<string, string>): Promise<Admin | null> {
  const key = readAdminKey(cookies);
  if (key === null) return null;
  const found = await deps.adminSessions.find(key.id);
  if (found === null) return null;
  const { secretHash, ...session } = found;
  const now = deps.clock.now();
  if (!deps.randomness.equal(deps.randomness.hash(key.secret), secretHash) || hasAdminSessionEnded(session, now)) return null;
  const user = await deps.users.findById(session.userId);
  if (user === null || user.disabledAt !== null || !isAdministrator(user)) return endSession(deps, session);
  if (now.getTime() - session.usedAt.getTime() >= TOUCH_SECONDS * 1000) await deps.adminSessions.touch(session.id, now);
  return { user, session };
}

/** A role that comes back does not bring the session back. */
async function endSession(deps: AdminSessionDeps, session: AdminSession): Promise<null> {
  await deps.adminSessions.remove(session.id);
  return null;
}
