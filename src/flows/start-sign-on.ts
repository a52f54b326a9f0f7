import type { IdentityAddresses, IdentityUnavailable, PendingSignIn, RedirectIdentitySource } from '../domain/identity.ts';
import type { SessionId } from '../domain/session.ts';
import type { SignOnTarget } from '../domain/sign-on.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import { findLiveSession } from './find-session.ts';
import type { NewSessionLimits } from './limit-new-sessions.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

/** Somebody who has to find a password, or a second factor, takes minutes. */
export const PENDING_MINUTES = 10;

/** How a sign-on began; kept while the visitor is away. */
export interface Begun {
  readonly target: SignOnTarget;
  /** Whether the visitor chose the source on a page of ours, which named the viewer. */
  readonly clicked: boolean;
  /** The session that the browser had: the answer may come without its cookie, as from SAML. */
  readonly sessionId: SessionId | null;
}

/** What is sealed of a pending sign-on. */
export interface SealedSignIn {
  readonly begun: Begun;
  readonly pending: PendingSignIn;
}

export interface Start {
  readonly source: RedirectIdentitySource;
  readonly addresses: IdentityAddresses;
  /** Of the cookie that the answer has to come with. */
  readonly browserSecret: string;
  readonly target: SignOnTarget;
  readonly clicked: boolean;
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
}

export type StartOutcome = { readonly kind: 'leaving'; readonly url: string } | IdentityUnavailable | Refusal;

export function tooManyStarts(waitSeconds: number): Refusal {
  return { ...refuse('request.throttled', 'Too many sign-ins were begun from this address.'), retryAfterSeconds: waitSeconds };
}

/** Sends a visitor to a source, and keeps for ten minutes what the answer is judged by. */
export async function startSignOn(deps: SignOnDeps & { readonly starts: NewSessionLimits }, start: Start): Promise<StartOutcome> {
  const waitSeconds = await deps.starts.take(start.address);
  if (waitSeconds > 0) return tooManyStarts(waitSeconds);
  const started = await start.source.start(start.addresses);
  if (started.outcome === 'unavailable') return started;
  const live = await findLiveSession(deps, start.cookies, 'session');
  const begun: Begun = { target: start.target, clicked: start.clicked, sessionId: live?.session.id ?? null };
  const { pending, url } = started;
  await deps.pendingSignIns.keep({
    keyHash: deps.randomness.hash(pending.key),
    source: start.source.name,
    browserHash: deps.randomness.hash(start.browserSecret),
    sealed: deps.sealer.seal(JSON.stringify({ begun, pending } satisfies SealedSignIn)),
    endsAt: new Date(deps.clock.now().getTime() + PENDING_MINUTES * 60_000),
  });
  return { kind: 'leaving', url };
}
