import { isPersonalToken, looksLikePersonalToken, type PersonalToken } from '../domain/personal-token.ts';
import type { Clock, PersonalTokenStore, Randomness, UserStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';

export interface FindPersonalTokenDeps {
  readonly personalTokens: PersonalTokenStore;
  readonly users: UserStore;
  readonly randomness: Randomness;
  readonly clock: Clock;
}

export interface HeldToken {
  readonly token: PersonalToken;
  /** Its owner, as stored now. */
  readonly user: User;
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const BEARER = /^Bearer +(\S+)$/i;
const HOUR = 3_600_000;

/** What an `Authorization` header brings that was meant to be a personal access token, valid or not; null for anything else. */
export function readPersonalToken(authorization: string | null): string | null {
  const [, secret] = BEARER.exec(authorization?.trim() ?? '') ?? [];
  return secret !== undefined && looksLikePersonalToken(secret) ? secret : null;
}

/** A token in force with its owner; null for every other, whatever is wrong with it. Its use is noted once an hour. */
export async function findPersonalToken(deps: FindPersonalTokenDeps, secret: string): Promise<HeldToken | null> {
  if (!isPersonalToken(secret, deps.randomness.hash)) return null;
  const token = await deps.personalTokens.find(deps.randomness.hash(secret));
  const now = deps.clock.now();
  if (token === null || now >= token.expiresAt) return null;
  const user = await deps.users.findById(token.userId);
  if (user === null || user.disabledAt !== null) return null;
  const isNoted = token.usedAt !== null && now.getTime() - token.usedAt.getTime() < HOUR;
  if (!isNoted) await deps.personalTokens.touch(token.id, now);
  return { token, user };
}
