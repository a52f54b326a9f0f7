import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { MIGRATIONS, migrate } from '../../src/adapters/storage/migrations.ts';
import { VitrineSqliteDialect } from '../../src/adapters/storage/sqlite/dialect.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { Tables } from '../../src/adapters/storage/tables.ts';
import { Failure } from '../../src/lib/problems.ts';
import { describeAccessRequestStore } from '../contracts/access-request-store.ts';
import { describeAccessVersionStore } from '../contracts/access-version-store.ts';
import { describeAdminSessionStore } from '../contracts/admin-session-store.ts';
import { describeAttemptStore } from '../contracts/attempt-store.ts';
import { describeAuditStore } from '../contracts/audit-store.ts';
import { describeDeviceStore } from '../contracts/device-store.ts';
import { describeItemGrantStore } from '../contracts/item-grant-store.ts';
import { describePersonalTokenStore } from '../contracts/personal-token-store.ts';
import { describeSeatStore } from '../contracts/seat-store.ts';
import { describeSecondFactorStore } from '../contracts/second-factor-store.ts';
import { describeSessionStore } from '../contracts/session-store.ts';
import { describeSignOnStores } from '../contracts/sign-on-stores.ts';
import { addSession, addUser, idOf, MEMBERS } from '../contracts/stored-people.ts';
import { describeTokenStore } from '../contracts/token-store.ts';
import { describeUserLinkStore } from '../contracts/user-link-store.ts';
import { describeUserStore } from '../contracts/user-store.ts';
import { runNode } from './run-node.ts';

