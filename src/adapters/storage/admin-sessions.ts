import type { Kysely, Selectable } from 'kysely';
import type { AdminSession, AdminSessionId } from '../../domain/admin-session.ts';
import type { AdminSessionStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import type { Tables } from './tables.ts';

type AdminSessionRow = Selectable<Tables['admin_sessions']>;

export function createAdminSessionStore(db: Kysely<Tables>): AdminSessionStore {
  return {
    async create({ secretHash, ...session }) {
      await db
        .insertInto('admin_sessions')
        .values({
          id: session.id,
          secret_hash: secretHash,
          user_id: session.userId,
          created_at: session.createdAt.getTime(),
          used_at: session.usedAt.getTime(),
          ends_at: session.endsAt.getTime(),
          confirmed_at: session.confirmedAt.getTime(),
          address: session.address,
        })
        .execute();
    },

    async find(id) {
      const row = await db.selectFrom('admin_sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { ...toAdminSession(row), secretHash: row.secret_hash };
    },

    async list(userId) {
      const all = db.selectFrom('admin_sessions').selectAll().orderBy('created_at', 'desc').orderBy('id');
      const rows = await (userId === undefined ? all : all.where('user_id', '=', userId)).execute();
      return rows.map(toAdminSession);
    },

    async touch(id, usedAt) {
      const at = usedAt.getTime();
      await db.updateTable('admin_sessions').set({ used_at: at }).where('id', '=', id).where('used_at', '<', at).execute();
    },

    async confirm(id, secretHash, at) {
      await db.updateTable('admin_sessions').set({ secret_hash: secretHash, confirmed_at: at.getTime() }).where('id', '=', id).execute();
    },

    async remove(id) {
      const result = await db.deleteFrom('admin_sessions').where('id', '=', id).executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },

    async removeOfUser(userId) {
      const result = await db.deleteFrom('admin_sessions').where('user_id', '=', userId).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async removeEnded(before) {
      const result = await db
        .deleteFrom('admin_sessions')
        .where((is) => is.or([is('ends_at', '<=', before.endsAt.getTime()), is('used_at', '<=', before.usedAt.getTime())]))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function toAdminSession(row: AdminSessionRow): AdminSession {
  return {
    id: row.id as AdminSessionId,
    userId: row.user_id as UserId,
    createdAt: new Date(row.created_at),
    usedAt: new Date(row.used_at),
    endsAt: new Date(row.ends_at),
    confirmedAt: new Date(row.confirmed_at),
    address: row.address,
  };
}
