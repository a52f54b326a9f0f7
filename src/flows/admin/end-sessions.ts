import type { AdminSessionId } from '../../domain/admin-session.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import type { AdminSessionStore, SessionStore, TokenStore, UserStore } from '../../domain/ports.ts';
import type { SessionId, User, UserId } from '../../domain/session.ts';

export interface EndSessionsDeps {
  /** The stores that requests are judged by: what is ended here counts for the next one. */
  readonly sessions: Pick<SessionStore, 'find' | 'remove' | 'removeOfUser' | 'removeAll'>;
  readonly adminSessions: Pick<AdminSessionStore, 'find' | 'list' | 'remove' | 'removeOfUser'>;
  readonly tokens: Pick<TokenStore, 'remove'>;
  readonly users: Pick<UserStore, 'find' | 'findById'>;
  readonly audit: AuditTrail;
}

/** Who ends them, and from where. */
export interface Ending {
  readonly actor: string;
  readonly address: string;
  readonly via?: 'web' | 'api';
}

/** One session of a reader with all that hangs on it. False where there is none. */
export async function endSessionOf(deps: EndSessionsDeps, id: SessionId, by: Ending): Promise<boolean> {
  const session = await deps.sessions.find(id);
  if (session === null) return false;
  await deps.sessions.remove(id);
  await deps.audit.record({ ...by, action: 'session.ended', target: await nameOf(deps, session.userId) });
  return true;
}

/** One access token of a session. False where there is none. */
export async function endTokenOf(deps: EndSessionsDeps, id: SessionId, tokenHash: string, by: Ending): Promise<boolean> {
  const session = await deps.sessions.find(id);
  if (session === null || !(await deps.tokens.remove(id, tokenHash))) return false;
  await deps.audit.record({ ...by, action: 'token.ended', target: await nameOf(deps, session.userId) });
  return true;
}

/** One session of an administrator. False where there is none. */
export async function endAdminSession(deps: EndSessionsDeps, id: AdminSessionId, by: Ending): Promise<boolean> {
  const session = await deps.adminSessions.find(id);
  if (session === null) return false;
  await deps.adminSessions.remove(id);
  const target = await nameOf(deps, session.userId);
  await deps.audit.record({ ...by, action: 'session.ended', target, detail: 'of the administration' });
  return true;
}

/** Every session of a user, as a reader and as an administrator; `except` stays. Null for nobody, else how many they were. */
export async function endSessionsOfUser(
  deps: EndSessionsDeps,
  name: string,
  by: Ending,
  except: AdminSessionId | null,
): Promise<number | null> {
  const user = await deps.users.find(name);
  if (user === null) return null;
  const ended = (await deps.sessions.removeOfUser(user.id)) + (await removeAdminSessions(deps, user, except));
  await deps.audit.record({ ...by, action: 'sessions.ended', target: user.name, detail: String(ended) });
  return ended;
}

/** Every session of everybody; `except` stays. Tells how many they were. */
export async function endAllSessions(deps: EndSessionsDeps, by: Ending, except: AdminSessionId | null): Promise<number> {
  const ended = (await deps.sessions.removeAll()) + (await removeAdminSessions(deps, null, except));
  await deps.audit.record({ ...by, action: 'sessions.all-ended', detail: String(ended) });
  return ended;
}

async function removeAdminSessions(deps: EndSessionsDeps, user: User | null, except: AdminSessionId | null): Promise<number> {
  const all = (await deps.adminSessions.list(user?.id)).filter(({ id }) => id !== except);
  for (const { id } of all) await deps.adminSessions.remove(id);
  return all.length;
}

async function nameOf({ users }: EndSessionsDeps, id: UserId | null): Promise<string | null> {
  return id === null ? null : ((await users.findById(id))?.name ?? null);
}
