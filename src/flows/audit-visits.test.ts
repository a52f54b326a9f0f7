import { describe, expect, it } from 'vitest';
import { FakeAudit } from '../../test/fakes/audit.ts';
import { FakeClock } from '../../test/fakes/stores.ts';
import type { Decision, Policy, Tier } from '../domain/access.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import { createVisitAudit } from './audit-visits.ts';

const POLICY: Policy = { number: 2, line: 9, items: ['letters/**', 'maps/*'], allow: [] };
const GIVEN: Decision = {
  outcome: 'allowed',
  open: false,
  policy: POLICY,
  reason: { code: 'granted', service: 'members', role: 'reader' },
};
const OPEN: Decision = { outcome: 'allowed', open: true, policy: POLICY, reason: { code: 'everyone' } };
const REFUSED: Decision = { outcome: 'refused', policy: POLICY, reason: { code: 'no-policy' } };
const ADA: Visitor = {
  ...nobody('192.0.2.7'),
  by: 'access-cookie',
  sessionId: 'ses_1',
  user: { name: 'ada', roles: ['reader'], itemGrants: [] },
};
const LETTER = { path: 'letters/a.jpg' };
const TIER: Tier = {
  name: 'preview',
  label: null,
  for: [],
  item: null,
  maxSize: 300,
  maxOutput: null,
  gray: false,
  watermark: null,
  blur: [],
  blackout: [],
};

function auditOf(views: boolean) {
  const [audit, clock] = [new FakeAudit(), new FakeClock()];
  const losses: string[] = [];
  const wouldRefuse = (_visitor: Visitor, path: string, would: Decision) => void losses.push(`${path}: ${would.outcome}`);
  return { visits: createVisitAudit({ audit, clock, views, wouldRefuse }), entries: audit.entries, clock, losses };
}

describe('views in the audit', () => {
  it('say who saw what, from where and under which rule', () => {
    const { visits, entries } = auditOf(true);
    visits.given(ADA, LETTER, GIVEN);
    expect(entries).toEqual([
      {
        action: 'view',
        actor: 'ada',
        address: '192.0.2.7',
        item: 'letters/a.jpg',
        service: 'members',
        rule: 'policy 2 (letters/**, maps/*): service members, role reader',
        detail: null,
      },
    ]);
  });

  it('are none where they are not asked for, and none of what is open to everybody', () => {
    const [unasked, asked] = [auditOf(false), auditOf(true)];
    unasked.visits.given(ADA, LETTER, GIVEN);
    asked.visits.given(ADA, LETTER, OPEN);
    expect([...unasked.entries, ...asked.entries]).toEqual([]);
  });

  it('are one for each session and item within ten minutes, whatever the address, and one more after that', () => {
    const { visits, entries, clock } = auditOf(true);
    for (let tile = 0; tile < 200; tile += 1) visits.given({ ...ADA, address: `192.0.2.${tile}` }, LETTER, GIVEN);
    expect(entries).toHaveLength(1);
    visits.given(ADA, { path: 'letters/b.jpg' }, GIVEN);
    visits.given(ADA, { ...LETTER, tier: TIER }, GIVEN);
    visits.given({ ...ADA, sessionId: 'ses_2' }, LETTER, GIVEN);
    expect(entries.map(({ item, detail }) => [item, detail])).toEqual([
      ['letters/a.jpg', null],
      ['letters/b.jpg', null],
      ['letters/a.jpg', 'tier preview'],
      ['letters/a.jpg', null],
    ]);
    clock.forward({ minutes: 9 });
    visits.given(ADA, LETTER, GIVEN);
    expect(entries).toHaveLength(4);
    clock.forward({ minutes: 1 });
    visits.given(ADA, LETTER, GIVEN);
    expect(entries).toHaveLength(5);
  });
});

