import PQueue from 'p-queue';
import { Failure, refuse } from '../lib/problems.ts';

/** How much may be made at once, and how much may wait. */
export interface LaneLimits {
  readonly concurrency: number;
  /** Requests that may wait; one more is refused with `server.busy`. */
  readonly waiting: number;
  /** Longest wait before a render starts; then `server.busy`. */
  readonly waitSeconds: number;
}

export type Lane = 'small' | 'big';

export interface RenderLanes {
  /**
   * Runs `work` once for all who ask for `key` at the same time. Dropped before it starts when every asker has gone;
   * once started it runs to its end, since pixel work can't be stopped and must keep its place in the lane.
   * Throws `Failure` (`server.busy`, with a time to come back) when the lane is full.
   */
  run(key: string, lane: Lane, signal: AbortSignal, work: () => Promise<Uint8Array>): Promise<Uint8Array>;
  /** What runs and waits now, for metrics. */
  state(): Readonly<Record<Lane, { running: number; waiting: number }>>;
}

interface Flight {
  readonly result: Promise<Uint8Array>;
  readonly abort: AbortController;
  /** Changed as readers come and go. */
  readonly state: { askers: number; started: boolean };
}

/** Two lanes, so that tiles never wait behind giant pictures. */
export function createRenderLanes(limits: Readonly<Record<Lane, LaneLimits>>): RenderLanes {
  const queues: Record<Lane, PQueue> = {
    small: new PQueue({ concurrency: limits.small.concurrency }),
    big: new PQueue({ concurrency: limits.big.concurrency }),
  };
  const flights = new Map<string, Flight>();

  function takeOff(key: string, lane: Lane, work: () => Promise<Uint8Array>): Flight {
    const queue = queues[lane];
    if (queue.size >= limits[lane].waiting) throw busy('Too many images are being made at the moment.');
    const abort = new AbortController();
    const state = { askers: 0, started: false };
    const patience = setTimeout(() => abort.abort(busy('The image waited too long for its turn.')), limits[lane].waitSeconds * 1000);
    const result = queue
      .add(
        () => {
          clearTimeout(patience);
          state.started = true;
          return work();
        },
        { signal: abort.signal },
      )
      .finally(() => {
        clearTimeout(patience);
        if (flights.get(key)?.state === state) flights.delete(key);
      });
    result.catch(() => {});
    const flight: Flight = { result, abort, state };
    flights.set(key, flight);
    return flight;
  }

  return {
    async run(key, lane, signal, work) {
      signal.throwIfAborted();
      const flight = flights.get(key) ?? takeOff(key, lane, work);
      flight.state.askers += 1;
      const leave = () => {
        flight.state.askers -= 1;
        if (flight.state.askers > 0 || flight.state.started) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.abort.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await flight.result;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    state() {
      return {
        small: { running: queues.small.pending, waiting: queues.small.size },
        big: { running: queues.big.pending, waiting: queues.big.size },
      };
    },
  };
}

function busy(detail: string): Failure {
  return new Failure({ ...refuse('server.busy', detail), retryAfterSeconds: 5 }, detail);
}
