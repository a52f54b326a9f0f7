import type { ItemGrantStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { keepLookups } from './lookups.ts';

export interface ItemGrantCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** Told of every write, before it and after it. */
  readonly onWrite?: () => void;
  /** People whose grants are kept. */
  readonly max?: number;
}

/** Keeps what people were granted for seconds. */
export function cacheItemGrants(store: ItemGrantStore, options: ItemGrantCacheOptions = {}): ItemGrantStore {
  const { ttlSeconds = 3, max = 10_000, changesElsewhere, onWrite } = options;
  const { find, write } = keepLookups((userId: UserId) => store.ofUser(userId), { ttlSeconds, max, changesElsewhere, onWrite });
  return {
    add: (grant) => write(() => store.add(grant)),
    ofUser: async (userId) => (await find(userId)) ?? [],
    find: (id) => store.find(id),
    list: (which) => store.list(which),
    setEnd: (id, until) => write(() => store.setEnd(id, until)),
    remove: (id) => write(() => store.remove(id)),
    removeEnded: (before) => write(() => store.removeEnded(before)),
  };
}
