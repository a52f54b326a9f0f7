/** Whether a file may be read at once, while everybody waits: as long as it answers from memory, or nearly so. */
export interface Patience {
  isQuick(): boolean;
  /** A read took so long. */
  note(milliseconds: number): void;
}

/** More than a read takes that waits for no disk to turn, even where other programs want the processor. */
const QUICK_MILLISECONDS = 4;
/** After a slow one the file is left to other threads; for twice as long after each further one. */
const PAUSE_MILLISECONDS = 20;
const LONGEST_PAUSE_MILLISECONDS = 60_000;
/** So many quick ones, and the pauses begin anew. */
const FORGIVEN_AFTER = 500;

/** `now` is in milliseconds and never goes back. */
export function createPatience(now: () => number = () => performance.now()): Patience {
  let pause = PAUSE_MILLISECONDS;
  let quickAgainAt = Number.NEGATIVE_INFINITY;
  let quick = 0;
  return {
    isQuick: () => now() >= quickAgainAt,
    note(milliseconds) {
      if (milliseconds <= QUICK_MILLISECONDS) {
        quick += 1;
        if (quick >= FORGIVEN_AFTER) pause = PAUSE_MILLISECONDS;
        return;
      }
      quick = 0;
      quickAgainAt = now() + pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    },
  };
}
