import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestWorkers, type TestWorkers } from '../harness/workers.ts';
import { childrenOf, isRunning } from '../killing/descendants.ts';

/** For an answer that should not come. */
const STILL_MILLISECONDS = 300;

let vitrine: TestWorkers;
beforeAll(async () => {
  vitrine = await startTestWorkers();
});
afterAll(() => vitrine.close());

/** By a connection of its own; those of `fetch` may lead to a worker from before. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).once('error', reject);
  });
}

describe('a worker that is killed before it takes the connections that it was handed', () => {
  it('leaves them to another one, and nobody waits for ever', async () => {
    for (const worker of [1, 2]) await vitrine.fetchBy(worker);
    const [stuck = 0] = await childrenOf(vitrine.pid);
    process.kill(stuck, 'SIGSTOP');
    try {
      const answered = new Set<number>();
      const asked = Array.from({ length: 8 }, async (_, at) => {
        const status = await statusOf(`${vitrine.base}/livez`);
        answered.add(at);
        return status;
      });
      // One is handed to the worker that does nothing any more, and the others to the next.
      while (answered.size < asked.length - 1) await wait(20);
      await wait(STILL_MILLISECONDS);
      expect(answered.size).toBe(asked.length - 1);
      process.kill(stuck, 'SIGKILL');
      expect(await Promise.all(asked)).toEqual(asked.map(() => 200));
    } finally {
      if (isRunning(stuck)) process.kill(stuck, 'SIGKILL');
    }
  });
});
