/** Leaves an upstream alone that fails again and again: readers hear of it at once, and it can come to itself. */
export interface Breaker {
  /** False while it is left alone. After that one request tries, and the others wait for what it finds. */
  mayAsk(): boolean;
  secondsLeft(): number;
  note(outcome: 'well' | 'failed' | 'unknown'): void;
}

/** One after the other, without one that went well between them. */
const FAILURES = 8;
const FIRST_PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** `now`: milliseconds on a clock that never goes back. */
export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let pause = FIRST_PAUSE_MILLISECONDS;
  let closedUntil: number | null = null;
  let trying = false;

  return {
    mayAsk() {
      if (closedUntil === null) return true;
      if (trying || now() < closedUntil) return false;
      trying = true;
      return true;
    },
    secondsLeft: () => Math.max(1, Math.ceil(((closedUntil ?? now()) - now()) / 1000)),
    note(outcome) {
      const wasTrying = trying;
      trying = false;
      if (outcome === 'unknown') return;
      if (outcome === 'well') {
        failures = 0;
        pause = FIRST_PAUSE_MILLISECONDS;
        closedUntil = null;
        return;
      }
      failures += 1;
      if (failures < FAILURES) return;
      // Requests that were under way when it was closed say nothing new.
      if (closedUntil !== null && !wasTrying) return;
      if (wasTrying) pause = Math.min(LONGEST_PAUSE_MILLISECONDS, pause * 2);
      closedUntil = now() + pause;
    },
  };
}
