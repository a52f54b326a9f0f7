import { type Refusal, refuse } from '../lib/problems.ts';
import { COMMON_WORDS } from './common-words.ts';

/** Length protects most, and is the rule that people can keep without writing the password down. */
export const MIN_PASSWORD_CHARACTERS = 10;

/** More than anybody types; the sign-in form takes no more. */
export const MAX_PASSWORD_LENGTH = 1024;

/** What no form field can hold. */
const UNTYPABLE = /[\u0000-\u001f\u007f]/;

/** What is wrong with each, in English. Pages for readers have words of their own. */
const FLAWS = {
  untypable: 'The password must be one line, of characters that can be typed.',
  short: `The password must have at least ${MIN_PASSWORD_CHARACTERS} characters.`,
  long: `The password must have at most ${MAX_PASSWORD_LENGTH} characters.`,
  name: 'The password must not be little more than the name of the user, or of this site.',
  common: 'The password is among those that are tried first: common words, keys in a row, repetitions. Add other words to it.',
} as const;

export type PasswordFlaw = keyof typeof FLAWS;

/** Null when the password may be given to the user. `more`: what else an attacker would try of this person here, such as the title of the site. */
export function refuseNewPassword(password: string, userName: string, more: readonly string[] = []): Refusal | null {
  const flaw = findPasswordFlaw(password, [userName, ...more]);
  return flaw === null ? null : refuse('request.malformed', FLAWS[flaw]);
}

/** `names`: of the user, the address, the site: all that somebody who knows the person would try. */
export function findPasswordFlaw(password: string, names: readonly string[]): PasswordFlaw | null {
  if (UNTYPABLE.test(password)) return 'untypable';
  if ([...password.normalize('NFC')].length < MIN_PASSWORD_CHARACTERS) return 'short';
  if (password.length > MAX_PASSWORD_LENGTH) return 'long';
  const forms = [fold(password), withoutDisguise(fold(password))];
  if (forms.some((form) => isGuessable(form, new Set()))) return 'common';
  const own = new Set(names.flatMap(wordsOfName));
  return forms.some((form) => isGuessable(form, own)) ? 'name' : null;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** `p@ssw0rd` is no better than `password`. */
function withoutDisguise(folded: string): string {
  return [...folded].map((character) => DISGUISES[character] ?? character).join('');
}

const DISGUISES: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  9: 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
};

/** Shorter ones are in every other password. */
const SHORTEST_NAME = 3;

function wordsOfName(name: string): readonly string[] {
  return fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= SHORTEST_NAME);
}

/** Two common words and a number are tried early; of three or more there are enough. */
const MOST_KNOWN_WORDS = 2;
/** What has to be there besides: so many different letters, or so many different characters of any kind. */
const FEWEST_LETTERS = 4;
const FEWEST_CHARACTERS = 8;

/** Whether little is left once known words, keys in a row and repetitions are taken out. */
function isGuessable(text: string, names: ReadonlySet<string>): boolean {
  const { rest, known } = withoutWords(withoutRuns(text), names);
  if (known > MOST_KNOWN_WORDS) return false;
  const left = new Set(rest.replace(/[^\p{L}\p{N}]/gu, ''));
  const letters = [...left].filter((character) => /\p{L}/u.test(character));
  return letters.length < FEWEST_LETTERS && left.size < FEWEST_CHARACTERS;
}

/** The longest word first, so that `password` is not `pass` and something. */
function withoutWords(text: string, names: ReadonlySet<string>): { readonly rest: string; readonly known: number } {
  let [rest, known] = ['', 0];
  for (let at = 0; at < text.length; ) {
    const word = wordAt(text, at, names);
    if (word === null) rest += text[at];
    else if (!names.has(word)) known += 1;
    at += word?.length ?? 1;
  }
  return { rest, known };
}

const LONGEST_WORD = 40;

function wordAt(text: string, at: number, names: ReadonlySet<string>): string | null {
  for (let length = Math.min(LONGEST_WORD, text.length - at); length >= SHORTEST_NAME; length -= 1) {
    const word = text.slice(at, at + length);
    if (COMMON_WORDS.has(word) || names.has(word)) return word;
  }
  return null;
}

const ROWS = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertzuiop',
  'qwertyuiop',
  'azertyuiop',
  'asdfghjkl',
  'yxcvbnm',
  'zxcvbnm',
  'qsdfghjklm',
];
const RUNS = new Set([...ROWS, ...ROWS.map((row) => [...row].reverse().join(''))].flatMap((row) => pieces(row, 4)));

function pieces(row: string, length: number): readonly string[] {
  return Array.from({ length: row.length - length + 1 }, (_, at) => row.slice(at, at + length));
}

/** Without keys in a row, four or more, whichever way. */
function withoutRuns(text: string): string {
  const inRun = new Set<number>();
  pieces(text.padEnd(4), 4).forEach((piece, at) => {
    if (RUNS.has(piece)) for (let each = at; each < at + 4; each += 1) inRun.add(each);
  });
  return [...text].filter((_, at) => !inRun.has(at)).join('');
}
