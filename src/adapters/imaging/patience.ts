/** Whether a file may be read at once, while everybody waits: as long as it answers from memory, or nearly so. */
export interface Patience {
  isQuick(): boolean;
  /** A read took so long. */
  note(milliseconds: number): void;
}

/** More than a read takes that waits for no disk to turn. */
const QUICK_MILLISECONDS = 4;
/** More than programs wait for their turn. */
const TURN_MILLISECONDS = 50;
/** After a slow one the file is left to other threads; for twice as long after each further one. */
const PAUSE_MILLISECONDS = 20;
const LONGEST_PAUSE_MILLISECONDS = 60_000;
/** So many quick ones, and the pauses begin anew. */
const FORGIVEN_AFTER = 500;

/**
 * `now` is in milliseconds and never goes back. `diskReads` counts what the system has fetched from disks for this process:
 * a read that took long, and for which it fetched nothing, has waited for the processor, as it would in any other thread.
 */
export function createPatience(
  now: () => number = () => performance.now(),
  diskReads: () => number = () => process.resourceUsage().fsRead,
): Patience {
  let seenReads = 0;
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
      const reads = diskReads();
      if (reads === seenReads && milliseconds <= TURN_MILLISECONDS) return;
      seenReads = reads;
      quick = 0;
      quickAgainAt = now() + pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    },
  };
}
