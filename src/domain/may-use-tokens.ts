import type { AccessModel } from './access.ts';
import { rulesOfPolicy } from './item-service.ts';
import { TOKENS_SERVICE } from './personal-token.ts';

/** Whether some rule of the access file lets in a script of this user: whoever it is no use to needs no token. */
export function mayUseTokens({ policies }: AccessModel, { roles }: { readonly roles: readonly string[] }): boolean {
  return policies
    .flatMap(rulesOfPolicy)
    .some((rule) => rule.service === TOKENS_SERVICE && (rule.roles.length === 0 || rule.roles.some((role) => roles.includes(role))));
}
