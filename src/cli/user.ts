import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import type { Database } from '../adapters/storage/database.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { refuseNewPassword } from '../domain/new-password.ts';
import { parseRoles } from '../domain/role-name.ts';
import { LOCAL_SOURCE, type User } from '../domain/session.ts';
import { parseUserName } from '../domain/user-name.ts';
import { userState } from '../domain/user-query.ts';
import { Failure, isRefusal } from '../lib/problems.ts';
import { askTwice, readPasswordFrom } from './ask-password.ts';
import { recordCommand } from './record-command.ts';

/** What a command sees of the terminal. */
export interface UserCommandIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
  /** Text without a line end, for a person at the terminal. */
  prompt(text: string): void;
}

/** How a command ended, as scripts see it. */
export const USER_EXIT = {
  done: 0,
  /** The command was understood, and cannot be done. */
  refused: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** Given up with Ctrl+C. */
  cancelled: 130,
} as const;

export type UserExit = (typeof USER_EXIT)[keyof typeof USER_EXIT];

interface InData {
  /** The data folder; made when missing. */
  readonly data: string;
}

interface OfUser extends InData {
  readonly name: string;
}

export function terminalIo(): UserCommandIo {
  return {
    stdin: process.stdin,
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
    prompt: (text) => void process.stderr.write(text),
  };
}

