import type { Database } from '../../src/adapters/storage/database.ts';
import type { Grant, SessionId, User, UserId } from '../../src/domain/session.ts';

/** Rows that the contracts of several stores need. */
export const AT = new Date('2030-05-06T07:08:09.010Z');
export const LATER = new Date('2030-05-06T08:00:00.000Z');
export const END = new Date('2030-05-06T19:00:00.000Z');

export const MEMBERS: Grant = { service: 'members', origin: 'https://viewer.example', grantedAt: AT };
export const TERMS: Grant = { service: 'terms', origin: 'https://viewer.example', grantedAt: LATER };

export async function addUser(db: Database, name: string): Promise<User> {
  const user = await db.users.create({ name, roles: ['reader'], passwordHash: `hash of ${name}` });
  if (user === null) throw new Error(`${name} is taken`);
  return user;
}

/** Of a name; an id that nobody has where there is none. */
export async function idOf(db: Pick<Database, 'users'>, name: string): Promise<UserId> {
  return (await db.users.find(name))?.id ?? 'usr_nobody';
}

export async function addSession(
  db: Database,
  id: SessionId,
  more: { userId?: UserId; grants?: readonly Grant[]; createdAt?: Date; endsAt?: Date } = {},
): Promise<void> {
  const { userId = null, grants = [], createdAt = AT, endsAt = END } = more;
  await db.sessions.create({ id, sessionSecretHash: `s ${id}`, accessSecretHash: `a ${id}`, userId, createdAt, endsAt, grants });
}

export async function addToken(
  db: Database,
  tokenHash: string,
  sessionId: SessionId,
  service: string,
  origin: string | null = 'https://viewer.example',
): Promise<void> {
  await db.tokens.create(tokenHash, { sessionId, service, origin, expiresAt: END, firstLetters: 'abcd', deviceId: null });
}
