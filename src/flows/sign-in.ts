import type { AuditTrail } from '../domain/audit.ts';
import type { PasswordHasher } from '../domain/ports.ts';
import type { Grant, User } from '../domain/session.ts';
import { isRefusal, type Refusal } from '../lib/problems.ts';
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

const LONGEST_NAME = 200;
const LONGEST_PASSWORD = 1024;

export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<SignInOutcome> {
  const user = await deps.guesses.guard(attempt, () => checkPassword(deps, attempt));
  if (isRefusal(user) || user === null) {
    await recordFailure(deps, attempt, isRefusal(user) ? 'too many attempts' : 'wrong name or password');
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

/** Of names only those of users are written down: people type passwords where the name belongs. */
async function recordFailure(deps: SignInDeps, attempt: SignInAttempt, detail: string): Promise<void> {
  const user = await deps.users.find(attempt.name.slice(0, LONGEST_NAME));
  const [target, service] = [user?.name ?? null, serviceOf(attempt)];
  const more = user === null || user.disabledAt === null ? '' : ', and the user is disabled';
  await deps.audit.record({ action: 'sign-in.failed', address: attempt.address, service, target, detail: `${detail}${more}` });
}

/** Null on our own pages, where every service is opened. */
function serviceOf({ grants }: SignInAttempt): string | null {
  return grants.length === 1 ? (grants[0]?.service ?? null) : null;
}

async function checkPassword(deps: SignInDeps, attempt: SignInAttempt): Promise<User | null> {
  const name = attempt.name.trim();
  const { password } = attempt;
  if (name === '' || name.length > LONGEST_NAME || password === '' || password.length > LONGEST_PASSWORD) return null;
  const user = await deps.users.find(name);
  const hash = user === null ? null : await deps.users.findPasswordHash(user.id);
  const matches = await deps.passwords.verify(hash, password);
  return matches && user?.disabledAt === null ? user : null;
}
