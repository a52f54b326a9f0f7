import { setTimeout } from 'node:timers/promises';
import type { Metric } from '../../lib/metric.ts';

interface CountingWorker {
  readonly number: number;
  /** What it has counted since it began. */
  ask(): Promise<readonly Metric[]>;
}

/** A worker that is too busy to answer counts with what it said the last time. */
const ANSWER_SECONDS = 2;

/** What workers have counted; those that have ended too, so that no count ever falls. */
export function createWorkerMetrics() {
  const last = new Map<number, readonly Metric[]>();
  let ended: Promise<readonly Metric[]> = Promise.resolve([]);
  return {
    async collect(workers: readonly CountingWorker[]): Promise<ReadonlyArray<readonly Metric[]>> {
      const asking = workers.map(async ({ number, ask }) => {
        const answer = await Promise.race([ask(), setTimeout(ANSWER_SECONDS * 1000, null, { ref: false })]).catch(() => null);
        if (answer !== null) last.set(number, answer);
      });
      await Promise.all(asking);
      return [...last.values(), await ended];
    },
    /** It has ended; another one with its number begins with nothing. */
    left(number: number): void {
      const counted = last.get(number);
      if (counted === undefined) return;
      last.delete(number);
      ended = ended.then(async (before) => {
        const { foldCounts } = await import('../../adapters/metrics/prometheus.ts');
        return foldCounts([before, counted]);
      });
    },
  };
}