/** `vitrine user add NAME --role R… --password-stdin` */
export async function runUserAdd(
  options: OfUser & { readonly roles: readonly string[]; readonly passwordStdin: boolean },
  io: UserCommandIo,
): Promise<UserExit> {
  const name = parseUserName(options.name);
  if (isRefusal(name)) return complain(io, USER_EXIT.usage, name.detail);
  const roles = parseRoles(options.roles);
  if (isRefusal(roles)) return complain(io, USER_EXIT.usage, roles.detail);
  return withDatabase(options, io, async (db) => {
    const { users } = db;
    if ((await users.find(name)) !== null) return complain(io, USER_EXIT.refused, nameTaken(name));
    const password = await getPassword(name, options.passwordStdin, io);
    if (!password.ok) return password.exit;
    const user = await users.create({ name, roles, passwordHash: await createPasswordHasher().hash(password.password) });
    if (user === null) return complain(io, USER_EXIT.refused, nameTaken(name));
    await recordCommand(db, { action: 'user.created', target: user.name, detail: describeRoles(user.roles) });
    io.print(`Added ${user.name}, ${describeRoles(user.roles)}.`);
    if ((await users.list()).length === 1) io.print(`This is the first user in ${options.data}, the data folder to serve with.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user list` */
export async function runUserList(options: InData, io: UserCommandIo): Promise<UserExit> {
  return withDatabase(options, io, async ({ users }) => {
    const all = await users.list();
    if (all.length === 0) io.error(`There are no users yet in ${options.data}. Add one with: vitrine user add NAME --role ROLE`);
    else for (const line of table(all)) io.print(line);
    return USER_EXIT.done;
  });
}

/** `vitrine user remove NAME` */
export async function runUserRemove(options: OfUser, io: UserCommandIo): Promise<UserExit> {
  return withUser(options, io, async (db, user) => {
    if (!(await db.users.remove(user.id))) return complain(io, USER_EXIT.refused, noUser(user.name));
    await recordCommand(db, { action: 'user.removed', target: user.name });
    io.print(`Removed ${user.name}, and ended every session of theirs.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user disable NAME`: nobody from now on, until `enable`. */
export async function runUserDisable(options: OfUser, io: UserCommandIo): Promise<UserExit> {
  return withUser(options, io, async (db, user) => {
    if (!(await db.users.disable(user.id, new Date()))) return complain(io, USER_EXIT.refused, `${user.name} is disabled already.`);
    await recordCommand(db, { action: 'user.disabled', target: user.name });
    io.print(`${user.name} is disabled, and every session of theirs has ended.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user enable NAME` */
export async function runUserEnable(options: OfUser, io: UserCommandIo): Promise<UserExit> {
  return withUser(options, io, async (db, user) => {
    if (!(await db.users.enable(user.id))) return complain(io, USER_EXIT.refused, `${user.name} is not disabled.`);
    await recordCommand(db, { action: 'user.enabled', target: user.name });
    io.print(`${user.name} can sign in again.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user password NAME --password-stdin` */
export async function runUserPassword(options: OfUser & { readonly passwordStdin: boolean }, io: UserCommandIo): Promise<UserExit> {
  return withUser(options, io, async (db, user) => {
    if (user.source !== LOCAL_SOURCE) return complain(io, USER_EXIT.refused, passwordElsewhere(user));
    const password = await getPassword(user.name, options.passwordStdin, io);
    if (!password.ok) return password.exit;
    const passwordHash = await createPasswordHasher().hash(password.password);
    if (!(await db.users.setPasswordHash(user.id, passwordHash))) return complain(io, USER_EXIT.refused, noUser(user.name));
    await recordCommand(db, { action: 'user.password', target: user.name });
    io.print(`${user.name} has a new password; every session of theirs has ended.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user roles NAME --role R…`: these and no others by hand; those of an identity source stay. Without a role it says which there are; `--none` takes them away. */
export async function runUserRoles(
  options: OfUser & { readonly roles: readonly string[]; readonly none: boolean },
  io: UserCommandIo,
): Promise<UserExit> {
  if (options.none && options.roles.length > 0) return complain(io, USER_EXIT.usage, 'Give either --role or --none.');
  const roles = parseRoles(options.roles);
  if (isRefusal(roles)) return complain(io, USER_EXIT.usage, roles.detail);
  return withUser(options, io, async (db, user) => {
    const asksOnly = roles.length === 0 && !options.none;
    if (!asksOnly && !(await db.users.setRoles(user.id, roles))) return complain(io, USER_EXIT.refused, noUser(user.name));
    if (!asksOnly) await recordCommand(db, { action: 'user.roles', target: user.name, detail: describeRoles(roles) });
    const outside = user.outsideRoles.length === 0 ? '' : `; from ${user.source}: ${user.outsideRoles.join(', ')}`;
    io.print(`${user.name}: ${describeRoles(asksOnly ? user.ownRoles : roles)}${outside}.`);
    return USER_EXIT.done;
  });
}

export async function withDatabase(options: InData, io: UserCommandIo, work: (db: Database) => Promise<UserExit>): Promise<UserExit> {
  try {
    const db = await openSqlite(join(options.data, 'vitrine.db'));
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  } catch (error) {
    if (error instanceof Failure) return complain(io, USER_EXIT.refused, error.message);
    throw error;
  }
}

function withUser(options: OfUser, io: UserCommandIo, work: (db: Database, user: User) => Promise<UserExit>): Promise<UserExit> {
  return withDatabase(options, io, async (db) => {
    const user = await db.users.find(options.name);
    return user === null ? complain(io, USER_EXIT.refused, `${noUser(options.name)} The data folder is ${options.data}.`) : work(db, user);
  });
}

type Password = { readonly ok: true; readonly password: string } | { readonly ok: false; readonly exit: UserExit };

async function getPassword(name: string, fromStdin: boolean, io: UserCommandIo): Promise<Password> {
  const read = await readPassword(fromStdin, io);
  if (!read.ok) return read;
  const refusal = refuseNewPassword(read.password, name);
  return refusal === null ? read : { ok: false, exit: complain(io, USER_EXIT.refused, refusal.detail) };
}

/** A person is asked even with `--password-stdin`: otherwise the password would stand on the screen. */
async function readPassword(fromStdin: boolean, io: UserCommandIo): Promise<Password> {
  if (io.stdin.isTTY === true) return askPerson(io);
  if (!fromStdin) {
    const sentence = 'There is no terminal to ask for the password. Send it on standard input, with --password-stdin.';
    return { ok: false, exit: complain(io, USER_EXIT.usage, sentence) };
  }
  const password = await readPasswordFrom(io.stdin);
  if (password !== null) return { ok: true, password };
  return { ok: false, exit: complain(io, USER_EXIT.refused, 'Standard input holds no password: it is no UTF-8 text, or far too long.') };
}

async function askPerson(io: UserCommandIo): Promise<Password> {
  const answers = await askTwice(io.stdin, io.prompt);
  if (answers === null) return { ok: false, exit: USER_EXIT.cancelled };
  if (answers.first === answers.second) return { ok: true, password: answers.first };
  return { ok: false, exit: complain(io, USER_EXIT.refused, 'The two passwords differ; nothing has changed.') };
}

function describeRoles(roles: readonly string[]): string {
  if (roles.length === 0) return 'without a role';
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`;
}

function table(users: readonly User[]): string[] {
  const rows = users.map((user) => [
    user.name,
    user.roles.join(', '),
    user.source,
    userState(user),
    user.createdAt.toISOString().slice(0, 10),
  ]);
  const all = [['NAME', 'ROLES', 'SOURCE', 'STATE', 'SINCE'], ...rows];
  const widths = all.reduce<readonly number[]>((widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)), []);
  return all.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '));
}

function passwordElsewhere({ name, source }: User): string {
  return `${name} signs in through ${source}, and has no password here.`;
}

function noUser(name: string): string {
  return `There is no user ${JSON.stringify(name)}.`;
}

function nameTaken(name: string): string {
  return `There is already a user ${JSON.stringify(name)}.`;
}

function complain(io: UserCommandIo, exit: UserExit, sentence: string): UserExit {
  io.error(sentence);
  return exit;
}
