import type { AuditActor, AuditTrail } from '../domain/audit.ts';
import type { PersonalTokenId } from '../domain/personal-token.ts';
import type { PersonalTokenStore, UserStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';

export interface RevokePersonalTokenDeps {
  readonly personalTokens: PersonalTokenStore;
  readonly users: Pick<UserStore, 'findById'>;
  readonly audit: AuditTrail;
}

/** From now on the token opens nothing. `owner`: only one of theirs, another's is left alone. False where there is none. */
export async function revokePersonalToken(
  deps: RevokePersonalTokenDeps,
  id: string,
  by: AuditActor,
  owner?: Pick<User, 'id'>,
): Promise<boolean> {
  const token = await deps.personalTokens.findById(id as PersonalTokenId);
  if (token === null || (owner !== undefined && token.userId !== owner.id)) return false;
  if (!(await deps.personalTokens.remove(token.id))) return false;
  const user = await deps.users.findById(token.userId);
  await deps.audit.record({ ...by, action: 'personal-token.revoked', target: user?.name ?? null, detail: token.id });
  return true;
}
