import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestWorkers, type TestWorkers } from '../harness/workers.ts';

const TILE = '/iiif/3/members%2Fletter.jpg/0,0,200,200/100,/0/default.jpg';

let vitrine: TestWorkers;
beforeAll(async () => {
  vitrine = await startTestWorkers();
});
afterAll(() => vitrine.close());

/** The processes that a process has started. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

/** A port that nobody answers on refuses connections. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`It did not come to that. The log:\n${vitrine.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a server with two workers', () => {
  it('answers on one port by both of them, with the same bytes and the same ETag', async () => {
    const answers = await Promise.all(
      [1, 2].map(async (worker) => {
        const ask = await vitrine.fetchBy(worker);
        const answer = await ask(`${vitrine.base}/iiif/3/open%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg`);
        return {
          status: answer.status,
          etag: answer.headers.get('etag'),
          body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
        };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 200, etag: expect.any(String) });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('knows at one worker whoever signed in at the other, and nobody any more who signed out there', async () => {
    const here = await vitrine.visitorOf(1);
    const there = await vitrine.visitorOf(2);
    expect((await there.ask(TILE)).status).toBe(401);
    await here.signIn('reader');
    for (const [name, value] of here.cookies) there.cookies.set(name, value);
    const tile = await there.ask(TILE);
    expect([tile.status, (await here.ask(TILE)).status]).toEqual([200, 200]);
    await here.ask('/auth/logout/members', { headers: { 'sec-fetch-dest': 'document' } });
    const again = await there.ask(TILE, { headers: { 'if-none-match': tile.headers.get('etag') ?? '' } });
    expect(again.status).toBe(401);
  });

  it('puts another worker in the place of one that was killed, and answers all the while', async () => {
    const before = await childrenOf(vitrine.pid);
    expect(before).toHaveLength(2);
    const [victim = 0] = before;
    process.kill(victim, 'SIGKILL');
    await until(async () => (await childrenOf(vitrine.pid)).filter((pid) => pid !== victim).length === 2);
    const asks = Array.from({ length: 20 }, () => fetch(`${vitrine.base}/livez`, { headers: { connection: 'close' } }));
    expect((await Promise.all(asks)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(vitrine.log()).toContainEqual(
      expect.objectContaining({ msg: 'a worker has ended; another one takes its place', ended: 'SIGKILL' }),
    );
    const both = await Promise.all([1, 2].map(async (worker) => (await (await vitrine.fetchBy(worker))(`${vitrine.base}/livez`)).status));
    expect(both).toEqual([200, 200]);
  });

  it('lets an answer that is under way end when it is stopped, and leaves no process behind', async () => {
    const workers = await childrenOf(vitrine.pid);
    const ask = await vitrine.fetchBy(2);
    const askNext = await vitrine.fetchBy(2);
    const slow = ask(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/full/^1600,/12.5/default.png`);
    // A worker that has answered what came later has begun with what came before.
    await askNext(`${vitrine.base}/livez`);
    const [code, answer] = await Promise.all([vitrine.stop(), slow]);
    expect([code, answer.status]).toEqual([0, 200]);
    expect(workers.filter(isThere)).toEqual([]);
  });
});

describe('a server whose first process is killed', () => {
  it('leaves no worker behind, and nothing that answers', async () => {
    const killed = await startTestWorkers();
    try {
      const workers = await childrenOf(killed.pid);
      expect(workers.filter(isThere)).toHaveLength(2);
      process.kill(killed.pid, 'SIGKILL');
      await until(async () => workers.filter(isThere).length === 0);
      await expect(fetch(`${killed.base}/livez`)).rejects.toThrow();
    } finally {
      await killed.close();
    }
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
