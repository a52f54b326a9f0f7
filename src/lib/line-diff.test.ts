import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffLine, diffLines, shortenDiff } from './line-diff.ts';

/** As `diff` writes it. */
function write(lines: ReadonlyArray<DiffLine | null>): string {
  const marks = { same: ' ', removed: '-', added: '+' };
  return lines.map((line) => (line === null ? '…' : marks[line.kind] + line.text)).join('\n');
}

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', 'policies:', ''), { maxLength: 12 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

describe('the difference of two texts', () => {
  it('keeps what is the same, and says what is gone and new', () => {
    expect(write(diffLines('a\nb\nc\nd\n', 'a\nx\nc\nd\ne\n'))).toBe(' a\n-b\n+x\n c\n d\n+e');
  });

  it('leads from the one to the other, with the right numbers, whatever the texts', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after);
        const left = lines.filter(({ kind }) => kind !== 'added');
        const right = lines.filter(({ kind }) => kind !== 'removed');
        expect(left.map(({ text }) => `${text}\n`).join('')).toBe(before);
        expect(right.map(({ text }) => `${text}\n`).join('')).toBe(after);
        expect(left.map((line) => line.before)).toEqual(left.map((_, at) => at + 1));
        expect(right.map((line) => line.after)).toEqual(right.map((_, at) => at + 1));
      }),
    );
  });

  it('is the shortest', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const same = diffLines(before, after).filter(({ kind }) => kind === 'same').length;
        expect(same).toBe(longestCommon(before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)));
      }),
    );
  });

  it('of texts that have nothing in common is told in bounded time', () => {
    const many = (letter: string) => Array.from({ length: 20_000 }, (_, at) => `${letter}${at}\n`).join('');
    expect(diffLines(many('a'), many('b'))).toHaveLength(40_000);
  });

  it('takes every way to end a line for the same', () => {
    expect(diffLines('a\r\nb\r\n', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true);
  });

  it('is shown with the lines around it', () => {
    const before = Array.from({ length: 20 }, (_, at) => `${at}`).join('\n');
    expect(write(shortenDiff(diffLines(before, before.replace('10', 'ten')), 1))).toBe('…\n 9\n-10\n+ten\n 11\n…');
    expect(shortenDiff(diffLines(before, before))).toEqual([]);
  });
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const row = Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    let diagonal = 0;
    b.forEach((right, at) => {
      const above = row[at + 1] ?? 0;
      row[at + 1] = left === right ? diagonal + 1 : Math.max(above, row[at] ?? 0);
      diagonal = above;
    });
  }
  return row[b.length] ?? 0;
}
