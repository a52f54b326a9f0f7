import type { Contestant, Running } from '../contestants/contestant.ts';
import { vitrine } from '../contestants/vitrine.ts';
import { peakMegabytesOf } from '../processes.ts';
import { distinct, viewerTiles } from '../sources/tiles.ts';
import { askTiles, asSignedIn, OPEN, type TileLoad } from './ask-tiles.ts';
import { lockedVitrine } from './contestants.ts';
import type { Bench, Measure, Outcome, Row } from './measure.ts';
import { ratioByRound } from './medians.ts';
import { type Turn, takeTurns, warmUp } from './take-turns.ts';

const MANY = { policies: 1_000, sessions: 100_000, items: 200_000 };
const SHORT_MANY = { policies: 20, sessions: 500, items: 500 };
const GIGAPIXELS = { width: 50_000, height: 40_000 };
const SHORT_GIGAPIXELS = { width: 5_000, height: 4_000 };
const LARGE = 'large.tif';

/** Warm tiles where there is much of something: what a request costs must not grow with it. */
export const growth: Measure = {
  name: 'growth',
  title: 'Warm tiles of Vitrine, with much of something',
  async run(bench) {
    const many = bench.short ? SHORT_MANY : MANY;
    const large = await bench.pyramid(bench.short ? SHORT_GIGAPIXELS : GIGAPIXELS);
    const unlocked = vitrine({ name: 'unlocked', label: 'Vitrine without an access file', lock: 'none' });
    const crowded = vitrine({ name: 'crowded', label: 'Vitrine', lock: 'access-file', ...many });
    const stocked = vitrine({ name: 'stocked', label: 'Vitrine', lock: 'access-file' });
    const [contestants, others] = [await bench.take([unlocked, lockedVitrine, crowded]), await bench.take([stocked])];
    const pictures = { 'picture.tif': bench.picture.file, [LARGE]: large.file };
    return bench.withRunning({ contestants, pictures }, (running) =>
      bench.withRunning({ contestants: others, items: many.items }, (more) => {
        const turn = (who: Contestant, key: string, label: string, change: Partial<TileLoad> = {}) =>
          turnsOf(bench, running.get(who) ?? more.get(who), key, label, change);
        return measureGrowth(bench, [
          ...turn(unlocked, 'open', 'no access file, no visitor', { item: OPEN, cookies: [] }),
          ...turn(lockedVitrine, 'locked', 'locked; two policies, one session'),
          ...turn(crowded, 'crowded', `locked; ${count(many.policies)} policies, ${count(many.sessions)} sessions`),
          ...turn(crowded, 'readers', 'the same; readers of 1,000 sessions in turn', { cookies: running.get(crowded)?.crowd ?? [] }),
          ...turn(stocked, 'items', `locked; ${count(many.items)} items in the folder`),
          ...turn(lockedVitrine, 'large', `locked; a picture of ${count((large.width * large.height) / 1e6)} megapixels`, {
            item: `locked/${LARGE}`,
            // As many different ones as of the small picture, so that memories are as full.
            tiles: distinct(viewerTiles(large)).slice(0, distinct(viewerTiles(bench.picture)).length),
          }),
        ]);
      }),
    );
  },
};

async function measureGrowth(bench: Bench, turns: readonly Turn[]): Promise<Outcome> {
  await warmUp(bench, turns);
  const rows = await takeTurns(bench, turns);
  // A tenth is less than the machine differs from one round to the next.
  const wanted = (sentence: string, key: string, than: string, most: number) =>
    ({ sentence, at: 'most', wanted: most, reached: ratioByRound(rows, 'cpuMicroseconds', key, than) }) as const;
  return {
    rows,
    wanted: [
      wanted('CPU of a locked tile with many policies and sessions, against an open one', 'crowded', 'open', 1.1),
      wanted('CPU of a locked tile with many items, against few', 'items', 'locked', 1.1),
      wanted('CPU of a locked tile of a large picture, against a small one', 'large', 'locked', 1.1),
    ],
  };
}

function turnsOf(bench: Bench, server: Running | undefined, key: string, label: string, change: Partial<TileLoad>): readonly Turn[] {
  if (server === undefined) return [];
  const take = async (): Promise<Row['figures']> => ({
    ...(await askTiles(bench, { ...asSignedIn(server), ...change })),
    peakMegabytes: await peakMegabytesOf(server.pids),
  });
  return [{ key, label, take }];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
