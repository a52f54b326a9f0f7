import { ADMINISTRATOR_ROLE, isAdministrator } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { userState } from '../../domain/user-query.ts';
import { type NotAccepted, notAccepted, type PeopleDeps } from './people-deps.ts';

/**
 * Why a change that takes an administrator away cannot be done: there would be none left who can sign in.
 * Null where it can, and for everybody who is none.
 */
export async function refuseLastAdministrator({ users }: Pick<PeopleDeps, 'users'>, user: User): Promise<NotAccepted | null> {
  if (!isAdministrator(user) || userState(user) !== 'active') return null;
  const { total } = await users.search({ role: ADMINISTRATOR_ROLE, state: 'active' }, { offset: 0, limit: 1 });
  if (total > 1) return null;
  return notAccepted(null, `${user.name} is the only administrator who can sign in. Make somebody else one first.`);
}
