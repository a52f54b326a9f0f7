import { LRUCache } from 'lru-cache';
import type { UserStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';

export interface UserCacheOptions {
  /** How long a user that another process has changed may still be believed here. */
  readonly ttlSeconds?: number;
  /** Users kept. */
  readonly max?: number;
}

/** Keeps users found by id for seconds, beside their sessions. Whatever is written through this store is seen at once. */
export function cacheUsers(store: UserStore, options: UserCacheOptions = {}): UserStore {
  const { ttlSeconds = 3, max = 10_000 } = options;
  // The look-up is kept, not its answer: a write drops one that is still under way as well.
  const lookups = new LRUCache<UserId, ReturnType<UserStore['findById']>>({ max, ttl: Math.max(1, ttlSeconds * 1000) });

  function lookUp(id: UserId): ReturnType<UserStore['findById']> {
    const lookup = store.findById(id);
    lookups.set(id, lookup);
    const forget = (): void => {
      if (lookups.peek(id) === lookup) lookups.delete(id);
    };
    lookup.then((user) => (user === null ? forget() : undefined), forget);
    return lookup;
  }

  async function write<T>(change: () => Promise<T>): Promise<T> {
    lookups.clear();
    try {
      return await change();
    } finally {
      lookups.clear();
    }
  }

  return {
    find: (name) => store.find(name),
    findById: (id) => lookups.get(id) ?? lookUp(id),
    list: () => store.list(),
    create: (user) => store.create(user),
    remove: (name) => write(() => store.remove(name)),
    setPasswordHash: (name, passwordHash) => write(() => store.setPasswordHash(name, passwordHash)),
    setRoles: (name, roles) => write(() => store.setRoles(name, roles)),
    findPasswordHash: (name) => store.findPasswordHash(name),
  };
}
