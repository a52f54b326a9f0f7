import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/stores.ts';
import type { ShadowLoss } from '../domain/shadow.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import type { Refused } from './audit-visits.ts';
import { createLossCounter } from './count-losses.ts';

const WOULD: Refused = { outcome: 'refused', policy: null, reason: { code: 'no-policy' } };
const ADA: Visitor = { ...nobody('192.0.2.7'), user: { name: 'ada', roles: ['staff', 'reader'], itemGrants: [] } };

function counter({ failing = false } = {}) {
  const stored: (readonly ShadowLoss[])[] = [];
  const failures: unknown[] = [];
  const runs: (() => void)[] = [];
  const state = { failing };
  const losses = createLossCounter({
    shadowLosses: {
      add: async (batch) => {
        if (state.failing) throw new Error('the disk is full');
        stored.push(batch);
      },
    },
    clock: new FakeClock(),
    onLoss: () => {},
    onFailure: (error) => void failures.push(error),
    later: (run) => {
      runs.push(run);
      return () => {};
    },
  });
  return { losses, stored, failures, runs, state };
}

describe('what shadow mode lets through', () => {
  it('is counted by kind of visitor, with no name, and stored together', async () => {
    const { losses, stored, runs } = counter();
    losses.wouldRefuse(ADA, 'letters/1890/anna.jpg', WOULD);
    losses.wouldRefuse(ADA, 'letters/1890/berta.jpg', WOULD);
    losses.wouldRefuse({ ...ADA, by: 'personal-token' }, 'anna.jpg', WOULD);
    losses.wouldRefuse(nobody('192.0.2.7'), 'anna.jpg', WOULD);
    expect(runs).toHaveLength(1);
    await losses.close();
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject([
      { folder: 'letters/1890', who: 'signed in as reader, staff', visits: 2, example: 'letters/1890/anna.jpg' },
      { folder: '', who: 'scripts of people as reader, staff', visits: 1 },
      { folder: '', who: 'not signed in', visits: 1 },
    ]);
    expect(JSON.stringify(stored)).not.toMatch(/ada|192\.0\.2/);
  });

  it('is stored later where the database fails now', async () => {
    const { losses, stored, failures, state } = counter({ failing: true });
    losses.wouldRefuse(ADA, 'anna.jpg', WOULD);
    await losses.close();
    expect({ stored, failures: failures.length }).toEqual({ stored: [], failures: 1 });
    state.failing = false;
    losses.wouldRefuse(ADA, 'anna.jpg', WOULD);
    await losses.close();
    expect(stored[0]).toMatchObject([{ visits: 2 }]);
  });
});
