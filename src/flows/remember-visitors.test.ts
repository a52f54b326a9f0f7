import { describe, expect, it } from 'vitest';
import { nobody } from '../domain/visitor.ts';
import { createRememberedVisitors } from './remember-visitors.ts';

function start() {
  const state = { time: 1_000_000, changes: 0 };
  const visitors = createRememberedVisitors({ clock: { now: () => new Date(state.time) }, peopleChanges: () => state.changes });
  return { state, visitors, meet: (evidence: string) => visitors.recognise(evidence, async () => nobody(evidence)) };
}

describe('a visitor who was recognised', () => {
  it('is the same for a second, by the same evidence', async () => {
    const { visitors, meet, state } = start();
    const visitor = await meet('a');
    state.time += 999;
    expect(visitors.recall('a')).toBe(visitor);
    expect(visitors.recall('b')).toBeNull();
    state.time += 1;
    expect(visitors.recall('a')).toBeNull();
  });

  it('is found out anew after a change, also one during the look-up, and where the clock goes back', async () => {
    const { visitors, meet, state } = start();
    await meet('a');
    state.time -= 1;
    expect(visitors.recall('a')).toBeNull();
    state.time += 1;
    expect(visitors.recall('a')).not.toBeNull();
    state.changes += 1;
    expect(visitors.recall('a')).toBeNull();
    await visitors.recognise('a', async () => {
      state.changes += 1;
      return nobody('a');
    });
    expect(visitors.recall('a')).toBeNull();
  });

  it('is forgotten where others send a lot', async () => {
    const { visitors, meet } = start();
    await meet('first');
    for (let at = 0; at < 700; at++) await meet(`${at}`.padEnd(30_000, 'x'));
    expect(visitors.recall('first')).toBeNull();
    expect(visitors.recall('699'.padEnd(30_000, 'x'))).not.toBeNull();
  });
});
