import { LOCAL_SOURCE, type User } from '../../domain/session.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';
import { type AskDeps, askSources, type Checked } from '../ask-sources.ts';
import { recordFailure } from '../check-password.ts';
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

/** The user of a name and a password, administrator or not: an account of ours, or of a source that takes passwords. */
export async function recogniseByPassword(
  deps: AdminSessionDeps & AskDeps & { readonly guesses: GuessLimits },
  attempt: AdministratorAttempt,
): Promise<User | Refusal | { readonly kind: 'wrong' | 'unavailable' }> {
  const sources = [LOCAL_SOURCE, ...deps.identitySources().keys()];
  let failed: Exclude<Checked, { kind: 'right' }> = { kind: 'wrong', detail: '' };
  const checked = await deps.guesses.guard(attempt, async () => {
    const outcome = await askSources(deps, { ...attempt, sources });
    if (outcome.kind === 'right') return outcome;
    failed = outcome;
    return null;
  });
  if (checked !== null && !isRefusal(checked)) return checked.user;
  await recordFailure(deps, 'administrator.sign-in.failed', { ...attempt, service: null }, checked ?? failed.detail);
  return checked ?? { kind: failed.kind };
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
