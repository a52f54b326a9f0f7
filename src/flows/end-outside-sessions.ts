import type { LogoutMessage } from '../domain/identity.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

/** Ends what a source says is over, at once. Tells how many sessions it were. */
export async function endOutsideSessions(
  deps: SignOnDeps,
  source: string,
  { subject, sessionIndexes }: Pick<LogoutMessage, 'subject' | 'sessionIndexes'>,
): Promise<number> {
  const ids =
    sessionIndexes.length > 0
      ? await deps.signOns.findByIndex(source, sessionIndexes.map(deps.randomness.hash))
      : await deps.signOns.findBySubject(source, subject ?? '');
  for (const id of ids) {
    const session = await deps.sessions.find(id);
    const user = session === null || session.userId === null ? null : await deps.users.findById(session.userId);
    await deps.sessions.remove(id);
    if (user !== null) await deps.audit.record({ action: 'sign-out', actor: user.name, detail: `signed out at ${source}` });
  }
  return ids.length;
}
