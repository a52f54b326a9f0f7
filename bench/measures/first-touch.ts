import type { Contestant } from '../contestants/contestant.ts';
import { untilAtRest } from '../processes.ts';
import { distinct, viewerTiles } from '../sources/tiles.ts';
import { askTiles, asSignedIn, CONNECTIONS } from './ask-tiles.ts';
import { everybody } from './contestants.ts';
import type { Bench, Figures, Measure, Row } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';
import { takeTurns } from './take-turns.ts';

/** Each server started anew and come to rest, each tile asked for once. The files themselves are in the memory of the system. */
export const firstTouch: Measure = {
  name: 'first-touch',
  title: `First touch: a fresh server, each tile once, ${CONNECTIONS} connections`,
  async run(bench) {
    const rows = await askEachOnce(bench, async () => {});
    const [ours, limit, theirs] = ['vitrine', 'nginx', 'iipimage'].map((key) => figuresOf(rows, key));
    return {
      rows,
      wanted: [
        {
          sentence: 'First touch: rate against nginx static',
          at: 'least',
          wanted: 0.3,
          reached: ratio(ours?.requestsPerSecond, limit?.requestsPerSecond),
        },
        { sentence: 'First touch: p99 against IIPImage of Debian', at: 'most', wanted: 1.5, reached: ratio(ours?.p99, theirs?.p99) },
      ],
    };
  },
};

/** `prepare`: what is done when a server has come to rest, before it is asked. */
export async function askEachOnce(bench: Bench, prepare: () => Promise<void>): Promise<readonly Row[]> {
  const contestants = await bench.take(everybody(bench));
  const turns = contestants.map((contestant) => ({
    key: contestant.name,
    label: contestant.label,
    take: () => measureFresh(bench, contestant, prepare),
  }));
  return takeTurns(bench, turns);
}

function measureFresh(bench: Bench, contestant: Contestant, prepare: () => Promise<void>): Promise<Figures> {
  const tiles = distinct(viewerTiles(bench.picture));
  return bench.withRunning({ contestants: [contestant] }, async (running) => {
    const server = running.get(contestant);
    if (server === undefined) return {};
    await untilAtRest(server.pids);
    await prepare();
    return askTiles(bench, { ...asSignedIn(server), tiles, once: true });
  });
}
