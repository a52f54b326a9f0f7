import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/**
 * What is kept in memory of people and what they may, by table. Left out is what nothing is decided by: when somebody was
 * last there, and from where.
 */
const KEPT_IN_MEMORY: Readonly<Record<string, readonly string[]>> = {
  users: ['id', 'name', 'name_key', 'email', 'source', 'subject', 'password_hash', 'created_at', 'disabled_at'],
  user_roles: ['user_id', 'role', 'given', 'position'],
  sessions: ['id', 'session_secret_hash', 'access_secret_hash', 'user_id', 'created_at', 'ends_at'],
  grants: ['session_id', 'service', 'origin', 'granted_at'],
  partitions: ['secret_hash', 'session_id', 'created_at'],
  devices: ['id', 'name', 'service', 'link_hash', 'link_ends_at', 'secret_hash', 'created_at'],
  personal_tokens: ['id', 'user_id', 'name', 'scopes', 'secret_hash', 'created_at', 'expires_at'],
  item_grants: ['id', 'user_id', 'items', 'until', 'note', 'created_by', 'created_at'],
  seats: ['session_id', 'item'],
};

/** What is absent is never kept, so that a new row of these changes nothing that is. */
const NEW_ROWS_MATTER: ReadonlySet<string> = new Set(['user_roles', 'grants', 'partitions', 'item_grants']);

/**
 * A mark that is another one after each change of what processes keep in memory. The engine tells that another process
 * has written something; nearly always that is an event of the audit, or that somebody was there.
 */
export async function createChanges(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('changes')
    .addColumn('mark', 'text', (column) => column.notNull())
    .execute();
  await sql`insert into changes (mark) values (hex(randomblob(8)))`.execute(db);
  for (const [table, columns] of Object.entries(KEPT_IN_MEMORY)) {
    await createTrigger(db, table, 'delete');
    await createTrigger(db, table, `update of ${columns.join(', ')}`);
    if (NEW_ROWS_MATTER.has(table)) await createTrigger(db, table, 'insert');
  }
}

/** https://www.sqlite.org/lang_createtrigger.html; what a foreign key deletes along with its row runs them as well. */
async function createTrigger(db: Transaction<Tables>, table: string, event: string): Promise<void> {
  const [kind] = event.split(' ');
  await sql
    .raw(`create trigger ${table}_${kind}_marked after ${event} on ${table} begin update changes set mark = hex(randomblob(8)); end`)
    .execute(db);
}
