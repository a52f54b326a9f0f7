import type { OneTimeIdStore } from '../domain/identity.ts';
import type { Clock } from '../domain/ports.ts';
import type { PendingSignInStore } from '../domain/sign-on.ts';

/** Nobody has so many readers on their way within ten minutes; a script has. */
const MOST_PENDING = 50_000;

/** Forgets what no answer can use any more; to be run now and then. */
export async function removeEndedSignIns(deps: {
  readonly pendingSignIns: PendingSignInStore;
  readonly oneTimeIds: OneTimeIdStore;
  readonly clock: Clock;
}): Promise<void> {
  const now = deps.clock.now();
  await deps.pendingSignIns.removeEnded(now, MOST_PENDING);
  await deps.oneTimeIds.removeEnded(now);
}
