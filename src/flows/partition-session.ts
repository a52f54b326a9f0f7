import type { Session } from '../domain/session.ts';
import { findByCookie, type SessionDeps } from './find-session.ts';
import { newSessionKey, writeSessionKey } from './session-key.ts';

/** What a viewer's frame keeps: a copy of the access cookie for that viewer's site only, with a secret of its own. */
export interface PartitionedKey {
  readonly accessCookie: string;
  readonly endsAt: Date;
}

/**
 * Makes the copy of a session for the frame that was just let in. It ends with the session wherever that ends: no window
 * of ours could take it away from the frame's jar. Null where the frame has one already.
 */
export async function partitionSession(
  deps: SessionDeps,
  session: Session,
  cookies: ReadonlyMap<string, string>,
): Promise<PartitionedKey | null> {
  const kept = await findByCookie(deps, cookies, 'partitioned');
  if (kept.state === 'live' && kept.session.id === session.id) return null;
  const key = newSessionKey(deps.randomness, session.id);
  await deps.sessions.addPartition(session.id, { secretHash: deps.randomness.hash(key.secret), createdAt: deps.clock.now() });
  return { accessCookie: writeSessionKey(key), endsAt: session.endsAt };
}
