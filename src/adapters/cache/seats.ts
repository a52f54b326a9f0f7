import { LRUCache } from 'lru-cache';
import type { SeatAsk, SeatOutcome, SeatStore } from '../../domain/seat.ts';
import { onChange } from './lookups.ts';

/**
 * How long a seat is believed without asking, so that the tiles of a picture cost one question. Far shorter than any seat
 * lasts, so that nobody reads on in a seat that was given to somebody else.
 */
const SEATED_MILLISECONDS = 10_000;
/** The same of there being none. */
const FULL_MILLISECONDS = 1_000;

export interface SeatCacheOptions {
  readonly max?: number;
  /** Another number where another process may have given a seat up. */
  readonly changesElsewhere?: () => number;
}

/** Keeps for seconds who has a seat and who has none. */
export function cacheSeats(store: SeatStore, { max = 20_000, changesElsewhere = () => 0 }: SeatCacheOptions = {}): SeatStore {
  const asked = new LRUCache<string, Promise<SeatOutcome>>({ max, ttl: SEATED_MILLISECONDS });
  const forgetWhatChanged = onChange(changesElsewhere, () => asked.clear());

  function ask(key: string, question: SeatAsk): Promise<SeatOutcome> {
    const answer = store.take(question);
    asked.set(key, answer);
    const drop = (): void => {
      if (asked.peek(key) === answer) asked.delete(key);
    };
    answer.then(({ kind }) => {
      if (kind === 'waiting') drop();
      else if (kind === 'full' && asked.peek(key) === answer) asked.set(key, answer, { ttl: FULL_MILLISECONDS });
    }, drop);
    return answer;
  }

  return {
    async take(question) {
      const key = keyOf(question.sessionId, question.item);
      forgetWhatChanged();
      const known = await asked.get(key);
      return known === undefined || (known.kind !== 'seated' && question.waits) ? ask(key, question) : known;
    },
    async leave(sessionId, item) {
      const key = keyOf(sessionId, item);
      asked.delete(key);
      try {
        await store.leave(sessionId, item);
      } finally {
        asked.delete(key);
      }
    },
  };
}

function keyOf(sessionId: string, item: string): string {
  return `${sessionId}\n${item}`;
}
