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
      const token = { sessionId: 'ses_1', service: 'members', origin, expiresAt: END } as const;
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
        await db.tokens.create(`hash ${at}`, { sessionId: 'ses_1', service: 'members', origin: null, expiresAt });
      }
      const found = await Promise.all(Array.from({ length: 60 }, (_, at) => db.tokens.find(`hash ${at}`)));
      expect(found.map((token) => token !== null)).toEqual(Array.from({ length: 60 }, (_, at) => at >= 10));
      expect(await db.tokens.find('another session')).not.toBeNull();
    });

    it('past their end are removed, and no others', async () => {
      for (const [hash, expiresAt] of [['ended', AT] as const, ['ends now', LATER] as const, ['lives', END] as const]) {
        await db.tokens.create(hash, { sessionId: 'ses_1', service: 'members', origin: null, expiresAt });
      }
      expect(await db.tokens.removeExpired(LATER)).toBe(2);
      expect(await db.tokens.find('ended')).toBeNull();
      expect(await db.tokens.find('ends now')).toBeNull();
      expect(await db.tokens.find('lives')).not.toBeNull();
    });
  });
}
