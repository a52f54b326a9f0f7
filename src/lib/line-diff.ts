/** What became of a line. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** In the old text and the new one, from 1; null where it is not in it. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Texts that differ in more lines are told apart as a whole: nobody reads such a difference. */
const MOST_CHANGES = 1_000;

/**
 * The shortest way from one text to the other, line by line.
 * E. W. Myers, An O(ND) Difference Algorithm and Its Variations (1986), http://www.xmailserver.org/diff2.pdf
 */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  const start = sharedStart(old, now);
  const end = sharedEnd(old.slice(start), now.slice(start));
  const [oldMiddle, newMiddle] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const kinds = [
    ...Array<DiffLine['kind']>(start).fill('same'),
    ...(findEdits(oldMiddle, newMiddle) ?? replaceAll(oldMiddle, newMiddle)),
    ...Array<DiffLine['kind']>(end).fill('same'),
  ];
  return number(kinds, old, now);
}

/** A newline at the end ends the last line, and begins no other. */
function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function sharedStart(old: readonly string[], now: readonly string[]): number {
  const differs = old.findIndex((line, at) => line !== now[at]);
  return differs < 0 ? Math.min(old.length, now.length) : differs;
}

function sharedEnd(old: readonly string[], now: readonly string[]): number {
  return sharedStart(old.toReversed(), now.toReversed());
}

function replaceAll(old: readonly string[], now: readonly string[]): readonly DiffLine['kind'][] {
  return [...old.map(() => 'removed' as const), ...now.map(() => 'added' as const)];
}

/** Null where they differ in too much. */
function findEdits(old: readonly string[], now: readonly string[]): readonly DiffLine['kind'][] | null {
  let furthest = new Map<number, number>([[1, 0]]);
  const rounds: Array<ReadonlyMap<number, number>> = [];
  for (let changes = 0; changes <= Math.min(MOST_CHANGES, old.length + now.length); changes += 1) {
    rounds.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = isDown(furthest, diagonal, changes) ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return walkBack(rounds, old.length, now.length);
    }
    furthest = next;
  }
  return null;
}

/** Whether the way on a diagonal came from a line that was added, and not from one that was removed. */
function isDown(furthest: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean {
  if (diagonal === -changes) return true;
  return diagonal !== changes && at(furthest, diagonal - 1) < at(furthest, diagonal + 1);
}

function at(furthest: ReadonlyMap<number, number>, diagonal: number): number {
  return furthest.get(diagonal) ?? 0;
}

function walkBack(rounds: ReadonlyArray<ReadonlyMap<number, number>>, oldLength: number, newLength: number): readonly DiffLine['kind'][] {
  const kinds: DiffLine['kind'][] = [];
  let [x, y] = [oldLength, newLength];
  for (let changes = rounds.length - 1; changes >= 0; changes -= 1) {
    const furthest = rounds[changes] ?? new Map<number, number>();
    const down = isDown(furthest, x - y, changes);
    const cameFrom = down ? x - y + 1 : x - y - 1;
    const fromX = at(furthest, cameFrom);
    const fromY = fromX - cameFrom;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      kinds.push('same');
      [x, y] = [x - 1, y - 1];
    }
    if (changes > 0) kinds.push(down ? 'added' : 'removed');
    [x, y] = [fromX, fromY];
  }
  return kinds.reverse();
}

function number(kinds: readonly DiffLine['kind'][], old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  let [before, after] = [0, 0];
  return kinds.map((kind) => {
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
    const text = (kind === 'added' ? now[after - 1] : old[before - 1]) ?? '';
    return { kind, text, before: kind === 'added' ? null : before, after: kind === 'removed' ? null : after };
  });
}

/** The lines that changed with those around them; null stands for lines that were left out. */
export function shortenDiff(lines: readonly DiffLine[], around = 3): ReadonlyArray<DiffLine | null> {
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]));
  const shown = new Set(changed.flatMap((index) => Array.from({ length: 2 * around + 1 }, (_, step) => index - around + step)));
  return lines.flatMap((line, index) => {
    if (shown.has(index)) return [line];
    return shown.has(index - 1) || (index === 0 && changed.length > 0) ? [null] : [];
  });
}
