import { randomBytes } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { OutsidePerson, UserStore } from '../../domain/ports.ts';
import { LOCAL_SOURCE, type User, type UserId } from '../../domain/session.ts';
import { nameWithSource, userNameKey } from '../../domain/user-name.ts';
import { searchWords } from '../../domain/user-query.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import type { Tables } from './tables.ts';
import { searchUsers } from './user-search.ts';

const COLUMNS = ['id', 'name', 'email', 'source', 'subject', 'created_at', 'disabled_at', 'last_sign_in_at', 'password_hash'] as const;

type UserRow = Pick<Selectable<Tables['users']>, (typeof COLUMNS)[number]>;

type Given = Tables['user_roles']['given'];

/** A user beside one of its roles; without one, the role is null. */
type JoinedRow = UserRow & { readonly role: string | null; readonly given: Given | null };

/** Of namesakes at one source; far more than any institution has. */
const MOST_NAMESAKES = 1000;

export function createUserStore(db: Kysely<Tables>): UserStore {
  return {
    async find(name) {
      const rows = await joined(db).where('users.name_key', '=', userNameKey(name)).orderBy('user_roles.position').execute();
      return toUsers(rows)[0] ?? null;
    },

    findById: (id) => findById(db, id),

    async list() {
      return toUsers(await joined(db).orderBy('users.name_key').orderBy('user_roles.position').execute());
    },

    async search(query, page) {
      const { ids, total } = await searchUsers(db, query, page);
      if (ids.length === 0) return { users: [], total };
      const found = joined(db).where('users.id', 'in', ids);
      return { users: toUsers(await found.orderBy('users.name_key').orderBy('user_roles.position').execute()), total };
    },

    async countRoles() {
      const rows = await db
        .selectFrom('user_roles')
        .select((row) => ['role', row.fn.count('user_id').distinct().as('users')])
        .groupBy('role')
        .orderBy('role')
        .execute();
      return new Map(rows.map(({ role, users }) => [role, Number(users)]));
    },

    async listSources() {
      const rows = await db.selectFrom('users').select('source').distinct().orderBy('source').execute();
      return rows.map(({ source }) => source);
    },

    create: ({ name, email = null, roles, passwordHash }) =>
      db.transaction().execute(async (transaction) => {
        const id = await insert(transaction, { name, email, passwordHash, createdAt: new Date() });
        if (id === null) return null;
        await setWords(transaction, id, { name, email });
        await setRoles(transaction, id, 'by-hand', roles);
        return findById(transaction, id);
      }),

    keepOutside: (person) =>
      db.transaction().execute(async (transaction) => {
        const id = await keepOutside(transaction, person);
        await setRoles(transaction, id, 'by-source', person.roles);
        const user = await findById(transaction, id);
        if (user === null) throw new Error('A user who was written in this transaction is gone');
        await setWords(transaction, id, user);
        return user;
      }),

    async noteSignIn(id, at) {
      await db.updateTable('users').set({ last_sign_in_at: at.getTime() }).where('id', '=', id).execute();
    },

    change: (id, { name, email }) =>
      db.transaction().execute(async (transaction) => {
        const holder = await transaction.selectFrom('users').select('id').where('name_key', '=', userNameKey(name)).executeTakeFirst();
        if (holder !== undefined && holder.id !== id) return false;
        const set = transaction
          .updateTable('users')
          .set({ name, name_key: userNameKey(name), email })
          .where('id', '=', id);
        if ((await set.returning('id').executeTakeFirst()) === undefined) return false;
        await setWords(transaction, id, { name, email });
        return true;
      }),

    async remove(id) {
      const removed = await db.deleteFrom('users').where('id', '=', id).returning('id').executeTakeFirst();
      return removed !== undefined;
    },

    setPasswordHash: (id, passwordHash) =>
      db.transaction().execute(async (transaction) => {
        const set = transaction.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id);
        if ((await set.returning('id').executeTakeFirst()) === undefined) return false;
        await endSessions(transaction, id);
        await transaction.deleteFrom('user_links').where('user_id', '=', id).execute();
        return true;
      }),

    setRoles: (id, roles) =>
      db.transaction().execute(async (transaction) => {
        const user = await transaction.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst();
        if (user === undefined) return false;
        await setRoles(transaction, id, 'by-hand', roles);
        return true;
      }),

    disable: (id, at) =>
      db.transaction().execute(async (transaction) => {
        const set = transaction
          .updateTable('users')
          .set({ disabled_at: at.getTime() })
          .where('id', '=', id)
          .where('disabled_at', 'is', null);
        if ((await set.returning('id').executeTakeFirst()) === undefined) return false;
        await endSessions(transaction, id);
        return true;
      }),

    async enable(id) {
      const set = db.updateTable('users').set({ disabled_at: null }).where('id', '=', id).where('disabled_at', 'is not', null);
      return (await set.returning('id').executeTakeFirst()) !== undefined;
    },

    async findPasswordHash(id) {
      const row = await db.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst();
      return row?.password_hash ?? null;
    },
  };
}

