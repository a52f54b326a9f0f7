import { knownRoles } from '../../domain/known-roles.ts';
import type { AdminDeps } from './admin-deps.ts';

/** The roles of a form made with `roleFields`: boxes, and a line of others. */
export function rolesOfForm(form: URLSearchParams): readonly string[] {
  const others = (form.get('roles') ?? '').split(/[\s,]+/).filter((role) => role !== '');
  return [...new Set([...form.getAll('role'), ...others])];
}

/** What `roleFields` offers. */
export async function choosableRoles(deps: Pick<AdminDeps, 'users' | 'access'>): Promise<readonly string[]> {
  return knownRoles(deps.access(), (await deps.users.countRoles()).keys());
}
