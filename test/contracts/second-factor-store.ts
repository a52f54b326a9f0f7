import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { SecondFactorStore } from '../../src/domain/second-factor.ts';
import type { UserId } from '../../src/domain/session.ts';
import { AT, addUser, LATER } from './stored-people.ts';

/** What every `SecondFactorStore` does. */
export function describeSecondFactorStore(engine: string, open: () => Promise<Database>): void {
  describe(`second factors in ${engine}`, () => {
    let db: Database;
    let factors: SecondFactorStore;
    let [ada, grace]: readonly UserId[] = [];
    const users = (): { ada: UserId; grace: UserId } => {
      if (ada === undefined || grace === undefined) throw new Error('there are no users');
      return { ada, grace };
    };
    beforeEach(async () => {
      db = await open();
      factors = db.secondFactors;
      [ada, grace] = [(await addUser(db, 'ada')).id, (await addUser(db, 'grace')).id];
    });
    afterEach(() => db.close());

    const codes = { name: 'phone', sealedSecret: 'sealed', step: 7, at: AT };
    const passkey = { name: 'key', credentialId: 'cred', publicKey: 'pub', counter: 3, transports: ['usb', 'nfc'], at: LATER };

    it('are listed by user, the oldest first, without their secrets', async () => {
      const { ada: of, grace: other } = users();
      await factors.addPasskey(of, passkey);
      await factors.addOneTimeCodes(of, codes);
      await factors.addOneTimeCodes(other, codes);
      const id = expect.stringMatching(/^fac_/);
      expect(await factors.list(of)).toEqual([
        { id, kind: 'one-time-codes', name: 'phone', createdAt: AT, usedAt: null },
        { id, kind: 'passkey', name: 'key', createdAt: LATER, usedAt: null },
      ]);
    });

    it('keep the sealed secret of one-time codes, and take each step once and none before it', async () => {
      const { ada: of } = users();
      const { id } = await factors.addOneTimeCodes(of, codes);
      expect(await factors.listOneTimeCodes(of)).toEqual([{ id, sealedSecret: 'sealed' }]);
      expect(await factors.useStep(id, 7, LATER)).toBe(false);
      const tries = await Promise.all([1, 2, 3].map(() => factors.useStep(id, 8, LATER)));
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await factors.useStep(id, 6, LATER)).toBe(false);
      expect((await factors.list(of))[0]?.usedAt).toEqual(LATER);
    });

    it('find a passkey by its credential, which belongs to one user', async () => {
      const { ada: of, grace: other } = users();
      const added = await factors.addPasskey(of, passkey);
      const { name: _name, at: _at, ...kept } = passkey;
      expect(await factors.findPasskey('cred')).toEqual({ id: added?.id, userId: of, ...kept });
      expect(await factors.listPasskeys(of)).toEqual([{ id: added?.id, userId: of, ...kept }]);
      expect(await factors.listPasskeys(other)).toEqual([]);
      expect(await factors.findPasskey('none')).toBeNull();
      expect(await factors.addPasskey(other, passkey)).toBeNull();
    });

    it('take a counter that has moved, and 0 from an authenticator that does not count', async () => {
      const { ada: of } = users();
      const counting = await factors.addPasskey(of, passkey);
      const silent = await factors.addPasskey(of, { ...passkey, credentialId: 'other', counter: 0 });
      if (counting === null || silent === null) throw new Error('a passkey is missing');
      expect(await factors.useCounter(counting.id, 3, LATER)).toBe(false);
      expect(await factors.useCounter(counting.id, 0, LATER)).toBe(false);
      expect(await factors.useCounter(counting.id, 4, LATER)).toBe(true);
      expect(await factors.useCounter(counting.id, 4, LATER)).toBe(false);
      expect(await factors.useCounter(silent.id, 0, LATER)).toBe(true);
      expect(await factors.useCounter(silent.id, 0, LATER)).toBe(true);
    });

    it('are removed by their own user alone', async () => {
      const { ada: of, grace: other } = users();
      const factor = await factors.addOneTimeCodes(of, codes);
      expect(await factors.remove(other, factor.id)).toBeNull();
      expect(await factors.remove(of, factor.id)).toEqual(factor);
      expect(await factors.remove(of, factor.id)).toBeNull();
    });

    it('have recovery codes that work once, each for its user, and give way to new ones', async () => {
      const { ada: of, grace: other } = users();
      await factors.setRecoveryCodes(of, ['a', 'b']);
      await factors.setRecoveryCodes(other, ['a']);
      const tries = await Promise.all([1, 2, 3].map(() => factors.useRecoveryCode(of, 'a')));
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await factors.countRecoveryCodes(of)).toBe(1);
      expect(await factors.countRecoveryCodes(other)).toBe(1);
      await factors.setRecoveryCodes(of, ['c']);
      expect(await factors.useRecoveryCode(of, 'b')).toBe(false);
      expect(await factors.useRecoveryCode(of, 'c')).toBe(true);
    });

    it('go all at once, and with their user', async () => {
      const { ada: of, grace: other } = users();
      for (const id of [of, other]) {
        await factors.addOneTimeCodes(id, codes);
        await factors.setRecoveryCodes(id, ['a']);
      }
      expect(await factors.removeAll(of)).toBe(1);
      expect([await factors.list(of), await factors.countRecoveryCodes(of)]).toEqual([[], 0]);
      expect(await factors.list(other)).toHaveLength(1);
      await db.users.remove(other);
      expect([await factors.list(other), await factors.countRecoveryCodes(other)]).toEqual([[], 0]);
    });
  });
}
