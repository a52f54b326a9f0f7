import type { User } from '../../domain/session.ts';
import { refuseLastAdministrator } from './keep-an-administrator.ts';
import { by, type Changed, type Doer, notAccepted, type PeopleDeps, USER_IS_GONE } from './people-deps.ts';

/** Removes the account with all that belongs to it. Somebody from outside comes back with the next sign-in there. */
export async function removeUser(deps: PeopleDeps, doer: Doer, user: User): Promise<Changed> {
  if (user.id === doer.userId) return notAccepted(null, 'You cannot remove yourself: ask another administrator.');
  const refused = await refuseLastAdministrator(deps, user);
  if (refused !== null) return refused;
  if (!(await deps.users.remove(user.id))) return USER_IS_GONE;
  await deps.audit.record({ ...by(doer), action: 'user.removed', target: user.name });
  return { kind: 'done', user };
}
