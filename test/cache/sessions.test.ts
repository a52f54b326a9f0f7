import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cacheSessions, type SessionCacheOptions } from '../../src/adapters/cache/sessions.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { SessionStore } from '../../src/domain/ports.ts';
import { describeSessionStore } from '../contracts/session-store.ts';
import { AT, END, LATER, MEMBERS, TERMS } from '../contracts/stored-people.ts';

describeSessionStore(
  'SQLite behind a cache',
  () => openSqlite(':memory:'),
  (store) => cacheSessions(store, { ttlSeconds: 60 }),
);

type StoredSession = NonNullable<Awaited<ReturnType<SessionStore['find']>>>;

const SESSION: StoredSession = {
  id: 'ses_1',
  sessionSecretHash: 's',
  accessSecretHash: 'a',
  userId: null,
  createdAt: AT,
  usedAt: AT,
  endsAt: END,
  grants: [],
  partitionSecretHashes: [],
};

/** A store that counts, and answers when it is told to. */
function countingStore(over: Partial<SessionStore> = {}) {
  const calls: string[] = [];
  const done = async (): Promise<void> => {};
  const inner: SessionStore = {
    create: done,
    find: async (id) => (id === 'ses_1' ? SESSION : null),
    touch: done,
    addGrant: done,
    addPartition: done,
    rotate: done,
    remove: done,
    noteOpener: done,
    list: async () => [],
    removeAll: async () => 0,
    removeOfUser: async () => 0,
    removeGrants: done,
    removeEnded: async () => 0,
    removeUnowned: async () => 0,
    ...over,
  };
  const counted = Object.fromEntries(
    Object.entries(inner).map(([name, method]) => [
      name,
      (...words: unknown[]) => {
        calls.push(name);
        return (method as (...words: unknown[]) => unknown)(...words);
      },
    ]),
  );
  return { calls, store: counted as unknown as SessionStore };
}

function cached(options: SessionCacheOptions, over: Partial<SessionStore> = {}) {
  const { calls, store } = countingStore(over);
  return { calls, sessions: cacheSessions(store, { ttlSeconds: 60, ...options }) };
}

function minutesAfter(minutes: number): Date {
  return new Date(AT.getTime() + minutes * 60_000);
}

describe('a session that was found', () => {
  it('is not looked up again, not even by many at once', async () => {
    const { calls, sessions } = cached({});
    const found = await Promise.all(Array.from({ length: 40 }, () => sessions.find('ses_1')));
    await sessions.find('ses_1');
    expect(new Set(found)).toEqual(new Set([SESSION]));
    expect(calls).toEqual(['find']);
  });

  it('is looked up again after a while', async () => {
    const { calls, sessions } = cached({ ttlSeconds: 0.005 });
    await sessions.find('ses_1');
    await setTimeout(50);
    await sessions.find('ses_1');
    expect(calls).toEqual(['find', 'find']);
  });

  it('makes room for others', async () => {
    const { calls, sessions } = cached({ max: 2 }, { find: async (id) => ({ ...SESSION, id }) });
    for (const id of ['ses_1', 'ses_2', 'ses_3', 'ses_1'] as const) await sessions.find(id);
    expect(calls).toHaveLength(4);
  });

  it.each<[string, (sessions: SessionStore) => Promise<unknown>]>([
    ['is created', (sessions) => sessions.create(SESSION)],
    ['gets a grant', (sessions) => sessions.addGrant('ses_1', TERMS)],
    ['gets a partition', (sessions) => sessions.addPartition('ses_1', { secretHash: 'p', createdAt: LATER })],
    ['is rotated', (sessions) => sessions.rotate('ses_1', { ...SESSION, id: 'ses_2' })],
    ['is rotated to', (sessions) => sessions.rotate('ses_2', SESSION)],
    ['is removed', (sessions) => sessions.remove('ses_1')],
    ['loses a grant', (sessions) => sessions.removeGrants('ses_1', MEMBERS.service)],
    ['may have ended', (sessions) => sessions.removeEnded({ endsAt: AT, usedAt: AT })],
  ])('is looked up again when it %s', async (_what, write) => {
    const { calls, sessions } = cached({});
    await sessions.find('ses_1');
    await write(sessions);
    await sessions.find('ses_1');
    expect(calls.filter((call) => call === 'find')).toHaveLength(2);
  });

  it('is looked up again even when the write failed', async () => {
    const { calls, sessions } = cached({}, { remove: () => Promise.reject(new Error('disk full')) });
    await sessions.find('ses_1');
    await expect(sessions.remove('ses_1')).rejects.toThrow('disk full');
    await sessions.find('ses_1');
    expect(calls.filter((call) => call === 'find')).toHaveLength(2);
  });

  it('is not remembered when it was removed while the look-up was under way', async () => {
    const slow = Promise.withResolvers<StoredSession>();
    let looks = 0;
    const { sessions } = cached({}, { find: () => (looks++ === 0 ? slow.promise : Promise.resolve(null)) });
    const early = sessions.find('ses_1');
    await sessions.remove('ses_1');
    slow.resolve(SESSION);
    await early;
    expect(await sessions.find('ses_1')).toBeNull();
  });

  it('is not remembered when it was looked up while the removal was under way', async () => {
    const removal = Promise.withResolvers<void>();
    let removed = false;
    const { sessions } = cached({}, { find: async () => (removed ? null : SESSION), remove: () => removal.promise });
    const removing = sessions.remove('ses_1');
    expect(await sessions.find('ses_1')).toBe(SESSION);
    removed = true;
    removal.resolve();
    await removing;
    expect(await sessions.find('ses_1')).toBeNull();
  });
});

