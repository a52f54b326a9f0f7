import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { startVitrineProcess } from '../harness/process.ts';
import { makeTestFolder } from '../harness/vitrine.ts';
import { beginToUse, makeWorld } from '../killing/use.ts';
import { findWrongPictures } from '../killing/writers.ts';
import { readOn } from './readers.ts';
import { type Weight, weigh } from './weigh.ts';

export interface SoakRequest {
  /** Of the load; before it there is a shorter one, that fills what is kept. */
  readonly seconds: number;
  readonly workers: number;
  readonly random: () => number;
  say?(line: string): void;
}

export interface SoakReport {
  readonly answers: number;
  /** How often something was acknowledged, beside answers. */
  readonly acknowledged: number;
  /** Sentences: wrong answers, lost changes, errors in the log. */
  readonly faults: readonly string[];
  /** When nobody asks for anything: after the load that fills caches, and after the whole. */
  readonly quiet: { readonly before: Weight; readonly after: Weight };
  /** During the load, at even distances. */
  readonly weights: readonly Weight[];
}

const READERS = 6;
const READER_PAUSE_MILLISECONDS = 20;
const WRITER_PAUSE_MILLISECONDS = 150;
const WARM_SHARE = 1 / 5;
const MOST_WARM_SECONDS = 300;
const SAMPLES = 60;
const LEAST_SAMPLE_SECONDS = 0.5;
/** Counted, so that a slow machine too has filled what it keeps, and each worker has what it starts for rare requests. */
const WARM_ANSWERS = 700;
/** Idle connections and processes are given up after some seconds. */
const QUIET_SECONDS = 60;
const STILL_SECONDS = 4;
const MOST_FAULTS = 50;

/** People read and write for so long; what the server weighs meanwhile and afterwards. */
export async function soak({ seconds, workers, random, say = () => {} }: SoakRequest): Promise<SoakReport> {
  const place = await makeTestFolder();
  const args = [
    '--images',
    place.images,
    '--data',
    place.data,
    '--access',
    place.accessFile,
    '--log-level',
    'error',
    '--log-format',
    'json',
  ];
  const faults: string[] = [];
  const onFault = (sentence: string): void => {
    if (faults.length < MOST_FAULTS) faults.push(sentence);
  };
  try {
    const world = await makeWorld(place, args, random, onFault);
    // Caches that are full soon, so that what grows after that is no cache.
    const small = ['--derivative-disk-megabytes', '20', '--derivative-memory-megabytes', '16', '--decoded-memory-megabytes', '32'];
    const program = await startVitrineProcess('serve', [...args, ...small, '--workers', String(workers)]);
    try {
      let answers = 0;
      const weights: Weight[] = [];
      const load = async (round: number, forSeconds: number, leastAnswers: number, onSample: (weight: Weight) => void): Promise<void> => {
        const stop = new AbortController();
        const writing = beginToUse(world, program.base, { round, pauseMilliseconds: WRITER_PAUSE_MILLISECONDS });
        const reader = { base: program.base, cookie: world.right.cookie, random, pauseMilliseconds: READER_PAUSE_MILLISECONDS };
        const reading = Array.from({ length: READERS }, () =>
          readOn(reader, stop.signal, (fault) => {
            answers += 1;
            if (fault !== null) onFault(fault);
          }),
        );
        const step = Math.max(LEAST_SAMPLE_SECONDS, forSeconds / SAMPLES);
        for (const end = Date.now() + forSeconds * 1000; Date.now() < end || answers < leastAnswers; ) {
          await wait(step * 1000);
          onSample(await weigh(program.pid));
        }
        stop.abort();
        await Promise.all([...reading, writing.end()]);
      };
      await load(0, Math.min(MOST_WARM_SECONDS, seconds * WARM_SHARE), WARM_ANSWERS, () => {});
      const before = await weighQuiet(program.pid);
      say(`quiet: ${inWords(before)}`);
      await load(1, seconds, 0, (weight) => {
        weights.push(weight);
        say(`${inWords(weight)}, ${answers} answers, ${world.acknowledged.times} acknowledged, ${faults.length} faults`);
      });
      const after = await weighQuiet(program.pid);
      say(`quiet: ${inWords(after)}`);
      for (const fault of await world.acknowledged.findLost(program.base)) onFault(fault);
      for (const fault of await findWrongPictures(world, program.base)) onFault(fault);
      for (const line of errorsIn(program.output())) onFault(line);
      return { answers, acknowledged: world.acknowledged.times, faults, quiet: { before, after }, weights };
    } finally {
      await program.stop();
    }
  } finally {
    await rm(place.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Waits until no more descriptors are given back. */
async function weighQuiet(program: number): Promise<Weight> {
  let least = await weigh(program);
  let stillSince = Date.now();
  for (const end = Date.now() + QUIET_SECONDS * 1000; Date.now() < end && Date.now() - stillSince < STILL_SECONDS * 1000; ) {
    await wait(200);
    const now = await weigh(program);
    if (now.descriptors < least.descriptors) stillSince = Date.now();
    if (now.descriptors <= least.descriptors) least = now;
  }
  return least;
}

/** The broken picture is said to be one. */
function errorsIn(output: string): readonly string[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{') && line.includes('"level":'));
  return lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50 && !line.includes('broken.jpg'));
}

export function inWords({ megabytes, descriptors }: Weight): string {
  return `${megabytes.toFixed(0)} MB, ${descriptors} descriptors`;
}
