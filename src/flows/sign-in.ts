import type { PasswordHasher } from '../domain/ports.ts';
import type { Grant, User } from '../domain/session.ts';
import { isRefusal, type Refusal } from '../lib/problems.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import type { GuessLimits } from './limit-guesses.ts';
import { type OpenedSession, openSessionFor } from './open-session.ts';

export interface SignInDeps extends SessionDeps {
  readonly passwords: PasswordHasher;
  readonly guesses: GuessLimits;
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
  /** The same for a wrong password and a user who does not exist, in words and in time. */
  | { readonly kind: 'wrong' }
  | Refusal;

const LONGEST_NAME = 200;
const LONGEST_PASSWORD = 1024;

export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<SignInOutcome> {
  const user = await deps.guesses.guard(attempt, () => checkPassword(deps, attempt));
  if (isRefusal(user)) return user;
  if (user === null) return { kind: 'wrong' };
  const current = await findLiveSession(deps, attempt.cookies, 'session');
  const grantedAt = deps.clock.now();
  const grants = attempt.grants.map((grant) => ({ ...grant, grantedAt }));
  return { kind: 'signed-in', user, opened: await openSessionFor(deps, user, current, grants) };
}

async function checkPassword(deps: SignInDeps, attempt: SignInAttempt): Promise<User | null> {
  const name = attempt.name.trim();
  const { password } = attempt;
  if (name === '' || name.length > LONGEST_NAME || password === '' || password.length > LONGEST_PASSWORD) return null;
  const [hash, user] = [await deps.users.findPasswordHash(name), await deps.users.find(name)];
  const matches = await deps.passwords.verify(hash, password);
  return matches ? user : null;
}
