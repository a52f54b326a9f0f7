import type { AccessService } from '../domain/access.ts';
import { type SignOnStore, sourcesOf } from '../domain/sign-on.ts';
import { sourceOfSession } from './admit-person.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import { grantToSession, type OpenedSession } from './open-session.ts';

export type ContinueOutcome =
  /** `opened` is null where the browser has its cookies already. */
  { readonly kind: 'continued'; readonly opened: OpenedSession | null } | { readonly kind: 'not-signed-in' };

/** Somebody who is signed in lets one more viewer see what the account may. */
export async function continueToViewer(
  deps: SessionDeps & { readonly signOns: SignOnStore },
  service: AccessService,
  origin: string,
  cookies: ReadonlyMap<string, string>,
): Promise<ContinueOutcome> {
  const live = await findLiveSession(deps, cookies, 'session');
  if (live === null || live.user === null) return { kind: 'not-signed-in' };
  if (!sourcesOf(service).includes(await sourceOfSession(deps, live.session))) return { kind: 'not-signed-in' };
  const opened = await grantToSession(deps, cookies, { service: service.name, origin, grantedAt: deps.clock.now() });
  return { kind: 'continued', opened };
}
