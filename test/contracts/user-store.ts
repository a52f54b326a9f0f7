import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { OutsidePerson, UserStore } from '../../src/domain/ports.ts';
import type { UserId } from '../../src/domain/session.ts';
import type { UserQuery } from '../../src/domain/user-query.ts';
import { AT, addSession, addToken, addUser, idOf, LATER, MEMBERS } from './stored-people.ts';

const ALL = { offset: 0, limit: 100 };

/** What every `UserStore` does. `open` gives a new, empty database; `wrap` puts another store in front of that of the database. */
export function describeUserStore(engine: string, open: () => Promise<Database>, wrap = (store: UserStore): UserStore => store): void {
  describe(`users in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      const opened = await open();
      db = { ...opened, users: wrap(opened.users) };
    });
    afterEach(() => db.close());

    it('are found by name and by id as they were created', async () => {
      const ada = await db.users.create({ name: 'Ada', roles: ['reader', 'curator'], passwordHash: 'h' });
      expect(ada).toMatchObject({ name: 'Ada', roles: ['reader', 'curator'] });
      expect(ada?.id).toMatch(/^usr_[\w-]{16}$/);
      expect(ada?.createdAt).toBeInstanceOf(Date);
      expect(await db.users.find('Ada')).toEqual(ada);
      expect(await db.users.findById(ada?.id ?? 'usr_')).toEqual(ada);
    });

    it('are kept here, and have done nothing yet', async () => {
      const ada = await db.users.create({ name: 'Ada', email: 'ada@example.org', roles: ['reader'], passwordHash: null });
      expect(ada).toMatchObject({ email: 'ada@example.org', source: 'local', subject: null, ownRoles: ['reader'], outsideRoles: [] });
      expect(ada).toMatchObject({ disabledAt: null, lastSignInAt: null });
      expect(await db.users.findPasswordHash(ada?.id ?? 'usr_')).toBeNull();
    });

    it('remember their last sign-in', async () => {
      const { id } = await addUser(db, 'ada');
      await db.users.noteSignIn(id, AT);
      expect((await db.users.findById(id))?.lastSignInAt).toEqual(AT);
    });

    it('have an id of their own each', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      expect(ada.id).not.toBe(bob.id);
    });

    it.each([
      ['Ada', 'aDA'],
      ['Zo\u00eb', 'ZOE\u0308'],
      ['straße', 'STRASSE'],
    ])('named %j are found as %j, and the name is taken in both forms', async (name, other) => {
      const user = await addUser(db, name);
      expect(await db.users.find(other)).toEqual(user);
      expect(await db.users.findPasswordHash(user.id)).toBe(`hash of ${name}`);
      expect(await db.users.create({ name: other, roles: [], passwordHash: 'other' })).toBeNull();
      expect(await db.users.findPasswordHash(await idOf(db, other))).toBe(`hash of ${name}`);
    });

    it('that are created twice at once are one', async () => {
      const both = await Promise.all(['ada', 'ADA'].map((name) => db.users.create({ name, roles: [], passwordHash: name })));
      expect(both.filter((user) => user !== null)).toHaveLength(1);
      expect(await db.users.list()).toHaveLength(1);
    });

    it('are listed by name, whatever its case', async () => {
      for (const name of ['carl', 'Bob', 'ada']) await addUser(db, name);
      expect((await db.users.list()).map((user) => user.name)).toEqual(['ada', 'Bob', 'carl']);
    });

    it('that do not exist are not found, changed or removed', async () => {
      expect(await db.users.find('nobody')).toBeNull();
      expect(await db.users.findById('usr_nobody')).toBeNull();
      expect(await db.users.findPasswordHash('usr_nobody')).toBeNull();
      expect(await db.users.setPasswordHash('usr_nobody', 'x')).toBe(false);
      expect(await db.users.setRoles('usr_nobody', ['reader'])).toBe(false);
      expect(await db.users.disable('usr_nobody', AT)).toBe(false);
      expect(await db.users.enable('usr_nobody')).toBe(false);
      expect(await db.users.remove('usr_nobody')).toBe(false);
    });

    it.each(["' or 1=1 --", 'ada"; drop table users', '%', '_da', 'ada\\'])(
      'named like an attack (%s) are names and nothing else',
      async (name) => {
        await addUser(db, 'ada');
        expect(await db.users.find(name)).toBeNull();
        const user = await addUser(db, name);
        expect(await db.users.find(name)).toEqual(user);
        expect(await db.users.remove(user.id)).toBe(true);
        expect(await db.users.list()).toHaveLength(1);
      },
    );

    it('may be given other roles without losing their sessions', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_1', { userId: ada.id });
      expect(await db.users.setRoles(ada.id, ['curator', 'rôle', 'curator'])).toBe(true);
      expect((await db.users.find('ada'))?.roles).toEqual(['curator', 'rôle']);
      expect(await db.sessions.find('ses_1')).not.toBeNull();
    });

    it.each([
      ['are removed', (id: UserId) => db.users.remove(id)],
      ['get a new password', (id: UserId) => db.users.setPasswordHash(id, 'new')],
      ['are disabled', (id: UserId) => db.users.disable(id, AT)],
    ])('that %s lose every session, grant and token; others keep theirs', async (_what, change) => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await addSession(db, 'ses_a1', { userId: ada.id, grants: [MEMBERS] });
      await addSession(db, 'ses_a2', { userId: ada.id });
      await addSession(db, 'ses_b', { userId: bob.id });
      await addSession(db, 'ses_nobody');
      await addToken(db, 'token of ada', 'ses_a1', 'members');
      await addToken(db, 'token of bob', 'ses_b', 'members');

      expect(await change(ada.id)).toBe(true);

      expect(await db.sessions.find('ses_a1')).toBeNull();
      expect(await db.sessions.find('ses_a2')).toBeNull();
      expect(await db.tokens.find('token of ada')).toBeNull();
      expect(await db.sessions.find('ses_b')).not.toBeNull();
      expect(await db.sessions.find('ses_nobody')).not.toBeNull();
      expect(await db.tokens.find('token of bob')).not.toBeNull();
    });

    it('have the new password hash after it was set', async () => {
      const { id } = await addUser(db, 'ada');
      await db.users.setPasswordHash(id, 'new');
      expect(await db.users.findPasswordHash(id)).toBe('new');
    });

    it('that were removed leave their name free, for somebody with another id', async () => {
      const first = await addUser(db, 'ada');
      await db.users.remove(first.id);
      expect((await addUser(db, 'ada')).id).not.toBe(first.id);
      expect(await db.users.findById(first.id)).toBeNull();
    });

    it('that are disabled are so since then, once, until they are enabled', async () => {
      const { id } = await addUser(db, 'ada');
      expect(await db.users.enable(id)).toBe(false);
      expect(await db.users.disable(id, AT)).toBe(true);
      expect(await db.users.disable(id, LATER)).toBe(false);
      expect((await db.users.find('ada'))?.disabledAt).toEqual(AT);
      expect(await db.users.enable(id)).toBe(true);
      expect((await db.users.findById(id))?.disabledAt).toBeNull();
      expect(await db.users.findPasswordHash(id)).toBe('hash of ada');
    });

    it('that are kept here may get another name and address, unless somebody has the name', async () => {
      const { id } = await addUser(db, 'ada');
      await addUser(db, 'bob');
      expect(await db.users.change(id, { name: 'Bob', email: null })).toBe(false);
      expect(await db.users.change('usr_nobody', { name: 'carl', email: null })).toBe(false);
      expect(await db.users.change(id, { name: 'ADA', email: 'ada@example.org' })).toBe(true);
      expect(await db.users.change(id, { name: 'Countess', email: 'ada@example.org' })).toBe(true);
      expect(await db.users.find('countess')).toMatchObject({ id, name: 'Countess', email: 'ada@example.org', roles: ['reader'] });
      expect(await db.users.find('ada')).toBeNull();
      expect((await db.users.search({ text: 'countess' }, ALL)).total).toBe(1);
      expect((await db.users.search({ text: 'ada' }, ALL)).total).toBe(1);
      expect((await db.users.search({ text: 'ada bob' }, ALL)).total).toBe(0);
    });

    describe('that are searched', () => {
      beforeEach(async () => {
        await db.users.create({ name: 'Anna Berg', email: 'a.berg@example.org', roles: ['reader', 'curator'], passwordHash: 'h' });
        const bert = await db.users.create({ name: 'bert', roles: ['reader'], passwordHash: 'h' });
        await db.users.disable(bert?.id ?? 'usr_', AT);
        await db.users.create({ name: 'Zoë', email: 'zoe@campus.example', roles: [], passwordHash: null });
        const outside = { source: 'campus', subject: 'c1', name: 'Carl-Anders', email: null, roles: ['reader'], at: AT };
        const carl = await db.users.keepOutside(outside);
        await db.users.setRoles(carl.id, ['reader', 'staff']);
      });

      it.each<[UserQuery, readonly string[]]>([
        [{}, ['Anna Berg', 'bert', 'Carl-Anders', 'Zoë']],
        [{ text: '  ' }, ['Anna Berg', 'bert', 'Carl-Anders', 'Zoë']],
        [{ text: 'AN' }, ['Anna Berg', 'Carl-Anders']],
        [{ text: 'ber' }, ['Anna Berg', 'bert']],
        [{ text: 'berg anna' }, ['Anna Berg']],
        [{ text: 'a.berg@example' }, ['Anna Berg']],
        [{ text: 'exam' }, ['Anna Berg', 'Zoë']],
        [{ text: 'ZOE\u0308' }, ['Zoë']],
        [{ text: 'nna' }, []],
        [{ text: "%' or 1=1 --" }, []],
        [{ role: 'reader' }, ['Anna Berg', 'bert', 'Carl-Anders']],
        [{ role: 'staff' }, ['Carl-Anders']],
        [{ role: 'read' }, []],
        [{ source: 'campus' }, ['Carl-Anders']],
        [{ source: 'local', role: 'reader' }, ['Anna Berg', 'bert']],
        [{ state: 'disabled' }, ['bert']],
        [{ state: 'invited' }, ['Zoë']],
        [{ state: 'active' }, ['Anna Berg', 'Carl-Anders']],
        [{ state: 'active', role: 'reader', text: 'anna' }, ['Anna Berg']],
      ])('are found for %j', async (query, names) => {
        const { users, total } = await db.users.search(query, ALL);
        expect(users.map(({ name }) => name)).toEqual(names);
        expect(total).toBe(names.length);
        for (const user of users) expect(await db.users.find(user.name)).toEqual(user);
      });

      it('come in pages, with the number of all', async () => {
        const page = async (offset: number) => {
          const { users, total } = await db.users.search({}, { offset, limit: 3 });
          return [...users.map(({ name }) => name), total];
        };
        expect(await page(0)).toEqual(['Anna Berg', 'bert', 'Carl-Anders', 4]);
        expect(await page(3)).toEqual(['Zoë', 4]);
        expect(await page(6)).toEqual([4]);
      });

      it('are counted by role, and listed by source', async () => {
        expect([...(await db.users.countRoles())]).toEqual([
          ['curator', 1],
          ['reader', 3],
          ['staff', 1],
        ]);
        expect(await db.users.listSources()).toEqual(['campus', 'local']);
      });

      it('wait for their first password where they are kept here and have none', async () => {
        const zoe = await db.users.find('zoë');
        expect(zoe?.isInvited).toBe(true);
        await db.users.setPasswordHash(zoe?.id ?? 'usr_', 'h');
        expect((await db.users.find('zoë'))?.isInvited).toBe(false);
        expect((await db.users.find('Carl-Anders'))?.isInvited).toBe(false);
      });
    });

    describe('from outside', () => {
      const ANNA: OutsidePerson = {
        source: 'campus',
        subject: 'a1',
        name: 'anna',
        email: 'anna@campus.example',
        roles: ['reader'],
        at: AT,
      };

      it('are added at their first sign-in, without a password', async () => {
        const anna = await db.users.keepOutside(ANNA);
        expect(anna).toMatchObject({ name: 'anna', email: 'anna@campus.example', source: 'campus', subject: 'a1' });
        expect(anna).toMatchObject({ roles: ['reader'], ownRoles: [], outsideRoles: ['reader'], createdAt: AT, lastSignInAt: AT });
        expect(await db.users.findPasswordHash(anna.id)).toBeNull();
        expect(await db.users.findById(anna.id)).toEqual(anna);
        expect(await db.users.find('Anna')).toEqual(anna);
      });

      it('are the same person whatever the source says of them, and keep roles that were given by hand', async () => {
        const first = await db.users.keepOutside(ANNA);
        await db.users.setRoles(first.id, ['curator', 'reader']);
        await addSession(db, 'ses_1', { userId: first.id });
        const again = { ...ANNA, name: 'Anna Berg', email: null, roles: ['staff', 'reader'], at: LATER };
        const second = await db.users.keepOutside(again);
        expect(second).toEqual({
          ...first,
          name: 'Anna Berg',
          email: null,
          roles: ['curator', 'reader', 'staff'],
          ownRoles: ['curator', 'reader'],
          outsideRoles: ['staff', 'reader'],
          lastSignInAt: LATER,
        });
        expect(await db.users.find('anna')).toBeNull();
        expect(await db.sessions.find('ses_1')).not.toBeNull();
      });

      it('lose what the source no longer says', async () => {
        const { id } = await db.users.keepOutside(ANNA);
        await db.users.keepOutside({ ...ANNA, roles: [], at: LATER });
        expect(await db.users.findById(id)).toMatchObject({ roles: [], outsideRoles: [] });
      });

      it('never become somebody else who has the name, at home or at another source', async () => {
        const own = await addUser(db, 'Anna');
        const names = [];
        for (const [source, subject] of [
          ['campus', 'a1'],
          ['campus', 'a2'],
          ['library', 'a1'],
          ['campus', 'a1'],
        ] as const) {
          names.push((await db.users.keepOutside({ ...ANNA, source, subject })).name);
        }
        expect(names).toEqual(['anna (campus)', 'anna (campus 2)', 'anna (library)', 'anna (campus)']);
        expect(await db.users.find('anna')).toEqual(own);
        expect(await db.users.list()).toHaveLength(4);
      });

      it('who sign in for the first time twice at once are one', async () => {
        const both = await Promise.all([db.users.keepOutside(ANNA), db.users.keepOutside(ANNA)]);
        expect(both[0]?.id).toBe(both[1]?.id);
        expect(await db.users.list()).toHaveLength(1);
      });

      it('who are disabled stay so, and have not signed in', async () => {
        const { id } = await db.users.keepOutside(ANNA);
        await db.users.disable(id, AT);
        const again = await db.users.keepOutside({ ...ANNA, email: 'new@campus.example', at: LATER });
        expect(again).toMatchObject({ id, disabledAt: AT, email: 'new@campus.example', lastSignInAt: AT });
      });
    });
  });
}
