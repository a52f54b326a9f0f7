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
  const people = new Set<User['id']>();
  for (const id of ids) {
    const session = await deps.sessions.find(id);
    const user = session === null || session.userId === null ? null : await deps.users.findById(session.userId);
    await deps.sessions.remove(id);
    if (user === null) continue;
    people.add(user.id);
    await deps.audit.record({ action: 'sign-out', actor: user.name, detail: `signed out at ${source}` });
  }
  await endAdministration(deps, source, (user) => people.has(user.id) || user.subject === subject);
}

/** Sessions of administrators do not say how they began: those of accounts of the source end. */
async function endAdministration(deps: EndDeps, source: string, isMeant: (user: User) => boolean): Promise<void> {
  for (const { id, userId } of await deps.adminSessions.list()) {
    const user = await deps.users.findById(userId);
    if (user === null || user.source !== source || !isMeant(user)) continue;
    await deps.adminSessions.remove(id);
    await deps.audit.record({ action: 'administrator.sign-out', actor: user.name, detail: `signed out at ${source}` });
  }
}
