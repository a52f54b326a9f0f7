import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import { describePolicy } from '../../domain/describe-policy.ts';
import { knownRoles, policiesNaming } from '../../domain/known-roles.ts';
import type { KnownSource } from '../../domain/sign-on.ts';
import { rolesPage } from '../../ui/admin/pages/roles.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminFrame, adminPage } from './guard.ts';

function rulesGiving({ name, rules }: KnownSource, role: string): readonly string[] {
  const giving = rules.filter(({ roles }) => roles.includes(role));
  return giving.map(({ number, line }) => `rule ${number} of ${name} (identity file, line ${line})`);
}

/** `/admin/roles` */
export function createRolesPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const access = deps.access();
    const held = await deps.users.countRoles();
    const sources = [...deps.identitySources().values()];
    const given = sources.flatMap(({ rules }) => rules.flatMap(({ roles }) => roles));
    const roles = knownRoles(access, [...held.keys(), ...given]).map((name) => ({
      name,
      users: held.get(name) ?? 0,
      note: name === ADMINISTRATOR_ROLE ? 'These pages, and everything on them.' : null,
      givenBy: sources.flatMap((source) => rulesGiving(source, name)),
      policies: policiesNaming(access, name).map((policy) => ({
        number: policy.number,
        items: policy.items.join(', '),
        words: describePolicy(access, policy, deps.clock.now()),
      })),
    }));
    return page(200, rolesPage(adminFrame(deps, request, admin), { roles }));
  });
}
