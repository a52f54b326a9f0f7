import type { Clock } from '../domain/ports.ts';
import { lossOf, type ShadowLoss, type ShadowLossStore } from '../domain/shadow.ts';
import type { Visitor } from '../domain/visitor.ts';
import type { Refused } from './audit-visits.ts';

export interface LossCounterDeps {
  readonly shadowLosses: Pick<ShadowLossStore, 'add'>;
  readonly clock: Clock;
  /** Told of each, for the log. Nobody is named. */
  readonly onLoss: (loss: ShadowLoss) => void;
  readonly onFailure: (error: unknown) => void;
  /** Runs it once after so many milliseconds, unless it is called off by what is returned. */
  readonly later: (run: () => void, milliseconds: number) => () => void;
}

export interface LossCounter {
  wouldRefuse(visitor: Visitor, path: string, would: Refused): void;
  /** Stores all that waits. */
  close(): Promise<void>;
}

const WAIT_MILLISECONDS = 1_000;
/** While the database fails: some megabytes. What comes after that is not counted. */
const MOST_WAITING = 5_000;

/** Counts what shadow mode lets through, and writes the counts down together, a moment later. */
export function createLossCounter({ shadowLosses, clock, onLoss, onFailure, later }: LossCounterDeps): LossCounter {
  let waiting = new Map<string, ShadowLoss>();
  let callOff: (() => void) | null = null;
  let writing = Promise.resolve();

  function count(loss: ShadowLoss): void {
    const key = [loss.outcome, loss.rule, loss.folder, loss.who].join('\n');
    const known = waiting.get(key);
    if (known === undefined && waiting.size >= MOST_WAITING) return;
    waiting.set(key, known === undefined ? loss : { ...known, visits: known.visits + loss.visits, last: loss.last });
  }

  function flush(): Promise<void> {
    callOff?.();
    callOff = null;
    writing = writing.then(async () => {
      const losses = [...waiting.values()];
      waiting = new Map();
      if (losses.length === 0) return;
      await shadowLosses.add(losses).catch((error: unknown) => {
        for (const loss of losses) count(loss);
        onFailure(error);
      });
    });
    return writing;
  }

  return {
    wouldRefuse(visitor, path, would) {
      const loss = lossOf(would, path, visitor, clock.now());
      onLoss(loss);
      count(loss);
      callOff ??= later(() => void flush(), WAIT_MILLISECONDS);
    },
    close: flush,
  };
}
