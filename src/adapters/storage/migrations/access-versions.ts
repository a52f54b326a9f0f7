import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

export async function createAccessVersions(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('access_versions')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('by_name', 'text')
    .addColumn('comment', 'text')
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .execute();
}
