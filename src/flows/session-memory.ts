import type { Clock, SessionStore, UserStore } from '../domain/ports.ts';

/** How long another instance, or the command line, may take to be heard here. A revocation made here is heard at once. */
const MEMORY_SECONDS = 5;
/** A session is about 1 kB: some 10 MB at most. */
const MEMORY_ENTRIES = 10_000;

/**
 * The same two stores, with sessions and users kept in memory for seconds, so that a page of tiles is one look-up.
 * Whatever changes a session or a user through these forgets it first.
 */
export function rememberSessions(
  stores: { readonly sessions: SessionStore; readonly users: UserStore },
  clock: Clock,
): { readonly sessions: SessionStore; readonly users: UserStore } {
  const sessions = new Memory<StoredSession>(clock);
  const users = new Memory<StoredUser>(clock);
  return {
    sessions: rememberingSessionStore(stores.sessions, sessions),
    users: rememberingUserStore(stores.users, users, sessions),
  };
}

type StoredSession = NonNullable<Awaited<ReturnType<SessionStore['find']>>>;
type StoredUser = NonNullable<Awaited<ReturnType<UserStore['findById']>>>;

function rememberingSessionStore(store: SessionStore, memory: Memory<StoredSession>): SessionStore {
  return {
    create: (session) => store.create(session),
    find: (id) => memory.get(id, () => store.find(id)),
    touch(id, usedAt) {
      memory.change(id, (session) => ({ ...session, usedAt }));
      return store.touch(id, usedAt);
    },
    addGrant: (id, grant) => memory.forgetAround(id, () => store.addGrant(id, grant)),
    rotate: (old, session) => memory.forgetAround(old, () => store.rotate(old, session)),
    remove: (id) => memory.forgetAround(id, () => store.remove(id)),
    removeGrants: (id, service) => memory.forgetAround(id, () => store.removeGrants(id, service)),
    removeEnded: (before) => store.removeEnded(before),
  };
}

function rememberingUserStore(store: UserStore, memory: Memory<StoredUser>, sessions: Memory<StoredSession>): UserStore {
  const forgetAll = <T>(change: () => Promise<T>): Promise<T> => sessions.forgetAllAround(() => memory.forgetAllAround(change));
  return {
    find: (name) => store.find(name),
    findById: (id) => memory.get(id, () => store.findById(id)),
    list: () => store.list(),
    create: (user) => store.create(user),
    remove: (name) => forgetAll(() => store.remove(name)),
    setPasswordHash: (name, passwordHash) => forgetAll(() => store.setPasswordHash(name, passwordHash)),
    setRoles: (name, roles) => forgetAll(() => store.setRoles(name, roles)),
    findPasswordHash: (name) => store.findPasswordHash(name),
  };
}

class Memory<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #clock: Clock;
  /** Counts changes, so that what was read before a change is not kept after it. */
  #changes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string, read: () => Promise<T | null>): Promise<T | null> {
    const now = this.#clock.now().getTime();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now < kept.until) return kept.value;
    const changes = this.#changes;
    const value = await read();
    if (value !== null && changes === this.#changes) this.#keep(key, value, now + MEMORY_SECONDS * 1000);
    return value;
  }

  change(key: string, make: (value: T) => T): void {
    const kept = this.#kept.get(key);
    if (kept !== undefined) this.#kept.set(key, { value: make(kept.value), until: kept.until });
  }

  /** Forgets before, so that nothing old is given out, and after, so that nothing read meanwhile stays. */
  async forgetAround<R>(key: string, change: () => Promise<R>): Promise<R> {
    return this.#around(() => this.#kept.delete(key), change);
  }

  async forgetAllAround<R>(change: () => Promise<R>): Promise<R> {
    return this.#around(() => this.#kept.clear(), change);
  }

  async #around<R>(forget: () => unknown, change: () => Promise<R>): Promise<R> {
    forget();
    try {
      return await change();
    } finally {
      this.#changes += 1;
      forget();
    }
  }

  #keep(key: string, value: T, until: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until });
    if (this.#kept.size <= MEMORY_ENTRIES) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
