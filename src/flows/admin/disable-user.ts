import type { User } from '../../domain/session.ts';
import { refuseLastAdministrator } from './keep-an-administrator.ts';
import { by, type Changed, type Doer, notAccepted, type PeopleDeps, USER_IS_GONE } from './people-deps.ts';

/** From now on the user is nobody: every session has ended, and links for a password are over while it lasts. */
export async function disableUser(deps: PeopleDeps, doer: Doer, user: User): Promise<Changed> {
  if (user.id === doer.userId) return notAccepted(null, 'You cannot disable yourself: ask another administrator.');
  const refused = await refuseLastAdministrator(deps, user);
  if (refused !== null) return refused;
  const at = deps.clock.now();
  if (!(await deps.users.disable(user.id, at))) return asItIs(deps, user);
  await deps.audit.record({ ...by(doer), action: 'user.disabled', target: user.name });
  return { kind: 'done', user: { ...user, disabledAt: at } };
}

/** Lets a disabled user in again. */
export async function enableUser(deps: PeopleDeps, doer: Doer, user: User): Promise<Changed> {
  if (!(await deps.users.enable(user.id))) return asItIs(deps, user);
  await deps.audit.record({ ...by(doer), action: 'user.enabled', target: user.name });
  return { kind: 'done', user: { ...user, disabledAt: null } };
}

/** Somebody else did the same before, or removed the user. */
async function asItIs(deps: PeopleDeps, { id }: User): Promise<Changed> {
  const now = await deps.users.findById(id);
  return now === null ? USER_IS_GONE : { kind: 'done', user: now };
}
