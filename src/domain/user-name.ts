import { type Refusal, refuse } from '../lib/problems.ts';

const MAX_LENGTH = 100;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** A name for a new user, as it is kept and shown: in one Unicode form (NFC), without surrounding space. */
export function parseUserName(text: string): string | Refusal {
  const name = text.normalize('NFC').trim();
  if (name === '') return refuse('request.malformed', 'A user needs a name.');
  if (name.length > MAX_LENGTH) return refuse('request.malformed', `A user name has at most ${MAX_LENGTH} characters.`);
  if (UNPRINTABLE.test(name)) return refuse('request.malformed', 'A user name has only characters that can be seen.');
  return name;
}

/**
 * What makes a name unique: two names with one key are one user, whatever their case and Unicode form.
 * Upper case first, because `ß` and `SS`, or `ς` and `Σ`, meet only there.
 */
export function userNameKey(name: string): string {
  return name.trim().normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** For somebody from outside whose name others have here: `anna (campus)`, then `anna (campus 2)`. */
export function nameWithSource(name: string, source: string, namesakes: number): string {
  return `${name} (${namesakes === 1 ? source : `${source} ${namesakes}`})`;
}
