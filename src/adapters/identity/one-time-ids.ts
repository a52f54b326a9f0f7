import type { OneTimeIds } from '../../domain/identity.ts';
import type { Clock } from '../../domain/ports.ts';

/** Far more messages than a busy institution sends while one is valid; the oldest give way. */
const MOST_IDS = 50_000;

/** In memory: for one instance, until it ends. */
export function createOneTimeIds(clock: Clock): OneTimeIds {
  const spent = new Map<string, number>();

  function forget(now: number): void {
    for (const [id, until] of spent) {
      if (until > now && spent.size <= MOST_IDS) break;
      spent.delete(id);
    }
  }

  return {
    async spend(id, until) {
      const now = clock.now().getTime();
      forget(now);
      if ((spent.get(id) ?? 0) > now) return false;
      spent.delete(id);
      spent.set(id, until.getTime());
      return true;
    },
  };
}
