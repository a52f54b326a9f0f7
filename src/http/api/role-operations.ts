import { knownRoles, policiesNaming } from '../../domain/known-roles.ts';
import { type Operation, operation } from './operation.ts';
import { answerJson } from './reply.ts';
import { ROLES } from './schemas.ts';

export const ROLE_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'listRoles',
      method: 'GET',
      path: '/api/1/roles',
      tag: 'Roles',
      scope: 'roles:read',
      summary: 'Every role that somebody has or a policy names',
      description: 'Who has one: `GET /api/1/users?role=…`.',
      answers: { 200: { description: 'In alphabetical order', schema: ROLES } },
    },
    async (deps) => {
      const access = deps.access();
      const held = await deps.users.countRoles();
      const roles = knownRoles(access, held.keys()).map((name) => ({
        name,
        users: held.get(name) ?? 0,
        policies: policiesNaming(access, name).map(({ number }) => number),
      }));
      return answerJson(ROLES, { roles });
    },
  ),
];
