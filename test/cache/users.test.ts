import { describe, expect, it } from 'vitest';
import { cacheUsers } from '../../src/adapters/cache/users.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addUser } from '../contracts/stored-people.ts';
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
    await users.setRoles('ada', ['curator']);
    expect((await users.findById(id))?.roles).toEqual(['curator']);
    await users.remove('ada');
    expect(await users.findById(id)).toBeNull();
    await db.close();
  });
});