describe('refusals in the audit', () => {
  it('are one for each visitor and item within ten minutes, apart from views', () => {
    const { visits, entries } = auditOf(true);
    for (let tile = 0; tile < 20; tile += 1) visits.refused(ADA, LETTER, REFUSED);
    for (let tile = 0; tile < 20; tile += 1) visits.refused(nobody('2001:db8::1'), LETTER, REFUSED);
    visits.refused(nobody('2001:db8::2'), LETTER, REFUSED);
    visits.given(ADA, LETTER, GIVEN);
    expect(entries.map(({ action, actor, address }) => [action, actor, address])).toEqual([
      ['refused', 'ada', '192.0.2.7'],
      ['refused', null, '2001:db8::1'],
      ['view', 'ada', '192.0.2.7'],
    ]);
    expect(entries[0]).toMatchObject({ item: 'letters/a.jpg', rule: 'policy 2 (letters/**, maps/*): nobody', service: null });
  });

  it('of somebody who is not signed in end after a hundred at one network, with a last one that says so', () => {
    const { visits, entries, clock } = auditOf(false);
    const ask = (count: number) => {
      for (let item = 0; item < count; item += 1) visits.refused(nobody(`2001:db8::${item}`), { path: `${item}.jpg` }, REFUSED);
    };
    ask(500);
    expect(entries).toHaveLength(101);
    expect(entries.at(-1)).toEqual({
      action: 'refused',
      address: '2001:db8::99',
      detail: expect.stringContaining('not written down for 10 minutes'),
    });
    for (let item = 0; item < 500; item += 1) visits.refused(ADA, { path: `${item}.jpg` }, REFUSED);
    expect(entries).toHaveLength(601);
    visits.refused(nobody('192.0.2.7'), LETTER, REFUSED);
    expect(entries).toHaveLength(602);
    clock.forward({ minutes: 10 });
    ask(1);
    expect(entries).toHaveLength(603);
  });

  it('of an access service name it, and why', () => {
    const { visits, entries } = auditOf(false);
    for (let time = 0; time < 3; time += 1) visits.turnedAway('desks', '192.0.2.7', 'it opens at other places only');
    expect(entries).toEqual([{ action: 'refused', address: '192.0.2.7', service: 'desks', detail: 'it opens at other places only' }]);
  });
});

describe('the rule of an event', () => {
  const rule = (decision: Decision) => {
    const { visits, entries } = auditOf(true);
    visits.refused(ADA, LETTER, decision);
    return entries[0]?.rule;
  };

  it.each<[Decision['reason'], string]>([
    [{ code: 'nobody-yet' }, 'policy 2 (letters/**, maps/*): through none of its services yet'],
    [
      { code: 'role-missing', service: 'members', roles: ['a', 'b'] },
      'policy 2 (letters/**, maps/*): service members, but none of the roles a, b',
    ],
    [{ code: 'granted', service: 'terms', role: null }, 'policy 2 (letters/**, maps/*): service terms'],
    [{ code: 'tier-for-everyone', tier: 'small' }, 'policy 2 (letters/**, maps/*): everyone, tier small'],
    [{ code: 'everyone' }, 'policy 2 (letters/**, maps/*): everyone'],
  ])('is in words: %j', (reason, words) => {
    expect(rule({ ...REFUSED, reason })).toBe(words);
  });

  it('says so where no policy matches, and where there is no access file', () => {
    expect(rule({ ...REFUSED, policy: null })).toBe('no policy matches');
    expect(rule({ outcome: 'allowed', open: true, policy: null, reason: { code: 'no-access-file' } })).toBe(
      'no access file: open to everybody',
    );
  });
});

describe('what shadow mode lets through', () => {
  const would: Decision = { outcome: 'refused', policy: null, reason: { code: 'no-policy' } };
  const shadow: Decision = { outcome: 'allowed', open: false, policy: null, reason: { code: 'shadow', would } };

  it('is told once in a while for a visitor and an item, and of people written down', () => {
    const { visits, entries, losses, clock } = auditOf(true);
    visits.given(ADA, LETTER, shadow);
    visits.given(ADA, LETTER, shadow);
    visits.given(nobody('192.0.2.9'), LETTER, shadow);
    expect(losses).toEqual(['letters/a.jpg: refused', 'letters/a.jpg: refused']);
    expect(entries).toMatchObject([{ action: 'would-be-refused', actor: 'ada', item: 'letters/a.jpg', rule: 'no policy matches' }]);
    clock.forward({ minutes: 10 });
    visits.given(ADA, LETTER, shadow);
    expect(losses).toHaveLength(3);
  });

  it('is a view like any other where the policies allow it', () => {
    const { visits, entries, losses } = auditOf(true);
    visits.given(ADA, LETTER, { ...shadow, reason: { code: 'shadow', would: GIVEN } });
    expect(losses).toEqual([]);
    expect(entries).toMatchObject([{ action: 'view', rule: 'policy 2 (letters/**, maps/*): service members, role reader' }]);
  });
});
