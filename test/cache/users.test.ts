import { describe, expect, it } from 'vitest';
import { cacheSessions } from '../../src/adapters/cache/sessions.ts';
import { cacheUsers } from '../../src/adapters/cache/users.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { UserStore } from '../../src/domain/ports.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addSession, addUser } from '../contracts/stored-people.ts';
import { describeUserStore } from '../contracts/user-store.ts';

describeUserStore(
  'SQLite behind a cache',
  () => openSqlite(':memory:'),
  (store) => cacheUsers(store, { ttlSeconds: 60 }),
);

describe('a user who was found by id', () => {
  it('is not looked up again until something is written', async () => {
    const db = await openSqlite(':memory:');
    let looks = 0;
    const findById: typeof db.users.findById = (id) => {
      looks += 1;
      return db.users.findById(id);
    };
    const users = cacheUsers({ ...db.users, findById }, { ttlSeconds: 60 });
    const { id } = await addUser(db, 'ada');
    await Promise.all([users.findById(id), users.findById(id)]);
    await users.findById(id);
    expect(looks).toBe(1);
    await users.setRoles(id, ['curator']);
    expect((await users.findById(id))?.roles).toEqual(['curator']);
    await users.remove(id);
    expect(await users.findById(id)).toBeNull();
    await db.close();
  });
});

describe('a session that was found, and believed in for a while', () => {
  it.each([
    ['disabled', (users: UserStore, id: UserId) => users.disable(id, AT)],
    ['removed', (users: UserStore, id: UserId) => users.remove(id)],
    ['given another password', (users: UserStore, id: UserId) => users.setPasswordHash(id, 'new')],
  ])('is gone at once when its user is %s', async (_what, change) => {
    const db = await openSqlite(':memory:');
    const sessions = cacheSessions(db.sessions, { ttlSeconds: 60 });
    const users = cacheUsers(db.users, { ttlSeconds: 60, onSessionsEnded: sessions.forgetAll });
    const { id } = await addUser(db, 'ada');
    await addSession(db, 'ses_1', { userId: id });
    expect(await sessions.find('ses_1')).not.toBeNull();
    await change(users, id);
    expect(await sessions.find('ses_1')).toBeNull();
    await db.close();
  });
});
