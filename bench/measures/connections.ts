import { askTiles, asSignedIn } from './ask-tiles.ts';
import { everybody } from './contestants.ts';
import type { Measure } from './measure.ts';
import { takeTurns, warmUp } from './take-turns.ts';

const CONNECTIONS = [1, 8, 64, 512];
const SHORT_CONNECTIONS = [1, 64];

/** Warm tiles for few readers and for many. */
export const connections: Measure = {
  name: 'connections',
  title: 'Warm tiles by connections',
  async run(bench) {
    const contestants = await bench.take(everybody(bench));
    return bench.withRunning({ contestants }, async (running) => {
      const turns = (bench.short ? SHORT_CONNECTIONS : CONNECTIONS).flatMap((count) =>
        [...running].map(([{ name, label }, server]) => ({
          key: `${name} ${count}`,
          group: count === 1 ? '1 connection' : `${count} connections`,
          label,
          take: () => askTiles(bench, { ...asSignedIn(server), connections: count, seconds: 1 }),
        })),
      );
      await warmUp(
        bench,
        [...running.values()].map((server) => ({ take: () => askTiles(bench, asSignedIn(server)) })),
      );
      return { rows: await takeTurns(bench, turns), wanted: [] };
    });
  },
};
