import { readdir, readFile, rm } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVitrineProcess } from '../harness/process.ts';
import { makeTestFolder } from '../harness/vitrine.ts';

describe.runIf(process.platform === 'linux')('threads that make pictures', () => {
  let place = { folder: '', images: '', data: '' };
  beforeAll(async () => {
    place = await makeTestFolder({ access: null });
  });
  afterAll(() => rm(place.folder, { recursive: true, force: true, maxRetries: 10 }));

  it('come after the one that answers, by the scheduler', async () => {
    const program = await startVitrineProcess('serve', ['--images', place.images, '--data', place.data, '--workers', '1']);
    try {
      const threads = await threadsOf(program.pid);
      const pool = threads.filter(({ name }) => name === 'libuv-worker');
      const own = getPriority(program.pid);
      expect(pool.length).toBeGreaterThan(0);
      for (const { niceness } of pool) expect(niceness).toBe(Math.min(own + 17, constants.priority.PRIORITY_LOW));
      expect(threads.find(({ id }) => id === program.pid)?.niceness).toBe(own);
    } finally {
      await program.stop();
    }
  });
});

async function threadsOf(pid: number): Promise<readonly { id: number; name: string; niceness: number }[]> {
  const ids = await readdir(`/proc/${pid}/task`);
  return Promise.all(
    ids.map(async (id) => ({
      id: Number(id),
      name: (await readFile(`/proc/${pid}/task/${id}/comm`, 'utf8')).trim(),
      niceness: getPriority(Number(id)),
    })),
  );
}
