import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import { isLoopback } from '../config/check-combinations.ts';
import type { Options } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';
import type { PasswordHasher, UserStore } from '../domain/ports.ts';

/** Everybody can read it here, so it is used only where nobody else can reach the server. */
const WELL_KNOWN_PASSWORD = 'vitrine-lab';

const LAB_PEOPLE = [
  { name: 'reader', roles: ['reader'] },
  { name: 'curator', roles: ['curator'] },
] as const;

export interface LabPerson {
  readonly name: string;
  readonly roles: readonly string[];
  /** Null for a user who was there before, or whose password somebody has changed. */
  readonly password: string | null;
}

/** Makes the lab's people where they are missing, in the data folder that the demo serves. `folder` is the demo's own. */
export async function prepareLabPeople(options: Options, folder: string): Promise<readonly LabPerson[]> {
  const kept = await keptPassword(folder);
  const password = options.labPassword ?? (isForThisMachineOnly(options) ? WELL_KNOWN_PASSWORD : (kept ?? createRandomness().token(12)));
  const former = [WELL_KNOWN_PASSWORD, kept].filter((given) => given !== null && given !== password) as readonly string[];
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  try {
    const people: LabPerson[] = [];
    for (const { name, roles } of LAB_PEOPLE) {
      people.push(await preparePerson({ name, roles, password }, former, database.users, createPasswordHasher()));
    }
    if (password !== WELL_KNOWN_PASSWORD) await writeFile(passwordFile(folder), `${password}\n`, { mode: 0o600 });
    return people;
  } finally {
    await database.close();
  }
}

/** The person whom the front page names, password included; nobody where others than this machine can read it. */
export function publicLab(options: Options, people: readonly LabPerson[]): { user: string; password: string } | null {
  const [first] = people;
  if (first === undefined || first.password === null || !isForThisMachineOnly(options)) return null;
  return { user: first.name, password: first.password };
}

/** All of them for the pages of the lab, with the password only where nobody but this machine can read it. */
export function publicAccounts(
  options: Options,
  people: readonly LabPerson[],
): ReadonlyArray<{ user: string; roles: readonly string[]; password: string | null }> {
  const isPublic = isForThisMachineOnly(options);
  return people.map(({ name, roles, password }) => ({ user: name, roles, password: isPublic ? password : null }));
}

/**
 * For a start that is no demo, with a data folder that one has used: notices about people whom the well-known password
 * still lets in.
 * @throws StartProblem when others than this machine could be let in.
 */
export async function noteLabPeople(options: Options): Promise<readonly string[]> {
  const names = await findWithWellKnownPassword(options);
  if (names.length === 0) return [];
  const who = `${names.join(' and ')} of the demo can sign in here with the demo's well-known password`;
  if (isForThisMachineOnly(options)) return [`${who}. Remove them before others come.`];
  const remedy = `remove them (vitrine user remove ${names[0]}), give them passwords of their own (vitrine user password ${names[0]}), or use another data folder`;
  throw new StartProblem([`${who}, and others than this machine reach this server: ${remedy}.`]);
}

async function findWithWellKnownPassword(options: Options): Promise<readonly string[]> {
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  const hasher = createPasswordHasher();
  try {
    const names: string[] = [];
    for (const { name } of LAB_PEOPLE) {
      const user = await database.users.find(name);
      const hash = user === null ? null : await database.users.findPasswordHash(user.id);
      if (hash !== null && (await hasher.verify(hash, WELL_KNOWN_PASSWORD))) names.push(name);
    }
    return names;
  } finally {
    await database.close();
  }
}

/** An older lab password gives way, so that a well-known one never stays behind when others can reach the server. */
async function preparePerson(
  wanted: { name: string; roles: readonly string[]; password: string },
  former: readonly string[],
  users: UserStore,
  hasher: PasswordHasher,
): Promise<LabPerson> {
  const there = await users.find(wanted.name);
  if (there === null) {
    const { name, roles } = wanted;
    await users.create({ name, roles, passwordHash: await hasher.hash(wanted.password) });
    return wanted;
  }
  const { id, name, roles } = there;
  const hash = await users.findPasswordHash(id);
  if (await hasher.verify(hash, wanted.password)) return { name, roles, password: wanted.password };
  for (const password of former) {
    if (!(await hasher.verify(hash, password))) continue;
    await users.setPasswordHash(id, await hasher.hash(wanted.password));
    return { name, roles, password: wanted.password };
  }
  return { name, roles, password: null };
}

function isForThisMachineOnly({ host, publicUrl }: Options): boolean {
  return isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));
}

function passwordFile(folder: string): string {
  return join(folder, 'lab-password');
}

async function keptPassword(folder: string): Promise<string | null> {
  const content = await readFile(passwordFile(folder), 'utf8').catch(() => null);
  return content === null ? null : content.trimEnd();
}
