import { type Refusal, refuse } from '../lib/problems.ts';
import { parseDate, writeDate } from '../lib/written-date.ts';
import { compilePattern, findPatternMistake, type PathMatcher } from './glob.ts';
import type { UserId } from './session.ts';

export type ItemGrantId = `grt_${string}`;

/** These items for a person until a date, whatever the policies say of others. */
export interface ItemGrant {
  readonly id: ItemGrantId;
  readonly userId: UserId;
  /** A glob pattern over item paths, as in policies. */
  readonly items: string;
  /** It counts before this. */
  readonly until: Date;
  /** For administrators. */
  readonly note: string | null;
  /** Name of the administrator; null for one of the command line. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** An item grant as administrators see it. */
export interface ListedItemGrant extends ItemGrant {
  readonly userName: string;
}

/** What counts of a grant when something is decided. */
export type GrantedItems = Pick<ItemGrant, 'items' | 'until'>;

/** Of one person: far more than anybody was ever lent, and few enough to be tried at each tile. */
export const MOST_ITEM_GRANTS = 500;
/** An ended one is still shown to administrators so long. */
export const KEEP_ENDED_GRANTS_DAYS = 30;
const LONGEST_NOTE = 500;
/** Nobody means a longer time, and a typing mistake in the year does. */
const MOST_YEARS = 50;

/** Of those that cover a path and are in force, the one that ends last; null where there is none. */
export function findItemGrant(grants: readonly GrantedItems[], path: string, now: Date): GrantedItems | null {
  let found: GrantedItems | null = null;
  for (const grant of grants) {
    if (now < grant.until && (found === null || found.until < grant.until) && covers(grant, path)) found = grant;
  }
  return found;
}

/** Whether the pattern of a grant matches the path of an item, in force or not. */
export function covers(grant: GrantedItems, path: string): boolean {
  return matcherOf(grant)(path);
}

/** Stores hand out the same objects for seconds: a viewer asks for hundreds of tiles of one item. */
const matchers = new WeakMap<GrantedItems, PathMatcher>();

function matcherOf(grant: GrantedItems): PathMatcher {
  const known = matchers.get(grant);
  if (known !== undefined) return known;
  const matcher = compilePattern(grant.items);
  matchers.set(grant, matcher);
  return matcher;
}

/** A pattern for a new grant. */
export function parseGrantedItems(text: string): string | Refusal {
  const items = text.normalize('NFC').trim();
  const mistake = findPatternMistake(items);
  return mistake === null ? items : refuse('request.malformed', mistake);
}

/** What is noted beside a grant, in one line; null for nothing. */
export function parseGrantNote(text: string): string | null | Refusal {
  const note = text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (note.length > LONGEST_NOTE) return refuse('request.malformed', `A note has at most ${LONGEST_NOTE} characters.`);
  return note === '' ? null : note;
}

const DAY = 86_400_000;

/** The end of a grant: a day, which counts to its end (UTC), or a time with its zone. It lies ahead. */
export function parseGrantEnd(text: string, now: Date): Date | Refusal {
  const written = text.trim();
  const date = parseDate(written);
  if (date === null) {
    return refuse('request.malformed', 'The end is a day such as 2027-01-31, or a time with its zone such as 2027-01-31T18:00+01:00.');
  }
  const until = new Date(date.getTime() + (written.includes('T') ? 0 : DAY));
  if (until <= now) return refuse('request.malformed', 'The end lies in the past.');
  if (until.getTime() > now.getTime() + MOST_YEARS * 366 * DAY) {
    return refuse('request.malformed', `The end is more than ${MOST_YEARS} years away.`);
  }
  return until;
}

/** For people: the last day of a grant that ends at midnight, and the time of any other. In UTC, as `parseGrantEnd` reads it. */
export function writeGrantEnd(until: Date, language: string): string {
  return writeDate(until.getTime() % DAY === 0 ? new Date(until.getTime() - DAY) : until, language);
}

/** The same as `parseGrantEnd` reads it, and as a date field shows it. */
export function isoGrantEnd(until: Date): string {
  return until.getTime() % DAY === 0
    ? new Date(until.getTime() - DAY).toISOString().slice(0, 10)
    : until.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
