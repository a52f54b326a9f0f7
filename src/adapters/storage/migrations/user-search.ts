import type { Transaction } from 'kysely';
import { searchWords } from '../../../domain/user-query.ts';
import type { Tables } from '../tables.ts';

/** Words that users are found by. */
export async function createUserWords(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('user_words')
    .addColumn('word', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('user_words_key', ['word', 'user_id'])
    .execute();
  await db.schema.createIndex('user_words_user').on('user_words').column('user_id').execute();
  for (const { id, name } of await db.selectFrom('users').select(['id', 'name']).execute()) {
    const rows = searchWords(name).map((word) => ({ user_id: id, word }));
    if (rows.length > 0) await db.insertInto('user_words').values(rows).execute();
  }
}
