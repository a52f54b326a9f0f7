import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { AT, addSession, addToken, END, LATER } from './stored-people.ts';

/** What every `TokenStore` does. */
export function describeTokenStore(engine: string, open: () => Promise<Database>): void {
  describe(`access tokens in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
      await addSession(db, 'ses_1');
    });
    afterEach(() => db.close());

    it.each(['https://viewer.example', null])('are found by their hash as they were created (origin %s)', async (origin) => {
      const token = { sessionId: 'ses_1', service: 'members', origin, expiresAt: END, firstLetters: 'Ab_-', deviceId: null } as const;
      await db.tokens.create('hash', token);
      expect(await db.tokens.find('hash')).toEqual(token);
      expect(await db.tokens.find('HASH')).toBeNull();
    });

    it('of a session that has ended meanwhile are never found', async () => {
      await db.sessions.remove('ses_1');
      await addToken(db, 'hash', 'ses_1', 'members');
      expect(await db.tokens.find('hash')).toBeNull();
    });

    it('with one hash are not made twice', async () => {
      await addToken(db, 'hash', 'ses_1', 'members');
      await expect(addToken(db, 'hash', 'ses_1', 'terms')).rejects.toThrow();
      expect((await db.tokens.find('hash'))?.service).toBe('members');
    });

    it('are fifty for one session: one more takes the place of the oldest, and of nobody else’s', async () => {
      await addSession(db, 'ses_2');
      await addToken(db, 'another session', 'ses_2', 'members');
      for (let at = 0; at < 60; at += 1) {
        const expiresAt = new Date(END.getTime() + at);
        await db.tokens.create(`hash ${at}`, {
          sessionId: 'ses_1',
          service: 'members',
          origin: null,
          expiresAt,
          firstLetters: '',
          deviceId: null,
        });
      }
      const found = await Promise.all(Array.from({ length: 60 }, (_, at) => db.tokens.find(`hash ${at}`)));
      expect(found.map((token) => token !== null)).toEqual(Array.from({ length: 60 }, (_, at) => at >= 10));
      expect(await db.tokens.find('another session')).not.toBeNull();
    });

    it('are listed for their session alone, the one that ends first at the beginning, and none holds a token', async () => {
      await addSession(db, 'ses_2');
      await addToken(db, 'later', 'ses_1', 'members');
      await db.tokens.create('sooner', {
        sessionId: 'ses_1',
        service: 'terms',
        origin: null,
        expiresAt: LATER,
        firstLetters: 'So_-',
        deviceId: null,
      });
      await addToken(db, 'of another', 'ses_2', 'members');
      const listed = await db.tokens.list('ses_1');
      expect(listed.map(({ tokenHash }) => tokenHash)).toEqual(['sooner', 'later']);
      expect(listed[0]).toEqual({
        tokenHash: 'sooner',
        sessionId: 'ses_1',
        service: 'terms',
        origin: null,
        expiresAt: LATER,
        firstLetters: 'So_-',
        deviceId: null,
      });
      expect(await db.tokens.list('ses_3')).toEqual([]);
    });

    it('are removed one by one, and only by their own session', async () => {
      await addSession(db, 'ses_2');
      await addToken(db, 'one', 'ses_1', 'members');
      await addToken(db, 'two', 'ses_1', 'members');
      expect(await db.tokens.remove('ses_2', 'one')).toBe(false);
      expect(await db.tokens.find('one')).not.toBeNull();
      expect(await db.tokens.remove('ses_1', 'one')).toBe(true);
      expect(await db.tokens.remove('ses_1', 'one')).toBe(false);
      expect(await db.tokens.find('one')).toBeNull();
      expect(await db.tokens.find('two')).not.toBeNull();
    });

    it('past their end are removed, and no others', async () => {
      for (const [hash, expiresAt] of [['ended', AT] as const, ['ends now', LATER] as const, ['lives', END] as const]) {
        await db.tokens.create(hash, { sessionId: 'ses_1', service: 'members', origin: null, expiresAt, firstLetters: '', deviceId: null });
      }
      expect(await db.tokens.removeExpired(LATER)).toBe(2);
      expect(await db.tokens.find('ended')).toBeNull();
      expect(await db.tokens.find('ends now')).toBeNull();
      expect(await db.tokens.find('lives')).not.toBeNull();
    });
  });
}
