import type { PersonalTokenStore } from '../../domain/ports.ts';
import { keepLookups } from './lookups.ts';

export interface PersonalTokenCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** Tokens kept. */
  readonly max?: number;
  /** Told when a use could not be written; the script never is. */
  readonly onTouchFailed?: (error: unknown) => void;
}

/** Keeps tokens found by their secret for seconds. */
export function cachePersonalTokens(store: PersonalTokenStore, options: PersonalTokenCacheOptions = {}): PersonalTokenStore {
  const { ttlSeconds = 3, max = 1_000, changesElsewhere, onTouchFailed = () => {} } = options;
  const { find, write } = keepLookups((secretHash: string) => store.find(secretHash), { ttlSeconds, max, changesElsewhere });
  return {
    create: (token) => store.create(token),
    list: (userId) => store.list(userId),
    find,
    findById: (id) => store.findById(id),
    touch: (id, usedAt) => write(() => store.touch(id, usedAt).catch(onTouchFailed)),
    remove: (id) => write(() => store.remove(id)),
    removeExpired: (before) => write(() => store.removeExpired(before)),
  };
}
