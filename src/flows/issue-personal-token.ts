import { ADMINISTRATOR_ROLE, isAdministrator } from '../domain/administrator.ts';
import type { AuditActor, AuditTrail } from '../domain/audit.ts';
import {
  MOST_PERSONAL_TOKENS,
  type PersonalToken,
  parseScopes,
  parseTokenDays,
  parseTokenName,
  SECRET_BYTES,
  writePersonalToken,
} from '../domain/personal-token.ts';
import type { Clock, PersonalTokenStore, Randomness } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import { isRefusal, type Refusal, refuse } from '../lib/problems.ts';

export interface IssuePersonalTokenDeps {
  readonly personalTokens: PersonalTokenStore;
  readonly randomness: Randomness;
  readonly clock: Clock;
  readonly audit: AuditTrail;
}

export interface AskedToken {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly days: number;
}

export interface IssuedPersonalToken {
  readonly token: PersonalToken;
  /** Shown this once: the store has its hash. */
  readonly secret: string;
}

/** `field`: what is to be looked at again. */
export type TokenRefusal = Refusal & { readonly field?: keyof AskedToken };

const DAY = 86_400_000;

/** A new token of this user, or what is wrong with what was asked for. */
export async function issuePersonalToken(
  deps: IssuePersonalTokenDeps,
  user: Pick<User, 'id' | 'name' | 'roles'>,
  asked: AskedToken,
  by: AuditActor,
): Promise<IssuedPersonalToken | TokenRefusal> {
  const name = parseTokenName(asked.name);
  if (isRefusal(name)) return { ...name, field: 'name' };
  const scopes = parseScopes(asked.scopes);
  if (isRefusal(scopes)) return { ...scopes, field: 'scopes' };
  const days = parseTokenDays(asked.days);
  if (isRefusal(days)) return { ...days, field: 'days' };
  const isForAdministrators = scopes.some((scope) => scope !== 'content');
  if (isForAdministrators && !isAdministrator(user)) {
    const sentence = `Scopes beside content are for administrators, users with the role ${ADMINISTRATOR_ROLE}.`;
    return { ...refuse('access.refused', sentence), field: 'scopes' };
  }
  const secret = writePersonalToken(deps.randomness.token(SECRET_BYTES), deps.randomness.hash);
  const createdAt = deps.clock.now();
  const token = await deps.personalTokens.create({
    userId: user.id,
    name,
    scopes,
    secretHash: deps.randomness.hash(secret),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + days * DAY),
  });
  if (token === null) return TOO_MANY;
  const detail = `${token.id}, ${scopes.join(' ')}, until ${token.expiresAt.toISOString()}`;
  await deps.audit.record({ ...by, action: 'personal-token.created', target: user.name, detail });
  return { token, secret };
}

const TOO_MANY: TokenRefusal = refuse(
  'request.malformed',
  `A user has at most ${MOST_PERSONAL_TOKENS} tokens. Revoke one that nobody uses.`,
);
