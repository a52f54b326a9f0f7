import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheSeats } from '../../src/adapters/cache/seats.ts';
import type { Database } from '../../src/adapters/storage/database.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { SessionId } from '../../src/domain/session.ts';
import { auditEvent } from '../../src/flows/audit-trail.ts';
import { AT, addSession, addUser, END, LATER, MEMBERS } from '../contracts/stored-people.ts';

let folder: string;
let here: Database;
/** What another process has. */
let there: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-changes-'));
  [here, there] = [await openSqlite(join(folder, 'vitrine.db')), await openSqlite(join(folder, 'vitrine.db'))];
});
afterEach(async () => {
  await Promise.all([here.close(), there.close()]);
  await rm(folder, { recursive: true, maxRetries: 10 });
});

/** Whether the one notices what the other does. */
async function isNoticed(change: () => Promise<unknown>): Promise<boolean> {
  const before = here.changesElsewhere();
  await change();
  return here.changesElsewhere() !== before;
}

const ITEM = 'letters/anna.jpg';
const sit = (store: Database['seats'], sessionId: SessionId, seconds = 0) =>
  store.take({ sessionId, item: ITEM, seats: { count: 1, minutes: 5 }, now: new Date(AT.getTime() + seconds * 1000), waits: false });

describe('what another process writes', () => {
  it('is noticed where it changes what people may', async () => {
    const { id } = await addUser(there, 'ada');
    await addSession(there, 'ses_1', { userId: id });
    await addSession(there, 'ses_2');
    const grant = { userId: id, items: 'curators/**', until: END, note: null, createdBy: null, createdAt: AT };
    const token = { userId: id, name: 'harvest', scopes: [], secretHash: 'h', createdAt: AT, expiresAt: END };
    const changes: ReadonlyArray<() => Promise<unknown>> = [
      () => there.users.setRoles(id, ['curator']),
      () => there.users.change(id, { name: 'ada l.', email: null }),
      () => there.sessions.addGrant('ses_1', MEMBERS),
      () => there.sessions.addPartition('ses_1', { secretHash: 'p', createdAt: AT }),
      () => there.sessions.removeGrants('ses_1', 'members', MEMBERS.origin),
      () => there.itemGrants.add(grant),
      async () => there.itemGrants.removeEnded(new Date(END.getTime() + 1)),
      () => there.sessions.remove('ses_2'),
      () => there.users.disable(id, AT),
      () => there.users.enable(id),
      async () => there.personalTokens.remove((await there.personalTokens.create(token))?.id ?? 'pat_none'),
      () => there.users.setPasswordHash(id, 'another hash'),
      () => there.users.remove(id),
    ];
    for (const change of changes) expect([change.toString(), await isNoticed(change)]).toEqual([change.toString(), true]);
  });

  it('is noticed where a row goes along with another one', async () => {
    const { id } = await addUser(there, 'ada');
    await addSession(there, 'ses_1', { userId: id });
    await sit(there.seats, 'ses_1');
    const raw = new SqliteDatabase(join(folder, 'vitrine.db'));
    raw.pragma('foreign_keys = ON');
    for (const trigger of ['users_delete_marked', 'sessions_delete_marked']) raw.exec(`drop trigger ${trigger}`);
    expect(await isNoticed(async () => raw.exec("delete from users where name = 'ada'"))).toBe(true);
    raw.close();
  });

  it('is nothing to notice where it only tells that somebody was there', async () => {
    const { id } = await addUser(there, 'ada');
    await addSession(there, 'ses_1', { userId: id });
    const parts = { clock: { now: () => AT }, randomness: { token: () => 'id', hash: (text: string) => text, equal: () => true } };
    const writes: ReadonlyArray<() => Promise<unknown>> = [
      () => there.sessions.touch('ses_1', LATER),
      () => there.sessions.noteOpener('ses_1', { address: '192.0.2.1', userAgent: null }),
      () => there.users.noteSignIn(id, LATER),
      () => there.attempts.add('key', AT),
      () => there.audit.add([auditEvent(parts, { action: 'view', item: ITEM })]),
      () => sit(there.seats, 'ses_1'),
      () => sit(there.seats, 'ses_1', 60),
    ];
    for (const write of writes) expect([write.toString(), await isNoticed(write)]).toEqual([write.toString(), false]);
  });

  it('is noticed together with what nobody needs to notice', async () => {
    const { id } = await addUser(there, 'ada');
    await addSession(there, 'ses_1', { userId: id });
    expect(
      await isNoticed(async () => {
        await there.users.setRoles(id, []);
        await there.sessions.touch('ses_1', LATER);
      }),
    ).toBe(true);
  });

  it('gives a seat that was left to the next reader, and to nobody else besides', async () => {
    await addSession(there, 'ses_1');
    await addSession(there, 'ses_2');
    const [ours, theirs] = [cacheSeats(here.seats, here), cacheSeats(there.seats, there)];
    expect([await sit(ours, 'ses_1'), await sit(theirs, 'ses_1')]).toEqual([{ kind: 'seated' }, { kind: 'seated' }]);
    await theirs.leave('ses_1', ITEM);
    expect(await sit(theirs, 'ses_2', 1)).toEqual({ kind: 'seated' });
    expect(await sit(ours, 'ses_1', 2)).toEqual({ kind: 'full' });
  });
});

describe('every column of the database', () => {
  /** Read from the database each time, or nothing is decided by it. Whoever adds a table or a column decides whether it belongs here. */
  const NEVER_KEPT = [
    'access_requests',
    'access_versions',
    'admin_sessions',
    'attempts',
    'audit',
    'changes',
    'migrations',
    'one_time_ids',
    'pending_sign_ins',
    'recovery_codes',
    'seat_items',
    'second_factors',
    'session_sign_ons',
    'tokens',
    'shadow_losses',
    'user_links',
    'user_words',
    'devices.used_at',
    'personal_tokens.used_at',
    'seats.asked_at',
    'seats.seated',
    'seats.used_at',
    'sessions.address',
    'sessions.used_at',
    'sessions.user_agent',
    'users.last_sign_in_at',
  ];

  it('is marked when it changes, unless it is never kept in memory', () => {
    const raw = new SqliteDatabase(join(folder, 'vitrine.db'), { readonly: true });
    const names = (query: string) => raw.prepare<[], string>(query).pluck().all();
    const marked = (table: string, event: string) =>
      raw
        .prepare<[string], string>("select sql from sqlite_master where type = 'trigger' and name = ?")
        .pluck()
        .get(`${table}_${event}_marked`) ?? '';
    const unmarked = names("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").flatMap((table) => {
      if (marked(table, 'delete') === '') return [table];
      const columns = /update of (.*) on /.exec(marked(table, 'update'))?.[1]?.split(', ') ?? [];
      return names(`select name from pragma_table_info('${table}')`)
        .filter((column) => !columns.includes(column))
        .map((column) => `${table}.${column}`);
    });
    raw.close();
    expect(unmarked.sort()).toEqual([...NEVER_KEPT].sort());
  });
});
