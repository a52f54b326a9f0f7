import type { SessionStore } from '../domain/ports.ts';
import type { Opener } from '../domain/session.ts';
import type { OpenedSession } from './open-session.ts';

/** Longer than those of browsers; what is longer is not one. */
const LONGEST_USER_AGENT = 300;

/** Notes from where a session was opened, for its owner and for administrators to recognise it by. */
export async function noteOpener(
  { sessions }: { readonly sessions: Pick<SessionStore, 'noteOpener'> },
  { id }: Pick<OpenedSession, 'id'>,
  { address, userAgent }: Opener,
): Promise<void> {
  await sessions.noteOpener(id, { address, userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null });
}
