import type { User } from '../../../domain/session.ts';
import type { Admin } from '../find-admin.ts';
import type { SecondFactorDeps } from './second-factor-deps.ts';

/** One of the administrator's own. With the last one the recovery codes go. */
export async function removeOwnFactor(
  deps: SecondFactorDeps,
  { user }: Admin,
  given: { readonly id: string; readonly address: string },
): Promise<boolean> {
  const factors = await deps.secondFactors.list(user.id);
  const factor = factors.find(({ id }) => id === given.id);
  if (factor === undefined) return false;
  await (factors.length === 1 ? deps.secondFactors.removeAll(user.id) : deps.secondFactors.remove(user.id, factor.id));
  await deps.audit.record({ action: 'second-factor.removed', actor: user.name, address: given.address, target: user.name });
  return true;
}

/** All of another administrator, who has lost them: the next sign-in asks for the password alone. Sessions of theirs end. */
export async function resetFactors(deps: SecondFactorDeps, by: Admin, user: User, address: string): Promise<boolean> {
  const removed = await deps.secondFactors.removeAll(user.id);
  if (removed === 0) return false;
  await deps.adminSessions.removeOfUser(user.id);
  await deps.audit.record({ action: 'second-factor.removed', actor: by.user.name, address, target: user.name, detail: 'all of them' });
  return true;
}
