import { basename, join, resolve } from 'node:path';
import { makeBackup } from '../adapters/storage/backups/make-backup.ts';
import { checkBackup, restoreBackup } from '../adapters/storage/backups/restore-backup.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { recordCommand } from './record-command.ts';

export interface BackupCommand {
  /** The data folder. */
  readonly data: string;
  readonly now: Date;
  /** A line of what was asked for. */
  print(line: string): void;
}

/** `vitrine backup FOLDER` */
export async function runBackup(command: BackupCommand & { readonly into: string; readonly keep: number | null }): Promise<number> {
  const made = await makeBackup({ ...command, into: resolve(command.into) });
  // To open it would bring it up to date, beside a server of an earlier version perhaps.
  if (made.isUpToDate) await record(command.data, { action: 'backup.made', detail: basename(made.folder) });
  command.print(`${made.folder}: ${count(made.files, 'file')}, ${(made.bytes / 1_000_000).toFixed(1)} MB, read back and whole.`);
  if (made.removed > 0) command.print(`${count(made.removed, 'older backup')} removed.`);
  return 0;
}

/** `vitrine restore FOLDER --check` */
export async function runBackupCheck(command: BackupCommand & { readonly from: string }): Promise<number> {
  const { madeAt, program, files } = await checkBackup(resolve(command.from));
  command.print(`The backup is whole: ${count(files.length, 'file')}, made ${madeAt} by Vitrine ${program}.`);
  return 0;
}

/** `vitrine restore FOLDER` */
export async function runRestore(
  command: BackupCommand & { readonly from: string; readonly replace: boolean; readonly keepSessions: boolean },
): Promise<number> {
  const { madeAt, files, aside } = await restoreBackup({ ...command, from: resolve(command.from) });
  await record(command.data, { action: 'backup.restored', detail: `of ${madeAt.toISOString()}` });
  command.print(`${command.data} is as it was at ${madeAt.toISOString()}: ${count(files, 'file')}.`);
  if (aside !== null) command.print(`What was there is in ${aside}. Remove it when you no longer want it.`);
  if (!command.keepSessions) command.print('Everybody signs in again, and links for passwords that were sent before no longer work.');
  command.print('What was taken from somebody since then is theirs again: look at users, grants, devices and personal tokens.');
  return 0;
}

async function record(data: string, entry: AuditEntry): Promise<void> {
  const database = await openSqlite(join(data, 'vitrine.db'));
  try {
    await recordCommand(database, entry);
  } finally {
    await database.close();
  }
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
