import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { SignOn } from '../../src/domain/sign-on.ts';
import { AT, addSession, END, LATER } from './stored-people.ts';

const KEPT = { keyHash: 'key', source: 'campus', browserHash: 'browser', sealed: 'sealed', endsAt: LATER };
const TAKEN = { keyHash: 'key', source: 'campus', browserHash: 'browser', now: AT };
const SIGN_ON: SignOn = { source: 'campus', subject: 'u-1', sessionIndexHash: 'index', sealedHint: 'hint' };

/** What every `PendingSignInStore`, `SignOnStore` and `OneTimeIdStore` does. */
export function describeSignOnStores(engine: string, open: () => Promise<Database>): void {
  let db: Database;

  describe(`pending sign-ins in ${engine}`, () => {
    beforeEach(async () => {
      db = await open();
      await db.pendingSignIns.keep(KEPT);
    });
    afterEach(() => db.close());

    it('are taken once: of several answers that come at the same time, one finds it', async () => {
      const taken = await Promise.all([1, 2, 3].map(() => db.pendingSignIns.take(TAKEN)));
      expect(taken.filter((each) => each !== null)).toEqual(['sealed']);
      expect(await db.pendingSignIns.take(TAKEN)).toBeNull();
    });

    it.each([{ keyHash: 'other' }, { source: 'other' }, { browserHash: 'other' }, { now: LATER }])(
      'are not taken by what does not fit: %j',
      async (over) => {
        expect(await db.pendingSignIns.take({ ...TAKEN, ...over })).toBeNull();
        expect(await db.pendingSignIns.take(TAKEN)).toBe('sealed');
      },
    );

    it('go when they are over, and of too many the oldest', async () => {
      await db.pendingSignIns.keep({ ...KEPT, keyHash: 'newer', endsAt: END });
      await db.pendingSignIns.keep({ ...KEPT, keyHash: 'newest', endsAt: new Date(END.getTime() + 1) });
      expect(await db.pendingSignIns.removeEnded(LATER, 10)).toBe(1);
      expect(await db.pendingSignIns.removeEnded(LATER, 1)).toBe(1);
      expect(await db.pendingSignIns.take({ ...TAKEN, keyHash: 'newer' })).toBeNull();
      expect(await db.pendingSignIns.take({ ...TAKEN, keyHash: 'newest' })).toBe('sealed');
    });
  });

  describe(`sign-ons of sessions in ${engine}`, () => {
    beforeEach(async () => {
      db = await open();
      await addSession(db, 'ses_1');
      await addSession(db, 'ses_2');
      await db.signOns.keep('ses_1', SIGN_ON);
      await db.signOns.keep('ses_2', { ...SIGN_ON, sessionIndexHash: null, sealedHint: null });
    });
    afterEach(() => db.close());

    it('are found by session, by person, and by the source’s own name for the session', async () => {
      expect(await db.signOns.find('ses_1')).toEqual(SIGN_ON);
      expect(await db.signOns.find('ses_3')).toBeNull();
      expect([...(await db.signOns.findBySubject('campus', 'u-1'))].sort()).toEqual(['ses_1', 'ses_2']);
      expect(await db.signOns.findBySubject('other', 'u-1')).toEqual([]);
      expect(await db.signOns.findByIndex('campus', ['nothing', 'index'])).toEqual(['ses_1']);
      expect(await db.signOns.findByIndex('other', ['index'])).toEqual([]);
      expect(await db.signOns.findByIndex('campus', [])).toEqual([]);
    });

    it('are replaced by a later one, and forgotten where a password of ours takes over', async () => {
      await db.signOns.keep('ses_1', { ...SIGN_ON, source: 'other', sealedHint: null });
      expect(await db.signOns.find('ses_1')).toMatchObject({ source: 'other', sealedHint: null });
      await db.signOns.forget('ses_1');
      expect(await db.signOns.find('ses_1')).toBeNull();
    });

    it('go where the session goes, and end with it', async () => {
      await db.sessions.rotate('ses_1', {
        id: 'ses_3',
        sessionSecretHash: 's',
        accessSecretHash: 'a',
        userId: null,
        createdAt: AT,
        endsAt: END,
      });
      expect([await db.signOns.find('ses_1'), await db.signOns.find('ses_3')]).toEqual([null, SIGN_ON]);
      await db.sessions.remove('ses_3');
      expect(await db.signOns.findByIndex('campus', ['index'])).toEqual([]);
    });

    it('are not kept for a session that has ended meanwhile', async () => {
      await db.signOns.keep('ses_9', SIGN_ON);
      expect(await db.signOns.find('ses_9')).toBeNull();
    });
  });

  describe(`ids that count once in ${engine}`, () => {
    beforeEach(async () => {
      db = await open();
    });
    afterEach(() => db.close());

    it('are spent once, also when several try at the same time', async () => {
      const tries = await Promise.all([1, 2, 3].map(() => db.oneTimeIds.spend('saml:campus:_a1', LATER)));
      expect(tries.filter((fresh) => fresh)).toHaveLength(1);
      expect(await db.oneTimeIds.spend('saml:campus:_a1', LATER)).toBe(false);
      expect(await db.oneTimeIds.spend('saml:other:_a1', LATER)).toBe(true);
    });

    it('are forgotten when no message with them is valid any more', async () => {
      await db.oneTimeIds.spend('one', AT);
      await db.oneTimeIds.spend('two', LATER);
      expect(await db.oneTimeIds.removeEnded(AT)).toBe(1);
      expect([await db.oneTimeIds.spend('one', LATER), await db.oneTimeIds.spend('two', LATER)]).toEqual([true, false]);
    });
  });
}
