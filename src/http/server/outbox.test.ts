import { describe, expect, it } from 'vitest';
import { createOutbox } from './outbox.ts';

const MEGABYTE = 1_000_000;

function start(megabytes: number) {
  let time = 0;
  const cut: string[] = [];
  const outbox = createOutbox({ bytes: megabytes * MEGABYTE, now: () => time });
  return {
    cut,
    forward: (seconds: number) => {
      time += seconds * 1000;
    },
    take: (name: string, size: number | Uint8Array) =>
      outbox.take(typeof size === 'number' ? new Uint8Array(size * MEGABYTE) : size, () => cut.push(name)),
  };
}

describe('bodies on their way to readers', () => {
  it('never hold more than they may, even when nobody reads', () => {
    const { take } = start(10);
    const places = Array.from({ length: 20 }, (_, at) => take(`${at}`, 1));
    expect(places.filter((place) => place !== null)).toHaveLength(10);
  });

  it('make room when they are sent, once', () => {
    const { take } = start(2);
    const first = take('first', 1);
    take('second', 1);
    first?.leave();
    first?.leave();
    expect(take('third', 1)).not.toBeNull();
    expect(take('fourth', 1)).toBeNull();
  });

  it('give way to others when their readers are slow, the slowest first, and no more of them than needed', () => {
    const { take, cut, forward } = start(3);
    take('slow', 1)?.sent(50_000);
    take('stopped', 1);
    take('fast', 1)?.sent(900_000);
    forward(10);
    expect(take('newcomer', 1)).not.toBeNull();
    expect(cut).toEqual(['stopped']);
  });

  it('are not cut in the first seconds, nor while they are read at a fair pace', () => {
    const { take, cut, forward } = start(2);
    take('new', 1);
    take('fast', 1)?.sent(900_000);
    forward(4);
    expect(take('newcomer', 1)).toBeNull();
    expect(cut).toEqual([]);
  });

  it('are left alone, however slow, while there is room', () => {
    const { take, cut, forward } = start(3);
    take('stopped', 1);
    forward(1000);
    expect(take('newcomer', 1)).not.toBeNull();
    expect(cut).toEqual([]);
  });

  it('count once where many read the same', () => {
    const { take } = start(2);
    const shared = new Uint8Array(MEGABYTE);
    const places = Array.from({ length: 50 }, () => take('shared', shared));
    expect(places).not.toContain(null);
    expect(take('another', 1)).not.toBeNull();
    expect(take('one more', 1)).toBeNull();
    for (const place of places) place?.leave();
    expect(take('one more', 1)).not.toBeNull();
  });

  it('may be larger than all that there is room for, one at a time', () => {
    const { take } = start(1);
    const giant = take('giant', 5);
    expect(giant).not.toBeNull();
    expect(take('small', 1)).toBeNull();
    giant?.leave();
    expect(take('small', 1)).not.toBeNull();
  });
});
