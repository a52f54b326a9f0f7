import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Of sessions from before, nobody knows. */
export async function addSessionOpeners(db: Transaction<Tables>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('address', 'text').execute();
  await db.schema.alterTable('sessions').addColumn('user_agent', 'text').execute();
  await db.schema.createIndex('sessions_creation').on('sessions').columns(['created_at', 'id']).execute();
}
