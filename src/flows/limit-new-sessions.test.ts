import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/stores.ts';
import { createNewSessionLimits } from './limit-new-sessions.ts';

function start() {
  const clock = new FakeClock();
  const limits = createNewSessionLimits(clock);
  const takeMany = (address: string, times: number) =>
    Array.from({ length: times }, () => limits.take(address)).filter((wait) => wait === 0);
  return { clock, limits, takeMany };
}

describe('sessions without an account', () => {
  it('are three hundred for one address, and then one each second', () => {
    const { clock, limits, takeMany } = start();
    expect(takeMany('192.0.2.7', 1000)).toHaveLength(300);
    expect(limits.take('192.0.2.7')).toBe(1);
    clock.forward({ seconds: 10 });
    expect(takeMany('192.0.2.7', 1000)).toHaveLength(10);
    clock.forward({ hours: 5 });
    expect(takeMany('192.0.2.7', 1000)).toHaveLength(300);
  });

  it('that one address has used up are no loss to others, unless they share its IPv6 network', () => {
    const { limits, takeMany } = start();
    takeMany('2001:db8::1', 300);
    expect(limits.take('2001:db8::2')).toBe(1);
    expect(limits.take('2001:db8:1::1')).toBe(0);
    expect(limits.take('192.0.2.7')).toBe(0);
  });

  it('cost no more memory however many ask: who asked the longest ago is forgotten', () => {
    const { limits, takeMany } = start();
    takeMany('192.0.2.7', 300);
    for (let at = 0; at < 5_000; at += 1) limits.take(`10.${at % 200}.${Math.floor(at / 200)}.1`);
    expect(limits.take('192.0.2.7')).toBe(0);
  });
});