function joined(db: Kysely<Tables>) {
  return db
    .selectFrom('users')
    .leftJoin('user_roles', 'user_roles.user_id', 'users.id')
    .select(COLUMNS.map((column) => `users.${column}` as const))
    .select(['user_roles.role', 'user_roles.given']);
}

async function findById(db: Kysely<Tables>, id: UserId): Promise<User | null> {
  const rows = await joined(db).where('users.id', '=', id).orderBy('user_roles.position').execute();
  return toUsers(rows)[0] ?? null;
}

async function endSessions(db: Transaction<Tables>, id: UserId): Promise<void> {
  await db.deleteFrom('sessions').where('user_id', '=', id).execute();
  await db.deleteFrom('admin_sessions').where('user_id', '=', id).execute();
}

async function setRoles(db: Transaction<Tables>, id: UserId, given: Given, roles: readonly string[]): Promise<void> {
  await db.deleteFrom('user_roles').where('user_id', '=', id).where('given', '=', given).execute();
  const rows = [...new Set(roles)].map((role, position) => ({ user_id: id, role, given, position }));
  if (rows.length > 0) await db.insertInto('user_roles').values(rows).execute();
}

async function setWords(db: Transaction<Tables>, id: UserId, { name, email }: Pick<User, 'name' | 'email'>): Promise<void> {
  await db.deleteFrom('user_words').where('user_id', '=', id).execute();
  const rows = searchWords(`${name} ${email ?? ''}`).map((word) => ({ user_id: id, word }));
  if (rows.length > 0) await db.insertInto('user_words').values(rows).execute();
}

interface NewUser {
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  readonly createdAt: Date;
  readonly outside?: { readonly source: string; readonly subject: string };
}

/** Null when the name is taken, or the person is there. */
async function insert(db: Transaction<Tables>, { name, email, passwordHash, createdAt, outside }: NewUser): Promise<UserId | null> {
  const row = await db
    .insertInto('users')
    .values({
      id: newUserId(),
      name,
      name_key: userNameKey(name),
      email,
      source: outside?.source ?? LOCAL_SOURCE,
      subject: outside?.subject ?? null,
      password_hash: passwordHash,
      created_at: createdAt.getTime(),
      disabled_at: null,
      last_sign_in_at: outside === undefined ? null : createdAt.getTime(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row === undefined ? null : (row.id as UserId);
}

async function keepOutside(db: Transaction<Tables>, person: OutsidePerson): Promise<UserId> {
  const { source, subject, email, at } = person;
  const known = await db
    .selectFrom('users')
    .select(['id', 'name_key', 'disabled_at'])
    .where('source', '=', source)
    .where('subject', '=', subject)
    .executeTakeFirst();
  const name = await freeName(db, person, known?.id);
  if (known === undefined) {
    const id = await insert(db, { name, email, passwordHash: null, createdAt: at, outside: { source, subject } });
    // Somebody else has just written the person, or the name: both show now.
    return id ?? keepOutside(db, person);
  }
  const signedIn = known.disabled_at === null ? { last_sign_in_at: at.getTime() } : {};
  await db
    .updateTable('users')
    .set({ name, name_key: userNameKey(name), email, ...signedIn })
    .where('id', '=', known.id)
    .execute();
  return known.id as UserId;
}

/** The name that the source gives, or the first form of it that nobody else has. */
async function freeName(db: Transaction<Tables>, { name, source }: OutsidePerson, own: string | undefined): Promise<string> {
  for (let namesakes = 0; namesakes < MOST_NAMESAKES; namesakes += 1) {
    const wanted = namesakes === 0 ? name : nameWithSource(name, source, namesakes);
    const holder = await db.selectFrom('users').select('id').where('name_key', '=', userNameKey(wanted)).executeTakeFirst();
    if (holder === undefined || holder.id === own) return wanted;
  }
  throw nameIsTaken(name);
}

function nameIsTaken(name: string): Failure {
  return new Failure(refuse('server.error', 'The user could not be added.'), `${name} and every form of it are names of others`);
}

function newUserId(): UserId {
  return `usr_${randomBytes(12).toString('base64url')}`;
}

/** In the order of the rows, each user once. */
function toUsers(rows: readonly JoinedRow[]): User[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((ofOne) => {
    const [first] = ofOne;
    return first === undefined ? [] : [toUser(first, rolesOf(ofOne, 'by-hand'), rolesOf(ofOne, 'by-source'))];
  });
}

function rolesOf(rows: readonly JoinedRow[], given: Given): readonly string[] {
  return rows.flatMap((row) => (row.given === given && row.role !== null ? [row.role] : []));
}

function toUser(row: UserRow, ownRoles: readonly string[], outsideRoles: readonly string[]): User {
  return {
    id: row.id as UserId,
    name: row.name,
    email: row.email,
    source: row.source,
    subject: row.subject,
    roles: [...new Set([...ownRoles, ...outsideRoles])],
    ownRoles,
    outsideRoles,
    createdAt: new Date(row.created_at),
    disabledAt: toDate(row.disabled_at),
    lastSignInAt: toDate(row.last_sign_in_at),
    isInvited: row.source === LOCAL_SOURCE && row.password_hash === null,
  };
}

function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
