import { describe, expect, it } from 'vitest';
import { type Network, parseNetwork } from '../lib/network.ts';
import type { AccessModel, AccessService, Policy } from './access.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { nobody, type Visitor } from './visitor.ts';

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

const MEMBER = visitor('members');

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return parsed;
}

describe('a rule with a time', () => {
  const access = model({ allow: [{ service: 'members', roles: [], from: at(10), until: at(20) }] });
  const ask = (hours: number, who = MEMBER) => decide(access, 'a.tif', who, at(hours));

  it('lets nobody in before it, and says when it opens', () => {
    expect(ask(9)).toMatchObject({ outcome: 'refused', timing: { opensAt: at(10) }, until: at(10) });
  });

  it('holds from its first moment on, and no longer at its end', () => {
    expect(ask(10)).toMatchObject({ outcome: 'allowed', open: false, until: at(20) });
    expect(ask(10, nobody(''))).toMatchObject({ outcome: 'access-needed', until: at(20) });
    expect(decide(access, 'a.tif', MEMBER, new Date(at(20).getTime() - 1)).outcome).toBe('allowed');
  });

  it('closes by itself, says since when, and never changes again', () => {
    expect(ask(20)).toEqual({
      outcome: 'refused',
      policy: access.policies[0],
      reason: { code: 'no-policy' },
      timing: { closedSince: at(20) },
    });
  });

  it('is explained with its dates', () => {
    const about = { path: 'a.tif', fileName: 'access.yaml', visitor: MEMBER, access, now: at(21) };
    expect(explain(ask(21), about)).toEqual([
      'Policy 1 (access.yaml line 1, items **) allows nobody at this time.',
      'By its dates it allows: service members from 1 January 2031, 10:00 UTC until 1 January 2031, 20:00 UTC.',
    ]);
  });
});

describe('a service with opening hours, and a rule with a place', () => {
  const hours = { zone: 'UTC', days: [[], [], [{ from: 600, until: 720 }], [], [], [], []], closed: [] };
  const room: AccessService = { ...MEMBERS, name: 'room', pattern: 'kiosk', networks: [network('192.0.2.0/24')], hours };
  const policy: Policy = { number: 1, line: 1, items: ['**'], allow: [{ service: 'members', roles: [], at: 'room' }] };
  const access: AccessModel = { enforced: true, services: new Map([MEMBERS, room].map((each) => [each.name, each])), policies: [policy] };
  const here = { ...MEMBER, address: '192.0.2.7' };
  const ask = (who: Visitor, hours: number) => decide(access, 'a.tif', who, at(hours));
  const say = (who: Visitor, hours: number) =>
    explain(ask(who, hours), { path: 'a.tif', fileName: 'access.yaml', visitor: who, access, now: at(hours) });

  it('open while the place does, to whoever is there', () => {
    expect(ask(here, 9)).toMatchObject({
      outcome: 'access-needed',
      outOfReach: true,
      timing: { opensAt: at(10), zone: 'UTC' },
      until: at(10),
    });
    expect(ask(here, 11)).toMatchObject({ outcome: 'allowed', open: false, reason: { at: 'room' }, until: at(12) });
    expect(ask(MEMBER, 11)).toMatchObject({ outcome: 'access-needed', outOfReach: true, reason: { code: 'elsewhere', at: ['room'] } });
    expect(ask({ ...nobody('192.0.2.7') }, 11)).toMatchObject({ outcome: 'access-needed', reason: { code: 'nobody-yet' } });
    expect(ask({ ...nobody('192.0.2.7') }, 11)).not.toHaveProperty('outOfReach');
  });

  it('are explained', () => {
    const enough = 'Enough is: service members, at service room from 192.0.2.0/24 in its opening hours.';
    expect(say(here, 11)).toEqual([
      'Policy 1 (access.yaml line 1, items **) allows it, because the visitor has been through service members and is at 192.0.2.7, in network 192.0.2.0/24 of service room.',
      'Service room is open now, until Wednesday, 1 January 2031, 12:00 (UTC).',
    ]);
    expect(say(MEMBER, 9)).toEqual([
      'Policy 1 (access.yaml line 1, items **) does not allow it: the visitor has been through service members, but is not where service room opens.',
      enough,
      'Service room is closed now, until Wednesday, 1 January 2031, 10:00 (UTC).',
    ]);
  });
});

describe('several rules with times', () => {
  const access = model({
    allow: [{ service: 'members', roles: [] }],
    openIn: [
      { from: at(10), until: at(12) },
      { from: at(11), until: at(20) },
    ],
  });

  it('open one after the other: for members, for everyone, for members again', () => {
    const ask = (hours: number) => decide(access, 'a.tif', nobody(''), at(hours));
    expect([9, 10, 11, 15, 20].map((hours) => [ask(hours).outcome, ask(hours).until?.getTime()])).toEqual([
      ['access-needed', at(10).getTime()],
      ['allowed', at(11).getTime()],
      ['allowed', at(12).getTime()],
      ['allowed', at(20).getTime()],
      ['access-needed', undefined],
    ]);
    expect(ask(9)).toMatchObject({ timing: { opensAt: at(10) } });
  });
});
