import type { ItemGrantStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { keepLookups } from './lookups.ts';

export interface ItemGrantCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** People whose grants are kept. */
  readonly max?: number;
}

/** Keeps what people were granted for seconds. */
export function cacheItemGrants(store: ItemGrantStore, options: ItemGrantCacheOptions = {}): ItemGrantStore {
  const { ttlSeconds = 3, max = 10_000, changesElsewhere } = options;
  const { find, write } = keepLookups((userId: UserId) => store.ofUser(userId), { ttlSeconds, max, changesElsewhere });
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
