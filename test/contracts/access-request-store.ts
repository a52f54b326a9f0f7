import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { type AccessRequest, MOST_OPEN_REQUESTS, MOST_REQUESTS_A_DAY } from '../../src/domain/access-request.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addUser, END, LATER } from './stored-people.ts';

/** What every `AccessRequestStore` does. */
export function describeAccessRequestStore(engine: string, open: () => Promise<Database>): void {
  describe(`requests for access in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
    });
    afterEach(() => db.close());

    const request = (userId: UserId, item: string, madeAt = AT) => ({ userId, item, reason: `For ${item}`, language: 'de', madeAt });

    async function make(userId: UserId, item: string, madeAt = AT): Promise<AccessRequest> {
      const made = await db.accessRequests.create(request(userId, item, madeAt));
      if (typeof made === 'string') throw new Error(made);
      return made;
    }

    it('are kept as they were made, and found by their person, the newest first', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      const first = await make(ada.id, 'letters/a.tif');
      const second = await make(ada.id, 'letters/b.tif', LATER);
      await make(bob.id, 'letters/a.tif');
      expect(first).toEqual({ ...request(ada.id, 'letters/a.tif'), id: expect.stringMatching(/^req_[\w-]{16}$/), decision: null });
      expect(await db.accessRequests.ofUser(ada.id)).toEqual([second, first]);
      expect(await db.accessRequests.find(first.id)).toEqual({ ...first, userName: 'ada' });
      expect(await db.accessRequests.find('req_none')).toBeNull();
      expect(await db.accessRequests.countOpen()).toBe(3);
    });

    it('for one item are one until they are answered, also when they are made at once', async () => {
      const ada = await addUser(db, 'ada');
      const both = await Promise.all([1, 2].map(() => db.accessRequests.create(request(ada.id, 'a.tif'))));
      expect(both.filter((each) => each === 'open already')).toHaveLength(1);
      const [made] = await db.accessRequests.ofUser(ada.id);
      await db.accessRequests.decide(made?.id ?? 'req_', { kind: 'declined', at: LATER, by: 'Root', answer: 'No.' });
      expect(await make(ada.id, 'a.tif', LATER)).toMatchObject({ decision: null });
    });

    it('are only so many, open and in a day, of one person', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      for (let n = 0; n < MOST_OPEN_REQUESTS; n += 1) await make(ada.id, `${n}.tif`);
      expect(await db.accessRequests.create(request(ada.id, 'more.tif'))).toBe('too many');
      await make(bob.id, 'more.tif');
      for (let n = MOST_OPEN_REQUESTS; n < MOST_REQUESTS_A_DAY; n += 1) {
        const [last] = await db.accessRequests.ofUser(ada.id).then((all) => all.filter(({ decision }) => decision === null));
        await db.accessRequests.decide(last?.id ?? 'req_', { kind: 'withdrawn', at: AT });
        await make(ada.id, `${n}.tif`);
      }
      for (const { id } of await db.accessRequests.ofUser(ada.id)) await db.accessRequests.decide(id, { kind: 'withdrawn', at: AT });
      expect(await db.accessRequests.create(request(ada.id, 'more.tif', LATER))).toBe('too many');
      expect(await make(ada.id, 'more.tif', new Date(AT.getTime() + 86_400_000))).toMatchObject({ item: 'more.tif' });
    });

    it('are decided once', async () => {
      const ada = await addUser(db, 'ada');
      const [granted, declined, withdrawn] = [await make(ada.id, 'a.tif'), await make(ada.id, 'b.tif'), await make(ada.id, 'c.tif')];
      const decisions = {
        granted: { kind: 'granted', at: LATER, by: 'Root', answer: null, items: 'letters/**', until: END },
        declined: { kind: 'declined', at: LATER, by: 'Root', answer: 'Not yet.' },
        withdrawn: { kind: 'withdrawn', at: LATER },
      } as const;
      const tries = await Promise.all([
        db.accessRequests.decide(granted.id, decisions.granted),
        db.accessRequests.decide(granted.id, decisions.declined),
      ]);
      expect(tries).toEqual([true, false]);
      expect(await db.accessRequests.decide(declined.id, decisions.declined)).toBe(true);
      expect(await db.accessRequests.decide(withdrawn.id, decisions.withdrawn)).toBe(true);
      expect(await db.accessRequests.decide('req_none', decisions.declined)).toBe(false);
      expect((await db.accessRequests.find(granted.id))?.decision).toEqual(decisions.granted);
      expect((await db.accessRequests.find(declined.id))?.decision).toEqual(decisions.declined);
      expect((await db.accessRequests.find(withdrawn.id))?.decision).toEqual(decisions.withdrawn);
      expect(await db.accessRequests.countOpen()).toBe(0);
    });

    it('are listed open and decided, by a part of name, item or reason, page by page', async () => {
      const [ada, bob] = [await addUser(db, 'Ada'), await addUser(db, 'Zoë_1')];
      const old = await make(ada.id, 'Letters/a.tif');
      const late = await make(bob.id, 'maps/b.tif', LATER);
      const found = async (state: 'open' | 'decided', search?: string) =>
        (await db.accessRequests.list({ state, ...(search === undefined ? {} : { search }) }, { offset: 0, limit: 10 })).map(
          ({ id }) => id,
        );
      expect(await found('open')).toEqual([old.id, late.id]);
      expect(await found('open', 'ADA')).toEqual([old.id]);
      expect(await found('open', 'zoë_')).toEqual([late.id]);
      expect(await found('open', 'letters/')).toEqual([old.id]);
      expect(await found('open', 'for MAPS')).toEqual([late.id]);
      expect(await found('open', '%')).toEqual([]);
      expect((await db.accessRequests.list({ state: 'open' }, { offset: 1, limit: 1 })).map(({ userName }) => userName)).toEqual(['Zoë_1']);
      await db.accessRequests.decide(late.id, { kind: 'declined', at: END, by: 'Root', answer: 'No.' });
      expect(await found('open')).toEqual([old.id]);
      expect(await found('decided')).toEqual([late.id]);
    });

    it('go with their person, and some time after they were decided', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await make(ada.id, 'a.tif');
      const decided = await make(bob.id, 'a.tif');
      const waiting = await make(bob.id, 'b.tif');
      await db.accessRequests.decide(decided.id, { kind: 'declined', at: LATER, by: 'Root', answer: 'No.' });
      await db.users.remove(ada.id);
      expect(await db.accessRequests.countOpen()).toBe(1);
      expect(await db.accessRequests.removeDecided(AT)).toBe(0);
      expect(await db.accessRequests.removeDecided(LATER)).toBe(1);
      expect(await db.accessRequests.ofUser(bob.id)).toEqual([waiting]);
    });
  });
}
