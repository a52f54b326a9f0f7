import { expect, it } from 'vitest';
import { cacheItemGrants } from '../../src/adapters/cache/item-grants.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { describeItemGrantStore } from '../contracts/item-grant-store.ts';
import { AT, addUser, END } from '../contracts/stored-people.ts';

describeItemGrantStore(
  'SQLite behind a cache',
  () => openSqlite(':memory:'),
  (db) => cacheItemGrants(db.itemGrants, { ttlSeconds: 60 }),
);

it('what somebody was granted is not looked up again until something is written, not even where it is nothing', async () => {
  const db = await openSqlite(':memory:');
  const ada = await addUser(db, 'ada');
  const asked: string[] = [];
  const itemGrants = cacheItemGrants(
    {
      ...db.itemGrants,
      ofUser: (id) => {
        asked.push(id);
        return db.itemGrants.ofUser(id);
      },
    },
    { ttlSeconds: 60 },
  );
  await itemGrants.ofUser(ada.id);
  await itemGrants.ofUser(ada.id);
  expect(asked).toHaveLength(1);
  await itemGrants.add({ userId: ada.id, items: '**', until: END, note: null, createdBy: null, createdAt: AT });
  expect(await itemGrants.ofUser(ada.id)).toHaveLength(1);
  expect(asked).toHaveLength(2);
  await db.close();
});
