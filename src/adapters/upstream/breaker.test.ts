import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

function start() {
  const clock = { milliseconds: 0 };
  const breaker = createBreaker(() => clock.milliseconds);
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) breaker.note('failed');
  };
  return { clock, breaker, fail };
}

describe('the circuit breaker', () => {
  it('lets an upstream be asked that fails now and then', () => {
    const { breaker, fail } = start();
    for (let round = 0; round < 20; round += 1) {
      fail(7);
      breaker.note('well');
    }
    expect(breaker.mayAsk()).toBe(true);
  });

  it('leaves one alone that fails again and again, and says for how long', () => {
    const { breaker, fail, clock } = start();
    fail(8);
    expect(breaker.mayAsk()).toBe(false);
    expect(breaker.secondsLeft()).toBe(2);
    clock.milliseconds = 1_999;
    expect(breaker.mayAsk()).toBe(false);
  });

  it('lets one request try afterwards, and all when that goes well', () => {
    const { breaker, fail, clock } = start();
    fail(8);
    clock.milliseconds = 2_000;
    expect([breaker.mayAsk(), breaker.mayAsk()]).toEqual([true, false]);
    breaker.note('well');
    expect([breaker.mayAsk(), breaker.mayAsk()]).toEqual([true, true]);
  });

  it('waits longer each time that the one fails, but never more than half a minute', () => {
    const { breaker, fail, clock } = start();
    fail(8);
    const pauses = Array.from({ length: 6 }, () => {
      const seconds = breaker.secondsLeft();
      clock.milliseconds += seconds * 1000;
      expect(breaker.mayAsk()).toBe(true);
      breaker.note('failed');
      return seconds;
    });
    expect(pauses).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it('lets another one try where the reader of the first has gone', () => {
    const { breaker, fail, clock } = start();
    fail(8);
    clock.milliseconds = 2_000;
    expect(breaker.mayAsk()).toBe(true);
    breaker.note('unknown');
    expect(breaker.mayAsk()).toBe(true);
  });
});
