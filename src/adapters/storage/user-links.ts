import type { Kysely, Selectable } from 'kysely';
import type { UserLinkStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import type { UserLink } from '../../domain/user-link.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['user_id', 'kind', 'ends_at'] as const;

export function createUserLinkStore(db: Kysely<Tables>): UserLinkStore {
  return {
    async create({ secretHash, userId, kind, endsAt }) {
      const values = { secret_hash: secretHash, kind, ends_at: endsAt.getTime() };
      await db
        .insertInto('user_links')
        .values({ user_id: userId, ...values })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
        .execute();
    },

    async find(secretHash, now) {
      const found = db.selectFrom('user_links').select(COLUMNS).where('secret_hash', '=', secretHash);
      const row = await found.where('ends_at', '>', now.getTime()).executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },

    async findOfUser(userId, now) {
      const found = db.selectFrom('user_links').select(COLUMNS).where('user_id', '=', userId);
      const row = await found.where('ends_at', '>', now.getTime()).executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },

    /** One statement: of two that use the link at once, one does. */
    async use(secretHash, now) {
      const used = db.deleteFrom('user_links').where('secret_hash', '=', secretHash).where('ends_at', '>', now.getTime());
      const row = await used.returning(COLUMNS).executeTakeFirst();
      return row === undefined ? null : toLink(row);
    },

    async removeEnded(now) {
      const result = await db.deleteFrom('user_links').where('ends_at', '<=', now.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function toLink(row: Pick<Selectable<Tables['user_links']>, (typeof COLUMNS)[number]>): UserLink {
  return { userId: row.user_id as UserId, kind: row.kind, endsAt: new Date(row.ends_at) };
}
