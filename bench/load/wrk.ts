import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpuSecondsOf } from '../processes.ts';

const run = promisify(execFile);
const PATIENCE_MILLISECONDS = 60_000;
const SCRIPT = fileURLToPath(new URL('requests.lua', import.meta.url));

export interface Load {
  /** `http://127.0.0.1:1234` */
  readonly base: string;
  readonly paths: readonly string[];
  /** Cookie headers of visitors who ask in turn; empty for one without. */
  readonly cookies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Whether to stop at the end of the list. Else it begins again, as often as there is time for. */
  readonly once?: boolean;
  /** Whose CPU time to count: these and their descendants. */
  readonly pids: readonly number[];
  readonly core: number;
  /** For the list of requests. */
  readonly work: string;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU that the server took for each request. */
  readonly cpuMicroseconds: number;
  /** Answers of 400 and above. */
  readonly refused: number;
  readonly answers: number;
}

interface Printed {
  readonly answers: number;
  readonly seconds: number;
  readonly failed: number;
  readonly refused: number;
  readonly p50: number;
  readonly p99: number;
}

/** Asks with wrk, which keeps each connection busy with one request after the other. @throws when connections fail. */
export async function askWithWrk(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(load.work, 'wrk-'));
  try {
    const list = join(folder, 'requests.txt');
    await writeFile(list, load.paths.map((path, i) => `${path}\t${load.cookies[i % load.cookies.length] ?? ''}\n`).join(''));
    const before = await cpuSecondsOf(load.pids);
    const args = [
      ...['-c', String(load.core), 'wrk', '-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '30s'],
      ...['-s', SCRIPT, load.base, '--', list, load.once === true ? 'once' : 'again'],
    ];
    const { stdout } = await run('taskset', args, { timeout: load.seconds * 1000 + PATIENCE_MILLISECONDS });
    const cpu = (await cpuSecondsOf(load.pids)) - before;
    const printed = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Printed;
    if (printed.failed > 0) throw new Error(`${load.base}: ${printed.failed} of the requests got no answer.`);
    return {
      requestsPerSecond: printed.answers / printed.seconds,
      p50: printed.p50,
      p99: printed.p99,
      cpuMicroseconds: printed.answers === 0 ? 0 : (cpu / printed.answers) * 1e6,
      refused: printed.refused,
      answers: printed.answers,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
