import type { PasswordHasher } from '../../domain/ports.ts';
import type { Refusal } from '../../lib/problems.ts';
import { isRefusal } from '../../lib/problems.ts';
import { checkPassword } from '../check-password.ts';
import type { GuessLimits } from '../limit-guesses.ts';
import type { Admin, AdminSessionDeps } from './find-admin.ts';
import { type OpenedAdminSession, renewAdminSession } from './open-admin-session.ts';

/** The administrator proves again who it is. Null for a wrong password. */
export async function confirmAdmin(
  deps: AdminSessionDeps & { readonly passwords: PasswordHasher; readonly guesses: GuessLimits },
  admin: Admin,
  proof: { readonly password: string; readonly address: string },
): Promise<OpenedAdminSession | Refusal | null> {
  const guess = { name: admin.user.name, address: proof.address };
  const user = await deps.guesses.guard(guess, () => checkPassword(deps, { name: admin.user.name, password: proof.password }));
  if (user === null || isRefusal(user)) return user;
  await deps.audit.record({ action: 'administrator.confirmed', actor: user.name, address: proof.address });
  return renewAdminSession(deps, admin);
}
