import { describe, expect, it } from 'vitest';
import { FakeClock, fakeSigner } from '../../test/fakes/stores.ts';
import type { AuditStore, Pseudonymise } from '../domain/audit.ts';
import { keepAudit } from './keep-audit.ts';

/** A store with so many events to remove and to hide, that keeps what it was asked. */
function store(left: { remove: number; hide: number }) {
  const asked: { what: string; before: Date; most: number }[] = [];
  let pseudonymise: Pseudonymise = () => '';
  const take = (what: 'remove' | 'hide', before: Date, most: number): number => {
    asked.push({ what, before, most });
    const taken = Math.min(most, left[what]);
    left[what] -= taken;
    return taken;
  };
  const audit: AuditStore = {
    add: async () => {},
    list: async () => [],
    removeBefore: async (before, most) => take('remove', before, most),
    async pseudonymiseBefore(before, most, given) {
      pseudonymise = given;
      return take('hide', before, most);
    },
  };
  return { audit, asked, hide: (...given: Parameters<Pseudonymise>) => pseudonymise(...given) };
}

const LIMITS = { days: 365, pseudonymAfterDays: 90 };
const parts = (key?: string) => ({ clock: new FakeClock(), signer: fakeSigner(key), limits: LIMITS, signal: new AbortController().signal });

describe('keeping the audit', () => {
  it('removes and hides all that is old enough, a few at a time', async () => {
    const { audit, asked } = store({ remove: 450, hide: 200 });
    expect(await keepAudit({ ...parts(), audit })).toEqual({ removed: 450, pseudonymised: 200 });
    expect(asked.map(({ what }) => what)).toEqual(['remove', 'remove', 'remove', 'hide', 'hide']);
    const days = asked.map(({ before }) => (new FakeClock().now().getTime() - before.getTime()) / 86_400_000);
    expect(days).toEqual([365, 365, 365, 90, 90]);
  });

  it('gives one person and one address one pseudonym each, that only the key of the server makes', async () => {
    const [mine, other] = [store({ remove: 0, hide: 0 }), store({ remove: 0, hide: 0 })];
    await keepAudit({ ...parts(), audit: mine.audit });
    await keepAudit({ ...parts('another key'), audit: other.audit });
    expect(mine.hide('person', 'ada')).toMatch(/^person-[a-z0-9_-]{12}$/);
    expect(mine.hide('person', 'ada')).toBe(mine.hide('person', 'ada'));
    const all = [mine.hide('person', 'ada'), mine.hide('person', 'bert'), mine.hide('address', 'ada'), other.hide('person', 'ada')];
    expect(new Set(all.map((each) => each.slice(-12))).size).toBe(4);
  });

  it('leaves the rest for the next time where the server stops', async () => {
    const { audit, asked } = store({ remove: 10_000, hide: 10_000 });
    const stop = new AbortController();
    const done = keepAudit({ ...parts(), audit, signal: stop.signal });
    stop.abort();
    await done;
    expect(asked).toHaveLength(1);
  });
});
