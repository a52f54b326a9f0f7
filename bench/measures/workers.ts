import { vitrine } from '../contestants/vitrine.ts';
import { askTiles, asSignedIn } from './ask-tiles.ts';
import type { Measure } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';
import { takeTurns, warmUp } from './take-turns.ts';

/** Enough that no worker ever waits for work. */
const MANY_CONNECTIONS = 64;
/** Two workers have two compilers and two memories to warm. */
const WARM_UP_SECONDS = 4;

const one = vitrine({ name: 'workers-1', label: 'Vitrine, one worker', lock: 'access-file', args: ['--workers', '1'] });
const two = vitrine({ name: 'workers-2', label: 'Vitrine, two workers', lock: 'access-file', args: ['--workers', '2'] });

/**
 * Where there are two cores only, the load has to share one of them with a worker, and rates say little. What a request costs
 * tells how much two workers give: twice what one gives, less what each request costs more.
 */
export const workers: Measure = {
  name: 'workers',
  title: `Warm tiles by workers, on two cores that the load shares, ${MANY_CONNECTIONS} connections`,
  async run(bench) {
    const contestants = await bench.take([one, two]);
    const cores = `${bench.cores.server},${bench.cores.load}`;
    return bench.withRunning({ contestants, cores }, async (running) => {
      const turns = [...running].map(([{ name, label }, server]) => ({
        key: name,
        label,
        take: (seconds?: number) => askTiles(bench, { ...asSignedIn(server), connections: MANY_CONNECTIONS, seconds }),
      }));
      await warmUp(
        bench,
        turns.map(({ take }) => ({ take: () => take(WARM_UP_SECONDS) })),
      );
      const rows = await takeTurns(bench, turns);
      const cpu = (count: number) => figuresOf(rows, `workers-${count}`).cpuMicroseconds;
      const gain = ratio(cpu(1), cpu(2));
      return {
        rows,
        wanted: [
          { sentence: 'Two workers against one, by CPU per request', at: 'least', wanted: 1.8, reached: gain === null ? null : 2 * gain },
        ],
      };
    });
  },
};
