import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { UserStore } from '../../domain/ports.ts';
import type { User, UserId } from '../../domain/session.ts';
import { userNameKey } from '../../domain/user-name.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['id', 'name', 'roles', 'created_at'] as const;

type UserRow = Pick<Selectable<Tables['users']>, (typeof COLUMNS)[number]>;

export function createUserStore(db: Kysely<Tables>): UserStore {
  return {
    async find(name) {
      const row = await db.selectFrom('users').select(COLUMNS).where('name_key', '=', userNameKey(name)).executeTakeFirst();
      return row === undefined ? null : toUser(row);
    },

    async findById(id) {
      const row = await db.selectFrom('users').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toUser(row);
    },

    async list() {
      const rows = await db.selectFrom('users').select(COLUMNS).orderBy('name_key').execute();
      return rows.map(toUser);
    },

    async create({ name, roles, passwordHash }) {
      const row = await db
        .insertInto('users')
        .values({
          id: newUserId(),
          name,
          name_key: userNameKey(name),
          roles: JSON.stringify(roles),
          password_hash: passwordHash,
          created_at: Date.now(),
        })
        .onConflict((conflict) => conflict.column('name_key').doNothing())
        .returning(COLUMNS)
        .executeTakeFirst();
      return row === undefined ? null : toUser(row);
    },

    async remove(name) {
      const removed = await db.deleteFrom('users').where('name_key', '=', userNameKey(name)).returning('id').executeTakeFirst();
      return removed !== undefined;
    },

    setPasswordHash: (name, passwordHash) =>
      db.transaction().execute(async (transaction) => {
        const user = await transaction
          .updateTable('users')
          .set({ password_hash: passwordHash })
          .where('name_key', '=', userNameKey(name))
          .returning('id')
          .executeTakeFirst();
        if (user === undefined) return false;
        await transaction.deleteFrom('sessions').where('user_id', '=', user.id).execute();
        return true;
      }),

    async setRoles(name, roles) {
      const user = await db
        .updateTable('users')
        .set({ roles: JSON.stringify(roles) })
        .where('name_key', '=', userNameKey(name))
        .returning('id')
        .executeTakeFirst();
      return user !== undefined;
    },

    async findPasswordHash(name) {
      const row = await db.selectFrom('users').select('password_hash').where('name_key', '=', userNameKey(name)).executeTakeFirst();
      return row?.password_hash ?? null;
    },
  };
}

function newUserId(): UserId {
  return `usr_${randomBytes(12).toString('base64url')}`;
}

function toUser(row: UserRow): User {
  return {
    id: row.id as UserId,
    name: row.name,
    roles: JSON.parse(row.roles) as string[],
    createdAt: new Date(row.created_at),
  };
}
