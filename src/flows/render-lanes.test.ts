import { describe, expect, it } from 'vitest';
import { Failure } from '../lib/problems.ts';
import { createRenderLanes } from './render-lanes.ts';

const BYTES = new Uint8Array([1]);

function lanes(limits: Partial<{ concurrency: number; waiting: number; waitSeconds: number }> = {}) {
  const lane = { concurrency: 1, waiting: 2, waitSeconds: 60, ...limits };
  return createRenderLanes({ small: lane, big: lane });
}

/** Work that ends when told to. */
function work() {
  let end: (bytes: Uint8Array) => void = () => {};
  let starts = 0;
  const result = new Promise<Uint8Array>((resolve) => {
    end = resolve;
  });
  return {
    run: () => {
      starts += 1;
      return result;
    },
    end: () => end(BYTES),
    starts: () => starts,
  };
}

const reader = () => new AbortController();
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('render lanes', () => {
  it('make one image for all who ask for it at the same time', async () => {
    const all = lanes();
    const tile = work();
    const asked = [1, 2, 3].map(() => all.run('tile', 'small', reader().signal, tile.run));
    tile.end();
    expect(await Promise.all(asked)).toEqual([BYTES, BYTES, BYTES]);
    expect(tile.starts()).toBe(1);
  });

  it('let small images pass a lane that is full of big ones', async () => {
    const all = lanes();
    const giant = work();
    for (const key of ['a', 'b', 'c']) void all.run(key, 'big', reader().signal, giant.run);
    expect(await all.run('tile', 'small', reader().signal, async () => BYTES)).toBe(BYTES);
    giant.end();
  });

  it('refuse what is more than may wait, with a time to come back', async () => {
    const all = lanes({ waiting: 1 });
    const giant = work();
    const running = all.run('a', 'big', reader().signal, giant.run);
    await turn();
    const waiting = all.run('b', 'big', reader().signal, giant.run);
    const error = await all.run('c', 'big', reader().signal, giant.run).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).refusal).toMatchObject({ code: 'server.busy', retryAfterSeconds: 5 });
    giant.end();
    await Promise.all([running, waiting]);
  });

  it('drop a request whose readers have all gone, before it starts', async () => {
    const all = lanes();
    const first = work();
    const running = all.run('a', 'small', reader().signal, first.run);
    const [one, two] = [reader(), reader()];
    const dropped = work();
    const asked = [one, two].map((each) => all.run('b', 'small', each.signal, dropped.run).catch(() => 'gone'));
    one.abort();
    two.abort();
    expect(await Promise.all(asked)).toEqual(['gone', 'gone']);
    first.end();
    await running;
    expect(dropped.starts()).toBe(0);
  });

  it('go on while one of several readers stays', async () => {
    const all = lanes();
    const first = work();
    const running = all.run('a', 'small', reader().signal, first.run);
    const leaving = reader();
    void all.run('b', 'small', leaving.signal, async () => BYTES).catch(() => {});
    const staying = all.run('b', 'small', reader().signal, async () => BYTES);
    leaving.abort();
    first.end();
    await running;
    expect(await staying).toBe(BYTES);
  });

  it('keep the place of work that has started, although its reader has gone', async () => {
    const all = lanes();
    const leaving = reader();
    const started = work();
    void all.run('a', 'big', leaving.signal, started.run).catch(() => {});
    await turn();
    leaving.abort();
    await turn();
    expect(all.state().big.running).toBe(1);
    started.end();
    await turn();
    expect(all.state().big.running).toBe(0);
  });

  it('hand a failure to everyone, and try again for the next who asks', async () => {
    const all = lanes();
    const fails = () => Promise.reject(new Error('broken'));
    await expect(all.run('a', 'small', reader().signal, fails)).rejects.toThrow('broken');
    expect(await all.run('a', 'small', reader().signal, async () => BYTES)).toBe(BYTES);
  });

  it('end a wait that is too long as busy', async () => {
    const all = lanes({ waitSeconds: 0.02 });
    const giant = work();
    const running = all.run('a', 'big', reader().signal, giant.run);
    await turn();
    const error = await all.run('b', 'big', reader().signal, giant.run).catch((thrown: unknown) => thrown);
    expect((error as Failure).refusal.code).toBe('server.busy');
    giant.end();
    await running;
  });
});
