import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const WORKER = join(import.meta.dirname, '../../src/cli/serve-worker.ts');

describe('a worker that has not begun to serve', () => {
  it('ends when it is told to, also while it still waits to learn what it is to do', async () => {
    const worker = fork(WORKER, { serialization: 'advanced', execArgv: [] });
    const ended = once(worker, 'exit');
    try {
      const [first] = await once(worker, 'message');
      expect(first).toMatchObject({ vitrine: 'call', name: 'beginWork' });
      worker.send({ vitrine: 'call', id: 1, name: 'stop', given: [] });
      expect(await Promise.race([ended, once(AbortSignal.timeout(30_000), 'abort')])).toEqual([0, null]);
    } finally {
      worker.kill('SIGKILL');
    }
  });
});
