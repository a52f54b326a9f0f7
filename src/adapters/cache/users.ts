import type { UserStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { keepLookups } from './lookups.ts';

export interface UserCacheOptions {
  /** How long a user that another process has changed may still be believed here. */
  readonly ttlSeconds?: number;
  /** Users kept. */
  readonly max?: number;
}

/** Keeps users found by id for seconds. */
export function cacheUsers(store: UserStore, options: UserCacheOptions = {}): UserStore {
  const { ttlSeconds = 3, max = 10_000 } = options;
  const { find, write } = keepLookups((id: UserId) => store.findById(id), { ttlSeconds, max });
  return {
    find: (name) => store.find(name),
    findById: find,
    list: () => store.list(),
    create: (user) => store.create(user),
    remove: (name) => write(() => store.remove(name)),
    setPasswordHash: (name, passwordHash) => write(() => store.setPasswordHash(name, passwordHash)),
    setRoles: (name, roles) => write(() => store.setRoles(name, roles)),
    findPasswordHash: (name) => store.findPasswordHash(name),
  };
}
