import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { inWords, soak } from '../test/soaking/soak.ts';
import { seededRandom } from './sources/random.ts';

/** `node bench/soak.ts --minutes 60`: reads and writes for so long, and weighs the server. Exits 1 when it grew, lost descriptors or made an error. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, workers: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const workers = Number(values.workers ?? Math.min(4, availableParallelism()));
/** Of the last quarter against the second one: below that, one run cannot tell growth from chance. */
const MOST_GROWTH = 1.08;
const MOST_MORE_DESCRIPTORS = 12;

const { quiet, weights, faults, answers, acknowledged } = await soak({
  seconds: minutes * 60,
  workers,
  random: seededRandom(Number(values.seed)),
  say: (line) => console.log(line),
});
const [second, last] = [quarterOf(1), quarterOf(3)];
const sentences = [
  ...faults,
  ...(last > second * MOST_GROWTH ? [`Memory grew from ${second.toFixed(0)} to ${last.toFixed(0)} MB.`] : []),
  ...(quiet.after.descriptors > quiet.before.descriptors + MOST_MORE_DESCRIPTORS
    ? [`Descriptors grew from ${quiet.before.descriptors} to ${quiet.after.descriptors}.`]
    : []),
];
for (const sentence of sentences) console.error(sentence);
console.log(
  `${minutes} minutes, ${workers} workers, ${answers} answers, ${acknowledged} changes, ${faults.length} faults; memory in the second and in the last quarter ${second.toFixed(0)} and ${last.toFixed(0)} MB; quiet before and after: ${inWords(quiet.before)}; ${inWords(quiet.after)}`,
);
process.exitCode = sentences.length === 0 ? 0 : 1;

/** The median of a quarter of the time, 0 to 3. */
function quarterOf(quarter: number): number {
  const size = weights.length / 4;
  const part = weights.slice(Math.floor(quarter * size), Math.floor((quarter + 1) * size)).map(({ megabytes }) => megabytes);
  return part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
}
