import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBackup } from '../../src/adapters/storage/backups/make-backup.ts';
import { checkBackup, restoreBackup } from '../../src/adapters/storage/backups/restore-backup.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addSession, addUser } from '../contracts/stored-people.ts';
import { startVitrineProcess } from '../harness/process.ts';
import { runVitrine } from '../house/run-vitrine.ts';
import { runNode } from './run-node.ts';

const NOW = new Date('2027-01-31T02:00:00Z');

let folder: string;
let data: string;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-backup-'));
  data = join(folder, 'data');
  into = join(folder, 'backups');
  const db = await openDatabase();
  const ada = await addUser(db, 'ada');
  await addSession(db, 'ses_1', { userId: ada.id });
  await db.close();
  await writeFile(join(data, 'secret.key'), 'a secret of at least 32 characters, surely\n', { mode: 0o600 });
  await mkdir(join(data, 'certificates'));
  await writeFile(join(data, 'certificates', 'adhoc.pem'), 'made up\n', { mode: 0o600 });
  await mkdir(join(data, 'cache', 'derivatives'), { recursive: true });
  await writeFile(join(data, 'cache', 'derivatives', 'one'), 'can be made again');
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 10 }));

const openDatabase = (of = data) => openSqlite(join(of, 'vitrine.db'));
const make = (now = NOW, keep: number | null = null) => makeBackup({ data, into, now, keep });
const restore = (from: string, changes: { data?: string; replace?: boolean; keepSessions?: boolean; now?: Date } = {}) =>
  restoreBackup({ from, data, replace: true, keepSessions: false, now: NOW, ...changes });

async function names(of = data): Promise<readonly string[]> {
  const db = await openDatabase(of);
  const users = await db.users.list();
  await db.close();
  return users.map(({ name }) => name);
}

