import { chmod, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely } from 'kysely';
import { Failure, refuse } from '../../../lib/problems.ts';
import { createAccessRequestStore } from '../access-requests.ts';
import { createAccessVersionStore } from '../access-versions.ts';
import { createAdminSessionStore } from '../admin-sessions.ts';
import { createAttemptStore } from '../attempts.ts';
import { createAuditStore } from '../audit.ts';
import { countSessions } from '../count-sessions.ts';
import type { Database } from '../database.ts';
import { createDeviceStore } from '../devices.ts';
import { createItemGrantStore } from '../item-grants.ts';
import { migrate } from '../migrations.ts';
import { createOneTimeIdStore } from '../one-time-ids.ts';
import { createPendingSignInStore } from '../pending-sign-ins.ts';
import { createPersonalTokenStore } from '../personal-tokens.ts';
import { takePulse } from '../pulse.ts';
import { createSeatStore } from '../seats.ts';
import { createSecondFactorStore } from '../second-factors.ts';
import { createSessionStore } from '../sessions.ts';
import { createShadowLossStore } from '../shadow-losses.ts';
import { createSignOnStore } from '../sign-ons.ts';
import type { Tables } from '../tables.ts';
import { createTokenStore } from '../tokens.ts';
import { createUserLinkStore } from '../user-links.ts';
import { createUserStore } from '../users.ts';
import { VitrineSqliteDialect } from './dialect.ts';
import { keepBeforeUpgrade } from './keep-before-upgrade.ts';
import { refuseWhileRestoring } from './restoring.ts';

/** How long a write waits for the other process; both write for milliseconds only. */
const BUSY_MILLISECONDS = 5_000;

/**
 * Opens the database, and makes file and folder when they are missing. `:memory:` keeps nothing.
 * Several processes may have the same file open.
 *
 * @throws Failure when the file cannot be opened, is no database, or has been used by a newer program.
 */
export async function openSqlite(file: string): Promise<Database> {
  if (file !== ':memory:') await makePrivate(file);
  const connection = connect(file);
  const db = new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: connection }) });
  try {
    if (file !== ':memory:') {
      // Only now that a restore would see this connection.
      await refuseWhileRestoring(file);
      await keepBeforeUpgrade(connection, file);
    }
    await migrate(db);
  } catch (error) {
    connection.close();
    throw error instanceof Failure ? error : cannotOpen(file, error);
  }
  return {
    users: createUserStore(db),
    userLinks: createUserLinkStore(db),
    sessions: createSessionStore(db),
    tokens: createTokenStore(db),
    devices: createDeviceStore(db),
    attempts: createAttemptStore(db),
    audit: createAuditStore(db),
    personalTokens: createPersonalTokenStore(db),
    adminSessions: createAdminSessionStore(db),
    itemGrants: createItemGrantStore(db),
    pendingSignIns: createPendingSignInStore(db),
    signOns: createSignOnStore(db),
    oneTimeIds: createOneTimeIdStore(db),
    secondFactors: createSecondFactorStore(db),
    accessVersions: createAccessVersionStore(db),
    accessRequests: createAccessRequestStore(db),
    seats: createSeatStore(db),
    shadowLosses: createShadowLossStore(db),
    pulse: () => takePulse(db),
    countSessions: (when) => countSessions(db, when),
    changesElsewhere: countChangesElsewhere(connection),
    close: () => db.destroy(),
  };
}

function connect(file: string): SqliteDatabase.Database {
  try {
    const connection = new SqliteDatabase(file, { timeout: BUSY_MILLISECONDS });
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('foreign_keys = ON');
    return connection;
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

/**
 * The version that the engine keeps is cheap to ask for, and another one after every write of another process. Which of
 * them matter, the mark tells. https://www.sqlite.org/pragma.html#pragma_data_version
 */
function countChangesElsewhere(connection: SqliteDatabase.Database): () => number {
  const version = connection.prepare<[], number>('pragma data_version').pluck();
  const mark = connection.prepare<[], string>('select mark from changes').pluck();
  let seen = { version: version.get(), mark: mark.get() };
  let changes = 0;
  return () => {
    const now = version.get();
    if (now === seen.version) return changes;
    // In this order: what is written in between shows in the version the next time.
    const before = seen.mark;
    seen = { version: now, mark: mark.get() };
    if (seen.mark !== before) changes += 1;
    return changes;
  };
}

/** The database holds hashes of secrets: for its owner only. SQLite gives its journals the mode of the database. */
async function makePrivate(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a', 0o600);
    await handle.close();
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) await chmod(file, 0o600).catch(ignoreWhereModesDoNotExist);
  } catch (error) {
    throw cannotOpen(file, error);
  }
}

/** Some network and Windows file systems have no modes; there, access is the business of the mount. */
function ignoreWhereModesDoNotExist(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM' && error.code !== 'ENOTSUP' && error.code !== 'ENOSYS') throw error;
}

function cannotOpen(file: string, cause: unknown): Failure {
  const why = reason(cause);
  return new Failure(refuse('server.error', 'The database could not be opened.'), `The database ${file} cannot be opened: ${why}.`, {
    cause,
  });
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'SQLITE_NOTADB') return 'it is not a SQLite database';
  if (code === 'EACCES' || code === 'SQLITE_CANTOPEN') return 'this user may not read and write it';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'what should be its folder is a file';
  if (code === 'EROFS' || code === 'SQLITE_READONLY') return 'it can only be read';
  if (code === 'SQLITE_BUSY') return 'another program keeps it locked';
  return cause instanceof Error ? cause.message : String(cause);
}
