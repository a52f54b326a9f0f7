import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { MOST_PERSONAL_TOKENS } from '../../src/domain/personal-token.ts';
import type { PersonalTokenStore } from '../../src/domain/ports.ts';
import type { User } from '../../src/domain/session.ts';
import { AT, addUser, END, LATER } from './stored-people.ts';

/** What every `PersonalTokenStore` does. */
export function describePersonalTokenStore(
  engine: string,
  open: () => Promise<Database>,
  storeOf: (db: Database) => PersonalTokenStore = (db) => db.personalTokens,
): void {
  describe(`personal tokens in ${engine}`, () => {
    let db: Database;
    let tokens: PersonalTokenStore;
    let ada: User;
    beforeEach(async () => {
      db = await open();
      tokens = storeOf(db);
      ada = await addUser(db, 'ada');
    });
    afterEach(() => db.close());

    const add = (user: User, name: string, { createdAt = AT, expiresAt = END } = {}) =>
      tokens.create({ userId: user.id, name, scopes: ['content', 'users:read'], secretHash: `hash ${name}`, createdAt, expiresAt });

    it('are found by the hash of their secret, as they were made', async () => {
      const made = await add(ada, 'nightly');
      expect(made).toEqual({
        id: expect.stringMatching(/^pat_/),
        userId: ada.id,
        name: 'nightly',
        scopes: ['content', 'users:read'],
        createdAt: AT,
        expiresAt: END,
        usedAt: null,
      });
      expect(await tokens.find('hash nightly')).toEqual(made);
      expect(await tokens.find('HASH nightly')).toBeNull();
      expect(await tokens.findById(made?.id ?? 'pat_none')).toEqual(made);
      expect(await tokens.findById('pat_none')).toBeNull();
    });

    it('are listed by user or all, the newest first', async () => {
      const grace = await addUser(db, 'grace');
      await add(ada, 'old');
      await add(grace, 'other');
      await add(ada, 'new', { createdAt: LATER });
      expect((await tokens.list(ada.id)).map(({ name }) => name)).toEqual(['new', 'old']);
      expect((await tokens.list()).map(({ name }) => name).toSorted()).toEqual(['new', 'old', 'other']);
    });

    it('are at most so many for a user, those that have expired aside', async () => {
      const tries = await Promise.all(Array.from({ length: MOST_PERSONAL_TOKENS + 1 }, (_, at) => add(ada, `${at}`)));
      expect(tries.filter((each) => each === null)).toHaveLength(1);
      expect(await add(ada, 'one more', { createdAt: LATER })).toBeNull();
      expect(await add(ada, 'one after', { createdAt: END, expiresAt: new Date(END.getTime() + 1) })).not.toBeNull();
    });

    it('keep when they were used', async () => {
      const made = await add(ada, 'nightly');
      await tokens.find('hash nightly');
      await tokens.touch(made?.id ?? 'pat_none', LATER);
      expect((await tokens.find('hash nightly'))?.usedAt).toEqual(LATER);
    });

    it('are gone at once when they are removed, and only they', async () => {
      const made = await add(ada, 'nightly');
      await add(ada, 'other');
      await tokens.find('hash nightly');
      expect(await tokens.remove(made?.id ?? 'pat_none')).toBe(true);
      expect(await tokens.remove(made?.id ?? 'pat_none')).toBe(false);
      expect(await tokens.find('hash nightly')).toBeNull();
      expect((await tokens.list(ada.id)).map(({ name }) => name)).toEqual(['other']);
    });

    it('are removed after their end, and only then', async () => {
      await add(ada, 'short', { expiresAt: LATER });
      await add(ada, 'long');
      await tokens.find('hash short');
      expect(await tokens.removeExpired(new Date(LATER.getTime() - 1))).toBe(0);
      expect(await tokens.removeExpired(LATER)).toBe(1);
      expect(await tokens.find('hash short')).toBeNull();
      expect(await tokens.find('hash long')).not.toBeNull();
    });

    it('go with their user, and there are none of nobody', async () => {
      await add(ada, 'nightly');
      await db.users.remove(ada.id);
      expect(await tokens.list()).toEqual([]);
      expect(await add(ada, 'late')).toBeNull();
    });
  });
}
