import { KEEP_DECIDED_REQUESTS_DAYS } from '../domain/access-request.ts';
import { ADMIN_IDLE_MINUTES } from '../domain/admin-session.ts';
import { KEEP_ENDED_GRANTS_DAYS } from '../domain/item-grant.ts';
import type {
  AccessRequestStore,
  AdminSessionStore,
  AttemptStore,
  Clock,
  ItemGrantStore,
  PersonalTokenStore,
  SessionStore,
  TokenStore,
  UserLinkStore,
} from '../domain/ports.ts';
import type { SessionLimits } from '../domain/session.ts';
import { GUESS_WINDOW_MINUTES } from './limit-guesses.ts';

export interface RemoveEndedDeps {
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly personalTokens: Pick<PersonalTokenStore, 'removeExpired'>;
  readonly attempts: AttemptStore;
  readonly adminSessions: AdminSessionStore;
  readonly itemGrants: Pick<ItemGrantStore, 'removeEnded'>;
  readonly userLinks: Pick<UserLinkStore, 'removeEnded'>;
  readonly accessRequests: Pick<AccessRequestStore, 'removeDecided'>;
  readonly clock: Clock;
  readonly limits: SessionLimits;
}

/** An ended session opens nothing. It is kept for a day, so that a viewer can be told "expired" and not "unknown". */
const KEEP_ENDED_HOURS = 24;

/** So that its owner sees why a script has stopped. */
const KEEP_EXPIRED_TOKENS_DAYS = 30;

/** Of people who agreed to terms: some hundred megabytes. Nobody has so many readers in two days; a script has. */
const MOST_UNOWNED_SESSIONS = 200_000;

/** Tidies the stores; to be run now and then. Tells how many sessions were removed. */
export async function removeEndedSessions(deps: RemoveEndedDeps): Promise<number> {
  const now = deps.clock.now();
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  await deps.tokens.removeExpired(now);
  await deps.personalTokens.removeExpired(ago(KEEP_EXPIRED_TOKENS_DAYS * 24 * 60));
  await deps.attempts.removeBefore(ago(GUESS_WINDOW_MINUTES));
  await deps.adminSessions.removeEnded({ endsAt: now, usedAt: ago(ADMIN_IDLE_MINUTES) });
  await deps.itemGrants.removeEnded(ago(KEEP_ENDED_GRANTS_DAYS * 24 * 60));
  await deps.userLinks.removeEnded(now);
  await deps.accessRequests.removeDecided(ago(KEEP_DECIDED_REQUESTS_DAYS * 24 * 60));
  const keepMinutes = KEEP_ENDED_HOURS * 60;
  const ended = await deps.sessions.removeEnded({ endsAt: ago(keepMinutes), usedAt: ago(keepMinutes + deps.limits.idleMinutes) });
  return ended + (await deps.sessions.removeUnowned(MOST_UNOWNED_SESSIONS));
}
