import { type Refusal, refuse } from '../lib/problems.ts';
import { userNameKey } from './user-name.ts';

/** Length protects, and is the only rule that people can keep without writing the password down. */
const MIN_CHARACTERS = 10;

/** More than anybody types; the sign-in form takes no more. */
const MAX_LENGTH = 1024;

/** What no form field can hold. */
const UNTYPABLE = /[\u0000-\u001f\u007f]/;

/** Null when the password may be given to the user. */
export function refuseNewPassword(password: string, userName: string): Refusal | null {
  if (UNTYPABLE.test(password)) return refuse('request.malformed', 'The password must be one line, of characters that can be typed.');
  if ([...password.normalize('NFC')].length < MIN_CHARACTERS) {
    return refuse('request.malformed', `The password must have at least ${MIN_CHARACTERS} characters.`);
  }
  if (password.length > MAX_LENGTH) return refuse('request.malformed', `The password must have at most ${MAX_LENGTH} characters.`);
  if (userNameKey(password) === userNameKey(userName)) return refuse('request.malformed', 'The password must not be the name of the user.');
  return null;
}
