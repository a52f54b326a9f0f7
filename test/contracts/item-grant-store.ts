import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { type ItemGrant, MOST_ITEM_GRANTS } from '../../src/domain/item-grant.ts';
import type { ItemGrantStore } from '../../src/domain/ports.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addUser, END, LATER } from './stored-people.ts';

/** What every `ItemGrantStore` does. */
export function describeItemGrantStore(
  engine: string,
  open: () => Promise<Database>,
  storeOf: (db: Database) => ItemGrantStore = (db) => db.itemGrants,
): void {
  describe(`item grants in ${engine}`, () => {
    let db: Database;
    let itemGrants: ItemGrantStore;
    beforeEach(async () => {
      db = await open();
      itemGrants = storeOf(db);
    });
    afterEach(() => db.close());

    async function add(userId: UserId, items: string, more: Partial<ItemGrant> = {}): Promise<ItemGrant> {
      const grant = await itemGrants.add({ userId, items, until: END, note: null, createdBy: null, createdAt: AT, ...more });
      if (grant === null) throw new Error('not added');
      return grant;
    }

    it('are found with their user as they were given, the one that ends first at the beginning', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      const late = await add(ada.id, 'letters/**', { note: 'thesis', createdBy: 'Root' });
      const soon = await add(ada.id, 'maps/a.tif', { until: LATER });
      await add(bob.id, '**');
      expect(late).toEqual({
        id: expect.stringMatching(/^grt_[\w-]{16}$/),
        userId: ada.id,
        items: 'letters/**',
        until: END,
        note: 'thesis',
        createdBy: 'Root',
        createdAt: AT,
      });
      expect(await itemGrants.ofUser(ada.id)).toEqual([soon, late]);
      expect(await itemGrants.find(late.id)).toEqual({ ...late, userName: 'ada' });
    });

    it('are seen as they are now: added, with another end, taken back', async () => {
      const ada = await addUser(db, 'ada');
      expect(await itemGrants.ofUser(ada.id)).toEqual([]);
      const grant = await add(ada.id, 'letters/**');
      expect(await itemGrants.ofUser(ada.id)).toEqual([grant]);
      expect(await itemGrants.setEnd(grant.id, LATER)).toBe(true);
      expect(await itemGrants.ofUser(ada.id)).toEqual([{ ...grant, until: LATER }]);
      expect(await itemGrants.remove(grant.id)).toBe(true);
      expect(await itemGrants.ofUser(ada.id)).toEqual([]);
      expect(await itemGrants.find(grant.id)).toBeNull();
    });

    it('that do not exist are not found, changed or removed, and nobody who does not exist gets one', async () => {
      expect(await itemGrants.find('grt_none')).toBeNull();
      expect(await itemGrants.setEnd('grt_none', END)).toBe(false);
      expect(await itemGrants.remove('grt_none')).toBe(false);
      const grant = { userId: 'usr_nobody' as const, items: '**', until: END, note: null, createdBy: null, createdAt: AT };
      expect(await itemGrants.add(grant)).toBeNull();
      expect(await itemGrants.list({})).toEqual([]);
    });

    it('go with their user', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await add(ada.id, 'letters/**');
      const kept = await add(bob.id, 'letters/**');
      await db.users.remove(ada.id);
      expect(await itemGrants.list({})).toEqual([{ ...kept, userName: 'bob' }]);
    });

    it('are so many of one person and no more', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      for (let n = 0; n < MOST_ITEM_GRANTS; n += 1) await add(ada.id, `a/${n}.tif`);
      const grant = { items: 'b.tif', until: END, note: null, createdBy: null, createdAt: AT };
      expect(await itemGrants.add({ ...grant, userId: ada.id })).toBeNull();
      expect(await itemGrants.add({ ...grant, userId: bob.id })).not.toBeNull();
    });

    it('are listed by person, by a part of name, pattern or note, and by their end', async () => {
      const [ada, bob] = [await addUser(db, 'Ada'), await addUser(db, 'Zoë_1')];
      const letters = await add(ada.id, 'Letters/**', { until: LATER, note: '50% of the estate' });
      const maps = await add(bob.id, 'maps/**', { until: END });
      const found = async (which: Parameters<ItemGrantStore['list']>[0]) => (await itemGrants.list(which)).map(({ id }) => id);
      expect(await found({})).toEqual([letters.id, maps.id]);
      expect(await found({ userId: bob.id })).toEqual([maps.id]);
      expect(await found({ search: 'ADA' })).toEqual([letters.id]);
      expect(await found({ search: 'ZOË' })).toEqual([maps.id]);
      expect(await found({ search: 'letter' })).toEqual([letters.id]);
      expect(await found({ search: '50% OF' })).toEqual([letters.id]);
      expect(await found({ search: '%' })).toEqual([letters.id]);
      expect(await found({ search: '_' })).toEqual([maps.id]);
      expect(await found({ search: 'none' })).toEqual([]);
      expect(await found({ endsAfter: LATER })).toEqual([maps.id]);
      expect(await found({ endsBefore: LATER })).toEqual([letters.id]);
      expect(await found({ endsAfter: AT, endsBefore: END, search: 'a' })).toEqual([letters.id, maps.id]);
    });

    it('that ended long ago are removed, and no others', async () => {
      const ada = await addUser(db, 'ada');
      await add(ada.id, 'letters/**', { until: LATER });
      const kept = await add(ada.id, 'maps/**', { until: END });
      expect(await itemGrants.ofUser(ada.id)).toHaveLength(2);
      expect(await itemGrants.removeEnded(LATER)).toBe(1);
      expect(await itemGrants.ofUser(ada.id)).toEqual([kept]);
    });
  });
}