describe('a session that was not found', () => {
  it('is looked up each time, since anybody can ask for it', async () => {
    const { calls, sessions } = cached({});
    expect(await sessions.find('ses_x')).toBeNull();
    expect(await sessions.find('ses_x')).toBeNull();
    expect(calls).toEqual(['find', 'find']);
  });

  it('because the store failed is looked up again', async () => {
    let looks = 0;
    const { sessions } = cached({}, { find: async () => (looks++ === 0 ? Promise.reject(new Error('busy')) : SESSION) });
    await expect(sessions.find('ses_1')).rejects.toThrow('busy');
    expect(await sessions.find('ses_1')).toBe(SESSION);
  });
});

describe('the use of a session', () => {
  it('is written once a minute, and read at once', async () => {
    const written: Date[] = [];
    const { sessions } = cached({}, { touch: async (_id, at) => void written.push(at) });
    for (const minutes of [1, 1.2, 1.9, 2, 2.5, 3.1]) {
      await sessions.touch('ses_1', minutesAfter(minutes));
      expect((await sessions.find('ses_1'))?.usedAt).toEqual(minutesAfter(minutes));
    }
    expect(written).toEqual([1, 2, 3.1].map(minutesAfter));
  });

  it('does not keep anybody waiting', async () => {
    const { sessions } = cached({}, { touch: () => new Promise<void>(() => {}) });
    await sessions.touch('ses_1', LATER);
    expect((await sessions.find('ses_1'))?.usedAt).toEqual(LATER);
  });

  it('that could not be written is reported, and written with the next', async () => {
    const written: Date[] = [];
    const failures: unknown[] = [];
    let broken = true;
    const touch = async (_id: string, at: Date): Promise<void> => {
      if (broken) throw new Error('disk full');
      written.push(at);
    };
    const { sessions } = cached({ onTouchFailed: (error) => failures.push(error) }, { touch });
    await sessions.touch('ses_1', minutesAfter(1));
    await setTimeout(0);
    expect(failures).toEqual([new Error('disk full')]);
    broken = false;
    await sessions.touch('ses_1', minutesAfter(1.1));
    expect(written).toEqual([minutesAfter(1.1)]);
  });

  it('is written before unused sessions are removed', async () => {
    const db = await openSqlite(':memory:');
    const sessions = cacheSessions(db.sessions);
    await sessions.create({ ...SESSION, grants: [] });
    await sessions.touch('ses_1', minutesAfter(1));
    await sessions.touch('ses_1', minutesAfter(1.5));
    expect(await sessions.removeEnded({ endsAt: AT, usedAt: minutesAfter(1.2) })).toBe(0);
    expect(await sessions.find('ses_1')).not.toBeNull();
    await db.close();
  });
});
