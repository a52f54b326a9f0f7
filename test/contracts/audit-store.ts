import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { AuditEvent, AuditFilter } from '../../src/domain/audit.ts';
import { AT, END, LATER } from './stored-people.ts';

const BLANK: AuditEvent = {
  id: 'evt_0',
  at: AT,
  action: 'view',
  actor: null,
  via: 'web',
  address: null,
  item: null,
  service: null,
  rule: null,
  target: null,
  detail: null,
  pseudonymised: false,
};

/** What every `AuditStore` does. */
export function describeAuditStore(engine: string, open: () => Promise<Database>): void {
  describe(`the audit in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
    });
    afterEach(() => db.close());

    const add = (...events: ReadonlyArray<Partial<AuditEvent> & Pick<AuditEvent, 'id'>>) =>
      db.audit.add(events.map((each) => ({ ...BLANK, ...each })));
    const ids = async (filter: AuditFilter, page: Parameters<Database['audit']['list']>[1] = { limit: 100 }) =>
      (await db.audit.list(filter, page)).map(({ id }) => id);

    it('keeps all of an event', async () => {
      const event: AuditEvent = {
        id: 'evt_1',
        at: LATER,
        action: 'item-grant.created',
        actor: 'Ada',
        via: 'api',
        address: '192.0.2.7',
        item: 'letters/ß “x”.jpg',
        service: 'members',
        rule: 'Policy 2',
        target: 'Bert',
        detail: 'until tomorrow',
        pseudonymised: false,
      };
      await db.audit.add([event]);
      expect(await db.audit.list({}, { limit: 10 })).toEqual([event]);
    });

    it('takes nothing, and thousands at once', async () => {
      await db.audit.add([]);
      await db.audit.add(Array.from({ length: 3_000 }, (_, at): AuditEvent => ({ ...BLANK, id: `evt_${at}` })));
      expect(await ids({}, { limit: 5_000 })).toHaveLength(3_000);
    });

    it('takes all of a batch or none', async () => {
      await add({ id: 'evt_1' });
      await expect(add({ id: 'evt_2' }, { id: 'evt_1' })).rejects.toThrow();
      expect(await ids({})).toEqual(['evt_1']);
    });

    it('is read newest first, in pages that leave nothing out, whatever happened at one moment', async () => {
      await add({ id: 'evt_b' }, { id: 'evt_a' }, { id: 'evt_d', at: LATER }, { id: 'evt_c' }, { id: 'evt_e', at: END });
      const all = await db.audit.list({}, { limit: 100 });
      expect(all.map(({ id }) => id)).toEqual(['evt_e', 'evt_d', 'evt_c', 'evt_b', 'evt_a']);
      for (const [at, after] of all.entries()) {
        expect(await ids({}, { after, limit: 2 })).toEqual(all.slice(at + 1, at + 3).map(({ id }) => id));
      }
    });

    it('finds what a person did and what was done to them, whatever the case of the name', async () => {
      await add(
        { id: 'evt_1', actor: 'Ada', action: 'sign-in' },
        { id: 'evt_2', actor: 'bert', action: 'user.roles', target: 'Ada', at: LATER },
        { id: 'evt_3', actor: 'Ada', action: 'user.password', target: 'Ada', at: END },
        { id: 'evt_4', actor: 'bert', action: 'device.removed', target: 'ada' },
        { id: 'evt_5', actor: 'Adam', action: 'sign-in' },
      );
      expect(await ids({ person: 'ADA' })).toEqual(['evt_3', 'evt_2', 'evt_1']);
      const [first] = await db.audit.list({ person: 'ada' }, { limit: 1 });
      expect(await ids({ person: 'ada' }, { after: first, limit: 1 })).toEqual(['evt_2']);
    });

    it('finds an item, and a folder with all in it', async () => {
      await add(
        { id: 'evt_1', item: 'letters/a.jpg' },
        { id: 'evt_2', item: 'letters/1890/%_.jpg' },
        { id: 'evt_3', item: 'letters-more/a.jpg' },
        { id: 'evt_4', item: 'Letters/a.jpg' },
        { id: 'evt_5', item: '𝄞/a.jpg' },
      );
      expect(await ids({ item: 'letters/a.jpg' })).toEqual(['evt_1']);
      expect(await ids({ item: 'letters/' })).toEqual(['evt_2', 'evt_1']);
      expect(await ids({ item: '𝄞/' })).toEqual(['evt_5']);
      expect(await ids({ item: 'let' })).toEqual([]);
    });

    it('finds by action, address and time, and by all together', async () => {
      await add(
        { id: 'evt_1', action: 'sign-in', address: '192.0.2.7', actor: 'ada' },
        { id: 'evt_2', action: 'sign-in', address: '192.0.2.8', at: LATER },
        { id: 'evt_3', action: 'sign-out', address: '192.0.2.7', at: END },
      );
      expect(await ids({ action: 'sign-in' })).toEqual(['evt_2', 'evt_1']);
      expect(await ids({ address: '192.0.2.7' })).toEqual(['evt_3', 'evt_1']);
      expect(await ids({ from: LATER })).toEqual(['evt_3', 'evt_2']);
      expect(await ids({ from: AT, until: END })).toEqual(['evt_2', 'evt_1']);
      expect(await ids({ action: 'sign-in', address: '192.0.2.7', until: LATER, person: 'ada' })).toEqual(['evt_1']);
      expect(await ids({ action: 'sign-in', address: '192.0.2.7', from: LATER })).toEqual([]);
    });

    it('forgets the oldest, in batches', async () => {
      await add({ id: 'evt_1' }, { id: 'evt_2', at: new Date(AT.getTime() + 1) }, { id: 'evt_3', at: LATER });
      expect(await db.audit.removeBefore(LATER, 1)).toBe(1);
      expect(await ids({})).toEqual(['evt_3', 'evt_2']);
      expect(await db.audit.removeBefore(LATER, 10)).toBe(1);
      expect(await db.audit.removeBefore(LATER, 10)).toBe(0);
      expect(await ids({})).toEqual(['evt_3']);
    });

    it('replaces names of people and addresses by what stands for them, once, and nothing else', async () => {
      await add(
        { id: 'evt_1', actor: 'Ada', address: '192.0.2.7', action: 'user.roles', target: 'Bert', item: 'a.jpg', detail: 'reader' },
        { id: 'evt_2', actor: 'bert', action: 'device.removed', target: 'desk-1' },
        { id: 'evt_3', actor: 'ada', address: '192.0.2.7', at: LATER },
      );
      await add({ id: 'evt_4', action: 'sign-in.failed', detail: 'campus: there is no uid=ada', at: new Date(AT.getTime() - 1) });
      const hide = (kind: string, text: string) => `${kind} of ${text}`;
      expect(await db.audit.pseudonymiseBefore(LATER, 2, hide)).toBe(2);
      expect(await db.audit.pseudonymiseBefore(LATER, 10, hide)).toBe(1);
      expect(await db.audit.pseudonymiseBefore(LATER, 10, hide)).toBe(0);
      const hidden = new Map((await db.audit.list({}, { limit: 10 })).map((event) => [event.id, event]));
      expect(hidden.get('evt_1')).toMatchObject({
        actor: 'person of ada',
        target: 'person of bert',
        address: 'address of 192.0.2.7',
        item: 'a.jpg',
        detail: 'reader',
        pseudonymised: true,
      });
      expect(hidden.get('evt_4')).toMatchObject({ action: 'sign-in.failed', detail: null });
      expect(hidden.get('evt_2')).toMatchObject({ actor: 'person of bert', target: 'desk-1', address: null });
      expect(hidden.get('evt_3')).toMatchObject({ actor: 'ada', address: '192.0.2.7', pseudonymised: false });
      expect(await ids({ person: 'person of bert' })).toEqual(['evt_2', 'evt_1']);
      expect(await ids({ person: 'ada' })).toEqual(['evt_3']);
    });
  });
}
