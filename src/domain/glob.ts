import picomatch from 'picomatch/posix.js';

/**
 * Patterns over item paths. `*` and `?` stay within a segment, `**` is a whole segment and matches any depth (none too),
 * `{a,b}` lists alternatives. Everything else is literal, names that begin with a dot included: brackets, parentheses,
 * `!` and `+` are common in file names, so character classes and extended globs would lock other files than one reads.
 * Matching is case-sensitive, in Unicode normal form C on both sides.
 */
export type PathMatcher = (path: string) => boolean;

const LONGEST_PATTERN = 500;
const LITERALS = /[^\p{L}\p{N}\p{M}\s/*?{},._-]/gu;
const OPTIONS = { dot: true, nonegate: true, noextglob: true, strictSlashes: true, flags: 's', debug: true } as const;

/** Throws a `RangeError` with a sentence where `findPatternMistake` finds one. */
export function compilePattern(pattern: string): PathMatcher {
  const mistake = findPatternMistake(pattern);
  if (mistake !== null) throw new RangeError(`Pattern ${pattern}: ${mistake}`);
  const normal = pattern.normalize('NFC');
  const expression = picomatch.makeRe(normal.replace(LITERALS, '\\$&'), OPTIONS);
  const { head, tail } = literalEnds(normal);
  return (path) => {
    const given = path.normalize('NFC');
    return given.startsWith(head) && given.endsWith(tail) && expression.test(given);
  };
}

/** What every match begins and ends with: a file of a thousand policies is read through without a thousand expressions. */
function literalEnds(pattern: string): { readonly head: string; readonly tail: string } {
  const wild = pattern.search(/[*?{]/);
  return { head: wild < 0 ? pattern : pattern.slice(0, wild), tail: /[^*?{}/]*$/.exec(pattern)?.[0] ?? '' };
}

type Check = (pattern: string) => string | null;

const checks: readonly Check[] = [
  (pattern) => (pattern === '' ? 'It is empty. Write ** for every item.' : null),
  (pattern) => (pattern.length > LONGEST_PATTERN ? `It is longer than ${LONGEST_PATTERN} characters.` : null),
  (pattern) => (hasControlCharacter(pattern) ? 'It holds a control character.' : null),
  (pattern) => (pattern.includes('\\') ? 'It holds a backslash. Write / between folders; ? stands for any one character.' : null),
  (pattern) => (pattern.startsWith('/') ? 'It begins with a slash. Patterns are relative to the image folder: leave the slash out.' : null),
  (pattern) => (pattern.endsWith('/') ? `It ends with a slash. Write ${pattern}** for everything in the folder.` : null),
  (pattern) =>
    pattern.startsWith('!') ? 'It begins with !, and patterns cannot be negated. Put a policy for the exception before this one.' : null,
  checkBraces,
  checkSegments,
];

/** A sentence that says what is wrong with a pattern; null for a good one. */
export function findPatternMistake(pattern: string): string | null {
  for (const check of checks) {
    const mistake = check(pattern);
    if (mistake !== null) return mistake;
  }
  return null;
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function checkBraces(pattern: string): string | null {
  let inside = '';
  let open = false;
  for (const character of pattern) {
    if (character === '{' && open) return 'Braces cannot stand within braces.';
    if (character === '}' && !open) return 'A brace is closed that was never opened.';
    if (character === '}' && !isAlternatives(inside)) return `Braces list alternatives, such as {maps,letters}; {${inside}} does not.`;
    if (character === '{' || character === '}') {
      open = character === '{';
      inside = '';
    } else {
      inside += character;
    }
  }
  return open ? 'A brace is opened and never closed.' : null;
}

/** Alternatives are whole names or parts of them: a slash inside would change how deep the pattern is. */
function isAlternatives(inside: string): boolean {
  const alternatives = inside.split(',');
  return alternatives.length > 1 && alternatives.every((alternative) => alternative !== '' && !/[/]|\.\.|\*\*/.test(alternative));
}

function checkSegments(pattern: string): string | null {
  for (const segment of pattern.split('/')) {
    if (segment === '') return 'It has an empty segment (two slashes in a row).';
    if (segment === '.' || segment === '..') return `It has the segment ${segment}. Item paths never do.`;
    if (segment.includes('**') && segment !== '**') return 'A double star must be a segment of its own: write **/*.tif, not **.tif.';
  }
  return null;
}
