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
  /** Not ours, a wrong secret, a removed session, or a user who was removed or disabled. */
  | { readonly state: 'unknown' }
  | { readonly state: 'ended' }
  | ({ readonly state: 'live' } & LiveSession);

/** For our own pages, or for content and the token service. One never stands in for the other. */
export type CookieKind = 'session' | 'access';

/**
 * Names of the cookies. The session cookie is for our own pages; the access cookie is for content and the token service.
 * The partitioned one is the access cookie of a viewer's frame, in browsers that keep a jar for each site with a frame of ours.
 */
export const COOKIE_NAMES = { session: 'vitrine-session', access: 'vitrine-access', partitioned: 'vitrine-access-p' } as const;

type CookieName = keyof typeof COOKIE_NAMES;
type StoredSession = NonNullable<Awaited<ReturnType<SessionStore['find']>>>;

/** The first cookie of the kind that is in force; where none is, what the first that came turned out to be. */
export async function findSession(deps: SessionDeps, cookies: ReadonlyMap<string, string>, kind: CookieKind): Promise<FoundSession> {
  if (kind === 'session') return findByCookie(deps, cookies, 'session');
  const ordinary = await findByCookie(deps, cookies, 'access');
  if (ordinary.state === 'live') return ordinary;
  const partitioned = await findByCookie(deps, cookies, 'partitioned');
  return ordinary.state === 'missing' || partitioned.state === 'live' ? partitioned : ordinary;
}

/** The session of one cookie, whatever the others say. */
export async function findByCookie(deps: SessionDeps, cookies: ReadonlyMap<string, string>, name: CookieName): Promise<FoundSession> {
  const text = cookies.get(COOKIE_NAMES[name]);
  if (text === undefined || text === '') return { state: 'missing' };
  const key = parseSessionKey(text);
  if (key === null) return { state: 'unknown' };
  const stored = await deps.sessions.find(key.id);
  if (stored === null) return { state: 'unknown' };
  const given = deps.randomness.hash(key.secret);
  if (!hashesOf(stored, name).some((expected) => deps.randomness.equal(given, expected))) return { state: 'unknown' };
  return judgeSession(deps, stored);
}

function hashesOf(stored: StoredSession, name: CookieName): readonly string[] {
  if (name === 'partitioned') return stored.partitionSecretHashes;
  return [name === 'session' ? stored.sessionSecretHash : stored.accessSecretHash];
}

/** Whether a stored session is still in force. */
export async function judgeSession(deps: SessionDeps, session: Session): Promise<FoundSession> {
  if (hasEnded(session, deps.limits, deps.clock.now())) return { state: 'ended' };
  if (session.userId === null) return { state: 'live', session, user: null };
  const user = await deps.users.findById(session.userId);
  return user === null || user.disabledAt !== null ? { state: 'unknown' } : { state: 'live', session, user };
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
