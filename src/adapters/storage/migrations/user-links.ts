import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Each user has one link at most. */
export async function createUserLinks(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('user_links')
    .addColumn('secret_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().unique().references('users.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('user_links_end').on('user_links').column('ends_at').execute();
}
