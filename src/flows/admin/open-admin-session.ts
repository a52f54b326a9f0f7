import { ADMIN_ABSOLUTE_HOURS } from '../../domain/admin-session.ts';
import type { User } from '../../domain/session.ts';
import { newAdminKey, readAdminKey, renewAdminKey, writeAdminKey } from './admin-key.ts';
import type { Admin, AdminSessionDeps } from './find-admin.ts';

/** What the browser must keep. Shown this once: the store has the hash only. */
export interface OpenedAdminSession {
  readonly cookie: string;
  readonly endsAt: Date;
}

/**
 * Opens a session for an administrator who has proved who it is. One that the browser had before ends, so that a planted
 * or seen cookie is worth nothing afterwards.
 */
export async function openAdminSession(
  deps: AdminSessionDeps,
  user: User,
  from: { readonly address: string; readonly cookies: ReadonlyMap<string, string> },
): Promise<OpenedAdminSession> {
  await endAdminSession(deps, from.cookies);
  const now = deps.clock.now();
  const key = newAdminKey(deps.randomness);
  const endsAt = new Date(now.getTime() + ADMIN_ABSOLUTE_HOURS * 3_600_000);
  await deps.adminSessions.create({
    id: key.id,
    secretHash: deps.randomness.hash(key.secret),
    userId: user.id,
    createdAt: now,
    usedAt: now,
    endsAt,
    confirmedAt: now,
    address: from.address,
  });
  return { cookie: writeAdminKey(key), endsAt };
}

/** The administrator has proved it again: the session goes on, with another secret. */
export async function renewAdminSession(deps: AdminSessionDeps, { session }: Admin): Promise<OpenedAdminSession> {
  const key = renewAdminKey(deps.randomness, session.id);
  await deps.adminSessions.confirm(key.id, deps.randomness.hash(key.secret), deps.clock.now());
  return { cookie: writeAdminKey(key), endsAt: session.endsAt };
}

/** Ends the session of these cookies, if it is one. */
export async function endAdminSession(deps: AdminSessionDeps, cookies: ReadonlyMap<string, string>): Promise<void> {
  const key = readAdminKey(cookies);
  const found = key === null ? null : await deps.adminSessions.find(key.id);
  if (key === null || found === null) return;
  if (deps.randomness.equal(deps.randomness.hash(key.secret), found.secretHash)) await deps.adminSessions.remove(key.id);
}
