import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, Period, Policy } from '../../src/domain/access.ts';
import { decide } from '../../src/domain/decide.ts';
import { nobody, type Visitor } from '../../src/domain/visitor.ts';
import { cacheControl } from '../../src/http/server/cache-control.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';

const START = Date.UTC(2031, 0, 1);
const at = (hours: number) => new Date(START + hours * 3_600_000);

const NONE = { networks: [], heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
const MEMBERS: AccessService = { name: 'members', pattern: 'login', label: { en: ['Members'] }, ...NONE };
const TERMS: AccessService = { name: 'terms', pattern: 'clickthrough', label: { en: ['Terms'] }, ...NONE };

function model(policy: Omit<Policy, 'number' | 'line' | 'items'>): AccessModel {
  const services = new Map([MEMBERS, TERMS].map((each) => [each.name, each]));
  return { enforced: true, services, policies: [{ number: 1, line: 1, items: ['**'], ...policy }] };
}

function visitor(...services: readonly string[]): Visitor {
  return { ...nobody(''), services: new Set(services) };
}

const moment = fc.integer({ min: 0, max: 12 });
const period: fc.Arbitrary<Period> = fc
  .record({ from: fc.option(moment), until: fc.option(moment) }, { requiredKeys: ['from', 'until'] })
  .map(({ from, until }) => ({ ...(from === null ? {} : { from: at(from) }), ...(until === null ? {} : { until: at(until) }) }));
const rule = fc
  .record({ service: fc.constantFrom('members', 'terms'), roles: fc.constant<string[]>([]), period })
  .map(({ period: time, ...rest }) => ({ ...rest, ...time }));
const rules = fc.array(rule, { maxLength: 3 });
const policy = fc
  .record({
    allow: fc.oneof(fc.constant('everyone' as const), rules, rules),
    openIn: fc.array(period, { maxLength: 2 }),
    embargo: fc.option(fc.record({ until: moment.map(at), allow: rules })),
    tier: fc.option(fc.oneof(fc.constant('everyone' as const), rules)),
  })
  .map(({ allow, openIn, embargo, tier }) => ({
    allow,
    openIn,
    ...(embargo === null ? {} : { embargo }),
    ...(tier === null ? {} : { otherwise: [{ ...PLAIN_TIER, name: 'low', for: tier }] }),
  }));
const anyone = fc.subarray(['members', 'terms']).map((services) => visitor(...services));
/** Of whoever asks: when, and how long the answer was kept before it is looked at again. */
const minutes = fc.integer({ min: -60, max: 14 * 60 });

describe('an answer that is kept', () => {
  it('is never used at a time at which it would be another one', () => {
    fc.assert(
      fc.property(
        policy,
        anyone,
        minutes,
        fc.integer({ min: 0, max: 15 * 3_600 }),
        fc.boolean(),
        (given, who, asked, keptSeconds, ofTier) => {
          const access = model(given);
          const tier = ofTier ? given.otherwise?.[0] : undefined;
          const now = new Date(START + asked * 60_000);
          const then = new Date(now.getTime() + keptSeconds * 1000);
          const [first, later] = [now, then].map((time) => decide(access, 'a.tif', who, time, tier));
          if (first === undefined || later === undefined) throw new Error('two were asked');
          if (first.until !== undefined) expect(first.until > now).toBe(true);
          if (first.until !== undefined && then >= first.until) return;
          expect(later).toEqual(first);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is kept by shared caches only until then', () => {
    fc.assert(
      fc.property(policy, anyone, minutes, fc.integer({ min: 0, max: 999 }), (given, who, asked, milliseconds) => {
        const now = new Date(START + asked * 60_000 + milliseconds);
        const decision = decide(model(given), 'a.tif', who, now);
        const open = decision.outcome === 'allowed' && decision.open;
        const header = cacheControl({ open, until: decision.until }, 3_600, now);
        const [, seconds = '0'] = /^public, max-age=(\d+)/.exec(header) ?? [];
        const end = new Date(now.getTime() + Number(seconds) * 1000);
        if (decision.until !== undefined) expect(end <= decision.until).toBe(true);
        for (let time = now; time < end; time = new Date(time.getTime() + 60_000)) {
          expect(decide(model(given), 'a.tif', nobody(''), time)).toMatchObject({ outcome: 'allowed', open: true });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that may change within a second is not kept at all, and one that nothing changes is kept as long as ever', () => {
    expect(cacheControl({ open: true, until: new Date(999) }, 300, new Date(0))).toBe('public, no-cache');
    expect(cacheControl({ open: true, until: new Date(90_000) }, 300, new Date(0))).toBe('public, max-age=90, must-revalidate');
    expect(cacheControl({ open: true }, 300, new Date(0))).toBe('public, max-age=300');
    expect(cacheControl({ open: false, until: new Date(90_000) }, 300, new Date(0))).toBe('private, no-cache');
  });
});
