import type { TokenStore } from '../domain/ports.ts';
import type { ListedToken, Session, User } from '../domain/session.ts';
import { findLiveSession } from './find-session.ts';
import { endSession, type Leaving, type SignOutDeps } from './sign-out.ts';
import { giveBackSeat } from './take-seat.ts';

export interface OwnSessionDeps extends SignOutDeps {
  readonly tokens: TokenStore;
}

/** What a visitor may know of the own session: everything but the secrets. */
export interface OwnSession {
  readonly session: Session;
  readonly user: User | null;
  /** When it ends unless it is used. */
  readonly idleEndsAt: Date;
  /** In force, the one that ends first at the beginning. */
  readonly tokens: readonly ListedToken[];
}

/** Null for whoever has no session. Only the session cookie counts: no viewer elsewhere gets to see this. */
export async function findOwnSession(deps: OwnSessionDeps, cookies: ReadonlyMap<string, string>): Promise<OwnSession | null> {
  const live = await findLiveSession(deps, cookies, 'session');
  if (live === null) return null;
  const { session, user } = live;
  const now = deps.clock.now();
  const idleEndsAt = new Date(Math.min(session.usedAt.getTime() + deps.limits.idleMinutes * 60_000, session.endsAt.getTime()));
  const tokens = await deps.tokens.list(session.id);
  return { session, user, idleEndsAt, tokens: tokens.filter((token) => token.expiresAt > now) };
}

/** What a visitor can end of the own session. */
export type SessionPart =
  | { readonly kind: 'token'; readonly tokenHash: string }
  | { readonly kind: 'grant'; readonly service: string; readonly origin: string }
  | { readonly kind: 'all' };

/** Ends it at once. What is another's, or gone already, is left alone without a word. */
export async function endPartOfSession(deps: OwnSessionDeps, leaving: Leaving, part: SessionPart): Promise<'session-ended' | 'part-ended'> {
  const live = await findLiveSession(deps, leaving.cookies, 'session');
  if (live === null) return 'session-ended';
  const { id, userId, grants } = live.session;
  if (part.kind === 'token') {
    await deps.tokens.remove(id, part.tokenHash);
    return 'part-ended';
  }
  const isLast = userId === null && part.kind === 'grant' && grants.every((grant) => isSame(grant, part));
  if (part.kind === 'all' || isLast) {
    await endSession(deps, live, leaving.address);
    return 'session-ended';
  }
  await deps.sessions.removeGrants(id, part.service, part.origin);
  await giveBackSeat(deps, id, part.service);
  return 'part-ended';
}

type Granted = Pick<Session['grants'][number], 'service' | 'origin'>;

function isSame(one: Granted, other: Granted): boolean {
  return one.service === other.service && one.origin === other.origin;
}
