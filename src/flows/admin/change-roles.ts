import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import { parseRoles } from '../../domain/role-name.ts';
import type { User } from '../../domain/session.ts';
import { isRefusal } from '../../lib/problems.ts';
import { refuseLastAdministrator } from './keep-an-administrator.ts';
import { by, type Changed, type Doer, notAccepted, type PeopleDeps, USER_IS_GONE } from './people-deps.ts';
import { rolesInWords } from './roles-in-words.ts';

/** The roles that are given by hand: these and no others. Those of a source stay. */
export async function changeRoles(deps: PeopleDeps, doer: Doer, user: User, typed: readonly string[]): Promise<Changed> {
  const ownRoles = parseRoles(typed);
  if (isRefusal(ownRoles)) return notAccepted('roles', ownRoles.detail);
  const roles = [...new Set([...ownRoles, ...user.outsideRoles])];
  const refused = roles.includes(ADMINISTRATOR_ROLE) ? null : await refuseLastAdministrator(deps, user);
  if (refused !== null) return { ...refused, field: 'roles' };
  if (isSame(ownRoles, user.ownRoles)) return { kind: 'done', user };
  if (!(await deps.users.setRoles(user.id, ownRoles))) return USER_IS_GONE;
  const detail = `${rolesInWords(ownRoles)}; before: ${rolesInWords(user.ownRoles)}`;
  await deps.audit.record({ ...by(doer), action: 'user.roles', target: user.name, detail });
  return { kind: 'done', user: { ...user, roles, ownRoles } };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
