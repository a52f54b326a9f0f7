import { open } from 'node:fs/promises';
import SqliteDatabase from 'better-sqlite3';
import { Failure, refuse } from '../../../lib/problems.ts';

/** All at once: between two pieces, a write of another process would make the copy begin anew. */
const ALL_PAGES = 0x7fffffff;

/**
 * Copies a database as it is at one moment, also while others write, into a new file that is whole by itself and readable
 * by its owner only. Resolves with the steps that the copy has gone through. https://www.sqlite.org/backup.html
 *
 * @throws Failure when the copy is not sound.
 */
export async function copyDatabase(from: SqliteDatabase.Database, file: string): Promise<readonly string[]> {
  const made = await open(file, 'wx', 0o600);
  try {
    await from.backup(file, { progress: () => ALL_PAGES });
    const copy = new SqliteDatabase(file);
    try {
      // In the mode of the original it would need two more files.
      copy.pragma('journal_mode = DELETE');
      const fault = findFault(copy);
      if (fault !== null) throw new Failure(refuse('server.error', 'The database is damaged.'), `The database is damaged: ${fault}.`);
      return appliedSteps(copy);
    } finally {
      copy.close();
    }
  } finally {
    await made.sync();
    await made.close();
  }
}

/** What is wrong within the file; null where nothing is. https://www.sqlite.org/pragma.html#pragma_integrity_check */
export function findFault(connection: SqliteDatabase.Database): string | null {
  const found = connection.pragma('integrity_check(1)', { simple: true });
  return found === 'ok' ? null : String(found);
}

/** The names of the migrations that a database has gone through, in their order. */
export function appliedSteps(connection: SqliteDatabase.Database): readonly string[] {
  const has = connection.prepare("select 1 from sqlite_schema where type = 'table' and name = 'migrations'").get();
  return has === undefined ? [] : connection.prepare<[], string>('select name from migrations order by number').pluck().all();
}
