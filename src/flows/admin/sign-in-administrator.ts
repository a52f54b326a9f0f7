import type { PasswordHasher } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';
import { checkPassword, recordFailure } from '../check-password.ts';
import type { GuessLimits } from '../limit-guesses.ts';
import { type AdminSessionDeps, findAdmin } from './find-admin.ts';
import { endAdminSession, type OpenedAdminSession, openAdminSession } from './open-admin-session.ts';

export interface AdministratorAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
}

/** Where somebody is who acts. */
export interface From {
  readonly address: string;
  readonly cookies: ReadonlyMap<string, string>;
}

/** The user of a name and a password, administrator or not; null where they do not belong together. */
export async function recogniseByPassword(
  deps: AdminSessionDeps & { readonly passwords: PasswordHasher; readonly guesses: GuessLimits },
  attempt: AdministratorAttempt,
): Promise<User | Refusal | null> {
  const user = await deps.guesses.guard(attempt, () => checkPassword(deps, attempt));
  const failure = user === null || isRefusal(user) ? { why: user } : null;
  if (failure !== null) await recordFailure(deps, 'administrator.sign-in.failed', { ...attempt, service: null }, failure.why);
  return user;
}

/** Opens a session for an administrator who was recognised, however that was done. */
export async function signInAdministrator(deps: AdminSessionDeps, user: User, from: From): Promise<OpenedAdminSession> {
  const opened = await openAdminSession(deps, user, from);
  await deps.users.noteSignIn(user.id, deps.clock.now());
  await deps.audit.record({ action: 'administrator.sign-in', actor: user.name, address: from.address });
  return opened;
}

export async function signOutAdministrator(deps: AdminSessionDeps, from: From): Promise<void> {
  const admin = await findAdmin(deps, from.cookies);
  await endAdminSession(deps, from.cookies);
  if (admin !== null) await deps.audit.record({ action: 'administrator.sign-out', actor: admin.user.name, address: from.address });
}
