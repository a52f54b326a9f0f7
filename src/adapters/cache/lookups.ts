import { LRUCache } from 'lru-cache';

/** Answers of a store that are believed for seconds, beside the sessions that they belong to. */
export interface Lookups<Key, Found> {
  find(key: Key): Promise<Found | null>;
  /** Whatever is written through it is seen at once. */
  write<T>(change: () => Promise<T>): Promise<T>;
}

export interface KeepingLimits {
  /** How long an answer is believed. */
  readonly ttlSeconds: number;
  readonly max: number;
  /** Another number where another process may have changed what was looked up. */
  readonly changesElsewhere?: (() => number) | undefined;
  /** Told of every write, before it and after it. */
  readonly onWrite?: (() => void) | undefined;
}

/** What is absent is not kept. */
export function keepLookups<Key extends string, Found>(
  ask: (key: Key) => Promise<Found | null>,
  { ttlSeconds, max, changesElsewhere = () => 0, onWrite = () => {} }: KeepingLimits,
): Lookups<Key, Found> {
  // The look-up is kept, not its answer: a write drops one that is still under way as well.
  const lookups = new LRUCache<Key, Promise<Found | null>>({ max, ttl: Math.max(1, ttlSeconds * 1000) });

  const forgetWhatChanged = onChange(changesElsewhere, () => lookups.clear());

  function lookUp(key: Key): Promise<Found | null> {
    const lookup = ask(key);
    lookups.set(key, lookup);
    const forget = (): void => {
      if (lookups.peek(key) === lookup) lookups.delete(key);
    };
    lookup.then((found) => (found === null ? forget() : undefined), forget);
    return lookup;
  }

  return {
    find(key) {
      forgetWhatChanged();
      return lookups.get(key) ?? lookUp(key);
    },
    async write(change) {
      const forget = (): void => {
        lookups.clear();
        onWrite();
      };
      forget();
      try {
        return await change();
      } finally {
        forget();
      }
    },
  };
}

/** What is returned runs `forget` where the number is another one than the last time. */
export function onChange(changesElsewhere: () => number, forget: () => void): () => void {
  let seen = changesElsewhere();
  return () => {
    const now = changesElsewhere();
    if (now !== seen) forget();
    seen = now;
  };
}
