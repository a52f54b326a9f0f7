import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { killOften, type Round } from '../test/killing/kill-rounds.ts';
import { seededRandom } from './sources/random.ts';

/** `node bench/kill.ts --minutes 60`: kills the program again and again while it is used, and looks for what it lost. Exits 1 when it lost anything. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, workers: { type: 'string' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const workers = Number(values.workers ?? Math.min(4, availableParallelism()));
const seed = Number(values.seed ?? Date.now() % 1_000_000);
/** Looking after everything each time would soon take longer than using it. */
const MOST_LOOKS = 400;

const random = seededRandom(seed);
console.log(`${minutes} minutes, ${workers} workers, seed ${seed}`);
const report = await killOften({ rounds: roundsFor(minutes), workers, random, mostLooks: MOST_LOOKS, say: (line) => console.log(line) });
console.log(`${report.kills} kills, ${report.acknowledged} things acknowledged, ${report.faults.length} faults`);
process.exitCode = report.faults.length === 0 ? 0 : 1;

function* roundsFor(most: number): Generator<Round> {
  const end = Date.now() + most * 60_000;
  const kinds: readonly Round[] =
    workers > 1 ? ['program', 'program', 'worker', 'worker', 'start'] : ['program', 'program', 'program', 'start'];
  while (Date.now() < end) yield kinds[Math.floor(random() * kinds.length)] ?? 'program';
}
