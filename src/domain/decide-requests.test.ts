import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, Policy } from './access.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { nobody, type Visitor } from './visitor.ts';
import { tellingOf } from './when-locked.ts';

const NOW = new Date('2026-11-22T04:00:00Z');

function service(name: string, pattern: AccessService['pattern'], more: Partial<AccessService> = {}): AccessService {
  const none = { heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name, pattern, label: { en: [name] }, networks: [], ...none, ...more };
}

const SERVICES = [service('room', 'kiosk', { devices: true }), service('staff', 'login'), service('members', 'login')];

function model(policy: Pick<Policy, 'allow'> & Partial<Policy>): AccessModel {
  const services = new Map(SERVICES.map((each) => [each.name, each]));
  return { enforced: true, services, policies: [{ items: ['**'], requests: 'members', ...policy, number: 1, line: 1 }] };
}

const SIGNED_IN: Visitor = {
  ...nobody('192.0.2.1'),
  by: 'access-cookie',
  services: new Set(['members']),
  user: { name: 'anna', roles: [], itemGrants: [] },
};
const STRANGER = nobody('192.0.2.1');
const judge = (policy: Pick<Policy, 'allow'> & Partial<Policy>, visitor: Visitor) => decide(model(policy), 'a.tif', visitor, NOW);
const say = (policy: Pick<Policy, 'allow'> & Partial<Policy>, visitor: Visitor) =>
  explain(judge(policy, visitor), { path: 'a.tif', fileName: 'access.yaml', visitor, access: model(policy), now: NOW });

const CLOSED = { allow: [] };
const EMBARGOED = { allow: 'everyone' as const, embargo: { until: new Date('2027-01-01'), allow: [] } };
const AT_PLACES = { allow: [{ service: 'room', roles: [] }] };
const OF_STAFF = { allow: [{ service: 'staff', roles: [] }] };

describe('an item that may be asked for', () => {
  it.each([
    ['nobody may see', CLOSED, ['members']],
    ['is under an embargo', EMBARGOED, ['members']],
    ['opens elsewhere', AT_PLACES, ['members']],
    ['others sign in for', OF_STAFF, ['staff', 'members']],
  ])('that %s is offered the sign-in, so that viewers lead there', (_what, policy, offered) => {
    const decision = judge(policy, STRANGER);
    expect(decision).toMatchObject({ outcome: 'access-needed', reason: { code: 'nobody-yet' } });
    expect(decision.outcome === 'access-needed' && decision.services.map(({ name }) => name)).toEqual(offered);
    expect(tellingOf(decision).listed).toBe(true);
    expect(judge({ ...policy, requests: 'none' }, STRANGER)).not.toMatchObject({ services: [{ name: 'members' }] });
  });

  it.each([CLOSED, EMBARGOED, AT_PLACES, OF_STAFF])('opens to nobody who signs in and was not granted it', (policy) => {
    expect(judge(policy, SIGNED_IN)).toMatchObject({ outcome: 'access-needed', reason: { code: 'grant-missing', service: 'members' } });
    expect(judge(policy, { ...SIGNED_IN, user: null })).toMatchObject({ reason: { code: 'nobody-yet' } });
  });

  it('opens as before to whom the policy allows', () => {
    expect(judge(AT_PLACES, { ...STRANGER, devices: new Set(['room']) })).toMatchObject({ outcome: 'allowed' });
    expect(judge(OF_STAFF, { ...SIGNED_IN, services: new Set(['staff']) })).toMatchObject({ outcome: 'allowed' });
    expect(decide(model(EMBARGOED), 'a.tif', STRANGER, new Date('2027-01-01'))).toMatchObject({ outcome: 'allowed', open: true });
  });

  it('stays out of lists where the policy says so', () => {
    expect(tellingOf(judge({ ...CLOSED, whenLocked: { listed: false } }, STRANGER)).listed).toBe(false);
  });

  it('is explained', () => {
    const policy = 'Policy 1 (access.yaml line 1, items **)';
    expect(say(CLOSED, STRANGER)).toEqual([`${policy} allows nobody.`, 'Whoever signs in through service members may ask for it.']);
    expect(say(OF_STAFF, SIGNED_IN)).toEqual([
      `${policy} does not allow it: user anna has been through service members, and was not granted it.`,
      'Enough is: service staff.',
      'Whoever signs in through service members may ask for it.',
    ]);
  });
});
