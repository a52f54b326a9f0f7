import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Failure, refuse } from '../../../lib/problems.ts';
import { MIGRATIONS } from '../migrations.ts';
import { copyDatabase } from '../sqlite/copy.ts';
import { type BackupFile, type BackupList, DATABASE_FILE, describeFile, FILES_FOLDER, LIST_FILE } from './backup-list.ts';
import { isLeftOut } from './left-out.ts';

export interface MadeBackup {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Earlier ones that were removed. */
  readonly removed: number;
  /** Whether the database has the shape that this program gives it. */
  readonly isUpToDate: boolean;
}

interface Wanted {
  /** The data folder. */
  readonly data: string;
  /** Gets a folder for each backup. */
  readonly into: string;
  readonly now: Date;
  /** How many backups stay in it; null for all. */
  readonly keep: number | null;
}

const NAME = /^vitrine-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z$/;

/**
 * Copies all state that cannot be made again, also while servers and commands write. Until it is whole it has another name.
 *
 * @throws Failure where there is no database, or no room.
 */
export async function makeBackup({ data, into, now, keep }: Wanted): Promise<MadeBackup> {
  if (isWithin(into, data)) throw cannot(`${into} is in the data folder. Put backups elsewhere, best on another disk`);
  const folder = join(into, `vitrine-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
  const draft = `${folder}.part`;
  await mkdir(into, { recursive: true, mode: 0o700 });
  await mkdir(draft, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? cannot(`${draft} is there already: another backup runs, or was killed. Remove it, or wait`) : error;
  });
  try {
    const { files, steps } = await fill(draft, data);
    const list: BackupList = { format: 1, program: await programVersion(), madeAt: now.toISOString(), files: [...files] };
    await writeFile(join(draft, LIST_FILE), `${JSON.stringify(list, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(draft, folder);
    await syncFolder(into);
    const removed = keep === null ? 0 : await removeOldest(into, keep);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { folder, files: files.length, bytes, removed, isUpToDate: steps.length === MIGRATIONS.length };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function fill(draft: string, data: string): Promise<{ files: readonly BackupFile[]; steps: readonly string[] }> {
  const target = join(draft, FILES_FOLDER);
  await mkdir(target, { mode: 0o700 });
  const steps = await copyTheDatabase(join(data, DATABASE_FILE), join(target, DATABASE_FILE));
  const files = [await describeFile(target, DATABASE_FILE)];
  for (const name of await listFiles(data)) {
    if (await copyOne(join(data, name), join(target, name))) files.push(await describeFile(target, name.split(sep).join('/')));
  }
  return { files, steps };
}

async function copyTheDatabase(from: string, to: string): Promise<readonly string[]> {
  await stat(from).catch(() => {
    throw cannot(`${from} does not exist. Name the data folder with --data DIR`);
  });
  const connection = new SqliteDatabase(from, { timeout: 5_000, fileMustExist: true });
  try {
    return await copyDatabase(connection, to);
  } finally {
    connection.close();
  }
}

async function listFiles(data: string): Promise<readonly string[]> {
  const entries = await readdir(data, { withFileTypes: true });
  const wanted = entries.filter(({ name }) => !isLeftOut(name) && !name.startsWith(DATABASE_FILE));
  const below = wanted.map(async (entry) => {
    if (entry.isFile()) return [entry.name];
    if (!entry.isDirectory()) return [];
    const all = await readdir(join(data, entry.name), { withFileTypes: true, recursive: true });
    return all.filter((each) => each.isFile()).map((each) => relative(data, join(each.parentPath, each.name)));
  });
  return (await Promise.all(below)).flat().sort();
}

/** False where it has gone meanwhile. */
async function copyOne(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await copyFile(from, to);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  const copy = await open(to, 'r+');
  await copy.chmod(0o600);
  await copy.sync();
  await copy.close();
  return true;
}

async function removeOldest(into: string, keep: number): Promise<number> {
  const old = (await readdir(into))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .slice(keep);
  for (const name of old) await rm(join(into, name), { recursive: true, force: true });
  return old.length;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => {});
  await handle.close();
}

async function programVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(resolve(outer), resolve(inner));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
}

function cannot(sentence: string): Failure {
  return new Failure(refuse('server.error', 'No backup was made.'), `No backup was made: ${sentence}.`);
}
