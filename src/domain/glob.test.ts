import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, findPatternMistake } from './glob.ts';

const matching: ReadonlyArray<[pattern: string, path: string]> = [
  ['**', 'map.tif'],
  ['**', 'a/b/c.tif'],
  ['**', '.hidden/.x.tif'],
  ['letters/**', 'letters/a.tif'],
  ['letters/**', 'letters/1840/.draft/a.tif'],
  ['letters/**', 'letters/line\nbreak.tif'],
  ['letters/book.tif', 'letters/book.tif'],
  ['letters/*.tif', 'letters/.tif'],
  ['**/*.tif', 'a.tif'],
  ['**/*.tif', 'a/b/c.tif'],
  ['a/**/z.tif', 'a/z.tif'],
  ['a/**/z.tif', 'a/b/c/z.tif'],
  ['page-?.tif', 'page-1.tif'],
  ['{maps,charts}/**', 'charts/a.tif'],
  ['*.{tif,jpg}', 'a.jpg'],
  ['scan [2] (1) +x !y @z.tif', 'scan [2] (1) +x !y @z.tif'],
  ['a|b^$#%&~.tif', 'a|b^$#%&~.tif'],
  ['caf\u00e9/**', 'cafe\u0301/a.tif'],
  ['cafe\u0301/**', 'caf\u00e9/a.tif'],
];

const missing: ReadonlyArray<[pattern: string, path: string]> = [
  ['letters/**', 'letters'],
  ['letters/**', 'Letters/a.tif'],
  ['letters/**', 'letters-secret/a.tif'],
  ['letters/**', 'x/letters/a.tif'],
  ['letters/**', 'letters./a.tif'],
  ['letters/book.tif', 'letters/bookxtif'],
  ['letters/*', 'letters/1840/a.tif'],
  ['*', 'a/b.tif'],
  ['page-?.tif', 'page-10.tif'],
  ['page-?.tif', 'page-/.tif'],
  ['scan (1).tif', 'scan 1.tif'],
  ['[ab].tif', 'a.tif'],
  ['+(a).tif', 'aa.tif'],
  ['@(a|b).tif', 'a.tif'],
  ['a.b', 'axb'],
];

describe('patterns', () => {
  it.each(matching)('%j matches %j', (pattern, path) => {
    expect(compilePattern(pattern)(path)).toBe(true);
  });

  it.each(missing)('%j does not match %j', (pattern, path) => {
    expect(compilePattern(pattern)(path)).toBe(false);
  });

  it('match the very file whose name they are, whatever characters it has', () => {
    const name = fc
      .stringMatching(/^[^/*?{}\\\u0000-\u001f\u007f-\u009f]+$/u)
      .filter((text) => !/^\.{1,2}$/.test(text) && !text.startsWith('!'));
    fc.assert(fc.property(name, name, (a, b) => compilePattern(`${a}/${b}`)(`${a}/${b}`) && !compilePattern(`${a}/${b}`)(`${a}/${b}x`)));
  });

  it('mean what a plain walk over segments says they mean', () => {
    fc.assert(
      fc.property(patterns, paths, (pattern, path) => {
        expect({ pattern, path, matches: compilePattern(pattern)(path) }).toEqual({ pattern, path, matches: walk(pattern, path) });
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['', 'empty'],
    ['/letters/**', 'begins with a slash'],
    ['letters/', 'letters/\\*\\*'],
    ['letters//a', 'two slashes'],
    ['../x', 'segment \\.\\.'],
    ['./x', 'segment \\.'],
    ['letters\\**', 'backslash'],
    ['!letters/**', 'negated'],
    ['**.tif', 'segment of its own'],
    ['a**', 'segment of its own'],
    ['{a', 'never closed'],
    ['a}', 'never opened'],
    ['{a}', 'alternatives'],
    ['{}', 'alternatives'],
    ['{1..9}', 'alternatives'],
    ['{1..9,x}', 'alternatives'],
    ['{a,b/c}', 'alternatives'],
    ['{a,{b,c}}', 'within braces'],
    ['a\u0000b', 'control character'],
    ['a\nb', 'control character'],
    ['x'.repeat(501), 'longer than'],
  ])('refuse %j with a sentence', (pattern, sentence) => {
    expect(findPatternMistake(pattern)).toMatch(new RegExp(sentence));
    expect(() => compilePattern(pattern)).toThrow(RangeError);
  });
});

const word = fc.constantFrom('a', 'b', 'ab', '.a', 'a.b', '(a)', '[a]');
const piece = fc.oneof(word, fc.constantFrom('*', '?', 'a*', '*b', '?b', '{a,b}', '{a,ab}.b', '{a*,b}'));
const patterns = fc.array(fc.oneof(piece, fc.constant('**')), { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const paths = fc.array(word, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

/** The meaning of a pattern, written as plainly as can be. */
function walk(pattern: string, path: string): boolean {
  return walkSegments(pattern.split('/'), path.split('/'));
}

function walkSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  // A double star at the end wants something below it; between segments it may stand for nothing.
  if (first === '**') return path.some((_, index) => walkSegments(rest, path.slice(index))) || (rest.length === 0 && path.length > 0);
  const [name, ...below] = path;
  return (
    name !== undefined && alternatives(first).some((alternative) => walkName([...alternative], [...name])) && walkSegments(rest, below)
  );
}

function alternatives(segment: string): readonly string[] {
  const braces = /^(.*?)\{(.*?)\}(.*)$/.exec(segment);
  if (braces === null) return [segment];
  const [, before = '', inside = '', after = ''] = braces;
  return inside.split(',').map((choice) => `${before}${choice}${after}`);
}

function walkName(pattern: readonly string[], name: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return name.length === 0;
  if (first === '*') return walkName(rest, name) || (name.length > 0 && walkName(pattern, name.slice(1)));
  return name.length > 0 && (first === '?' || first === name[0]) && walkName(rest, name.slice(1));
}
