import type { IdentityAddresses, IdentityOutcome, OutsideRequest, RedirectIdentitySource } from '../domain/identity.ts';
import type { SignOnDeps } from './sign-on-deps.ts';
import type { Begun, SealedSignIn } from './start-sign-on.ts';

export interface Return {
  readonly source: RedirectIdentitySource;
  readonly request: OutsideRequest;
  readonly addresses: IdentityAddresses;
  /** Of the cookie that the browser left with; null where it brings none. */
  readonly browserSecret: string | null;
}

/** What a source says, and what the sign-on was for; `begun` is null where none was pending for this browser, key and source. */
export interface Answer {
  readonly outcome: IdentityOutcome;
  readonly begun: Begun | null;
}

/** Judges an answer, once: whatever comes of it, the sign-on is no longer pending. */
export async function finishSignOn(deps: SignOnDeps, { source, request, addresses, browserSecret }: Return): Promise<Answer> {
  const kept = await takeKept(deps, source, { key: source.findKey(request), browserSecret });
  return { outcome: await source.finish(request, kept?.pending ?? null, addresses), begun: kept?.begun ?? null };
}

async function takeKept(
  { pendingSignIns, randomness, clock, sealer }: SignOnDeps,
  source: RedirectIdentitySource,
  { key, browserSecret }: { readonly key: string | null; readonly browserSecret: string | null },
): Promise<SealedSignIn | null> {
  if (key === null || browserSecret === null) return null;
  const [keyHash, browserHash] = [randomness.hash(key), randomness.hash(browserSecret)];
  const sealed = await pendingSignIns.take({ keyHash, source: source.name, browserHash, now: clock.now() });
  const text = sealed === null ? null : sealer.open(sealed);
  return text === null ? null : (JSON.parse(text) as SealedSignIn);
}
