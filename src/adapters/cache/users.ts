import type { UserStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { keepLookups } from './lookups.ts';

export interface UserCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** Told of every write, before it and after it. */
  readonly onWrite?: () => void;
  /** Users kept. */
  readonly max?: number;
  /** Told when a change has ended sessions, so that nobody believes in them for seconds either. */
  readonly onSessionsEnded?: () => void;
}

/** Keeps users found by id for seconds. */
export function cacheUsers(store: UserStore, options: UserCacheOptions = {}): UserStore {
  const { ttlSeconds = 3, max = 10_000, changesElsewhere, onWrite, onSessionsEnded = () => {} } = options;
  const { find, write } = keepLookups((id: UserId) => store.findById(id), { ttlSeconds, max, changesElsewhere, onWrite });

  async function endSessions<T>(change: () => Promise<T>): Promise<T> {
    try {
      return await write(change);
    } finally {
      onSessionsEnded();
    }
  }

  return {
    find: (name) => store.find(name),
    findById: find,
    list: () => store.list(),
    search: (query, page) => store.search(query, page),
    countRoles: () => store.countRoles(),
    listSources: () => store.listSources(),
    create: (user) => store.create(user),
    keepOutside: (person) => write(() => store.keepOutside(person)),
    noteSignIn: (id, at) => write(() => store.noteSignIn(id, at)),
    change: (id, to) => write(() => store.change(id, to)),
    remove: (id) => endSessions(() => store.remove(id)),
    setPasswordHash: (id, passwordHash) => endSessions(() => store.setPasswordHash(id, passwordHash)),
    setRoles: (id, roles) => write(() => store.setRoles(id, roles)),
    disable: (id, at) => endSessions(() => store.disable(id, at)),
    enable: (id) => write(() => store.enable(id)),
    findPasswordHash: (id) => store.findPasswordHash(id),
  };
}
