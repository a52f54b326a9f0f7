import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

export async function createAccessRequests(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('access_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('item', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('decided_at', 'bigint')
    .addColumn('decided_by', 'text')
    .addColumn('answer', 'text')
    .addColumn('granted_items', 'text')
    .addColumn('granted_until', 'bigint')
    .execute();
  await db.schema.createIndex('access_requests_user').on('access_requests').columns(['user_id', 'made_at']).execute();
  await db.schema.createIndex('access_requests_state').on('access_requests').columns(['state', 'made_at']).execute();
}
