import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** What libuv calls the threads of its pool, in which pictures are decoded and encoded. */
const POOL = 'libuv-worker';
/**
 * In steps of niceness: a fiftieth of the time of what waits beside it, as long as that wants it all. With ten steps a
 * thread that came in while the other one had nothing to do for a moment kept it waiting for a whole turn, of 3 ms, so
 * often that one tile in a hundred met it. Makers of pyramids are still two steps behind.
 */
const BEHIND = 17;

/**
 * Lets the scheduler prefer the thread that answers to those that make pictures, so that a tile that is kept does not wait
 * for its turn behind large pictures. Linux keeps a priority for each thread, and threads that come later take that of
 * their maker; elsewhere, and where a system does not show its threads, nothing changes.
 */
export function keepPixelsBehind(): void {
  if (process.platform !== 'linux') return;
  const niceness = Math.min(constants.priority.PRIORITY_LOW, getPriority(process.pid) + BEHIND);
  for (const thread of poolThreads()) {
    try {
      setPriority(thread, niceness);
    } catch {
      // It is gone, or the system forbids it: then pictures and tiles take turns.
    }
  }
}

function poolThreads(): readonly number[] {
  try {
    const names = readdirSync('/proc/self/task');
    return names.filter((name) => readFileSync(`/proc/self/task/${name}/comm`, 'utf8').trim() === POOL).map(Number);
  } catch {
    return [];
  }
}
