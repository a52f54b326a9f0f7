import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { UserStore } from '../../src/domain/ports.ts';
import { addSession, addToken, addUser, MEMBERS } from './stored-people.ts';

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
      expect(await db.users.findPasswordHash(other)).toBe(`hash of ${name}`);
      expect(await db.users.create({ name: other, roles: [], passwordHash: 'other' })).toBeNull();
      expect(await db.users.findPasswordHash(name)).toBe(`hash of ${name}`);
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
      expect(await db.users.findPasswordHash('nobody')).toBeNull();
      expect(await db.users.setPasswordHash('nobody', 'x')).toBe(false);
      expect(await db.users.setRoles('nobody', [])).toBe(false);
      expect(await db.users.remove('nobody')).toBe(false);
    });

    it.each(["' or 1=1 --", 'ada"; drop table users', '%', '_da', 'ada\\'])(
      'named like an attack (%s) are names and nothing else',
      async (name) => {
        await addUser(db, 'ada');
        expect(await db.users.find(name)).toBeNull();
        const user = await addUser(db, name);
        expect(await db.users.find(name)).toEqual(user);
        expect(await db.users.remove(name)).toBe(true);
        expect(await db.users.list()).toHaveLength(1);
      },
    );

    it('may be given other roles without losing their sessions', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_1', { userId: ada.id });
      expect(await db.users.setRoles('ADA', ['curator', 'rôle'])).toBe(true);
      expect((await db.users.find('ada'))?.roles).toEqual(['curator', 'rôle']);
      expect(await db.sessions.find('ses_1')).not.toBeNull();
    });

    it.each([
      ['are removed', (name: string) => db.users.remove(name)],
      ['get a new password', (name: string) => db.users.setPasswordHash(name, 'new')],
    ])('that %s lose every session, grant and token; others keep theirs', async (_what, change) => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await addSession(db, 'ses_a1', { userId: ada.id, grants: [MEMBERS] });
      await addSession(db, 'ses_a2', { userId: ada.id });
      await addSession(db, 'ses_b', { userId: bob.id });
      await addSession(db, 'ses_nobody');
      await addToken(db, 'token of ada', 'ses_a1', 'members');
      await addToken(db, 'token of bob', 'ses_b', 'members');

      expect(await change('Ada')).toBe(true);

      expect(await db.sessions.find('ses_a1')).toBeNull();
      expect(await db.sessions.find('ses_a2')).toBeNull();
      expect(await db.tokens.find('token of ada')).toBeNull();
      expect(await db.sessions.find('ses_b')).not.toBeNull();
      expect(await db.sessions.find('ses_nobody')).not.toBeNull();
      expect(await db.tokens.find('token of bob')).not.toBeNull();
    });

    it('have the new password hash after it was set', async () => {
      await addUser(db, 'ada');
      await db.users.setPasswordHash('ada', 'new');
      expect(await db.users.findPasswordHash('ada')).toBe('new');
    });

    it('that were removed leave their name free, for somebody with another id', async () => {
      const first = await addUser(db, 'ada');
      await db.users.remove('ada');
      expect((await addUser(db, 'ada')).id).not.toBe(first.id);
      expect(await db.users.findById(first.id)).toBeNull();
    });
  });
}
