import type { Kysely, Transaction } from 'kysely';
import { Failure, refuse } from '../../lib/problems.ts';
import { createAccessRequests } from './migrations/access-requests.ts';
import { createAccessVersions } from './migrations/access-versions.ts';
import { createAdminSessions } from './migrations/admin-sessions.ts';
import { createAudit } from './migrations/audit.ts';
import { createChanges } from './migrations/changes.ts';
import { createItemGrants } from './migrations/item-grants.ts';
import { createPersonalTokens } from './migrations/personal-tokens.ts';
import { createSeats } from './migrations/seats.ts';
import { createSecondFactors } from './migrations/second-factors.ts';
import { addSessionOpeners } from './migrations/session-openers.ts';
import { createShadowLosses } from './migrations/shadow-losses.ts';
import { createSignOns } from './migrations/sign-ons.ts';
import { detailUsers } from './migrations/user-details.ts';
import { createUserLinks } from './migrations/user-links.ts';
import { createUserWords } from './migrations/user-search.ts';
import type { Tables } from './tables.ts';

export interface Migration {
  readonly name: string;
  readonly up: (db: Transaction<Tables>) => Promise<void>;
}

/** Applied in this order, each once. Published ones never change: a later one corrects them. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'people', up: createPeople },
  { name: 'attempts', up: createAttempts },
  { name: 'partitions', up: createPartitions },
  { name: 'first letters of tokens', up: addFirstLetters },
  { name: 'devices', up: createDevices },
  { name: 'audit', up: createAudit },
  { name: 'user details', up: detailUsers },
  { name: 'personal tokens', up: createPersonalTokens },
  { name: 'admin sessions', up: createAdminSessions },
  { name: 'item grants', up: createItemGrants },
  { name: 'sign-ons', up: createSignOns },
  { name: 'second factors', up: createSecondFactors },
  { name: 'session openers', up: addSessionOpeners },
  { name: 'access versions', up: createAccessVersions },
  { name: 'user words', up: createUserWords },
  { name: 'user links', up: createUserLinks },
  { name: 'access requests', up: createAccessRequests },
  { name: 'seats', up: createSeats },
  { name: 'changes', up: createChanges },
  { name: 'shadow losses', up: createShadowLosses },
];

/**
 * Brings the tables to the newest shape. All steps and the notes that they ran are one transaction, and the notes are read
 * inside it: whenever a process ends, the tables have the old shape or the new one, and of two processes that start
 * together only one applies the steps.
 *
 * @throws Failure when a newer program has been here.
 */
export async function migrate(db: Kysely<Tables>, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const applied = await findApplied(transaction);
    const unknown = findUnknown(applied, migrations);
    if (unknown !== null) throw newerDatabase(unknown);
    for (const [at, { name, up }] of migrations.slice(applied.length).entries()) {
      await up(transaction);
      const number = applied.length + at + 1;
      await transaction.insertInto('migrations').values({ number, name, applied_at: Date.now() }).execute();
    }
  });
}

/** The first step of a database that this program does not know; null where it knows all. */
export function findUnknown(applied: readonly string[], migrations: readonly Migration[] = MIGRATIONS): string | null {
  return applied.find((name, index) => name !== migrations[index]?.name) ?? null;
}

async function findApplied(db: Transaction<Tables>): Promise<readonly string[]> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom('migrations').select('name').orderBy('number').execute();
  return rows.map(({ name }) => name);
}

function newerDatabase(name: string): Failure {
  const sentence = `The database has been used by a newer Vitrine (it holds the step “${name}”). Run that version, or give another data folder.`;
  return new Failure(refuse('server.error', 'The database is newer than this program.'), sentence);
}

async function createPeople(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('session_secret_hash', 'text', (column) => column.notNull())
    .addColumn('access_secret_hash', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.references('users.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('grants')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('granted_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('grants_key', ['session_id', 'service', 'origin'])
    .execute();
  await db.schema
    .createTable('tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('origin', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_user').on('sessions').column('user_id').execute();
  await db.schema.createIndex('sessions_end').on('sessions').column('ends_at').execute();
  await db.schema.createIndex('sessions_use').on('sessions').column('used_at').execute();
  await db.schema.createIndex('tokens_session').on('tokens').column('session_id').execute();
  await db.schema.createIndex('tokens_expiry').on('tokens').column('expires_at').execute();
}

async function createAttempts(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('attempts')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('attempts_key').on('attempts').columns(['key', 'at']).execute();
  await db.schema.createIndex('attempts_time').on('attempts').column('at').execute();
}

async function createPartitions(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('partitions')
    .addColumn('secret_hash', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('partitions_session').on('partitions').columns(['session_id', 'created_at']).execute();
}

/** Of tokens from before, nothing is known but their hash. */
async function addFirstLetters(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .alterTable('tokens')
    .addColumn('first_letters', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
}

/** Tokens from before were issued on the strength of none. */
async function createDevices(db: Transaction<Tables>): Promise<void> {
  await db.schema
    .createTable('devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('link_hash', 'text', (column) => column.unique())
    .addColumn('link_ends_at', 'bigint')
    .addColumn('secret_hash', 'text', (column) => column.unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
  await db.schema
    .alterTable('tokens')
    .addColumn('device_id', 'text', (column) => column.references('devices.id').onDelete('cascade'))
    .execute();
  await db.schema.createIndex('tokens_device').on('tokens').column('device_id').execute();
}
