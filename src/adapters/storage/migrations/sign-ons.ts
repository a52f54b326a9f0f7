import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Sign-ons under way and done, and the ids of messages that count once. */
export async function createSignOns(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('pending_sign_ins')
    .addColumn('key_hash', 'text', (column) => column.primaryKey())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('browser_hash', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('session_sign_ons')
    .addColumn('session_id', 'text', (column) => column.primaryKey().references('sessions.id').onDelete('cascade'))
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('session_index_hash', 'text')
    .addColumn('sealed_hint', 'text')
    .execute();
  await db.schema
    .createTable('one_time_ids')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('pending_sign_ins_end').on('pending_sign_ins').column('ends_at').execute();
  await db.schema.createIndex('session_sign_ons_subject').on('session_sign_ons').columns(['source', 'subject']).execute();
  await db.schema.createIndex('session_sign_ons_index').on('session_sign_ons').columns(['source', 'session_index_hash']).execute();
  await db.schema.createIndex('one_time_ids_end').on('one_time_ids').column('ends_at').execute();
}