let folder: string;
let file: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-sqlite-'));
});
beforeEach(() => {
  files += 1;
  file = join(folder, `${files}`, 'data', 'vitrine.db');
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

const engines: ReadonlyArray<[engine: string, open: () => Promise<Database>]> = [
  ['a SQLite file', () => openSqlite(file)],
  ['SQLite in memory', () => openSqlite(':memory:')],
];

for (const [engine, open] of engines) {
  describeUserStore(engine, open);
  describeUserLinkStore(engine, open);
  describeSessionStore(engine, open);
  describeTokenStore(engine, open);
  describeDeviceStore(engine, open);
  describePersonalTokenStore(engine, open);
  describeAdminSessionStore(engine, open);
  describeItemGrantStore(engine, open);
  describeSeatStore(engine, open);
  describeSecondFactorStore(engine, open);
  describeAccessRequestStore(engine, open);
  describeAttemptStore(engine, open);
  describeSignOnStores(engine, open);
  describeAccessVersionStore(engine, open);
  describeAuditStore(engine, open);
}

describe('a SQLite file', () => {
  it('is made with its folder, for its owner only, its journals too', async () => {
    const db = await openSqlite(file);
    await addUser(db, 'ada');
    const names = await readdir(join(file, '..'));
    expect(names.sort()).toEqual(['vitrine.db', 'vitrine.db-shm', 'vitrine.db-wal']);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
    for (const name of names) expect((await stat(join(file, '..', name))).mode & 0o777).toBe(0o600);
    await db.close();
  });

  it('that others could read is closed to them', async () => {
    await (await openSqlite(file)).close();
    await chmod(file, 0o644);
    await (await openSqlite(file)).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps what was stored', async () => {
    const first = await openSqlite(file);
    const ada = await addUser(first, 'ada');
    await addSession(first, 'ses_1', { userId: ada.id, grants: [MEMBERS] });
    await first.close();
    const second = await openSqlite(file);
    expect(await second.users.find('ada')).toEqual(ada);
    expect((await second.sessions.find('ses_1'))?.grants).toEqual([MEMBERS]);
    await second.close();
  });

  it('that is something else is left alone, with a sentence', async () => {
    const other = join(folder, 'letter.txt');
    const text = 'Dear Ada, this is no database. '.repeat(100);
    await writeFile(other, text);
    await expect(openSqlite(other)).rejects.toThrow(/letter\.txt cannot be opened: it is not a SQLite database\.$/);
    expect((await stat(other)).size).toBe(text.length);
  });

  it('that is a folder stops with a sentence, whose public side names no path', async () => {
    const failure = await openSqlite(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toContain('cannot be opened: it is a folder.');
    expect((failure as Failure).refusal.detail).not.toContain(folder);
  });

  it('shows one connection what another has written', async () => {
    const [server, commandLine] = [await openSqlite(file), await openSqlite(file)];
    const ada = await addUser(commandLine, 'ada');
    expect(await server.users.find('ada')).toEqual(ada);
    await addSession(server, 'ses_1', { userId: ada.id });
    await commandLine.users.remove(ada.id);
    expect(await server.sessions.find('ses_1')).toBeNull();
    await Promise.all([server.close(), commandLine.close()]);
  });

  it('is made once by processes that start together, and takes what each of them writes', async () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../src/adapters/storage/sqlite/open.ts')).href;
    const program = `
      import { openSqlite } from ${JSON.stringify(module)};
      const db = await openSqlite(process.argv[1]);
      for (let n = 0; n < 40; n += 1) {
        const name = process.pid + ' ' + n;
        const user = await db.users.create({ name, roles: [], passwordHash: 'x' });
        await db.users.setPasswordHash(user.id, 'y');
      }
      await db.close();`;
    const runs = await Promise.all(Array.from({ length: 4 }, () => runNode(program, [file])));
    expect(runs).toEqual(runs.map(() => ({ code: 0, error: '' })));
    const db = await openSqlite(file);
    expect(await db.users.list()).toHaveLength(160);
    await db.close();
  });

  it('lets a write wait while another connection is writing', async () => {
    const db = await openSqlite(file);
    await addUser(db, 'ada');
    const holder = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       const db = require('better-sqlite3')(workerData);
       db.exec('begin immediate');
       parentPort.postMessage('holding');
       setTimeout(() => { db.exec('commit'); db.close(); }, 300);`,
      { eval: true, workerData: file },
    );
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    await new Promise((resolve) => holder.once('message', resolve));
    expect(await db.users.setPasswordHash(await idOf(db, 'ada'), 'new')).toBe(true);
    await ended;
    await db.close();
  });
});

/** A module of the storage, as other processes import it. */
function source(name: string): string {
  return pathToFileURL(join(import.meta.dirname, '../../src/adapters/storage', name)).href;
}

describe('migrations', () => {
  function openTables(): Kysely<Tables> {
    return new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: new SqliteDatabase(file) }) });
  }

  beforeEach(async () => {
    await (await openSqlite(file)).close();
  });

  it('run once each, in their order', async () => {
    const db = openTables();
    const ran: string[] = [];
    const more = ['first', 'second'].map((name) => ({ name, up: async () => void ran.push(name) }));
    await migrate(db, [...MIGRATIONS, ...more]);
    await migrate(db, [...MIGRATIONS, ...more]);
    expect(ran).toEqual(['first', 'second']);
    await db.destroy();
  });

  it('bring a database from before devices up to date, with what it holds', async () => {
    const old = `${file}.old`;
    const before = new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: new SqliteDatabase(old) }) });
    const steps = MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ name }) => name === 'devices'),
    );
    await migrate(before, steps);
    const session = { session_secret_hash: 's', access_secret_hash: 'a', user_id: null, created_at: 1, used_at: 1, ends_at: 2 };
    await before
      .insertInto('sessions')
      .values({ id: 'ses_1', ...session })
      .execute();
    const token = { session_id: 'ses_1', service: 'members', origin: null, expires_at: 2, first_letters: 'abcd' };
    await sql`insert into tokens (token_hash, session_id, service, origin, expires_at, first_letters)
      values ('hash', ${token.session_id}, ${token.service}, null, ${token.expires_at}, ${token.first_letters})`.execute(before);
    await before.destroy();
    const db = await openSqlite(old);
    expect(await db.sessions.find('ses_1')).toMatchObject({ sessionSecretHash: 's', accessSecretHash: 'a' });
    const kept = { sessionId: 'ses_1', service: 'members', origin: null, firstLetters: 'abcd', deviceId: null };
    expect(await db.tokens.find('hash')).toEqual({ ...kept, expiresAt: new Date(2) });
    expect(await db.devices.list()).toEqual([]);
    await db.close();
  });

  it('bring users from before their details up to date, with their roles, passwords and sessions', async () => {
    const old = `${file}.old`;
    const connection = new SqliteDatabase(old);
    connection.pragma('foreign_keys = ON');
    const before = new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: connection }) });
    const steps = MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ name }) => name === 'user details'),
    );
    await migrate(before, steps);
    await sql`insert into users (id, name, name_key, roles, password_hash, created_at)
      values ('usr_1', 'Ada', 'ada', '["reader","curator"]', 'hash of ada', 1), ('usr_2', 'Bob', 'bob', '[]', 'hash of bob', 2)`.execute(
      before,
    );
    const session = { session_secret_hash: 's', access_secret_hash: 'a', user_id: 'usr_1', created_at: 1, used_at: 1, ends_at: 2 };
    await before
      .insertInto('sessions')
      .values({ id: 'ses_1', ...session })
      .execute();
    await before.destroy();
    const db = await openSqlite(old);
    const asBefore = {
      email: null,
      source: 'local',
      subject: null,
      outsideRoles: [],
      disabledAt: null,
      lastSignInAt: null,
      isInvited: false,
    };
    const roles = ['reader', 'curator'];
    expect(await db.users.list()).toEqual([
      { id: 'usr_1', name: 'Ada', roles, ownRoles: roles, createdAt: new Date(1), ...asBefore },
      { id: 'usr_2', name: 'Bob', roles: [], ownRoles: [], createdAt: new Date(2), ...asBefore },
    ]);
    expect((await db.users.search({ text: 'ada' }, { offset: 0, limit: 10 })).total).toBe(1);
    expect(await db.users.findPasswordHash('usr_1')).toBe('hash of ada');
    expect(await db.sessions.find('ses_1')).toMatchObject({ userId: 'usr_1' });
    await db.users.remove('usr_1');
    expect(await db.sessions.find('ses_1')).toBeNull();
    await db.close();
  });

  it('that fail leave nothing behind, and run when they no longer fail', async () => {
    const db = openTables();
    let broken = true;
    const flaky = {
      name: 'flaky',
      up: async (transaction: Kysely<Tables>) => {
        await transaction.schema.createTable('half').addColumn('id', 'integer').execute();
        if (broken) throw new Error('power cut');
      },
    };
    await expect(migrate(db, [...MIGRATIONS, flaky])).rejects.toThrow('power cut');
    expect((await db.introspection.getTables()).map((table) => table.name)).not.toContain('half');
    broken = false;
    await migrate(db, [...MIGRATIONS, flaky]);
    expect((await db.introspection.getTables()).map((table) => table.name)).toContain('half');
    await db.destroy();
  });

  it('that a kill interrupts leave the tables as they were, all steps of one upgrade together', async () => {
    const program = `
      import { writeSync } from 'node:fs';
      import SqliteDatabase from ${JSON.stringify(import.meta.resolve('better-sqlite3'))};
      import { Kysely } from ${JSON.stringify(import.meta.resolve('kysely'))};
      import { MIGRATIONS, migrate } from ${JSON.stringify(source('migrations.ts'))};
      import { VitrineSqliteDialect } from ${JSON.stringify(source('sqlite/dialect.ts'))};
      const db = new Kysely({ dialect: new VitrineSqliteDialect({ database: new SqliteDatabase(process.argv[1]) }) });
      const table = (name) => (transaction) => transaction.schema.createTable(name).addColumn('id', 'integer').execute();
      const kill = async (transaction) => { await table('half')(transaction); process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1000)); };
      await migrate(db, [...MIGRATIONS, { name: 'whole', up: table('whole') }, { name: 'killed', up: kill }]);`;
    expect((await runNode(program, [file])).code).toBeNull();
    const db = openTables();
    const tables = (await db.introspection.getTables()).map((table) => table.name);
    expect(tables).toContain('users');
    expect(tables).not.toContain('whole');
    expect(tables).not.toContain('half');
    await db.destroy();
    await (await openSqlite(file)).close();
  });

  it('to come are preceded by a copy with which the program of before goes on, also where two processes start together', async () => {
    const before = new SqliteDatabase(`${file}.old`);
    const steps = MIGRATIONS.slice(0, 5);
    await migrate(new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: before }) }), steps);
    before.prepare("insert into attempts (key, at) values ('kept', 1)").run();
    before.close();
    const program = `
      import { openSqlite } from ${JSON.stringify(source('sqlite/open.ts'))};
      await (await openSqlite(process.argv[1])).close();`;
    const runs = await Promise.all([1, 2].map(() => runNode(program, [`${file}.old`])));
    expect(runs).toEqual(runs.map(() => ({ code: 0, error: '' })));
    const kept = join(file, '..', 'before-upgrade');
    expect(await readdir(kept)).toEqual(['vitrine-5.db']);
    const copy = new SqliteDatabase(join(kept, 'vitrine-5.db'));
    expect(copy.prepare('select name from migrations order by number').pluck().all()).toEqual(steps.map(({ name }) => name));
    expect(copy.prepare('select key from attempts').pluck().all()).toEqual(['kept']);
    copy.close();
    expect((await stat(join(kept, 'vitrine-5.db'))).mode & 0o777).toBe(0o600);
  });

  it('to come do not run where no copy can be kept', async () => {
    const before = new SqliteDatabase(`${file}.old`);
    await migrate(new Kysely<Tables>({ dialect: new VitrineSqliteDialect({ database: before }) }), MIGRATIONS.slice(0, 5));
    before.close();
    await writeFile(join(file, '..', 'before-upgrade'), 'no folder');
    await expect(openSqlite(`${file}.old`)).rejects.toThrow(/is to be brought up to date .* no copy of it could be kept/);
    const after = new SqliteDatabase(`${file}.old`);
    expect(after.prepare('select count(*) from migrations').pluck().get()).toBe(5);
    after.close();
  });

  it('of a newer program keep an older one from starting, with a sentence', async () => {
    const db = openTables();
    await migrate(db, [...MIGRATIONS, { name: 'from the future', up: async () => {} }]);
    await db.destroy();
    await expect(openSqlite(file)).rejects.toThrow(/used by a newer Vitrine .*“from the future”/);
  });
});
