import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import { Failure, refuse } from '../../../lib/problems.ts';
import { MIGRATIONS } from '../migrations.ts';
import { appliedSteps, copyDatabase } from './copy.ts';

/** Of the data folder. */
export const BEFORE_UPGRADE = 'before-upgrade';
const MOST_KEPT = 3;

/**
 * Keeps the database as it is, where steps are to come: a copy beside it, with which the earlier program goes on. Of
 * processes that start together, each copies, and what one has copied before any of them went on is kept.
 *
 * @throws Failure when it cannot be kept: then nothing is changed.
 */
export async function keepBeforeUpgrade(connection: SqliteDatabase.Database, file: string, steps = MIGRATIONS): Promise<void> {
  const applied = appliedSteps(connection);
  const next = steps[applied.length];
  if (applied.length === 0 || next === undefined) return;
  const folder = join(dirname(file), BEFORE_UPGRADE);
  const kept = join(folder, `vitrine-${applied.length}.db`);
  const draft = join(folder, `${process.pid}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(draft, { force: true });
    const copied = await copyDatabase(connection, draft);
    // Else another process has gone on meanwhile, after it had copied.
    if (copied.length === applied.length) await rename(draft, kept);
    await rm(draft, { force: true });
    await removeOldest(folder);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const sentence = `The database is to be brought up to date (“${next.name}”), and no copy of it could be kept in ${folder}: ${why}`;
    throw new Failure(refuse('server.error', 'The database could not be brought up to date.'), sentence, { cause });
  }
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^vitrine-\d+\.db$/.test(name));
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of dated.sort((a, b) => b.at - a.at).slice(MOST_KEPT)) await rm(join(folder, name), { force: true });
}
