import { type Refusal, refuse } from '../lib/problems.ts';

export const ROLE_NAME = /^[^\s,"']{1,64}$/;

/** Names of roles as they are kept, each once. */
export function parseRoles(texts: readonly string[]): readonly string[] | Refusal {
  const roles = texts.map((text) => text.normalize('NFC').trim());
  const wrong = roles.find((role) => !ROLE_NAME.test(role));
  if (wrong === undefined) return [...new Set(roles)];
  return refuse('request.malformed', `${JSON.stringify(wrong)} is no role name: no spaces, commas or quotes, at most 64 characters.`);
}
