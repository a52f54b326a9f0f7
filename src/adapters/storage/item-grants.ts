import { randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import { type ItemGrant, type ItemGrantId, type ListedItemGrant, MOST_ITEM_GRANTS } from '../../domain/item-grant.ts';
import type { ItemGrantStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { userNameKey } from '../../domain/user-name.ts';
import type { Tables } from './tables.ts';

type ItemGrantRow = Selectable<Tables['item_grants']>;

export function createItemGrantStore(db: Kysely<Tables>): ItemGrantStore {
  const withNames = () =>
    db.selectFrom('item_grants').innerJoin('users', 'users.id', 'item_grants.user_id').selectAll('item_grants').select('users.name');

  return {
    add: ({ userId, items, until, note, createdBy, createdAt }) =>
      db.transaction().execute(async (transaction) => {
        const user = await transaction.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
        if (user === undefined) return null;
        const { held } = await transaction
          .selectFrom('item_grants')
          .select(({ fn }) => fn.countAll().as('held'))
          .where('user_id', '=', userId)
          .executeTakeFirstOrThrow();
        if (Number(held) >= MOST_ITEM_GRANTS) return null;
        const row = await transaction
          .insertInto('item_grants')
          .values({
            id: `grt_${randomBytes(12).toString('base64url')}`,
            user_id: userId,
            items,
            until: until.getTime(),
            note,
            created_by: createdBy,
            created_at: createdAt.getTime(),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toItemGrant(row);
      }),

    async ofUser(userId) {
      const rows = await db.selectFrom('item_grants').selectAll().where('user_id', '=', userId).orderBy('until').orderBy('id').execute();
      return rows.map(toItemGrant);
    },

    async find(id) {
      const row = await withNames().where('item_grants.id', '=', id).executeTakeFirst();
      return row === undefined ? null : toListed(row);
    },

    async list({ userId, search, endsAfter, endsBefore }) {
      let query = withNames().orderBy('item_grants.until').orderBy('item_grants.id');
      if (userId !== undefined) query = query.where('item_grants.user_id', '=', userId);
      if (endsAfter !== undefined) query = query.where('item_grants.until', '>', endsAfter.getTime());
      if (endsBefore !== undefined) query = query.where('item_grants.until', '<=', endsBefore.getTime());
      if (search !== undefined && search !== '') {
        const within = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
        const lower = within(search.toLowerCase());
        query = query.where(({ or }) =>
          or([
            sql<boolean>`users.name_key like ${within(userNameKey(search))} escape '\\'`,
            sql<boolean>`lower(item_grants.items) like ${lower} escape '\\'`,
            sql<boolean>`lower(coalesce(item_grants.note, '')) like ${lower} escape '\\'`,
          ]),
        );
      }
      return (await query.execute()).map(toListed);
    },

    async setEnd(id, until) {
      const row = await db
        .updateTable('item_grants')
        .set({ until: until.getTime() })
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async remove(id) {
      const row = await db.deleteFrom('item_grants').where('id', '=', id).returning('id').executeTakeFirst();
      return row !== undefined;
    },

    async removeEnded(before) {
      const result = await db.deleteFrom('item_grants').where('until', '<=', before.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function toItemGrant(row: ItemGrantRow): ItemGrant {
  return {
    id: row.id as ItemGrantId,
    userId: row.user_id as UserId,
    items: row.items,
    until: new Date(Number(row.until)),
    note: row.note,
    createdBy: row.created_by,
    createdAt: new Date(Number(row.created_at)),
  };
}

function toListed(row: ItemGrantRow & { readonly name: string }): ListedItemGrant {
  return { ...toItemGrant(row), userName: row.name };
}
