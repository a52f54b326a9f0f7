import type { Clock, Randomness, SessionStore, UserStore } from '../domain/ports.ts';
import type { Session, SessionLimits, User } from '../domain/session.ts';
import { parseSessionKey } from './session-key.ts';

export interface SessionDeps {
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly limits: SessionLimits;
}

/** A session in force, and the user of it as stored now. */
export interface LiveSession {
  readonly session: Session;
  readonly user: User | null;
}

/** What a cookie turned out to be. */
export type FoundSession =
  | { readonly state: 'missing' }
  /** Not ours, a wrong secret, a removed session, or a removed user. */
  | { readonly state: 'unknown' }
  | { readonly state: 'ended' }
  | ({ readonly state: 'live' } & LiveSession);

/** Which of the two cookies. One never stands in for the other. */
export type CookieKind = 'session' | 'access';

/** Names of the cookies. The session cookie is for our own pages; the access cookie is for content and the token service. */
export const COOKIE_NAMES = { session: 'vitrine-session', access: 'vitrine-access' } as const satisfies Record<CookieKind, string>;

export async function findSession(deps: SessionDeps, cookies: ReadonlyMap<string, string>, kind: CookieKind): Promise<FoundSession> {
  const text = cookies.get(COOKIE_NAMES[kind]);
  if (text === undefined || text === '') return { state: 'missing' };
  const key = parseSessionKey(text);
  if (key === null) return { state: 'unknown' };
  const stored = await deps.sessions.find(key.id);
  if (stored === null) return { state: 'unknown' };
  const expected = kind === 'session' ? stored.sessionSecretHash : stored.accessSecretHash;
  if (!deps.randomness.equal(deps.randomness.hash(key.secret), expected)) return { state: 'unknown' };
  return judgeSession(deps, stored);
}

/** Whether a stored session is still in force. */
export async function judgeSession(deps: SessionDeps, session: Session): Promise<FoundSession> {
  if (hasEnded(session, deps.limits, deps.clock.now())) return { state: 'ended' };
  if (session.userId === null) return { state: 'live', session, user: null };
  const user = await deps.users.findById(session.userId);
  return user === null ? { state: 'unknown' } : { state: 'live', session, user };
}

export function hasEnded(session: Session, limits: SessionLimits, now: Date): boolean {
  return now >= session.endsAt || now.getTime() >= session.usedAt.getTime() + limits.idleMinutes * 60_000;
}

/** Null unless the cookie is that of a session in force. */
export async function findLiveSession(
  deps: SessionDeps,
  cookies: ReadonlyMap<string, string>,
  kind: CookieKind,
): Promise<LiveSession | null> {
  const found = await findSession(deps, cookies, kind);
  return found.state === 'live' ? found : null;
}
