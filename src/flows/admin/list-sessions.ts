import { type AdminSession, hasAdminSessionEnded } from '../../domain/admin-session.ts';
import type { AdminSessionStore, Clock, SessionStore, TokenStore, UserStore } from '../../domain/ports.ts';
import type { ListedSession, ListedToken, Session, SessionFilter, SessionLimits } from '../../domain/session.ts';

export interface ListSessionsDeps {
  readonly sessions: Pick<SessionStore, 'list'>;
  readonly adminSessions: Pick<AdminSessionStore, 'list'>;
  readonly tokens: Pick<TokenStore, 'list'>;
  readonly users: Pick<UserStore, 'findById'>;
  readonly limits: SessionLimits;
  readonly clock: Clock;
}

/** A reader's session with its owner's name, and its tokens in force. */
export interface ReaderSession {
  readonly session: ListedSession;
  /** Null for somebody who only agreed to terms, or was at a kiosk. */
  readonly userName: string | null;
  readonly tokens: readonly ListedToken[];
}

export type SessionPlace = Pick<Session, 'id' | 'createdAt'>;

const SESSIONS_ON_A_PAGE = 50;

/** Readers' sessions in force, the one opened last at the beginning. `after`: the last of the page before. */
export async function listSessions(
  deps: ListSessionsDeps,
  filter: SessionFilter,
  after: SessionPlace | undefined,
): Promise<{ readonly sessions: readonly ReaderSession[]; readonly next: SessionPlace | null }> {
  const now = deps.clock.now();
  const usedSince = new Date(now.getTime() - deps.limits.idleMinutes * 60_000);
  const found = await deps.sessions.list({ ...filter, endsAfter: now, usedSince }, { after, limit: SESSIONS_ON_A_PAGE + 1 });
  const sessions: ReaderSession[] = [];
  for (const session of found.slice(0, SESSIONS_ON_A_PAGE)) {
    const user = session.userId === null ? null : await deps.users.findById(session.userId);
    const tokens = (await deps.tokens.list(session.id)).filter(({ expiresAt }) => expiresAt > now);
    sessions.push({ session, userName: user?.name ?? null, tokens });
  }
  return { sessions, next: found.length > SESSIONS_ON_A_PAGE ? (sessions.at(-1)?.session ?? null) : null };
}

/** Administrators' sessions in force, the newest first. */
export async function listAdminSessions(
  deps: ListSessionsDeps,
): Promise<ReadonlyArray<{ readonly session: AdminSession; readonly userName: string }>> {
  const now = deps.clock.now();
  const inForce = (await deps.adminSessions.list()).filter((session) => !hasAdminSessionEnded(session, now));
  return Promise.all(inForce.map(async (session) => ({ session, userName: (await deps.users.findById(session.userId))?.name ?? '' })));
}
