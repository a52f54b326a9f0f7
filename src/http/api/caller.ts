/** Who calls: the owner of a personal access token, and nobody else. https://www.rfc-editor.org/rfc/rfc6750#section-3 */
import type { AuditActor } from '../../domain/audit.ts';
import { type PersonalToken, type Scope, scopesInForce } from '../../domain/personal-token.ts';
import type { User } from '../../domain/session.ts';
import { findPersonalToken, readPersonalToken } from '../../flows/find-personal-token.ts';
import { refuse } from '../../lib/problems.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import type { ApiDeps } from './api-deps.ts';

export interface Caller {
  readonly user: User;
  readonly token: PersonalToken;
  /** Of the token, as far as its owner may have them now. */
  readonly scopes: readonly Scope[];
  /** As the audit names the caller. */
  readonly by: AuditActor;
}

const REALM = 'Bearer realm="Vitrine"';
const NO_TOKEN = refuse('token.needed', 'Send a personal access token: Authorization: Bearer vitrine_pat_…');
const WRONG_TOKEN = refuse('token.needed', 'The token is wrong, has expired or was revoked, or its owner is gone or disabled.');
const IN_BROWSER = refuse('token.needed', 'Personal access tokens are not for pages in browsers: the request has an Origin.');

/** The caller, or the answer to whoever is none. Cookies make no difference. */
export async function findCaller(deps: ApiDeps, request: HttpRequest): Promise<Caller | Reply> {
  const secret = readPersonalToken(request.header('authorization'));
  if (secret === null) return problem(NO_TOKEN, { 'www-authenticate': REALM });
  if (request.header('origin') !== null) return problem(IN_BROWSER, { 'www-authenticate': REALM });
  const held = await findPersonalToken(deps, secret);
  if (held === null) {
    const tooMany = await deps.wrongTokens.count(request.address);
    return tooMany === null ? problem(WRONG_TOKEN, { 'www-authenticate': `${REALM}, error="invalid_token"` }) : problem(tooMany);
  }
  const by = { actor: held.user.name, via: 'api', address: request.address } as const;
  return { ...held, scopes: scopesInForce(held.token, held.user), by };
}

/** Null where the caller may. */
export function refuseScope({ scopes }: Pick<Caller, 'scopes'>, scope: Scope | null): Reply | null {
  if (scope === null || scopes.includes(scope)) return null;
  const sentence = `This needs a token with the scope ${scope}, whose owner is an administrator.`;
  const challenge = `${REALM}, error="insufficient_scope", scope="${scope}"`;
  return problem(refuse('token.scope', sentence), { 'www-authenticate': challenge });
}
