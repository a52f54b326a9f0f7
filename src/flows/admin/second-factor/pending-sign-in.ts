import { isAdministrator } from '../../../domain/administrator.ts';
import type { User, UserId } from '../../../domain/session.ts';
import type { SecondFactorDeps } from './second-factor-deps.ts';

export const PENDING_COOKIE = 'vitrine-admin-pending';
/** Time to find the phone. */
const PENDING_MINUTES = 10;
const WRITTEN = /^(usr_[A-Za-z0-9_-]{1,64})\.([0-9]{1,15})\.([A-Za-z0-9_-]{43})$/;

type PendingDeps = Pick<SecondFactorDeps, 'clock' | 'randomness' | 'signer' | 'users'>;

/**
 * What the browser of somebody keeps who has given the password, and not yet the second factor. It is no session: it opens
 * nothing but the page that asks for the factor. Another password ends it.
 */
export async function writePending(deps: PendingDeps, user: User): Promise<{ readonly cookie: string; readonly endsAt: Date }> {
  const until = deps.clock.now().getTime() + PENDING_MINUTES * 60_000;
  return { cookie: `${user.id}.${until}.${await sign(deps, user.id, until)}`, endsAt: new Date(until) };
}

/** Null unless it is ours, in time, and of somebody who is an administrator now. */
export async function readPending(deps: PendingDeps, cookies: ReadonlyMap<string, string>): Promise<User | null> {
  const [, id = '', digits = '', signature = ''] = WRITTEN.exec(cookies.get(PENDING_COOKIE) ?? '') ?? [];
  const until = Number(digits);
  if (id === '' || until <= deps.clock.now().getTime()) return null;
  const user = await deps.users.findById(id as UserId);
  if (user === null || user.disabledAt !== null || !isAdministrator(user)) return null;
  return deps.randomness.equal(signature, await sign(deps, user.id, until)) ? user : null;
}

async function sign(deps: PendingDeps, id: UserId, until: number): Promise<string> {
  return deps.signer.sign('pending sign-in', [id, until, await deps.users.findPasswordHash(id)].join('\n'));
}
