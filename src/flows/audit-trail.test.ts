import { describe, expect, it } from 'vitest';
import { FakeClock, fakeRandomness } from '../../test/fakes/stores.ts';
import type { AuditEvent, AuditStore } from '../domain/audit.ts';
import { createAuditTrail } from './audit-trail.ts';

/** A trail over a store that can be broken or held up, whose time only the test moves. */
function trail() {
  const batches: AuditEvent[][] = [];
  const failures: unknown[] = [];
  const timers = new Set<() => void>();
  const state = { broken: false, held: null as Promise<void> | null };
  const add = async (events: readonly AuditEvent[]) => {
    await state.held;
    if (state.broken) throw new Error('disk full');
    batches.push([...events]);
  };
  const audit = createAuditTrail({
    audit: { add } as AuditStore,
    clock: new FakeClock(),
    randomness: fakeRandomness(),
    onFailure: (error) => failures.push(error),
    later(run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  const pass = async () => {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const stored = () => batches.flat().map(({ action }) => action);
  return { audit, batches, failures, timers, state, pass, stored };
}

describe('the audit trail', () => {
  it('has stored what was done before it is answered', async () => {
    const { audit, batches } = trail();
    await audit.record({ action: 'user.removed', actor: 'ada', target: 'bert' });
    expect(batches).toEqual([
      [
        {
          id: expect.stringMatching(/^evt_[A-Za-z0-9_-]{16}$/),
          at: new FakeClock().now(),
          action: 'user.removed',
          actor: 'ada',
          via: 'web',
          address: null,
          item: null,
          service: null,
          rule: null,
          target: 'bert',
          detail: null,
          pseudonymised: false,
        },
      ],
    ]);
  });

  it('shortens what is too long, whoever said it', async () => {
    const { audit, batches } = trail();
    await audit.record({ action: 'sign-in.failed', detail: 'x'.repeat(100_000), target: 'ada' });
    expect(batches[0]?.[0]).toMatchObject({ detail: 'x'.repeat(1_000), target: 'ada', actor: null });
  });

  it('writes views together, a moment later', async () => {
    const { audit, batches, pass } = trail();
    for (let view = 0; view < 20; view += 1) await audit.record({ action: 'view', item: `${view}.jpg` });
    expect(batches).toEqual([]);
    await pass();
    expect(batches.map((batch) => batch.length)).toEqual([20]);
  });

  it('writes views at once where they are very many, and never more than so many together', async () => {
    const { audit, batches, state } = trail();
    let release = () => {};
    state.held = new Promise((resolve) => {
      release = resolve;
    });
    for (let view = 0; view < 1_200; view += 1) await audit.record({ action: 'view' });
    release();
    await audit.close();
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200]);
  });

  it('keeps the order in which things happened', async () => {
    const { audit, stored, pass } = trail();
    await audit.record({ action: 'view' });
    await Promise.all([audit.record({ action: 'sign-out' }), audit.record({ action: 'refused' }), audit.record({ action: 'sign-in' })]);
    await pass();
    expect(stored()).toEqual(['view', 'sign-out', 'refused', 'sign-in']);
  });

  it('makes nobody fail where the database does, says so, and tries again', async () => {
    const { audit, stored, failures, state, pass } = trail();
    state.broken = true;
    await audit.record({ action: 'sign-in' });
    await audit.record({ action: 'view' });
    expect(failures).toHaveLength(1);
    state.broken = false;
    await pass();
    expect(stored()).toEqual(['sign-in', 'view']);
  });

  it('is bounded while the database fails: the oldest go', async () => {
    const { audit, batches, state } = trail();
    state.broken = true;
    for (let view = 0; view < 20_010; view += 1) await audit.record({ action: 'view', item: String(view) });
    state.broken = false;
    await audit.close();
    const items = batches.flat().map(({ item }) => item);
    expect(items).toHaveLength(20_000);
    expect([items[0], items.at(-1)]).toEqual(['10', '20009']);
  });

  it('has stored everything once it is closed, and leaves no timer behind, even where it cannot', async () => {
    const { audit, stored, timers } = trail();
    await audit.record({ action: 'view' });
    await audit.close();
    expect(stored()).toEqual(['view']);
    expect(timers.size).toBe(0);

    const broken = trail();
    broken.state.broken = true;
    await broken.audit.record({ action: 'view' });
    await broken.audit.close();
    expect(broken.timers.size).toBe(0);
  });
});
