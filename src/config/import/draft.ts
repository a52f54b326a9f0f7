import type { AccessService, AccessTexts } from '../../domain/access.ts';
import { findMediaType } from '../../domain/media-types.ts';
import { ROLE_NAME } from '../../domain/role-name.ts';

/** An access file before it is written down: what another program's rules come to in ours. */
export interface Draft {
  readonly services: readonly DraftService[];
  readonly policies: readonly DraftPolicy[];
  /** What has no counterpart, and what had to be taken to mean something. */
  readonly remarks: readonly Remark[];
}

export type DraftTexts = { readonly [Key in keyof AccessTexts]?: string };

export interface DraftService {
  readonly name: string;
  readonly pattern: AccessService['pattern'];
  readonly texts: DraftTexts & { readonly label: string };
  readonly networks?: readonly string[];
  readonly perItem?: true;
  readonly comment?: string;
}

export interface DraftRule {
  /** Null: everyone, from a date on. */
  readonly service: string | null;
  readonly roles?: readonly string[];
  /** As it is written. */
  readonly from?: string;
  readonly texts?: DraftTexts;
}

export type DraftAllow = 'everyone' | 'nobody' | readonly DraftRule[];

export interface DraftTier {
  readonly item?: string;
  readonly maxSize?: number;
  readonly maxOutput?: number;
  readonly for: 'everyone' | readonly DraftRule[];
}

export interface DraftPolicy {
  readonly items: readonly string[];
  readonly allow: DraftAllow;
  /** As it is written. */
  readonly embargoUntil?: string;
  readonly otherwise?: readonly DraftTier[];
  readonly comment?: string;
}

/** About one line of a file that was read. */
export interface Remark {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly sentence: string;
}

/** With a mistake in what was read nothing is made of it. */
export type Imported = { readonly ok: true; readonly draft: Draft } | { readonly ok: false; readonly mistakes: readonly Remark[] };

/** What whoever runs the import says besides. */
export interface ImportWishes {
  /** In the labels of access services. */
  readonly institution: string;
  /** A folder that is put before every path, with a slash at the end; empty for none. */
  readonly below: string;
}

/** Nobody has an address in it: it stands for what only the reader of the file knows. https://www.rfc-editor.org/rfc/rfc5737 */
export const EXAMPLE_NETWORK = '192.0.2.0/24';

export const EVERYTHING = '**';

/** What a sign-in is called that says nothing of itself. */
export function signInLabel({ institution }: ImportWishes): string {
  return `Sign in to ${institution}`;
}

/** A path as a pattern that means it and nothing else, as far as patterns can: braces and stars in names become `?`, any one character. */
export function literalPattern(path: string): string {
  return path.normalize('NFC').replace(/[*{}]/g, '?');
}

/** Whether the pattern may mean more than the path. */
export function isWider(path: string): boolean {
  return /[*?{}]/.test(path);
}

/** A pattern for a file, or for all that is in a folder. */
export function patternOf(path: string): string {
  const literal = literalPattern(path);
  return findMediaType(path) === null ? `${literal}/**` : literal;
}

/** The path without slashes that mean nothing; null for what no item can be at. */
export function plainPath(path: string): string | null {
  const segments = path.split('/').filter((segment) => segment !== '');
  const isPlain = segments.length > 0 && segments.every((segment) => !segment.startsWith('.') && !/[\\\p{Cc}\ufffd]/u.test(segment));
  return isPlain ? segments.join('/') : null;
}

/** Those that come first decide: files before folders, folders within others before these. */
export function mostExactFirst(a: string, b: string): number {
  return exactness(b) - exactness(a);
}

function exactness(pattern: string): number {
  if (pattern === EVERYTHING) return -1;
  const isFolder = pattern.endsWith('/**');
  const depth = pattern.split('/').length;
  if (isFolder) return depth;
  return /[*?]/.test(pattern) ? 10_000 + depth : 100_000;
}

/** Policies for patterns that say the same at the same exactness, as one. `sameAs`: what they say, as a text. */
export function together<T extends { readonly pattern: string; readonly sameAs: string }>(
  entries: readonly T[],
): ReadonlyArray<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries.toSorted((a, b) => mostExactFirst(a.pattern, b.pattern))) {
    const key = `${exactness(entry.pattern)} ${entry.sameAs}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** Names of roles as we have them; two that differ stay two. */
export function createRoleNames(): { nameOf(given: string): string; isChanged(given: string): boolean } {
  const names = new Map<string, string>();
  return {
    nameOf(given) {
      const known = names.get(given);
      if (known !== undefined) return known;
      const wanted =
        given
          .normalize('NFC')
          .replace(/[\s,"']+/g, '-')
          .slice(0, 60) || 'role';
      const name = firstFree(wanted, new Set(names.values()));
      names.set(given, name);
      return name;
    },
    isChanged: (given) => !ROLE_NAME.test(given),
  };
}

/** Names of access services: parts of addresses. */
export function serviceName(given: string, taken: ReadonlySet<string>): string {
  const plain = given
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  return firstFree(plain === '' || plain === 'tokens' ? `service${plain === '' ? '' : `-${plain}`}` : plain, taken);
}

function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(name)) return name;
  }
}
