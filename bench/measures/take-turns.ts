import type { Bench, Figures, Row } from './measure.ts';
import { mediansOf } from './medians.ts';

/** Something to measure. */
export interface Turn extends Pick<Row, 'key' | 'group' | 'label'> {
  take(): Promise<Figures>;
}

const MOST_WARM_UPS = 6;
/** Faster by less than this is at rest. */
const AT_REST = 1.1;

/** Each for nothing, until it gets no faster: compilers and caches come to rest. What fails here fails again when it counts. */
export async function warmUp({ short }: Pick<Bench, 'short'>, turns: ReadonlyArray<Pick<Turn, 'take'>>): Promise<void> {
  if (short) return;
  for (const turn of turns) {
    let last = 0;
    for (let times = 0; times < MOST_WARM_UPS; times += 1) {
      const { requestsPerSecond: now = 0 } = await turn.take().catch((): Figures => ({}));
      if (now < AT_REST * last || now === 0) break;
      last = now;
    }
  }
}

/**
 * All in turn, round after round, so that whatever else the machine does falls on all. Returns the medians. Who fails takes
 * no more turns, and the others go on.
 */
export async function takeTurns({ rounds, say }: Pick<Bench, 'rounds' | 'say'>, turns: readonly Turn[]): Promise<readonly Row[]> {
  const seen = turns.map((turn) => ({ turn, figures: [] as Figures[], failure: [] as string[] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { turn, figures, failure } of seen.filter((each) => each.failure.length === 0)) {
      try {
        const taken = await turn.take();
        figures.push(taken);
        say(`  round ${round}: ${nameOf(turn)}: ${(taken.requestsPerSecond ?? 0).toFixed(1)}/s`);
      } catch (error) {
        failure.push(error instanceof Error ? error.message : String(error));
        say(`  round ${round}: ${nameOf(turn)}: ${failure[0]}`);
      }
    }
  }
  return seen.map(({ turn: { take: _, ...row }, figures, failure: [failure] }) =>
    failure === undefined ? { ...row, figures: mediansOf(figures), taken: figures } : { ...row, figures: {}, failure },
  );
}

export function nameOf({ group, label }: Pick<Row, 'group' | 'label'>): string {
  return group === undefined ? label : `${group}: ${label}`;
}
