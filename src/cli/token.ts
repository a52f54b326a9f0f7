import { join } from 'node:path';
import type { Database } from '../adapters/storage/database.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import type { AuditTrail } from '../domain/audit.ts';
import type { PersonalToken } from '../domain/personal-token.ts';
import type { User } from '../domain/session.ts';
import { issuePersonalToken } from '../flows/issue-personal-token.ts';
import { revokePersonalToken } from '../flows/revoke-personal-token.ts';
import { isRefusal } from '../lib/problems.ts';
import { recordCommand } from './record-command.ts';

export interface TokenCommand {
  /** The data folder; made when missing. */
  readonly data: string;
  readonly now: Date;
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong, or is said beside. */
  error(line: string): void;
}

/** `vitrine token add NAME --user USER`: 0 with the token alone on standard output, so that scripts can keep it; 1 where there can be none. */
export async function runTokenAdd(
  command: TokenCommand & {
    readonly name: string;
    readonly user: string;
    readonly scopes: readonly string[];
    readonly days: number;
  },
): Promise<number> {
  return withDatabase(command, async (db) => {
    const user = await db.users.find(command.user);
    if (user === null) return complain(command, noUser(command));
    const issued = await issuePersonalToken(
      { ...db, audit: trailOf(db), randomness: createRandomness(), clock: { now: () => command.now } },
      user,
      command,
      HERE,
    );
    if (isRefusal(issued)) return complain(command, issued.detail);
    const { name, scopes, expiresAt } = issued.token;
    command.print(issued.secret);
    command.error(`This is token ${name} of ${user.name}, for ${scopes.join(', ')}, until ${day(expiresAt)}. It is shown this once.`);
    return 0;
  });
}

/** `vitrine token list`, of everybody or of one user. */
export async function runTokenList(command: TokenCommand & { readonly user: string | null }): Promise<number> {
  return withDatabase(command, async ({ users, personalTokens }) => {
    const owner = command.user === null ? null : await users.find(command.user);
    if (command.user !== null && owner === null) return complain(command, noUser({ ...command, user: command.user }));
    const tokens = await personalTokens.list(owner?.id);
    if (tokens.length === 0) command.error('There are no tokens. Add one with: vitrine token add NAME --user USER');
    else for (const line of table(tokens, await users.list(), command.now)) command.print(line);
    return 0;
  });
}

/** `vitrine token remove ID` */
export async function runTokenRemove(command: TokenCommand & { readonly id: string }): Promise<number> {
  return withDatabase(command, async (db) => {
    if (!(await revokePersonalToken({ ...db, audit: trailOf(db) }, command.id, HERE))) {
      return complain(command, `There is no token ${JSON.stringify(command.id)}. vitrine token list shows them.`);
    }
    command.print(`Removed token ${command.id}: it opens nothing any more.`);
    return 0;
  });
}

const HERE = { actor: null, via: 'command line', address: null } as const;

function trailOf(db: Database): AuditTrail {
  return { record: (entry) => recordCommand(db, entry) };
}

async function withDatabase({ data }: TokenCommand, work: (db: Database) => Promise<number>): Promise<number> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function table(tokens: readonly PersonalToken[], users: readonly User[], now: Date): readonly string[] {
  const rows = tokens.map((token) => [
    token.id,
    users.find(({ id }) => id === token.userId)?.name ?? '',
    token.name,
    token.scopes.join(' '),
    token.expiresAt > now ? day(token.expiresAt) : 'over',
    token.usedAt === null ? 'never' : day(token.usedAt),
  ]);
  const all = [['ID', 'USER', 'NAME', 'SCOPES', 'UNTIL', 'LAST USED'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function noUser({ user, data }: { readonly user: string; readonly data: string }): string {
  return `There is no user ${JSON.stringify(user)}. The data folder is ${data}.`;
}

function complain({ error }: TokenCommand, sentence: string): number {
  error(sentence);
  return 1;
}
