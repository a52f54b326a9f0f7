import type { AccessModel } from '../domain/access.ts';
import { rulesOfPolicy } from '../domain/item-service.ts';
import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import type { Clock, ItemGrantStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';

export interface MayUseTokensDeps {
  readonly itemGrants: Pick<ItemGrantStore, 'ofUser'>;
  readonly clock: Clock;
  access(): AccessModel;
}

/** Whether anything lets in a script of this user, a rule of the access file or a grant of items: whoever it is no use to needs no token. */
export async function mayUseTokens(deps: MayUseTokensDeps, user: Pick<User, 'id' | 'roles'>): Promise<boolean> {
  if (hasRule(deps.access(), user.roles)) return true;
  const now = deps.clock.now();
  return (await deps.itemGrants.ofUser(user.id)).some(({ until }) => until > now);
}

function hasRule({ policies }: AccessModel, held: readonly string[]): boolean {
  return policies
    .flatMap(rulesOfPolicy)
    .some(({ service, roles }) => service === TOKENS_SERVICE && (roles.length === 0 || roles.some((role) => held.includes(role))));
}
