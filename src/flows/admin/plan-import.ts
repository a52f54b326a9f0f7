import { ADMINISTRATOR_ROLE, isAdministrator } from '../../domain/administrator.ts';
import type { Randomness, UserStore } from '../../domain/ports.ts';
import { parseRoles } from '../../domain/role-name.ts';
import { LOCAL_SOURCE, type User, type UserId } from '../../domain/session.ts';
import { parseUserName, userNameKey } from '../../domain/user-name.ts';
import { userState } from '../../domain/user-query.ts';
import { isRefusal } from '../../lib/problems.ts';
import { parseEmail } from './parse-email.ts';
import type { CsvMistake, PersonLine } from './people-csv.ts';
import type { Doer } from './people-deps.ts';

/** What a line would do. */
export interface PlannedLine {
  readonly line: number;
  readonly name: string;
  /** Null for somebody who is to be added. */
  readonly user: User | null;
  /** Null where it stays as it is. */
  readonly email: { readonly to: string | null } | null;
  readonly roles: readonly string[] | null;
  readonly becomes: 'disabled' | 'enabled' | null;
}

export interface ImportPlan {
  /** In the order of the file; of those who stay as they are too. */
  readonly lines: readonly PlannedLine[];
  readonly mistakes: readonly CsvMistake[];
  /** The same for the same plan for the same people, and for nothing else. */
  readonly digest: string;
}

export interface PlanDeps {
  readonly users: UserStore;
  readonly randomness: Randomness;
}

/** Whether a line changes anything. */
export function changes({ user, email, roles, becomes }: PlannedLine): boolean {
  return user === null || email !== null || roles !== null || becomes !== null;
}

/** Says for each line what it would do, and changes nothing. With one mistake in it, none of it can be done. */
export async function planImport(deps: PlanDeps, doer: Doer, people: readonly PersonLine[]): Promise<ImportPlan> {
  const lines: PlannedLine[] = [];
  const mistakes: CsvMistake[] = [];
  const seen = new Map<string, number>();
  for (const person of people) {
    const planned = await planLine(deps, doer, person);
    const before = seen.get(userNameKey(person.name));
    if (before !== undefined) mistakes.push({ line: person.line, sentence: `${person.name} is in line ${before} already.` });
    else if ('sentence' in planned) mistakes.push(planned);
    else lines.push(planned);
    seen.set(userNameKey(person.name), before ?? person.line);
  }
  mistakes.push(...(await findLostAdministrators(deps, lines)));
  const digest = deps.randomness.hash(JSON.stringify([lines, mistakes]));
  return { lines, mistakes: mistakes.toSorted((one, other) => one.line - other.line), digest };
}

async function planLine({ users }: PlanDeps, doer: Doer, person: PersonLine): Promise<PlannedLine | CsvMistake> {
  const { line } = person;
  const name = parseUserName(person.name);
  if (isRefusal(name)) return { line, sentence: name.detail };
  const email = person.email === undefined ? undefined : parseEmail(person.email);
  if (email !== undefined && isRefusal(email)) return { line, sentence: email.detail };
  const roles = person.roles === undefined ? undefined : parseRoles(person.roles);
  if (roles !== undefined && isRefusal(roles)) return { line, sentence: roles.detail };
  const user = await users.find(name);
  if (user === null) {
    const becomes = person.state === 'disabled' ? 'disabled' : null;
    return { line, name, user, email: { to: email ?? null }, roles: roles ?? [], becomes };
  }
  const newEmail = email === undefined || email === user.email ? null : { to: email };
  if (newEmail !== null && user.source !== LOCAL_SOURCE)
    return { line, sentence: `The address of ${user.name} is what ${user.source} says.` };
  const becomes = stateChange(user, person);
  if (becomes === 'disabled' && user.id === doer.userId) return { line, sentence: 'You cannot disable yourself.' };
  return {
    line,
    name: user.name,
    user,
    email: newEmail,
    roles: roles === undefined || isSame(roles, user.ownRoles) ? null : roles,
    becomes,
  };
}

/** Nobody becomes invited, or active, but by setting a password: both say no more than that the account is not disabled. */
function stateChange(user: User, { state }: PersonLine): PlannedLine['becomes'] {
  if (state === undefined || (state === 'disabled') === (user.disabledAt !== null)) return null;
  return state === 'disabled' ? 'disabled' : 'enabled';
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}

const MOST_ADMINISTRATORS = 1000;

/** The lines that would take the administrators away, where none was left who can sign in. */
async function findLostAdministrators({ users }: PlanDeps, lines: readonly PlannedLine[]): Promise<readonly CsvMistake[]> {
  const active = { role: ADMINISTRATOR_ROLE, state: 'active' } as const;
  const { users: now } = await users.search(active, { offset: 0, limit: MOST_ADMINISTRATORS });
  const lost = lines.filter(losesAdministrator);
  const gone = new Set<UserId>(lost.flatMap(({ user }) => (user === null ? [] : [user.id])));
  if (now.some(({ id }) => !gone.has(id)) || lines.some(gainsAdministrator)) return [];
  return lost.map(({ line }) => ({ line, sentence: 'No administrator would be left who can sign in.' }));
}

/** Whether somebody who could sign in as an administrator cannot any more. */
export function losesAdministrator({ user, roles, becomes }: PlannedLine): boolean {
  if (user === null || !isAdministrator(user) || userState(user) !== 'active') return false;
  return becomes === 'disabled' || (roles !== null && ![...roles, ...user.outsideRoles].includes(ADMINISTRATOR_ROLE));
}

/** Somebody who can sign in already. */
function gainsAdministrator({ user, roles, becomes }: PlannedLine): boolean {
  if (user === null || user.isInvited || becomes === 'disabled') return false;
  const enabled = user.disabledAt === null || becomes === 'enabled';
  return enabled && (roles ?? user.ownRoles).includes(ADMINISTRATOR_ROLE);
}
