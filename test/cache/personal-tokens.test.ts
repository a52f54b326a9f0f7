import { describe, expect, it } from 'vitest';
import { cachePersonalTokens } from '../../src/adapters/cache/personal-tokens.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { describePersonalTokenStore } from '../contracts/personal-token-store.ts';
import { AT, addUser, END } from '../contracts/stored-people.ts';

describePersonalTokenStore(
  'SQLite behind a cache',
  () => openSqlite(':memory:'),
  (db) => cachePersonalTokens(db.personalTokens, { ttlSeconds: 60 }),
);

describe('a personal token that was found by its secret', () => {
  it('is not looked up again until something is written', async () => {
    const db = await openSqlite(':memory:');
    let asked = 0;
    const tokens = cachePersonalTokens(
      {
        ...db.personalTokens,
        find: (hash) => {
          asked += 1;
          return db.personalTokens.find(hash);
        },
      },
      { ttlSeconds: 60 },
    );
    const { id: userId } = await addUser(db, 'ada');
    const made = await tokens.create({ userId, name: 'a', scopes: ['content'], secretHash: 'hash', createdAt: AT, expiresAt: END });
    await tokens.find('hash');
    await tokens.find('hash');
    expect(asked).toBe(1);
    await tokens.remove(made?.id ?? 'pat_none');
    expect(await tokens.find('hash')).toBeNull();
    await db.close();
  });

  it('is answered for although its use cannot be written', async () => {
    const db = await openSqlite(':memory:');
    const failures: unknown[] = [];
    const broken = { ...db.personalTokens, touch: () => Promise.reject(new Error('disk full')) };
    await cachePersonalTokens(broken, { onTouchFailed: (error) => void failures.push(error) }).touch('pat_1', AT);
    expect(failures).toEqual([new Error('disk full')]);
    await db.close();
  });
});
