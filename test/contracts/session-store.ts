import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { SessionStore } from '../../src/domain/ports.ts';
import { AT, addSession, addToken, addUser, END, LATER, MEMBERS, TERMS } from './stored-people.ts';

/** What every `SessionStore` does. `wrap` puts another store in front of that of the database. */
export function describeSessionStore(
  engine: string,
  open: () => Promise<Database>,
  wrap = (store: SessionStore): SessionStore => store,
): void {
  describe(`sessions in ${engine}`, () => {
    let db: Database;
    let sessions: SessionStore;
    beforeEach(async () => {
      const opened = await open();
      sessions = wrap(opened.sessions);
      db = { ...opened, sessions };
    });
    afterEach(() => db.close());

    it('are found as they were created', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_1', { userId: ada.id, grants: [MEMBERS, TERMS] });
      expect(await sessions.find('ses_1')).toEqual({
        id: 'ses_1',
        sessionSecretHash: 's ses_1',
        accessSecretHash: 'a ses_1',
        userId: ada.id,
        createdAt: AT,
        usedAt: AT,
        endsAt: END,
        grants: [MEMBERS, TERMS],
        partitionSecretHashes: [],
      });
    });

    it('may belong to nobody and hold no grant', async () => {
      await addSession(db, 'ses_1');
      expect(await sessions.find('ses_1')).toMatchObject({ userId: null, grants: [] });
    });

    it('that do not exist are not found', async () => {
      expect(await sessions.find('ses_1')).toBeNull();
    });

    it('are found even past their end, since whoever asks knows the time', async () => {
      await addSession(db, 'ses_1', { endsAt: new Date(0) });
      expect(await sessions.find('ses_1')).not.toBeNull();
    });

    it('remember their last use, and never an earlier one', async () => {
      await addSession(db, 'ses_1');
      await sessions.touch('ses_1', LATER);
      await sessions.touch('ses_1', AT);
      expect((await sessions.find('ses_1'))?.usedAt).toEqual(LATER);
    });

    it('keep their newest two hundred grants, and let others keep theirs', async () => {
      await addSession(db, 'ses_1');
      await addSession(db, 'ses_2', { grants: [MEMBERS] });
      for (let at = 0; at < 210; at += 1) {
        const grantedAt = new Date(LATER.getTime() + at);
        await sessions.addGrant('ses_1', { service: 'terms', origin: `https://viewer${at}.example`, grantedAt });
      }
      const origins = (await sessions.find('ses_1'))?.grants.map(({ origin }) => origin);
      expect(origins).toHaveLength(200);
      expect(origins).not.toContain('https://viewer9.example');
      expect(origins).toContain('https://viewer10.example');
      expect((await sessions.find('ses_2'))?.grants).toEqual([MEMBERS]);
    });

    it('without an account are so many and no more: those not used for the longest time go', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_ada', { userId: ada.id });
      for (const id of ['ses_1', 'ses_2', 'ses_3', 'ses_4'] as const) await addSession(db, id);
      await sessions.touch('ses_1', LATER);
      await sessions.touch('ses_4', END);
      expect(await sessions.removeUnowned(5)).toBe(0);
      expect(await sessions.removeUnowned(2)).toBe(2);
      const found = await Promise.all((['ses_ada', 'ses_1', 'ses_2', 'ses_3', 'ses_4'] as const).map((id) => sessions.find(id)));
      expect(found.map((session) => session !== null)).toEqual([true, true, false, false, true]);
    });

    it('take further grants; the same one again only renews it', async () => {
      await addSession(db, 'ses_1', { grants: [MEMBERS] });
      await sessions.addGrant('ses_1', TERMS);
      await sessions.addGrant('ses_1', { ...MEMBERS, origin: 'https://other.example' });
      await sessions.addGrant('ses_1', { ...MEMBERS, grantedAt: END });
      const grants = (await sessions.find('ses_1'))?.grants;
      expect(grants).toHaveLength(3);
      expect(grants).toContainEqual({ ...MEMBERS, grantedAt: END });
      expect(grants).toContainEqual(TERMS);
    });

    it('that have ended meanwhile are not brought back by a use, a grant or the end of a grant', async () => {
      await addSession(db, 'ses_1', { grants: [MEMBERS] });
      await sessions.remove('ses_1');
      await sessions.touch('ses_1', LATER);
      await sessions.addGrant('ses_1', TERMS);
      await sessions.removeGrants('ses_1', 'members');
      await sessions.remove('ses_1');
      expect(await sessions.find('ses_1')).toBeNull();
      await addSession(db, 'ses_1');
      expect((await sessions.find('ses_1'))?.grants).toEqual([]);
    });

    it('end with every grant and token of them, and no other session does', async () => {
      for (const id of ['ses_1', 'ses_2'] as const) {
        await addSession(db, id, { grants: [MEMBERS] });
        await addToken(db, `token of ${id}`, id, 'members');
      }
      await sessions.remove('ses_1');
      expect(await sessions.find('ses_1')).toBeNull();
      expect(await db.tokens.find('token of ses_1')).toBeNull();
      expect((await sessions.find('ses_2'))?.grants).toEqual([MEMBERS]);
      expect(await db.tokens.find('token of ses_2')).not.toBeNull();
    });

    it('lose one service with its tokens, for every origin, and keep the others', async () => {
      await addSession(db, 'ses_1', { grants: [MEMBERS, { ...MEMBERS, origin: 'https://other.example' }, TERMS] });
      await addSession(db, 'ses_2', { grants: [MEMBERS] });
      await addToken(db, 'members', 'ses_1', 'members');
      await addToken(db, 'terms', 'ses_1', 'terms');
      await addToken(db, 'of another', 'ses_2', 'members');
      await sessions.removeGrants('ses_1', 'members');
      expect((await sessions.find('ses_1'))?.grants).toEqual([TERMS]);
      expect((await sessions.find('ses_2'))?.grants).toEqual([MEMBERS]);
      expect(await db.tokens.find('members')).toBeNull();
      expect(await db.tokens.find('terms')).not.toBeNull();
      expect(await db.tokens.find('of another')).not.toBeNull();
    });

    it('lose one service of one viewer with its tokens and those of no viewer, and keep the others', async () => {
      const other = 'https://other.example';
      await addSession(db, 'ses_1', { grants: [MEMBERS, { ...MEMBERS, origin: other }, TERMS] });
      await addToken(db, 'viewer', 'ses_1', 'members');
      await addToken(db, 'nowhere', 'ses_1', 'members', null);
      await addToken(db, 'other', 'ses_1', 'members', other);
      await addToken(db, 'terms', 'ses_1', 'terms');
      await sessions.removeGrants('ses_1', 'members', MEMBERS.origin);
      expect((await sessions.find('ses_1'))?.grants).toEqual([{ ...MEMBERS, origin: other }, TERMS]);
      expect((await db.tokens.list('ses_1')).map(({ tokenHash }) => tokenHash).sort()).toEqual(['other', 'terms']);
    });

    it('have partitions of their own, which end with them', async () => {
      await addSession(db, 'ses_1');
      await addSession(db, 'ses_2');
      await sessions.addPartition('ses_1', { secretHash: 'p 1', createdAt: AT });
      await sessions.find('ses_1');
      await sessions.addPartition('ses_1', { secretHash: 'p 2', createdAt: LATER });
      expect([...((await sessions.find('ses_1'))?.partitionSecretHashes ?? [])].sort()).toEqual(['p 1', 'p 2']);
      expect((await sessions.find('ses_2'))?.partitionSecretHashes).toEqual([]);
      await sessions.remove('ses_1');
      await sessions.addPartition('ses_1', { secretHash: 'p 3', createdAt: LATER });
      await addSession(db, 'ses_1');
      expect((await sessions.find('ses_1'))?.partitionSecretHashes).toEqual([]);
    });

    it('keep the newest partitions only', async () => {
      await addSession(db, 'ses_1');
      for (let made = 0; made < 60; made += 1) {
        await sessions.addPartition('ses_1', { secretHash: `p ${made}`, createdAt: new Date(AT.getTime() + made) });
      }
      const kept = (await sessions.find('ses_1'))?.partitionSecretHashes ?? [];
      expect(kept).toHaveLength(50);
      expect(kept).toContain('p 59');
      expect(kept).not.toContain('p 9');
    });

    describe('that are rotated', () => {
      const next = { id: 'ses_new', sessionSecretHash: 'S', accessSecretHash: 'A', createdAt: LATER, endsAt: END } as const;

      it('hand grants and tokens to the new one, and are gone', async () => {
        const ada = await addUser(db, 'ada');
        await addSession(db, 'ses_old', { grants: [TERMS] });
        await addToken(db, 'token', 'ses_old', 'terms');
        await sessions.find('ses_old');
        await sessions.rotate('ses_old', { ...next, userId: ada.id });
        expect(await sessions.find('ses_old')).toBeNull();
        expect(await sessions.find('ses_new')).toEqual({
          ...next,
          userId: ada.id,
          usedAt: LATER,
          grants: [TERMS],
          partitionSecretHashes: [],
        });
        expect((await db.tokens.find('token'))?.sessionId).toBe('ses_new');
      });

      it('and are gone already, leave a new one without grants', async () => {
        await sessions.rotate('ses_old', { ...next, userId: null });
        expect((await sessions.find('ses_new'))?.grants).toEqual([]);
      });

      it('stay as they were when the new one cannot be made', async () => {
        await addSession(db, 'ses_old', { grants: [TERMS] });
        await addToken(db, 'token', 'ses_old', 'terms');
        await expect(sessions.rotate('ses_old', { ...next, userId: 'usr_nobody' })).rejects.toThrow();
        expect((await sessions.find('ses_old'))?.grants).toEqual([TERMS]);
        expect((await db.tokens.find('token'))?.sessionId).toBe('ses_old');
        expect(await sessions.find('ses_new')).toBeNull();
      });
    });

    it('past their end or long unused are removed with all of theirs, and no others', async () => {
      await addSession(db, 'ses_ended', { endsAt: AT, createdAt: AT, grants: [MEMBERS] });
      await addSession(db, 'ses_idle', { createdAt: AT });
      await addSession(db, 'ses_used', { createdAt: AT });
      await sessions.touch('ses_ended', LATER);
      await sessions.touch('ses_used', LATER);
      await addToken(db, 'token', 'ses_ended', 'members');
      expect(await sessions.removeEnded({ endsAt: AT, usedAt: AT })).toBe(2);
      expect(await sessions.find('ses_ended')).toBeNull();
      expect(await sessions.find('ses_idle')).toBeNull();
      expect(await sessions.find('ses_used')).not.toBeNull();
      expect(await db.tokens.find('token')).toBeNull();
    });

    it('may be written by many at once', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `ses_${index}` as const);
      await Promise.all(ids.map((id) => addSession(db, id, { grants: [MEMBERS] })));
      await Promise.all(ids.map((id) => sessions.rotate(id, { ...rotated(id), userId: null })));
      const found = await Promise.all(ids.map((id) => sessions.find(`${id}_new`)));
      expect(found.map((session) => session?.grants)).toEqual(ids.map(() => [MEMBERS]));
    });

    it('of a user are removed at once, with their tokens, and nobody else’s', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await addSession(db, 'ses_1', { userId: ada.id, grants: [MEMBERS] });
      await addSession(db, 'ses_2', { userId: ada.id });
      await addSession(db, 'ses_bob', { userId: bob.id });
      await addSession(db, 'ses_nobody');
      await addToken(db, 'token', 'ses_1', 'members');
      for (const id of ['ses_1', 'ses_2', 'ses_bob'] as const) expect(await sessions.find(id)).not.toBeNull();
      expect(await sessions.removeOfUser(ada.id)).toBe(2);
      expect(await sessions.find('ses_1')).toBeNull();
      expect(await sessions.find('ses_2')).toBeNull();
      expect(await db.tokens.find('token')).toBeNull();
      expect(await sessions.find('ses_bob')).not.toBeNull();
      expect(await sessions.find('ses_nobody')).not.toBeNull();
      expect(await sessions.removeOfUser(ada.id)).toBe(0);
    });

    const inForce = { endsAfter: new Date(END.getTime() - 1), usedSince: new Date(AT.getTime() - 1) };
    const listed = async (...given: Parameters<SessionStore['list']>) => (await sessions.list(...given)).map(({ id }) => id);

    it('are listed with where they were opened, what they hold, and nothing secret', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_1', { userId: ada.id, grants: [MEMBERS, TERMS] });
      await sessions.noteOpener('ses_1', { address: '2001:db8::7', userAgent: 'Mozilla/5.0' });
      await sessions.touch('ses_1', LATER);
      expect(await sessions.list(inForce, { limit: 10 })).toEqual([
        {
          id: 'ses_1',
          userId: ada.id,
          createdAt: AT,
          usedAt: LATER,
          endsAt: END,
          grants: [MEMBERS, TERMS],
          address: '2001:db8::7',
          userAgent: 'Mozilla/5.0',
        },
      ]);
    });

    it('are listed in pages that leave nothing out, the newest first', async () => {
      for (const id of ['ses_b', 'ses_a', 'ses_c'] as const) await addSession(db, id, { grants: [MEMBERS] });
      await addSession(db, 'ses_d', { createdAt: LATER });
      const all = await sessions.list(inForce, { limit: 10 });
      expect(all.map(({ id, grants }) => [id, grants.length])).toEqual([
        ['ses_d', 0],
        ['ses_c', 1],
        ['ses_b', 1],
        ['ses_a', 1],
      ]);
      for (const [at, after] of all.entries()) {
        expect(await listed(inForce, { after, limit: 2 })).toEqual(all.slice(at + 1, at + 3).map(({ id }) => id));
      }
    });

    it('are listed by user and by address, and only those in force', async () => {
      const [ada, bob] = [await addUser(db, 'ada'), await addUser(db, 'bob')];
      await addSession(db, 'ses_1', { userId: ada.id });
      await addSession(db, 'ses_2', { userId: bob.id, createdAt: LATER });
      await addSession(db, 'ses_3', { createdAt: LATER });
      await addSession(db, 'ses_4', { userId: ada.id, endsAt: LATER });
      await sessions.noteOpener('ses_2', { address: '192.0.2.7', userAgent: null });
      expect(await listed({ ...inForce, userId: ada.id }, { limit: 10 })).toEqual(['ses_1']);
      expect(await listed({ ...inForce, address: '192.0.2.7' }, { limit: 10 })).toEqual(['ses_2']);
      expect(await listed({ ...inForce, owned: true }, { limit: 10 })).toEqual(['ses_2', 'ses_1']);
      expect(await listed({ ...inForce, usedSince: AT }, { limit: 10 })).toEqual(['ses_3', 'ses_2']);
    });

    it('end all at once, with their tokens', async () => {
      const ada = await addUser(db, 'ada');
      await addSession(db, 'ses_1', { userId: ada.id, grants: [MEMBERS] });
      await addSession(db, 'ses_2');
      await addToken(db, 'token', 'ses_1', 'members');
      expect(await sessions.find('ses_1')).not.toBeNull();
      expect(await sessions.removeAll()).toBe(2);
      expect([await sessions.find('ses_1'), await sessions.find('ses_2'), await db.tokens.find('token')]).toEqual([null, null, null]);
      expect(await sessions.removeAll()).toBe(0);
    });
  });
}

function rotated(id: string) {
  return { id: `ses_${id.slice(4)}_new`, sessionSecretHash: 'S', accessSecretHash: 'A', createdAt: LATER, endsAt: END } as const;
}
