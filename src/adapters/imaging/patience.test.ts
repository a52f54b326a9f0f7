import { describe, expect, it } from 'vitest';
import { createPatience } from './patience.ts';

describe('a file that is read at once', () => {
  it('is read so as long as it is quick, and not for a while after a slow read', () => {
    let now = 0;
    const patience = createPatience(() => now, fetching());
    patience.note(0.1);
    expect(patience.isQuick()).toBe(true);
    patience.note(9);
    expect(patience.isQuick()).toBe(false);
    now += 20;
    expect(patience.isQuick()).toBe(true);
  });

  it('is left alone for longer each time, up to a minute, until it has been quick for long', () => {
    let now = 0;
    const patience = createPatience(() => now, fetching());
    const pauses = Array.from({ length: 15 }, () => {
      const from = now;
      patience.note(9);
      while (!patience.isQuick()) now += 20;
      return now - from;
    });
    expect(pauses.slice(0, 3)).toEqual([20, 40, 80]);
    expect(pauses.at(-1)).toBe(60_000);
    for (let read = 0; read < 500; read++) patience.note(0.1);
    patience.note(9);
    now += 20;
    expect(patience.isQuick()).toBe(true);
  });

  it('is not blamed for what the processor took, unless that was very long', () => {
    let now = 0;
    let fetched = 0;
    const patience = createPatience(
      () => now,
      () => fetched,
    );
    patience.note(9);
    patience.note(49);
    expect(patience.isQuick()).toBe(true);
    fetched += 1;
    patience.note(9);
    expect(patience.isQuick()).toBe(false);
    now += 20;
    patience.note(9);
    expect(patience.isQuick()).toBe(true);
    patience.note(51);
    expect(patience.isQuick()).toBe(false);
  });
});

/** A disk that is asked each time. */
function fetching(): () => number {
  let reads = 0;
  return () => ++reads;
}
