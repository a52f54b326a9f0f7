import { refuseNewPassword } from '../../domain/new-password.ts';
import type { PasswordHasher } from '../../domain/ports.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';
import { checkPassword } from '../check-password.ts';
import type { GuessLimits } from '../limit-guesses.ts';
import type { Admin, AdminSessionDeps } from './find-admin.ts';
import { type OpenedAdminSession, openAdminSession } from './open-admin-session.ts';

export interface PasswordChange {
  readonly current: string;
  readonly next: string;
  readonly again: string;
  readonly address: string;
  readonly cookies: ReadonlyMap<string, string>;
}

export type PasswordChanged =
  | { readonly kind: 'changed'; readonly opened: OpenedAdminSession }
  | { readonly kind: 'not-accepted'; readonly field: 'current' | 'next' | 'again'; readonly sentence: string }
  | Refusal;

/** Every session of theirs ends, as a reader and as an administrator; the browser that does it gets a new one. */
export async function changeOwnPassword(
  deps: AdminSessionDeps & { readonly passwords: PasswordHasher; readonly guesses: GuessLimits; readonly siteNames: readonly string[] },
  { user }: Admin,
  change: PasswordChange,
): Promise<PasswordChanged> {
  const typed = { name: user.name, password: change.current };
  const known = await deps.guesses.guard({ name: user.name, address: change.address }, () => checkPassword(deps, typed));
  if (isRefusal(known)) return known;
  if (known === null) return { kind: 'not-accepted', field: 'current', sentence: 'That is not your password.' };
  const refusal = refuseNewPassword(change.next, user.name, [user.email ?? '', ...deps.siteNames]);
  if (refusal !== null) return { kind: 'not-accepted', field: 'next', sentence: refusal.detail };
  if (change.next !== change.again) return { kind: 'not-accepted', field: 'again', sentence: 'The two passwords differ.' };
  await deps.users.setPasswordHash(user.id, await deps.passwords.hash(change.next));
  await deps.audit.record({ action: 'user.password', actor: user.name, address: change.address, target: user.name });
  return { kind: 'changed', opened: await openAdminSession(deps, user, change) };
}
