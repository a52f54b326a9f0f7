/** Personal access tokens: what a script sends instead of somebody's password. Unlike the access tokens of IIIF, they open content. */
import { type Refusal, refuse } from '../lib/problems.ts';
import { isAdministrator } from './administrator.ts';
import type { User, UserId } from './session.ts';

export type PersonalTokenId = `pat_${string}`;

/** The name that rules of the access file give to whoever comes with a token. No access service can have it. */
export const TOKENS_SERVICE = 'tokens';

/** What a token may be used for. `content` is what policies allow to tokens; all others count while its owner is an administrator. */
export const SCOPES = [
  'content',
  'users:read',
  'users:write',
  'roles:read',
  'roles:write',
  'grants:read',
  'grants:write',
  'sessions:read',
  'sessions:write',
  'audit:read',
  'access:read',
  'cache:read',
  'cache:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What is kept of a token: never the token. */
export interface PersonalToken {
  readonly id: PersonalTokenId;
  readonly userId: UserId;
  /** What its owner calls it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the hour; null before the first use. */
  readonly usedAt: Date | null;
}

export const DEFAULT_TOKEN_DAYS = 90;
/** A year and a day: whoever forgets a token is reminded once a year. */
export const MOST_TOKEN_DAYS = 366;
/** Of one user. Each script has its own, and nobody looks after more. */
export const MOST_PERSONAL_TOKENS = 50;

/** Finds leaked tokens in files, and keeps them apart from every other secret of ours. */
const PREFIX = 'vitrine_pat_';
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;
const WRITTEN = new RegExp(`^${PREFIX}([A-Za-z0-9_-]{${SECRET_LENGTH}})([A-Za-z0-9_-]{${CHECK_LENGTH}})$`);
/** 256 bits: never guessed, so that its hash needs no salt. */
export const SECRET_BYTES = 32;

type Hash = (text: string) => string;

/** `secret`: 32 random bytes as base64url. The last letters are a checksum: what was cut off or mistyped is told without a look-up. */
export function writePersonalToken(secret: string, hash: Hash): string {
  return `${PREFIX}${secret}${checksum(secret, hash)}`;
}

/** Whether a text is one, as far as its letters tell. */
export function isPersonalToken(text: string, hash: Hash): boolean {
  const [, secret, check] = WRITTEN.exec(text) ?? [];
  return secret !== undefined && check === checksum(secret, hash);
}

/** Whether somebody meant it to be one. */
export function looksLikePersonalToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

function checksum(secret: string, hash: Hash): string {
  return hash(`${PREFIX}${secret}`).slice(0, CHECK_LENGTH);
}

/** What a token is good for now: what is an administrator's counts only while its owner is one. */
export function scopesInForce({ scopes }: Pick<PersonalToken, 'scopes'>, owner: Pick<User, 'roles'>): readonly Scope[] {
  return isAdministrator(owner) ? scopes : scopes.filter((scope) => scope === 'content');
}

const MAX_NAME_LENGTH = 100;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** A name for a new token, as it is kept and shown: in one Unicode form (NFC), without surrounding space. */
export function parseTokenName(text: string): string | Refusal {
  const name = text.normalize('NFC').trim();
  if (name === '') return refuse('request.malformed', 'A token needs a name, such as what it is for.');
  if (name.length > MAX_NAME_LENGTH) return refuse('request.malformed', `The name of a token has at most ${MAX_NAME_LENGTH} characters.`);
  if (UNPRINTABLE.test(name)) return refuse('request.malformed', 'The name of a token has only characters that can be seen.');
  return name;
}

/** Each once, in our order. */
export function parseScopes(given: readonly string[]): readonly Scope[] | Refusal {
  const unknown = given.find((each) => !SCOPES.some((scope) => scope === each));
  if (unknown !== undefined) return refuse('request.malformed', `There is no such scope. It can be ${SCOPES.join(', ')}.`);
  if (given.length === 0) return refuse('request.malformed', 'A token needs at least one scope.');
  return SCOPES.filter((scope) => given.includes(scope));
}

export function parseTokenDays(days: number): number | Refusal {
  if (Number.isInteger(days) && days >= 1 && days <= MOST_TOKEN_DAYS) return days;
  return refuse('request.malformed', `A token lasts from 1 to ${MOST_TOKEN_DAYS} days.`);
}
