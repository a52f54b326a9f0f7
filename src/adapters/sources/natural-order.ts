import { setImmediate } from 'node:timers/promises';

/** One language for all machines, so that a listing looks the same everywhere. */
const collator = new Intl.Collator('en', { numeric: true });

/** Names compared between two pauses: a few milliseconds. */
const TURN = 4096;

/** `page 2` before `page 10`. Names that the language holds equal stay apart and in one order. */
export function compareNaturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** Sorts in turns, so that tiles are served while a folder of 200,000 names is put in order. */
export async function sortNaturally(names: readonly string[]): Promise<readonly string[]> {
  // Already nearly right, for most names, and very cheap: halves the time of what follows.
  const roughly = [...names].sort();
  let runs: string[][] = [];
  for (let start = 0; start < roughly.length; start += TURN) {
    runs.push(roughly.slice(start, start + TURN).sort(compareNaturally));
    await setImmediate();
  }
  while (runs.length > 1) runs = await mergePairs(runs);
  return runs[0] ?? [];
}

async function mergePairs(runs: readonly string[][]): Promise<string[][]> {
  const merged: string[][] = [];
  for (let index = 0; index < runs.length; index += 2) merged.push(await merge(runs[index] ?? [], runs[index + 1] ?? []));
  return merged;
}

async function merge(left: readonly string[], right: readonly string[]): Promise<string[]> {
  if (follows(left, right)) return left.concat(right);
  const merged: string[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length && fromRight < right.length) {
    const a = left[fromLeft] ?? '';
    const b = right[fromRight] ?? '';
    if (compareNaturally(a, b) <= 0) {
      merged.push(a);
      fromLeft += 1;
    } else {
      merged.push(b);
      fromRight += 1;
    }
    if (merged.length % TURN === 0) await setImmediate();
  }
  return merged.concat(left.slice(fromLeft), right.slice(fromRight));
}

function follows(left: readonly string[], right: readonly string[]): boolean {
  const last = left.at(-1);
  const first = right[0];
  return last === undefined || first === undefined || compareNaturally(last, first) <= 0;
}
