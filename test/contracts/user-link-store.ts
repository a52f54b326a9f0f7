import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addUser, END, LATER } from './stored-people.ts';

/** What every `UserLinkStore` does. */
export function describeUserLinkStore(engine: string, open: () => Promise<Database>): void {
  describe(`links for passwords in ${engine}`, () => {
    let db: Database;
    let userId: UserId;
    beforeEach(async () => {
      db = await open();
      userId = (await addUser(db, 'ada')).id;
    });
    afterEach(() => db.close());

    const invite = (secretHash: string, endsAt = END) => db.userLinks.create({ secretHash, userId, kind: 'invitation', endsAt });

    it('are found by their secret and by their user, as they were made', async () => {
      await invite('hash');
      const link = { userId, kind: 'invitation', endsAt: END };
      expect(await db.userLinks.find('hash', AT)).toEqual(link);
      expect(await db.userLinks.findOfUser(userId, AT)).toEqual(link);
      expect(await db.userLinks.find('other', AT)).toBeNull();
      expect(await db.userLinks.findOfUser('usr_nobody', AT)).toBeNull();
    });

    it('are worth nothing from their end on', async () => {
      await invite('hash', LATER);
      expect(await db.userLinks.find('hash', LATER)).toBeNull();
      expect(await db.userLinks.findOfUser(userId, LATER)).toBeNull();
      expect(await db.userLinks.use('hash', LATER)).toBeNull();
    });

    it('work once, also for two that come at once', async () => {
      await invite('hash');
      const both = await Promise.all([db.userLinks.use('hash', AT), db.userLinks.use('hash', AT)]);
      expect(both.filter((link) => link !== null)).toEqual([{ userId, kind: 'invitation', endsAt: END }]);
      expect(await db.userLinks.find('hash', AT)).toBeNull();
    });

    it('are one for each user: another one takes the place of the first', async () => {
      const bob = await addUser(db, 'bob');
      await invite('first');
      await db.userLinks.create({ secretHash: 'of bob', userId: bob.id, kind: 'reset', endsAt: END });
      await db.userLinks.create({ secretHash: 'second', userId, kind: 'reset', endsAt: LATER });
      expect(await db.userLinks.find('first', AT)).toBeNull();
      expect(await db.userLinks.find('second', AT)).toEqual({ userId, kind: 'reset', endsAt: LATER });
      expect(await db.userLinks.find('of bob', AT)).toMatchObject({ userId: bob.id });
    });

    it.each([
      ['gets a password', (id: UserId) => db.users.setPasswordHash(id, 'new')],
      ['is removed', (id: UserId) => db.users.remove(id)],
    ])('end when their user %s', async (_what, change) => {
      await invite('hash');
      await change(userId);
      expect(await db.userLinks.find('hash', AT)).toBeNull();
    });

    it('that are over are removed, and the others stay', async () => {
      const bob = await addUser(db, 'bob');
      await invite('over', LATER);
      await db.userLinks.create({ secretHash: 'good', userId: bob.id, kind: 'reset', endsAt: END });
      expect(await db.userLinks.removeEnded(LATER)).toBe(1);
      expect(await db.userLinks.find('good', LATER)).not.toBeNull();
    });
  });
}
