import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { MOST_PERSONAL_TOKENS, type PersonalToken, type PersonalTokenId, type Scope } from '../../domain/personal-token.ts';
import type { PersonalTokenStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['id', 'user_id', 'name', 'scopes', 'created_at', 'expires_at', 'used_at'] as const;

type TokenRow = Pick<Selectable<Tables['personal_tokens']>, (typeof COLUMNS)[number]>;

export function createPersonalTokenStore(db: Kysely<Tables>): PersonalTokenStore {
  return {
    /** Counted and written in one statement, so that two at once do not both become the last. */
    async create({ userId, name, scopes, secretHash, createdAt, expiresAt }) {
      const row = await db
        .insertInto('personal_tokens')
        .columns(['id', 'user_id', 'name', 'scopes', 'secret_hash', 'created_at', 'expires_at'])
        .expression((from) =>
          from
            .selectFrom('users')
            .select((is) => [
              is.val(newTokenId()).as('id'),
              'id as user_id',
              is.val(name).as('name'),
              is.val(JSON.stringify(scopes)).as('scopes'),
              is.val(secretHash).as('secret_hash'),
              is.val(createdAt.getTime()).as('created_at'),
              is.val(expiresAt.getTime()).as('expires_at'),
            ])
            .where('id', '=', userId)
            .where(
              ({ selectFrom }) =>
                selectFrom('personal_tokens')
                  .select(({ fn }) => fn.countAll<number>().as('count'))
                  .where('user_id', '=', userId)
                  .where('expires_at', '>', createdAt.getTime()),
              '<',
              MOST_PERSONAL_TOKENS,
            ),
        )
        .returning(COLUMNS)
        .executeTakeFirst();
      return row === undefined ? null : toToken(row);
    },

    async list(userId) {
      const all = db.selectFrom('personal_tokens').select(COLUMNS).orderBy('created_at', 'desc').orderBy('id');
      const rows = await (userId === undefined ? all : all.where('user_id', '=', userId)).execute();
      return rows.map(toToken);
    },

    async find(secretHash) {
      const row = await db.selectFrom('personal_tokens').select(COLUMNS).where('secret_hash', '=', secretHash).executeTakeFirst();
      return row === undefined ? null : toToken(row);
    },

    async findById(id) {
      const row = await db.selectFrom('personal_tokens').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toToken(row);
    },

    async touch(id, usedAt) {
      await db.updateTable('personal_tokens').set({ used_at: usedAt.getTime() }).where('id', '=', id).execute();
    },

    async remove(id) {
      const result = await db.deleteFrom('personal_tokens').where('id', '=', id).executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },

    async removeExpired(before) {
      const result = await db.deleteFrom('personal_tokens').where('expires_at', '<=', before.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function newTokenId(): PersonalTokenId {
  return `pat_${randomBytes(12).toString('base64url')}`;
}

function toToken(row: TokenRow): PersonalToken {
  return {
    id: row.id as PersonalTokenId,
    userId: row.user_id as UserId,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    usedAt: row.used_at === null ? null : new Date(row.used_at),
  };
}
