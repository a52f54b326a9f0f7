import { randomBytes } from 'node:crypto';
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Passkey, SecondFactor, SecondFactorId, SecondFactorStore } from '../../domain/second-factor.ts';
import type { UserId } from '../../domain/session.ts';
import type { Tables } from './tables.ts';

type FactorRow = Selectable<Tables['second_factors']>;

export function createSecondFactorStore(db: Kysely<Tables>): SecondFactorStore {
  const add = async (row: Omit<Insertable<Tables['second_factors']>, 'id' | 'used_at'>) => {
    const added = await db
      .insertInto('second_factors')
      .values({ id: `fac_${randomBytes(12).toString('base64url')}`, used_at: null, ...row })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returningAll()
      .executeTakeFirst();
    return added === undefined ? null : toSecondFactor(added);
  };
  const rowsOf = (userId: UserId) =>
    db.selectFrom('second_factors').selectAll().where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute();

  return {
    list: async (userId) => (await rowsOf(userId)).map(toSecondFactor),

    async addOneTimeCodes(userId, { name, sealedSecret, step, at }) {
      const added = await add({
        user_id: userId,
        kind: 'one-time-codes',
        name,
        secret: sealedSecret,
        credential_id: null,
        counter: step,
        transports: '[]',
        created_at: at.getTime(),
      });
      if (added === null) throw new Error('one-time codes have no credential to conflict');
      return added;
    },

    addPasskey: (userId, { name, credentialId, publicKey, counter, transports, at }) =>
      add({
        user_id: userId,
        kind: 'passkey',
        name,
        secret: publicKey,
        credential_id: credentialId,
        counter,
        transports: JSON.stringify(transports),
        created_at: at.getTime(),
      }),

    async listOneTimeCodes(userId) {
      const rows = (await rowsOf(userId)).filter(({ kind }) => kind === 'one-time-codes');
      return rows.map(({ id, secret }) => ({ id: id as SecondFactorId, sealedSecret: secret }));
    },

    async useStep(id, step, at) {
      const used = await db
        .updateTable('second_factors')
        .set({ counter: step, used_at: at.getTime() })
        .where('id', '=', id)
        .where('counter', '<', step)
        .executeTakeFirst();
      return Number(used.numUpdatedRows) > 0;
    },

    async listPasskeys(userId) {
      return (await rowsOf(userId)).flatMap(toPasskeys);
    },

    async findPasskey(credentialId) {
      const row = await db.selectFrom('second_factors').selectAll().where('credential_id', '=', credentialId).executeTakeFirst();
      return row === undefined ? null : (toPasskeys(row)[0] ?? null);
    },

    // https://www.w3.org/TR/webauthn-3/#sctn-sign-counter: an authenticator that does not count says 0 each time.
    async useCounter(id, counter, at) {
      const used = await db
        .updateTable('second_factors')
        .set({ counter, used_at: at.getTime() })
        .where('id', '=', id)
        .where((is) => (counter === 0 ? is('counter', '=', 0) : is('counter', '<', counter)))
        .executeTakeFirst();
      return Number(used.numUpdatedRows) > 0;
    },

    async remove(userId, id) {
      const row = await db
        .deleteFrom('second_factors')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : toSecondFactor(row);
    },

    removeAll: (userId) =>
      db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
        const removed = await transaction.deleteFrom('second_factors').where('user_id', '=', userId).executeTakeFirst();
        return Number(removed.numDeletedRows);
      }),

    setRecoveryCodes: (userId, hashes) =>
      db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
        const rows = hashes.map((hash) => ({ user_id: userId, code_hash: hash }));
        if (rows.length > 0) await transaction.insertInto('recovery_codes').values(rows).execute();
      }),

    async useRecoveryCode(userId, hash) {
      const used = await db.deleteFrom('recovery_codes').where('user_id', '=', userId).where('code_hash', '=', hash).executeTakeFirst();
      return Number(used.numDeletedRows) > 0;
    },

    async countRecoveryCodes(userId) {
      const rows = await db.selectFrom('recovery_codes').select('code_hash').where('user_id', '=', userId).execute();
      return rows.length;
    },
  };
}

function toSecondFactor(row: FactorRow): SecondFactor {
  return {
    id: row.id as SecondFactorId,
    kind: row.kind === 'passkey' ? 'passkey' : 'one-time-codes',
    name: row.name,
    createdAt: new Date(row.created_at),
    usedAt: row.used_at === null ? null : new Date(row.used_at),
  };
}

function toPasskeys(row: FactorRow): readonly Passkey[] {
  if (row.credential_id === null) return [];
  return [
    {
      id: row.id as SecondFactorId,
      userId: row.user_id as UserId,
      credentialId: row.credential_id,
      publicKey: row.secret,
      counter: row.counter,
      transports: JSON.parse(row.transports) as string[],
    },
  ];
}
