import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

export async function createShadowLosses(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('shadow_losses')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('folder', 'text', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('visits', 'bigint', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('example', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('shadow_losses_key', ['outcome', 'rule', 'folder', 'who'])
    .execute();
}
