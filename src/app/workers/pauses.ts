/** Who served so long has not ended of the start. */
const SOUND_MILLISECONDS = 60_000;
const FIRST_MILLISECONDS = 100;
const LONGEST_MILLISECONDS = 30_000;

/** How long to wait before a worker that has ended is replaced: longer each time, where it ends again soon. */
export function createPauses(): { next(worker: number, livedMilliseconds: number): number } {
  const last = new Map<number, number>();
  return {
    next(worker, livedMilliseconds) {
      const before = livedMilliseconds >= SOUND_MILLISECONDS ? undefined : last.get(worker);
      const milliseconds = before === undefined ? FIRST_MILLISECONDS : Math.min(LONGEST_MILLISECONDS, before * 2);
      last.set(worker, milliseconds);
      return milliseconds;
    },
  };
}
