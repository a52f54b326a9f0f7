import type { Figures, Row } from './measure.ts';

export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  return ordered.length % 2 === 1 ? (ordered[middle] ?? Number.NaN) : ((ordered[middle - 1] ?? 0) + (ordered[middle] ?? 0)) / 2;
}

/** Each figure's median over the rounds. */
export function mediansOf(rounds: readonly Figures[]): Figures {
  const keys = [...new Set(rounds.flatMap((round) => Object.keys(round) as Array<keyof Figures>))];
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((round) => round[key] ?? Number.NaN))]));
}

/** Null where one of the two is not there; without end where the second is nothing. */
export function ratio(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined ? null : a / b;
}

/** Of one row; nothing where it was not measured. */
export function figuresOf(rows: readonly Row[], key: string): Figures {
  return rows.find((row) => row.key === key)?.figures ?? {};
}
