import type { LogoutMessage } from '../domain/identity.ts';
import type { AdminSessionStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

interface EndDeps extends SignOnDeps {
  readonly adminSessions: Pick<AdminSessionStore, 'list' | 'remove'>;
}

/** Ends what a source says is over, at once, with the sessions of the same people as administrators. */
export async function endOutsideSessions(
  deps: EndDeps,
  source: string,
  { subject, sessionIndexes }: Pick<LogoutMessage, 'subject' | 'sessionIndexes'>,
): Promise<void> {
  const ids =
    sessionIndexes.length > 0
      ? await deps.signOns.findByIndex(source, sessionIndexes.map(deps.randomness.hash))
      : await deps.signOns.findBySubject(source, subject ?? '');
  const people = new Map<User['id'], User>();
  for (const id of ids) {
    const session = await deps.sessions.find(id);
    const user = session === null || session.userId === null ? null : await deps.users.findById(session.userId);
    await deps.sessions.remove(id);
    if (user !== null) people.set(user.id, user);
    if (user !== null) await deps.audit.record({ action: 'sign-out', actor: user.name, detail: `signed out at ${source}` });
  }
  const named = subject === null ? [] : (await deps.users.list()).filter((user) => user.source === source && user.subject === subject);
  for (const user of [...people.values(), ...named]) await endAdministration(deps, source, user);
}

/** Of an account of the source: whoever has a password here has signed in to the administration with that, perhaps. */
async function endAdministration(deps: EndDeps, source: string, user: User): Promise<void> {
  if (user.source !== source) return;
  for (const { id } of await deps.adminSessions.list(user.id)) {
    await deps.adminSessions.remove(id);
    await deps.audit.record({ action: 'administrator.sign-out', actor: user.name, detail: `signed out at ${source}` });
  }
}
