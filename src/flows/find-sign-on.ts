import type { KnownSource } from '../domain/sign-on.ts';
import { type CookieKind, findLiveSession } from './find-session.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

/** The source that opened a session, and what it wants back at a sign-out. */
export interface SignedOn {
  readonly known: KnownSource;
  readonly hint: string | null;
}

/** Null for a visitor whom no source signed in, or one that the identity file no longer has. */
export async function findSignOn(deps: SignOnDeps, cookies: ReadonlyMap<string, string>, kind: CookieKind): Promise<SignedOn | null> {
  const live = await findLiveSession(deps, cookies, kind);
  const signOn = live === null ? null : await deps.signOns.find(live.session.id);
  const known = signOn === null ? undefined : deps.identitySources().get(signOn.source);
  if (signOn === null || known === undefined) return null;
  return { known, hint: signOn.sealedHint === null ? null : deps.sealer.open(signOn.sealedHint) };
}
