import { type Grant, LOCAL_SOURCE, type User } from '../domain/session.ts';
import { isRefusal, type Refusal } from '../lib/problems.ts';
import { openFor, type Person } from './admit-person.ts';
import { type AskDeps, askSources, type Checked } from './ask-sources.ts';
import { recordFailure } from './check-password.ts';
import { findLiveSession } from './find-session.ts';
import { grantsOfSource } from './grants-of-source.ts';
import type { GuessLimits } from './limit-guesses.ts';
import { type OpenedSession, openSessionFor } from './open-session.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

export interface SignInDeps extends AskDeps, SignOnDeps {
  readonly guesses: GuessLimits;
}

export interface SignInAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  readonly cookies: ReadonlyMap<string, string>;
  /** Who is asked, one after the other: `local`, and names of the identity file. Absent: `local` alone. */
  readonly sources?: readonly string[];
  /** What a success grants, where the service takes the source that said yes: a service, for the origin of a viewer. */
  readonly grants: ReadonlyArray<Omit<Grant, 'grantedAt'>>;
}

export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly opened: OpenedSession }
  /** The same for a wrong password and a user who does not exist, in words and in time. */
  | { readonly kind: 'wrong' }
  /** A source that might have known them did not answer. */
  | { readonly kind: 'unavailable' }
  | Refusal;

export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<SignInOutcome> {
  const { name, password, address, sources = [LOCAL_SOURCE] } = attempt;
  let failed: Exclude<Checked, { kind: 'right' }> = { kind: 'wrong', detail: '' };
  const checked = await deps.guesses.guard(attempt, async () => {
    const outcome = await askSources(deps, { name, password, sources });
    if (outcome.kind === 'right') return outcome;
    failed = outcome;
    return null;
  });
  if (isRefusal(checked) || checked === null) {
    await recordFailure(deps, 'sign-in.failed', { name, address, service: serviceOf(attempt) }, checked ?? failed.detail);
    return checked ?? { kind: failed.kind };
  }
  const { user, person } = checked;
  const opened = await open(deps, attempt, user, person);
  const through = person === null ? {} : { detail: `through ${person.known.name}` };
  await deps.audit.record({ action: 'sign-in', actor: user.name, address, service: serviceOf(attempt), ...through });
  return { kind: 'signed-in', user, opened };
}

async function open(deps: SignInDeps, { cookies, grants }: SignInAttempt, user: User, person: Person | null): Promise<OpenedSession> {
  if (person !== null) return openFor(deps, user, person, { cookies, sessionId: null, grants });
  const current = await findLiveSession(deps, cookies, 'session');
  const opened = await openSessionFor(deps, user, current, grantsOfSource(deps, grants, LOCAL_SOURCE));
  await deps.signOns.forget(opened.id);
  await deps.users.noteSignIn(user.id, deps.clock.now());
  return opened;
}

/** Null on our own pages, where every service is opened. */
function serviceOf({ grants }: SignInAttempt): string | null {
  return grants.length === 1 ? (grants[0]?.service ?? null) : null;
}
