import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/**
 * People from outside, who have no password here, and roles in rows of their own, so that everybody who has one is found
 * by an index. Columns are changed one by one: a table that is made anew would take the sessions that refer to it along.
 */
export async function detailUsers(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('user_roles')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('given', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('user_roles_key', ['user_id', 'given', 'role'])
    .execute();
  await db.schema.createIndex('user_roles_role').on('user_roles').columns(['role', 'user_id']).execute();
  const before = db.withTables<{ users: { id: string; roles: string; password: string | null; password_hash: string } }>();
  for (const { id, roles } of await before.selectFrom('users').select(['id', 'roles']).execute()) {
    const rows = (JSON.parse(roles) as string[]).map((role, position) => ({ user_id: id, role, given: 'by-hand' as const, position }));
    if (rows.length > 0) await db.insertInto('user_roles').values(rows).execute();
  }
  await db.schema.alterTable('users').dropColumn('roles').execute();
  await db.schema.alterTable('users').addColumn('password', 'text').execute();
  await before
    .updateTable('users')
    .set((row) => ({ password: row.ref('password_hash') }))
    .execute();
  await db.schema.alterTable('users').dropColumn('password_hash').execute();
  await db.schema.alterTable('users').renameColumn('password', 'password_hash').execute();
  await db.schema.alterTable('users').addColumn('email', 'text').execute();
  await db.schema
    .alterTable('users')
    .addColumn('source', 'text', (column) => column.notNull().defaultTo('local'))
    .execute();
  await db.schema.alterTable('users').addColumn('subject', 'text').execute();
  await db.schema.alterTable('users').addColumn('disabled_at', 'bigint').execute();
  await db.schema.alterTable('users').addColumn('last_sign_in_at', 'bigint').execute();
  await db.schema.createIndex('users_subject').on('users').columns(['source', 'subject']).unique().execute();
  await db.schema.createIndex('users_disabled').on('users').column('disabled_at').execute();
}
