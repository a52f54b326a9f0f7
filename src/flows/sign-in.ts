import type { AuditTrail } from '../domain/audit.ts';
import type { PasswordHasher } from '../domain/ports.ts';
import type { Grant, User } from '../domain/session.ts';
import { isRefusal, type Refusal } from '../lib/problems.ts';
import { checkPassword, recordFailure } from './check-password.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import type { GuessLimits } from './limit-guesses.ts';
import { type OpenedSession, openSessionFor } from './open-session.ts';

export interface SignInDeps extends SessionDeps {
  readonly passwords: PasswordHasher;
  readonly guesses: GuessLimits;
  readonly audit: AuditTrail;
}

export interface SignInAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  readonly cookies: ReadonlyMap<string, string>;
  /** What a success grants: a service, for the origin of a viewer. */
  readonly grants: ReadonlyArray<Omit<Grant, 'grantedAt'>>;
}

export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly opened: OpenedSession }
  /** The same for a wrong password and a user who does not exist or is disabled, in words and in time. */
  | { readonly kind: 'wrong' }
  | Refusal;

export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<SignInOutcome> {
  const user = await deps.guesses.guard(attempt, () => checkPassword(deps, attempt));
  if (isRefusal(user) || user === null) {
    await recordFailure(deps, 'sign-in.failed', { ...attempt, service: serviceOf(attempt) }, user);
    return user ?? { kind: 'wrong' };
  }
  const current = await findLiveSession(deps, attempt.cookies, 'session');
  const grantedAt = deps.clock.now();
  const grants = attempt.grants.map((grant) => ({ ...grant, grantedAt }));
  const opened = await openSessionFor(deps, user, current, grants);
  await deps.users.noteSignIn(user.id, grantedAt);
  await deps.audit.record({ action: 'sign-in', actor: user.name, address: attempt.address, service: serviceOf(attempt) });
  return { kind: 'signed-in', user, opened };
}

/** Null on our own pages, where every service is opened. */
function serviceOf({ grants }: SignInAttempt): string | null {
  return grants.length === 1 ? (grants[0]?.service ?? null) : null;
}
