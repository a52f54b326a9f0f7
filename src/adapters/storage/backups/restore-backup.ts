import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Failure, refuse } from '../../../lib/problems.ts';
import { findUnknown } from '../migrations.ts';
import { appliedSteps, findFault } from '../sqlite/copy.ts';
import { RESTORING } from '../sqlite/restoring.ts';
import { type BackupList, DATABASE_FILE, describeFile, FILES_FOLDER, readBackupList } from './backup-list.ts';
import { asideFolder, isLeftOut } from './left-out.ts';

interface Wanted {
  /** A backup. */
  readonly from: string;
  /** The data folder; made when missing. */
  readonly data: string;
  /** Whether what is there may give way. */
  readonly replace: boolean;
  /** Whether those who were signed in when the backup was made are again. */
  readonly keepSessions: boolean;
  readonly now: Date;
}

export interface Restored {
  readonly madeAt: Date;
  readonly files: number;
  /** Where what was there is now; null where there was nothing. */
  readonly aside: string | null;
}

/** All who were let in by something that may have been taken from them since. */
const LET_IN = ['sessions', 'admin_sessions', 'user_links', 'pending_sign_ins'];

/**
 * Checks that a backup is whole: every file, the database within, and that this program knows its steps.
 *
 * @throws Failure where it is not.
 */
export async function checkBackup(folder: string): Promise<BackupList> {
  const list = await readBackupList(folder);
  if (list === null) throw cannot(`${folder} is no whole backup`);
  await compare(join(folder, FILES_FOLDER), list);
  return list;
}

/**
 * Puts a backup into a data folder that no process uses. What was there is kept aside. Whenever this ends, the folder is as
 * before, or as in the backup, or no program starts with it until it is restored again.
 *
 * @throws Failure where it cannot be done.
 */
export async function restoreBackup({ from, data, replace, keepSessions, now }: Wanted): Promise<Restored> {
  const list = await checkBackup(from);
  const staging = join(data, RESTORING);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const wasInterrupted = await isThere(staging);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    // Whoever opens the database from now on sees the folder, and goes.
    refuseWhereUsed(join(data, DATABASE_FILE));
    if (!replace && !wasInterrupted && (await isThere(join(data, DATABASE_FILE)))) {
      throw cannot(`${data} holds state already. With --replace it is kept aside, and the backup takes its place`);
    }
    await stage(join(from, FILES_FOLDER), staging, list);
    if (!keepSessions) endSessions(join(staging, DATABASE_FILE));
  } catch (error) {
    if (!wasInterrupted) await rm(staging, { recursive: true, force: true });
    throw error;
  }
  const aside = await moveAside(data, asideFolder(now));
  for (const name of await readdir(staging)) await rename(join(staging, name), join(data, name));
  await rm(staging, { recursive: true });
  return { madeAt: new Date(list.madeAt), files: list.files.length, aside };
}

async function stage(from: string, staging: string, list: BackupList): Promise<void> {
  await rm(staging, { recursive: true });
  await mkdir(staging, { mode: 0o700 });
  for (const { name } of list.files) {
    await mkdir(dirname(join(staging, name)), { recursive: true, mode: 0o700 });
    await copyFile(join(from, name), join(staging, name));
  }
  // What was read again may be another thing than what was checked.
  await compare(staging, list);
}

async function compare(folder: string, list: BackupList): Promise<void> {
  for (const file of list.files) {
    const found = await describeFile(folder, file.name).catch(() => null);
    if (found === null) throw cannot(`${file.name} is missing in the backup`);
    if (found.sha256 !== file.sha256) throw cannot(`${file.name} in the backup is not as it was when the backup was made`);
  }
  if (!list.files.some(({ name }) => name === DATABASE_FILE)) throw cannot('the backup holds no database');
  const database = new SqliteDatabase(join(folder, DATABASE_FILE), { readonly: true });
  try {
    const fault = findFault(database);
    if (fault !== null) throw cannot(`the database in the backup is damaged: ${fault}`);
    const unknown = findUnknown(appliedSteps(database));
    if (unknown !== null) throw cannot(`the backup is of a newer Vitrine (it holds the step “${unknown}”). Run that version`);
  } finally {
    database.close();
  }
}

/**
 * A database that is open elsewhere cannot leave its journal. https://www.sqlite.org/wal.html#persistence_of_wal_mode
 * One that is none, or damaged, is used by nobody.
 */
function refuseWhereUsed(file: string): void {
  let connection: SqliteDatabase.Database | null = null;
  try {
    connection = new SqliteDatabase(file, { timeout: 0, fileMustExist: true });
    connection.pragma('journal_mode = DELETE');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
      throw cannot('a server or a command works with this data folder. Stop it first');
    }
  } finally {
    connection?.close();
  }
}

function endSessions(file: string): void {
  const database = new SqliteDatabase(file);
  try {
    database.pragma('foreign_keys = ON');
    const has = database.prepare<[string], number>("select 1 from sqlite_schema where type = 'table' and name = ?").pluck();
    database.transaction(() => {
      for (const table of LET_IN) if (has.get(table) !== undefined) database.exec(`delete from ${table}`);
    })();
  } finally {
    database.close();
  }
}

async function moveAside(data: string, name: string): Promise<string | null> {
  const names = (await readdir(data)).filter((each) => !isLeftOut(each));
  if (names.length === 0) return null;
  const aside = join(data, name);
  await mkdir(aside, { mode: 0o700 });
  // The database last: with it, and without the others, a program could start.
  const inOrder = [...names.filter((each) => !each.startsWith(DATABASE_FILE)), ...names.filter((each) => each.startsWith(DATABASE_FILE))];
  for (const each of inOrder) await rename(join(data, each), join(aside, each));
  return aside;
}

function isThere(name: string): Promise<boolean> {
  return stat(name).then(
    () => true,
    () => false,
  );
}

function cannot(sentence: string): Failure {
  return new Failure(refuse('server.error', 'The backup was not restored.'), `The backup was not restored: ${sentence}.`);
}
