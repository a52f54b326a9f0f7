import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { StartProblem } from '../config/start-problem.ts';

const MOST_PARALLEL = 64;

/** `--parallel N`: one for each core unless somebody says otherwise. */
export function parallelFlag(sentence: string): Option {
  return new Option('--parallel <number>', sentence).default(String(availableParallelism()));
}

/** @throws StartProblem for what is no such number. */
export function parallelOf(typed: string): number {
  const parallel = /^[0-9]{1,3}$/.test(typed) ? Number(typed) : 0;
  if (parallel < 1 || parallel > MOST_PARALLEL)
    throw new StartProblem([`--parallel must be a whole number from 1 to ${MOST_PARALLEL}.`], 2);
  return parallel;
}
