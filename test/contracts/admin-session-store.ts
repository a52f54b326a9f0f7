import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { AdminSession, AdminSessionId } from '../../src/domain/admin-session.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addUser, END, LATER } from './stored-people.ts';

/** What every `AdminSessionStore` does. */
export function describeAdminSessionStore(engine: string, open: () => Promise<Database>): void {
  describe(`sessions of administrators in ${engine}`, () => {
    let db: Database;
    let userId: UserId;
    beforeEach(async () => {
      db = await open();
      userId = (await addUser(db, 'ada')).id;
    });
    afterEach(() => db.close());

    const session = (id: AdminSessionId, more: Partial<AdminSession> = {}) => ({
      id,
      userId,
      createdAt: AT,
      usedAt: AT,
      endsAt: END,
      confirmedAt: AT,
      address: '192.0.2.1',
      secretHash: `hash of ${id}`,
      ...more,
    });

    it('are found as they were made', async () => {
      await db.adminSessions.create(session('adm_1'));
      expect(await db.adminSessions.find('adm_1')).toEqual(session('adm_1'));
      expect(await db.adminSessions.find('adm_2')).toBeNull();
    });

    it('are listed with the newest first, without their secret, of one user or of all', async () => {
      const { id: other } = await addUser(db, 'grace');
      await db.adminSessions.create(session('adm_1'));
      await db.adminSessions.create(session('adm_2', { createdAt: LATER }));
      await db.adminSessions.create(session('adm_3', { userId: other, createdAt: LATER }));
      expect((await db.adminSessions.list()).map(({ id }) => id)).toEqual(['adm_2', 'adm_3', 'adm_1']);
      const own = await db.adminSessions.list(userId);
      expect(own.map(({ id }) => id)).toEqual(['adm_2', 'adm_1']);
      expect(own[0]).not.toHaveProperty('secretHash');
    });

    it('keep their last use, and never an earlier one', async () => {
      await db.adminSessions.create(session('adm_1'));
      await db.adminSessions.touch('adm_1', LATER);
      await db.adminSessions.touch('adm_1', AT);
      expect((await db.adminSessions.find('adm_1'))?.usedAt).toEqual(LATER);
    });

    it('have another secret once they are confirmed', async () => {
      await db.adminSessions.create(session('adm_1'));
      await db.adminSessions.confirm('adm_1', 'new hash', LATER);
      expect(await db.adminSessions.find('adm_1')).toEqual(session('adm_1', { secretHash: 'new hash', confirmedAt: LATER } as object));
    });

    it('are removed one by one, and all of a user at once', async () => {
      for (const id of ['adm_1', 'adm_2', 'adm_3'] as const) await db.adminSessions.create(session(id));
      expect(await db.adminSessions.remove('adm_1')).toBe(true);
      expect(await db.adminSessions.remove('adm_1')).toBe(false);
      expect(await db.adminSessions.removeOfUser(userId)).toBe(2);
      expect(await db.adminSessions.list()).toEqual([]);
    });

    it('go when they are over or idle', async () => {
      await db.adminSessions.create(session('adm_over', { endsAt: LATER, usedAt: END }));
      await db.adminSessions.create(session('adm_idle'));
      await db.adminSessions.create(session('adm_used', { usedAt: LATER }));
      expect(await db.adminSessions.removeEnded({ endsAt: LATER, usedAt: AT })).toBe(2);
      expect((await db.adminSessions.list()).map(({ id }) => id)).toEqual(['adm_used']);
    });

    it('end with the user, with the password of the user, and when the user is disabled', async () => {
      await db.adminSessions.create(session('adm_1'));
      await db.users.setPasswordHash(userId, 'another hash');
      expect(await db.adminSessions.list()).toEqual([]);
      await db.adminSessions.create(session('adm_2'));
      await db.users.disable(userId, AT);
      expect(await db.adminSessions.list()).toEqual([]);
      await db.adminSessions.create(session('adm_3'));
      await db.users.remove(userId);
      expect(await db.adminSessions.list()).toEqual([]);
    });
  });
}
