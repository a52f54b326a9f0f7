import type { Bench, Figures, Row } from './measure.ts';
import { mediansOf } from './medians.ts';

/** Something to measure, under its name in the table. */
export interface Turn {
  readonly label: string;
  take(): Promise<Figures>;
}

/** All in turn, round after round, so that whatever else the machine does falls on all. Returns the medians. */
export async function takeTurns({ rounds, say }: Pick<Bench, 'rounds' | 'say'>, turns: readonly Turn[]): Promise<readonly Row[]> {
  const seen = new Map<Turn, Figures[]>(turns.map((turn) => [turn, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [turn, figures] of seen) {
      const taken = await turn.take();
      figures.push(taken);
      say(`  round ${round}: ${turn.label}: ${(taken.requestsPerSecond ?? 0).toFixed(1)}/s`);
    }
  }
  return [...seen].map(([{ label }, figures]) => ({ label, figures: mediansOf(figures) }));
}
