import { readdir, readFile } from 'node:fs/promises';
import { descendantsOf } from '../killing/descendants.ts';

export interface Weight {
  readonly megabytes: number;
  readonly descriptors: number;
}

/** Of a program and all that it has started: memory in use (what they share is counted once), and open descriptors. */
export async function weigh(program: number): Promise<Weight> {
  const weights = await Promise.all([program, ...(await descendantsOf(program))].map(weighOne));
  return {
    megabytes: weights.reduce((sum, each) => sum + each.megabytes, 0),
    descriptors: weights.reduce((sum, each) => sum + each.descriptors, 0),
  };
}

async function weighOne(pid: number): Promise<Weight> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return { megabytes: Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / 1000, descriptors: descriptors.length };
}
