import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS } from '../../adapters/storage/migrations.ts';
import { examineDatabase } from '../../adapters/storage/sqlite/examine.ts';
import type { Options } from '../../config/options.ts';
import { isStoreAddress } from '../../config/store-address.ts';
import { findClockFault, findDiskFault } from '../readiness.ts';
import { type Finding, findingsAbout } from './finding.ts';

/** Free space below which something should be done soon. */
const LITTLE_BYTES = 1_000_000_000;
/** Others may read it, or more. */
const OF_OTHERS = 0o077;

export async function examineImages({ images }: Options): Promise<readonly Finding[]> {
  const say = findingsAbout('images');
  if (isStoreAddress(images)) return [];
  const fault = await access(images, constants.R_OK | constants.X_OK).then(() => null, reasonOf);
  if (fault !== null) return [say.wrong(`${images} cannot be read: ${fault}.`)];
  const entries = await readdir(images, { withFileTypes: true });
  const closed: string[] = [];
  for (const { name } of entries.slice(0, 1_000)) {
    if (!(await access(join(images, name), constants.R_OK).then(isSo, isNot))) closed.push(name);
  }
  if (closed.length > 0)
    return [say.warning(`${closed.length} of what is in ${images} cannot be read by this account, ${closed[0]} for one.`)];
  if (entries.length === 0) return [say.warning(`${images} is empty.`)];
  return [say.well(`${images} can be read.`)];
}

export async function examineData({ data }: Options): Promise<readonly Finding[]> {
  const say = findingsAbout('data folder');
  const stats = await stat(data).catch(() => null);
  if (stats === null) return [say.well(`${data} does not exist yet; the first start makes it.`)];
  const fault = await access(data, constants.R_OK | constants.W_OK | constants.X_OK).then(() => null, reasonOf);
  if (fault !== null) return [say.wrong(`${data} cannot be written to: ${fault}. Run the doctor as the account that runs the server.`)];
  const open: string[] = [];
  for (const name of ['secret.key', 'vitrine.db']) {
    const file = await stat(join(data, name)).catch(() => null);
    if (file !== null && (file.mode & OF_OTHERS) !== 0) open.push(name);
  }
  if (open.length > 0)
    return [
      say.wrong(`Others may read ${open.join(' and ')} in ${data}. Run: chmod 600 ${open.map((name) => join(data, name)).join(' ')}`),
    ];
  if ((stats.mode & 0o007) !== 0) return [say.warning(`Everybody on this machine may look into ${data}. Run: chmod 700 ${data}`)];
  return [say.well(`${data} can be written to, and others cannot read it.`)];
}

export async function examineDisk({ data }: Options): Promise<readonly Finding[]> {
  const say = findingsAbout('disk');
  if ((await stat(data).catch(() => null)) === null) return [];
  const fault = await findDiskFault(data).catch(reasonOf);
  if (fault !== null) return [say.wrong(`No file can be written: ${fault}.`)];
  const { bavail, bsize } = await statfs(data);
  const free = bavail * bsize;
  const sentence = `${(free / 1e9).toFixed(1)} GB are free for ${data}.`;
  return [free < LITTLE_BYTES ? say.warning(`${sentence} That is little for caches, pyramids and the database.`) : say.well(sentence)];
}

/** Without changing it: a database of before an upgrade stays as it is. */
export async function examineState({ data }: Options): Promise<readonly Finding[]> {
  const say = findingsAbout('database');
  const file = join(data, 'vitrine.db');
  if ((await stat(file).catch(() => null)) === null) return [say.well('There is none yet; the first start makes it.')];
  const { fault, unknown, steps, newest } = examineDatabase(file);
  if (fault !== null) return [say.wrong(`${file} is damaged: ${fault}. Restore a backup.`)];
  if (unknown !== null) return [say.wrong(`${file} has been used by a newer Vitrine (it holds the step “${unknown}”). Run that version.`)];
  const sound = say.well(
    steps === MIGRATIONS.length
      ? 'It is whole, and of this version.'
      : 'It is whole; the next start brings it up to date, and keeps a copy.',
  );
  const clock = findClockFault(newest);
  return [
    sound,
    clock === null
      ? findingsAbout('clock').well('It is not behind what the database holds.')
      : findingsAbout('clock').wrong(`${clock}. Set the clock.`),
  ];
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return (
    {
      EACCES: 'this account may not',
      EPERM: 'this account may not',
      ENOENT: 'it does not exist',
      EROFS: 'the disk can only be read',
      ENOSPC: 'the disk is full',
    }[code] ?? code
  );
}

const isSo = () => true;
const isNot = () => false;
