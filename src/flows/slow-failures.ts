import type { Clock } from '../domain/ports.ts';

/** Mirador 3 asks about nine times a second after a failure; this brings it to one, and a reader who retries notices nothing. */
const FREE_FAILURES = 2;
const FIRST_DELAY_MILLISECONDS = 200;
/** Viewers wait five seconds for the token service at most. */
const LONGEST_DELAY_MILLISECONDS = 1000;
const FORGET_AFTER_SECONDS = 30;
const MOST_KEYS = 5_000;

/** Counted in this process or in another one. */
export interface FailureBrake {
  /** Counts a failure, and says how long to hold the answer back. */
  delayMilliseconds(key: string): number | Promise<number>;
  forget(key: string): void | Promise<void>;
}

/** Slows whoever fails again and again, and never locks out. Memory is bounded: the oldest are forgotten first. */
export function createFailureBrake(clock: Clock) {
  const failures = new Map<string, { readonly count: number; readonly at: number }>();
  return {
    delayMilliseconds(key: string): number {
      const now = clock.now().getTime();
      const before = failures.get(key);
      const count = before === undefined || now - before.at > FORGET_AFTER_SECONDS * 1000 ? 1 : before.count + 1;
      failures.delete(key);
      failures.set(key, { count, at: now });
      if (failures.size > MOST_KEYS) failures.delete(failures.keys().next().value ?? '');
      if (count <= FREE_FAILURES) return 0;
      return Math.min(LONGEST_DELAY_MILLISECONDS, FIRST_DELAY_MILLISECONDS * 2 ** Math.min(count - FREE_FAILURES - 1, 10));
    },
    forget(key: string): void {
      failures.delete(key);
    },
  };
}
