import type { Grant, SessionId, User } from '../domain/session.ts';
import { findByCookie, findLiveSession, type LiveSession, type SessionDeps } from './find-session.ts';
import { newSessionId, newSessionKey, writeSessionKey } from './session-key.ts';

/** What the browser must keep. Shown this once: the store has hashes only. */
export interface OpenedSession {
  readonly id: SessionId;
  readonly sessionCookie: string;
  readonly accessCookie: string;
  readonly endsAt: Date;
}

/**
 * Opens a session for somebody who signed in, with secrets of its own, so that a session that was planted or seen before
 * is worth nothing afterwards. What the same person got before goes with them; what another account got does not.
 */
export async function openSessionFor(
  deps: SessionDeps,
  user: User,
  current: LiveSession | null,
  grants: readonly Grant[],
): Promise<OpenedSession> {
  if (current !== null && (current.user === null || current.user.id === user.id)) {
    return rotate(deps, current, { userId: user.id, endsAt: newEnd(deps), grants });
  }
  if (current !== null) await deps.sessions.remove(current.session.id);
  return (await openSession(deps, user, grants)).opened;
}

/**
 * Adds a grant to the visitor's session, or opens one without an account.
 * Null where the browser has all that it needs already.
 */
export async function grantToSession(deps: SessionDeps, cookies: ReadonlyMap<string, string>, grant: Grant): Promise<OpenedSession | null> {
  const current = await findLiveSession(deps, cookies, 'session');
  if (current === null) return (await openSession(deps, null, [grant])).opened;
  const content = await findByCookie(deps, cookies, 'access');
  if (content.state === 'live' && content.session.id === current.session.id) {
    await deps.sessions.addGrant(current.session.id, grant);
    return null;
  }
  // The access cookie is gone from the browser, and only its hash is here: new secrets for the same session, to the same end.
  return rotate(deps, current, { userId: current.session.userId, endsAt: current.session.endsAt, grants: [grant] });
}

/** A new session, whatever the browser has. */
export async function openSession(
  deps: SessionDeps,
  user: User | null,
  grants: readonly Grant[],
): Promise<{ readonly id: SessionId; readonly opened: OpenedSession }> {
  const { stored, opened } = prepare(deps, user?.id ?? null, newEnd(deps));
  await deps.sessions.create({ ...stored, grants });
  return { id: stored.id, opened };
}

async function rotate(
  deps: SessionDeps,
  current: LiveSession,
  next: { userId: User['id'] | null; endsAt: Date; grants: readonly Grant[] },
): Promise<OpenedSession> {
  const { stored, opened } = prepare(deps, next.userId, next.endsAt);
  await deps.sessions.rotate(current.session.id, stored);
  for (const grant of next.grants) await deps.sessions.addGrant(stored.id, grant);
  return opened;
}

function prepare(deps: SessionDeps, userId: User['id'] | null, endsAt: Date) {
  const { randomness } = deps;
  const id = newSessionId(randomness);
  const session = newSessionKey(randomness, id);
  const access = newSessionKey(randomness, id);
  return {
    stored: {
      id,
      sessionSecretHash: randomness.hash(session.secret),
      accessSecretHash: randomness.hash(access.secret),
      userId,
      createdAt: deps.clock.now(),
      endsAt,
    },
    opened: { id, sessionCookie: writeSessionKey(session), accessCookie: writeSessionKey(access), endsAt },
  };
}

function newEnd(deps: SessionDeps): Date {
  return new Date(deps.clock.now().getTime() + deps.limits.absoluteHours * 3_600_000);
}
