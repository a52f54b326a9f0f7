import { join } from 'node:path';
import type { Database } from '../adapters/storage/database.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import {
  type ItemGrantId,
  isoGrantEnd,
  type ListedItemGrant,
  parseGrantEnd,
  parseGrantedItems,
  parseGrantNote,
  writeGrantEnd,
} from '../domain/item-grant.ts';
import { isRefusal } from '../lib/problems.ts';
import { recordCommand } from './record-command.ts';

export interface GrantCommand {
  /** The data folder; made when missing. */
  readonly data: string;
  readonly now: Date;
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
}

/** `vitrine grant add USER ITEMS --until DATE --note TEXT`: 0; 1 where it cannot be done; 2 for what is typed wrongly. */
export async function runGrantAdd(
  command: GrantCommand & { readonly user: string; readonly items: string; readonly until: string; readonly note: string },
): Promise<number> {
  const items = parseGrantedItems(command.items);
  if (isRefusal(items)) return complain(command, items.detail, 2);
  const until = parseGrantEnd(command.until, command.now);
  if (isRefusal(until)) return complain(command, until.detail, 2);
  const note = parseGrantNote(command.note);
  if (isRefusal(note)) return complain(command, note.detail, 2);
  return withDatabase(command, async (db) => {
    const user = await db.users.find(command.user);
    if (user === null) return complain(command, `There is no user ${JSON.stringify(command.user)}. The data folder is ${command.data}.`);
    const grant = await db.itemGrants.add({ userId: user.id, items, until, note, createdBy: null, createdAt: command.now });
    if (grant === null) return complain(command, `${user.name} has too many grants. Remove some, or give a role.`);
    await recordCommand(db, {
      action: 'item-grant.created',
      target: user.name,
      item: items,
      detail: `until ${writeGrantEnd(until, 'en')}`,
    });
    command.print(`${user.name} may see ${items} until ${writeGrantEnd(until, 'en')}. Take it back with: vitrine grant remove ${grant.id}`);
    return 0;
  });
}

/** `vitrine grant list --user USER` */
export async function runGrantList(command: GrantCommand & { readonly user: string | null }): Promise<number> {
  return withDatabase(command, async ({ users, itemGrants }) => {
    const user = command.user === null ? null : await users.find(command.user);
    if (command.user !== null && user === null) return complain(command, `There is no user ${JSON.stringify(command.user)}.`);
    const grants = await itemGrants.list(user === null ? {} : { userId: user.id });
    if (grants.length === 0) command.error(`There are no grants${user === null ? '' : ` for ${user.name}`} in ${command.data}.`);
    else for (const line of table(grants, command.now)) command.print(line);
    return 0;
  });
}

/** `vitrine grant remove ID` */
export async function runGrantRemove(command: GrantCommand & { readonly id: string }): Promise<number> {
  return withDatabase(command, async (db) => {
    const id = command.id as ItemGrantId;
    const grant = await db.itemGrants.find(id);
    if (grant === null || !(await db.itemGrants.remove(id)))
      return complain(command, `There is no grant ${JSON.stringify(command.id)}. The data folder is ${command.data}.`);
    await recordCommand(db, { action: 'item-grant.removed', target: grant.userName, item: grant.items });
    command.print(`Removed: ${grant.userName} may no longer see ${grant.items} by it.`);
    return 0;
  });
}

async function withDatabase({ data }: GrantCommand, work: (db: Database) => Promise<number>): Promise<number> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function table(grants: readonly ListedItemGrant[], now: Date): readonly string[] {
  const rows = grants.map((grant) => [
    grant.id,
    grant.userName,
    grant.items,
    isoGrantEnd(grant.until),
    now < grant.until ? 'in force' : 'ended',
    grant.note ?? '',
  ]);
  const all = [['ID', 'USER', 'ITEMS', 'UNTIL', 'STATE', 'NOTE'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function complain({ error }: GrantCommand, sentence: string, exit = 1): number {
  error(sentence);
  return exit;
}
