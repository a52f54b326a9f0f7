import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

export async function createSeats(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('seats')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('item', 'text', (column) => column.notNull())
    .addColumn('seated', 'integer', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('seats_key', ['session_id', 'item'])
    .execute();
  await db.schema.createIndex('seats_item').on('seats').columns(['item', 'asked_at']).execute();
  // One row for each item that has had readers: whoever writes it has the item's seats to itself until the transaction ends.
  await db.schema
    .createTable('seat_items')
    .addColumn('item', 'text', (column) => column.primaryKey())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .execute();
}
