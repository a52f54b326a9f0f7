import { type Contestant, imagePath, type Running } from '../contestants/contestant.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { keepAsking } from '../load/keep-asking.ts';
import { peakMegabytesOf } from '../processes.ts';
import { GIANTS, requestsOf } from '../sources/derivatives.ts';
import { askTiles, asSignedIn } from './ask-tiles.ts';
import { lockedVitrine } from './contestants.ts';
import type { Bench, Measure, Row } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';
import { type Turn, takeTurns, warmUp } from './take-turns.ts';

const READERS = 32;
const SEED = 13;

/** Warm tiles while 32 readers download giant pictures, each a different one; and what that costs in memory. */
export const giants: Measure = {
  name: 'giants',
  title: `Warm tiles beside ${READERS} readers of pictures of 8000 px`,
  async run(bench) {
    const rows: Row[] = [];
    for (const contestant of await bench.take([lockedVitrine, iipimage])) {
      rows.push(...(await bench.withRunning({ contestants: [contestant] }, (running) => measureBeside(bench, contestant, running))));
    }
    const figures = (key: string) => figuresOf(rows, key);
    const [ours, theirs] = [figures('vitrine beside'), figures('iipimage beside')];
    return {
      rows,
      wanted: [
        {
          sentence: 'Tiles beside giants: rate against IIPImage',
          at: 'least',
          wanted: 20,
          reached: ratio(ours.requestsPerSecond, theirs.requestsPerSecond),
        },
        {
          sentence: 'Tiles beside giants: p99 against tiles alone',
          at: 'most',
          wanted: 3,
          reached: ratio(ours.p99, figures('vitrine alone').p99),
        },
        { sentence: `Peak memory under ${READERS} giants, MB`, at: 'most', wanted: 300, reached: ours.peakMegabytes ?? null },
      ],
    };
  },
};

async function measureBeside(bench: Bench, contestant: Contestant, running: ReadonlyMap<Contestant, Running>): Promise<readonly Row[]> {
  const server = running.get(contestant);
  if (server === undefined) return [];
  const { name, label: group } = contestant;
  const parameters = requestsOf(GIANTS, bench.picture, SEED);
  const next = () => imagePath(server, asSignedIn(server).item, parameters());
  const beside: Turn = {
    key: `${name} beside`,
    group,
    label: 'beside giants',
    async take() {
      const readers = keepAsking({ base: server.base, next, cookie: server.cookie, count: READERS });
      const figures = await askTiles(bench, { ...asSignedIn(server), seconds: bench.short ? 2 : 12 }).finally(readers.leave);
      bench.say(`  ${readers.answered()} giants were answered meanwhile`);
      return { ...figures, peakMegabytes: await peakMegabytesOf(server.pids) };
    },
  };
  const alone: Turn = { key: `${name} alone`, group, label: 'alone', take: () => askTiles(bench, asSignedIn(server)) };
  await warmUp(bench, [alone]);
  return [...(await takeTurns(bench, [alone])), ...(await takeTurns({ ...bench, rounds: 1 }, [beside]))];
}
