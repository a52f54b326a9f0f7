import type { AuditTrail } from '../domain/audit.ts';
import type { PasswordHasher, UserStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import type { Refusal } from '../lib/problems.ts';

const LONGEST_NAME = 200;
const LONGEST_PASSWORD = 1024;

/** The user, where name and password belong together. The same work for a wrong password and for a user who does not exist or is disabled. */
export async function checkPassword(
  deps: { readonly users: UserStore; readonly passwords: PasswordHasher },
  typed: { readonly name: string; readonly password: string },
): Promise<User | null> {
  const name = typed.name.trim();
  const { password } = typed;
  if (name === '' || password === '' || isTooLong({ name, password })) return null;
  const user = await deps.users.find(name);
  const hash = user === null ? null : await deps.users.findPasswordHash(user.id);
  const matches = await deps.passwords.verify(hash, password);
  return matches && user?.disabledAt === null ? user : null;
}

/** More than anybody's name or password. */
export function isTooLong({ name, password }: { readonly name: string; readonly password: string }): boolean {
  return name.length > LONGEST_NAME || password.length > LONGEST_PASSWORD;
}

/** Writes an attempt down that failed. Of names only those of users: people type passwords where the name belongs. `why`: in words, where there is more to say. */
export async function recordFailure(
  deps: { readonly users: UserStore; readonly audit: AuditTrail },
  action: 'sign-in.failed' | 'administrator.sign-in.failed',
  attempt: { readonly name: string; readonly address: string; readonly service: string | null },
  why: Refusal | string | null,
): Promise<void> {
  const user = await deps.users.find(attempt.name.slice(0, LONGEST_NAME));
  const { address, service } = attempt;
  const reason = typeof why === 'string' ? why : why === null ? 'wrong name or password' : 'too many attempts';
  const detail = `${reason}${user === null || user.disabledAt === null ? '' : ', and the user is disabled'}`;
  await deps.audit.record({ action, address, service, target: user?.name ?? null, detail });
}