describe('a backup', () => {
  it('holds the database, keys and certificates with checksums, for its owner only, and no cache', async () => {
    const { folder: made, files } = await make();
    expect(made).toBe(join(into, 'vitrine-2027-01-31T02-00-00Z'));
    const { files: listed } = await checkBackup(made);
    expect(listed.map(({ name }) => name)).toEqual(['vitrine.db', 'certificates/adhoc.pem', 'secret.key']);
    expect(files).toBe(3);
    for (const name of [made, join(made, 'data')]) expect((await stat(name)).mode & 0o777).toBe(0o700);
    for (const name of ['backup.json', 'data/vitrine.db', 'data/secret.key', 'data/certificates/adhoc.pem']) {
      expect((await stat(join(made, name))).mode & 0o777, name).toBe(0o600);
    }
  });

  it('gives everything back in an empty folder, where everybody signs in again', async () => {
    const { folder: made } = await make();
    const elsewhere = join(folder, 'elsewhere');
    expect(await restore(made, { data: elsewhere, replace: false })).toEqual({ madeAt: NOW, files: 3, aside: null });
    expect(await names(elsewhere)).toEqual(['ada']);
    expect(await readFile(join(elsewhere, 'secret.key'))).toEqual(await readFile(join(data, 'secret.key')));
    const db = await openDatabase(elsewhere);
    expect(await db.sessions.find('ses_1')).toBeNull();
    await db.close();
  });

  it('leaves people signed in where that is asked for', async () => {
    const { folder: made } = await make();
    await restore(made, { keepSessions: true });
    const db = await openDatabase();
    expect(await db.sessions.find('ses_1')).not.toBeNull();
    await db.close();
  });

  it('takes the place of what is there only when told to, and keeps that aside', async () => {
    const { folder: made } = await make();
    const db = await openDatabase();
    await addUser(db, 'bert');
    await db.close();
    await expect(restore(made, { replace: false })).rejects.toThrow(/holds state already. With --replace/);
    expect(await names()).toEqual(['ada', 'bert']);
    const { aside } = await restore(made);
    expect(await names()).toEqual(['ada']);
    expect(await names(aside ?? '')).toEqual(['ada', 'bert']);
    expect(await readFile(join(data, 'cache', 'derivatives', 'one'), 'utf8')).toBe('can be made again');
    expect((await make(new Date('2027-02-01T02:00:00Z'))).files).toBe(3);
  });

  it('is not put into a folder that somebody works with', async () => {
    const { folder: made } = await make();
    const db = await openDatabase();
    await expect(restore(made)).rejects.toThrow(/Stop it first/);
    await addUser(db, 'bert');
    await db.close();
    expect(await names()).toEqual(['ada', 'bert']);
  });

  it('that was put in only by half keeps every program from starting, until it is put in again', async () => {
    const { folder: made } = await make();
    await mkdir(join(data, 'restoring'));
    await expect(openDatabase()).rejects.toThrow(/Run vitrine restore again/);
    await restore(made, { replace: false });
    expect(await names()).toEqual(['ada']);
  });

  it.each<[what: string, damage: (made: string) => Promise<void>, sentence: RegExp]>([
    ['a byte more in the key', (made) => appendFile(join(made, 'data/secret.key'), 'x'), /secret\.key in the backup is not as it was/],
    ['a database cut short', (made) => truncate(join(made, 'data/vitrine.db'), 4096), /vitrine\.db in the backup is not as it was/],
    ['a file gone', (made) => rm(join(made, 'data/certificates/adhoc.pem')), /adhoc\.pem is missing/],
    ['no list', (made) => rm(join(made, 'backup.json')), /is no whole backup/],
    [
      'a list that leads elsewhere',
      async (made) => {
        const list = await readFile(join(made, 'backup.json'), 'utf8');
        await writeFile(join(made, 'backup.json'), list.replace('certificates/adhoc.pem', '../../data/secret.key'));
      },
      /is no whole backup/,
    ],
  ])('with %s is refused, and nothing is changed', async (_what, damage, sentence) => {
    const { folder: made } = await make();
    await damage(made);
    const before = await readdir(data);
    await expect(checkBackup(made)).rejects.toThrow(sentence);
    await expect(restore(made)).rejects.toThrow(sentence);
    expect(await readdir(data)).toEqual(before);
    expect(await names()).toEqual(['ada']);
  });

  it('of a newer program is refused', async () => {
    const newer = new SqliteDatabase(join(data, 'vitrine.db'));
    newer.prepare("insert into migrations (number, name, applied_at) values (1000, 'from the future', 0)").run();
    newer.close();
    const { folder: made } = await make();
    await expect(restore(made)).rejects.toThrow(/of a newer Vitrine .*“from the future”/);
  });

  it('removes the oldest ones where so many are to stay', async () => {
    await mkdir(into);
    await writeFile(join(into, 'letters'), 'of somebody else');
    for (const day of ['01', '02', '03']) await make(new Date(`2027-02-${day}T02:00:00Z`), 2);
    expect((await readdir(into)).sort()).toEqual(['letters', 'vitrine-2027-02-02T02-00-00Z', 'vitrine-2027-02-03T02-00-00Z']);
  });

  it('does not lie in the data folder, and wants a database', async () => {
    await expect(makeBackup({ data, into: join(data, 'backups'), now: NOW, keep: null })).rejects.toThrow(/is in the data folder/);
    await expect(makeBackup({ data: join(folder, 'nothing'), into, now: NOW, keep: null })).rejects.toThrow(/does not exist/);
    expect(await readdir(into)).toEqual([]);
  });

  it('made while another process writes is of one moment: what belongs together is there together', async () => {
    const writer = `
      import SqliteDatabase from ${JSON.stringify(import.meta.resolve('better-sqlite3'))};
      const db = new SqliteDatabase(process.argv[1], { timeout: 5000 });
      db.exec('create table pairs (one integer, other text)');
      const add = db.transaction((n) => {
        db.prepare('insert into pairs (one) values (?)').run(n);
        db.prepare('update pairs set other = ? where one = ?').run('x'.repeat(2000), n);
      });
      const end = Date.now() + 2000;
      for (let n = 0; Date.now() < end; n += 1) add(n);
      db.close();`;
    const writing = runNode(writer, [join(data, 'vitrine.db')]);
    const counts: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { folder: made } = await make(new Date(NOW.getTime() + n * 1000));
      await checkBackup(made);
      const copy = new SqliteDatabase(join(made, 'data', 'vitrine.db'), { readonly: true });
      const has = copy.prepare("select 1 from sqlite_schema where name = 'pairs'").get() !== undefined;
      counts.push(has ? (copy.prepare<[], number>('select count(*) from pairs').pluck().get() ?? 0) : 0);
      if (has) expect(copy.prepare('select count(*) from pairs where other is null').pluck().get()).toBe(0);
      copy.close();
    }
    expect(await writing).toEqual({ code: 0, error: '' });
    expect(counts.at(-1)).toBeGreaterThan(counts[0] ?? 0);
  });
});

describe('vitrine backup and vitrine restore', () => {
  it('work beside a running server, and refuse to take its folder from it', async () => {
    const images = join(folder, 'images');
    await mkdir(images);
    const server = await startVitrineProcess('serve', ['--images', images, '--data', data]);
    const backup = await runVitrine(['backup', into, '--data', data, '--keep', '3']);
    expect(backup).toMatchObject({ code: 0, err: '' });
    expect(backup.out).toMatch(/files, .* MB, read back and whole\./);
    const made = join(into, (await readdir(into))[0] ?? '');
    const check = await runVitrine(['restore', made, '--check', '--data', data]);
    expect(check.out).toMatch(/^The backup is whole: \d+ files, made 20/);
    const refused = await runVitrine(['restore', made, '--data', data, '--replace']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('Stop it first');
    expect((await fetch(`${server.base}/livez`)).status).toBe(200);
    await server.stop();
    const restored = await runVitrine(['restore', made, '--data', data, '--replace']);
    expect(restored).toMatchObject({ code: 0, err: '' });
    expect(restored.out).toContain('Everybody signs in again');
    const db = await openDatabase();
    const [event] = await db.audit.list({}, { limit: 1 });
    expect(event).toMatchObject({ action: 'backup.restored', via: 'command line' });
    await db.close();
  });
});
