import { LRUCache } from 'lru-cache';
import type { SessionStore } from '../../domain/ports.ts';
import type { SessionId } from '../../domain/session.ts';
import { onChange } from './lookups.ts';

export interface SessionCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** Told of every write but that of a use, before it and after it. */
  readonly onWrite?: () => void;
  /** Sessions kept. */
  readonly max?: number;
  /** A session's use is written at most once in this time. */
  readonly touchSeconds?: number;
  /** Told when a use could not be written; the reader never is. */
  readonly onTouchFailed?: (error: unknown) => void;
}

export interface CachedSessions extends SessionStore {
  /** For sessions that ended without this store: the next `find` of each is a look-up. */
  forgetAll(): void;
}

type Found = Awaited<ReturnType<SessionStore['find']>>;

interface Use {
  readonly writtenAt: Date;
  readonly usedAt: Date;
}

/**
 * Keeps found sessions for seconds, so that a hundred tiles cost one look-up. Whatever is written through this store is
 * seen by the next `find`. Sessions that do not exist are not kept: anybody can ask for those.
 */
export function cacheSessions(store: SessionStore, options: SessionCacheOptions = {}): CachedSessions {
  const {
    ttlSeconds = 3,
    max = 10_000,
    touchSeconds = 60,
    changesElsewhere = () => 0,
    onWrite = () => {},
    onTouchFailed = () => {},
  } = options;
  // The look-up is kept, not its answer: a write drops one that is still under way as well.
  const lookups = new LRUCache<SessionId, Promise<Found>>({ max, ttl: Math.max(1, ttlSeconds * 1000) });
  const uses = new LRUCache<SessionId, Use>({ max });

  const forgetWhatChanged = onChange(changesElsewhere, () => lookups.clear());

  function lookUp(id: SessionId): Promise<Found> {
    const lookup = store.find(id);
    lookups.set(id, lookup);
    const forget = (): void => {
      if (lookups.peek(id) === lookup) lookups.delete(id);
    };
    lookup.then((found) => (found === null ? forget() : undefined), forget);
    return lookup;
  }

  /** Before the write and after it, since a `find` in between may have read the old state. */
  async function write<T>(ids: readonly SessionId[], change: () => Promise<T>): Promise<T> {
    const drop = (): void => {
      for (const id of ids) lookups.delete(id);
      onWrite();
    };
    drop();
    try {
      return await change();
    } finally {
      drop();
    }
  }

  async function writeUse(id: SessionId, use: Use): Promise<void> {
    uses.set(id, { writtenAt: use.usedAt, usedAt: use.usedAt });
    try {
      await store.touch(id, use.usedAt);
    } catch (error) {
      uses.set(id, { writtenAt: use.writtenAt, usedAt: uses.peek(id)?.usedAt ?? use.usedAt });
      onTouchFailed(error);
    }
  }

  async function writeUses(): Promise<void> {
    const unwritten = [...uses.entries()].filter(([, use]) => use.usedAt > use.writtenAt);
    for (const [id, use] of unwritten) await writeUse(id, use);
  }

  function forgetAll(): void {
    lookups.clear();
    onWrite();
  }

  async function writeAny(change: () => Promise<number>): Promise<number> {
    forgetAll();
    try {
      return await change();
    } finally {
      forgetAll();
    }
  }

  /** Which ones go depends on their last use, and shows only afterwards. */
  async function removeMany(remove: () => Promise<number>): Promise<number> {
    await writeUses();
    return writeAny(remove);
  }

  function forgetUse(id: SessionId): void {
    uses.delete(id);
  }

  return {
    create: (session) => write([session.id], () => store.create(session)),

    async find(id) {
      forgetWhatChanged();
      const found = await (lookups.get(id) ?? lookUp(id));
      const use = uses.peek(id);
      return found !== null && use !== undefined && use.usedAt > found.usedAt ? { ...found, usedAt: use.usedAt } : found;
    },

    /** Answers before the use is written. */
    async touch(id, usedAt) {
      const use = uses.get(id);
      if (use !== undefined && usedAt <= use.usedAt) return;
      const writtenAt = use?.writtenAt ?? new Date(0);
      if (usedAt.getTime() - writtenAt.getTime() >= touchSeconds * 1000) void writeUse(id, { writtenAt, usedAt });
      else uses.set(id, { writtenAt, usedAt });
    },

    addGrant: (id, grant) => write([id], () => store.addGrant(id, grant)),

    addPartition: (id, partition) => write([id], () => store.addPartition(id, partition)),

    rotate(old, session) {
      forgetUse(old);
      return write([old, session.id], () => store.rotate(old, session));
    },

    remove(id) {
      forgetUse(id);
      return write([id], () => store.remove(id));
    },

    noteOpener: (id, opener) => store.noteOpener(id, opener),

    async list(filter, page) {
      const listed = await store.list(filter, page);
      return listed.map((session) => {
        const use = uses.peek(session.id);
        return use !== undefined && use.usedAt > session.usedAt ? { ...session, usedAt: use.usedAt } : session;
      });
    },

    removeAll: () => writeAny(() => store.removeAll()),

    removeOfUser: (userId) => writeAny(() => store.removeOfUser(userId)),

    removeGrants: (id, service, origin) => write([id], () => store.removeGrants(id, service, origin)),

    removeEnded: (before) => removeMany(() => store.removeEnded(before)),

    removeUnowned: (keep) => removeMany(() => store.removeUnowned(keep)),

    forgetAll,
  };
}
