import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

export async function createItemGrants(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('item_grants')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('items', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('created_by', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('item_grants_user').on('item_grants').column('user_id').execute();
  await db.schema.createIndex('item_grants_until').on('item_grants').column('until').execute();
}
