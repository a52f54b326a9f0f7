import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** An index for each thing that is searched for, always with the time, since lists are by time. */
export async function createAudit(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('actor_key', 'text')
    .addColumn('via', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('item', 'text')
    .addColumn('service', 'text')
    .addColumn('rule', 'text')
    .addColumn('target', 'text')
    .addColumn('target_key', 'text')
    .addColumn('detail', 'text')
    .addColumn('pseudonymised', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_time').on('audit').columns(['at', 'id']).execute();
  for (const column of ['action', 'actor_key', 'target_key', 'item', 'address', 'pseudonymised']) {
    await db.schema.createIndex(`audit_${column}`).on('audit').columns([column, 'at', 'id']).execute();
  }
}
