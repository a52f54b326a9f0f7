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

/** The median of the ratios of each round, in which both were measured within seconds. Null where one of the two is not there. */
export function ratioByRound(rows: readonly Row[], figure: keyof Figures, key: string, than: string): number | null {
  const takenOf = (name: string) => rows.find((row) => row.key === name)?.taken ?? [];
  const others = takenOf(than);
  const ratios = takenOf(key).flatMap((taken, round) => ratio(taken[figure], others[round]?.[figure]) ?? []);
  return ratios.length === 0 ? null : median(ratios);
}

/** Of one row; nothing where it was not measured. */
export function figuresOf(rows: readonly Row[], key: string): Figures {
  return rows.find((row) => row.key === key)?.figures ?? {};
}
