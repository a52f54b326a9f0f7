import { Agent, get } from 'node:http';
import { cpuSecondsOf } from '../processes.ts';

export interface EachLoad {
  readonly base: string;
  /** The path of the next request. */
  next(): string;
  readonly cookie: string | null;
  readonly connections: number;
  /** After this no more is asked for; what is under way is waited for. */
  readonly seconds: number;
  readonly pids: readonly number[];
}

export interface EachResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicroseconds: number;
}

const ANSWER_MILLISECONDS = 120_000;

/** For answers that take long: counts from the first request to the end of the last answer. @throws where one is not 200. */
export async function askEach({ base, next, cookie, connections, seconds, pids }: EachLoad): Promise<EachResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const cpuBefore = await cpuSecondsOf(pids);
  const begin = performance.now();
  const askOneAfterTheOther = async () => {
    while (performance.now() - begin < seconds * 1000) {
      const start = performance.now();
      await askWhole(`${base}${next()}`, cookie, agent);
      times.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, askOneAfterTheOther));
    const elapsed = performance.now() - begin;
    const cpu = (await cpuSecondsOf(pids)) - cpuBefore;
    return {
      requestsPerSecond: (times.length / elapsed) * 1000,
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      cpuMicroseconds: (cpu / times.length) * 1e6,
    };
  } finally {
    agent.destroy();
  }
}

/** Reads an answer to its end and throws it away. Returns how many bytes there were. @throws unless it is 200. */
export function askWhole(url: string, cookie: string | null, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = cookie === null ? {} : { cookie };
    const request = get(url, { ...(agent === undefined ? {} : { agent }), headers, timeout: ANSWER_MILLISECONDS }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.once('error', reject);
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`${url} was answered ${answer.statusCode}.`)),
      );
    });
    request.once('timeout', () => request.destroy(new Error(`${url} was not answered in time.`)));
    request.once('error', reject);
  });
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
