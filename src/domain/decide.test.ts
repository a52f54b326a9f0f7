import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN_TIER } from '../../test/fakes/tier.ts';
import { parseNetwork } from '../lib/network.ts';
import { type AccessModel, type AccessService, openAccess, type Policy, type Tier } from './access.ts';
import { decide, findPolicy } from './decide.ts';
import { nobody, type Visitor } from './visitor.ts';

const NOW = new Date('2026-11-01T12:00:00Z');

function service(name: string, pattern: AccessService['pattern'] = 'login'): AccessService {
  const label = { en: [`Service ${name}`] };
  return { name, pattern, label, networks: [], heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
}

function model(...policies: ReadonlyArray<Pick<Policy, 'allow'> & { items: readonly string[] }>): AccessModel {
  const services = new Map([service('members'), service('staff'), service('terms', 'clickthrough')].map((each) => [each.name, each]));
  return { enforced: true, services, policies: policies.map((policy, index) => ({ ...policy, number: index + 1, line: index + 5 })) };
}

function visitor(services: readonly string[], roles: readonly string[] | null = null): Visitor {
  const user = roles === null ? null : { name: 'anna', roles, itemGrants: [] };
  return { ...nobody('192.0.2.1'), by: 'access-cookie', services: new Set(services), user };
}

const LETTERS = {
  items: ['letters/**'],
  allow: [
    { service: 'members', roles: ['reader', 'curator'] },
    { service: 'terms', roles: [] },
  ],
};

describe('decide', () => {
  it('opens everything to everybody without an access file', () => {
    expect(decide(openAccess(), 'any/thing.tif', nobody(''), NOW)).toEqual({
      outcome: 'allowed',
      open: true,
      policy: null,
      reason: { code: 'no-access-file' },
    });
  });

  it('refuses what no policy matches, whoever asks', () => {
    const decision = decide(model(LETTERS), 'diaries/1.tif', visitor(['members', 'staff', 'terms'], ['reader']), NOW);
    expect(decision).toEqual({ outcome: 'refused', policy: null, reason: { code: 'no-policy' } });
  });

  it('refuses everybody where a policy allows nobody, whatever a later policy says', () => {
    const access = model({ items: ['private/**'], allow: [] }, { items: ['**'], allow: 'everyone' });
    const decision = decide(access, 'private/a.tif', visitor(['members', 'staff', 'terms'], ['curator']), NOW);
    expect(decision).toEqual({ outcome: 'refused', policy: access.policies[0], reason: { code: 'no-policy' } });
    expect(decide(access, 'a.tif', nobody(''), NOW).outcome).toBe('allowed');
  });

  it('refuses everything under a model without policies', () => {
    expect(decide(model(), 'a.tif', nobody(''), NOW).outcome).toBe('refused');
  });

  it('allows everyone openly, so that shared caches may keep the answer', () => {
    const access = model({ items: ['maps/**'], allow: 'everyone' });
    expect(decide(access, 'maps/a.tif', nobody(''), NOW)).toEqual({
      outcome: 'allowed',
      open: true,
      policy: access.policies[0],
      reason: { code: 'everyone' },
    });
  });

  it('lets the first matching policy decide, even where a later one is more generous', () => {
    const access = model(LETTERS, { items: ['**'], allow: 'everyone' });
    expect(decide(access, 'letters/a.tif', nobody(''), NOW)).toMatchObject({ outcome: 'access-needed', policy: { number: 1 } });
    expect(decide(access, 'other/a.tif', nobody(''), NOW)).toMatchObject({ outcome: 'allowed', policy: { number: 2 } });
  });

  it('names the services that can help, once each, in the order of the rules', () => {
    const allow = [
      { service: 'terms', roles: [] },
      { service: 'members', roles: ['reader'] },
      { service: 'members', roles: ['curator'] },
    ];
    const decision = decide(model({ items: ['**'], allow }), 'a.tif', nobody(''), NOW);
    expect(decision).toMatchObject({ outcome: 'access-needed', reason: { code: 'nobody-yet' } });
    expect(decision.outcome === 'access-needed' && decision.services.map(({ name }) => name)).toEqual(['terms', 'members']);
  });

  it('allows whoever has been through a service that asks for no role, and not openly', () => {
    expect(decide(model(LETTERS), 'letters/a.tif', visitor(['terms']), NOW)).toMatchObject({
      outcome: 'allowed',
      open: false,
      reason: { code: 'granted', service: 'terms', role: null },
    });
  });

  it('allows a user with one of the roles who has been through the service', () => {
    expect(decide(model(LETTERS), 'letters/a.tif', visitor(['members'], ['guest', 'curator']), NOW)).toMatchObject({
      outcome: 'allowed',
      open: false,
      reason: { code: 'granted', service: 'members', role: 'curator' },
    });
  });

  it('asks for access when the role is missing, since another account may help', () => {
    expect(decide(model(LETTERS), 'letters/a.tif', visitor(['members'], ['guest']), NOW)).toMatchObject({
      outcome: 'access-needed',
      reason: { code: 'role-missing', service: 'members', roles: ['reader', 'curator'] },
    });
  });

  it.each([
    ['the role without the service', visitor([], ['reader'])],
    ['the role with another service', visitor(['staff'], ['reader'])],
    ['the service without a user', visitor(['members'])],
    ['the role in another case', visitor(['members'], ['Reader'])],
  ])('does not allow %s', (_, who) => {
    expect(decide(model(LETTERS), 'letters/a.tif', who, NOW).outcome).toBe('access-needed');
  });

  it.each([
    'letters/../letters/a.tif',
    'x/../letters/a.tif',
    './letters/a.tif',
    '/letters/a.tif',
    'letters//a.tif',
    'letters/a.tif/',
    'letters/a.tif\0',
    '',
    '.',
    '..',
  ])('refuses the path %j, which no source gives, even under a policy for everything', (path) => {
    expect(decide(model({ items: ['**'], allow: 'everyone' }), path, nobody(''), NOW).outcome).toBe('refused');
  });

  it('sees one item in both Unicode spellings of its name', () => {
    const access = model({ ...LETTERS, items: ['caf\u00e9/**'] }, { items: ['**'], allow: 'everyone' });
    expect(decide(access, 'caf\u00e9/a.tif', nobody(''), NOW).outcome).toBe('access-needed');
    expect(decide(access, 'cafe\u0301/a.tif', nobody(''), NOW).outcome).toBe('access-needed');
  });

  it('does not carry a decision about a path over to another model', () => {
    const path = 'letters/a.tif';
    expect(decide(model({ items: ['**'], allow: 'everyone' }), path, nobody(''), NOW).outcome).toBe('allowed');
    expect(decide(model(LETTERS), path, nobody(''), NOW).outcome).toBe('access-needed');
  });

  it('answers the same however many other paths were asked in between', () => {
    const access = model(LETTERS, { items: ['**'], allow: 'everyone' });
    const before = findPolicy(access, 'letters/a.tif');
    for (let index = 0; index < 12_000; index += 1) findPolicy(access, `other/${index}.tif`);
    expect(findPolicy(access, 'letters/a.tif')).toBe(before);
  });

  it('finds the last of a thousand policies', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      items: [`folder-${index}/**`, `*/extra-${index}.tif`],
      allow: 'everyone' as const,
    }));
    expect(findPolicy(model(...many), 'folder-999/a/b.tif')?.number).toBe(1000);
    expect(findPolicy(model(...many), 'x/extra-999.tif')?.number).toBe(1000);
    expect(findPolicy(model(...many), 'folder-1000/a.tif')).toBeNull();
  });

  it('never gives a visitor less for holding more', () => {
    const names = fc.subarray(['members', 'staff', 'terms']);
    const roles = fc.subarray(['reader', 'curator', 'guest']);
    const rule = fc.record({ service: fc.constantFrom('members', 'staff', 'terms'), roles });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1 }), names, names, roles, roles, (allow, some, more, few, further) => {
        const access = model({ items: ['**'], allow });
        const less = decide(access, 'a.tif', visitor(some, few), NOW);
        const greater = decide(access, 'a.tif', visitor([...some, ...more], [...few, ...further]), NOW);
        expect(less.outcome === 'allowed' && greater.outcome !== 'allowed').toBe(false);
      }),
    );
  });

  it('allows by a role only a user who has it, and by a service only who has been through it', () => {
    const allow = fc.array(fc.record({ service: fc.constantFrom('members', 'staff'), roles: fc.subarray(['reader', 'curator']) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(allow, fc.subarray(['members', 'staff']), fc.option(fc.subarray(['reader', 'curator'])), (rules, services, roles) => {
        const decision = decide(model({ items: ['**'], allow: rules }), 'a.tif', visitor(services, roles), NOW);
        const enough = rules.some(
          (rule) =>
            services.some((name) => name === rule.service) && (rule.roles.length === 0 || rule.roles.some((role) => roles?.includes(role))),
        );
        expect(decision.outcome).toBe(enough ? 'allowed' : 'access-needed');
      }),
    );
  });
});

describe('a service with networks', () => {
  const room: AccessService = { ...service('room', 'kiosk'), networks: ['192.0.2.0/28', '2001:db8::/32'].map(network) };
  const terms = service('terms', 'clickthrough');
  const inside: Visitor = nobody('192.0.2.7');
  const outside: Visitor = nobody('192.0.2.16');

  function network(text: string) {
    const parsed = parseNetwork(text);
    if ('mistake' in parsed) throw new Error(parsed.mistake);
    return parsed;
  }

  function judge(who: Visitor, allow: Policy['allow'] = [{ service: 'room', roles: [] }]) {
    const services = new Map([room, terms, service('site', 'external')].map((each) => [each.name, each]));
    const policies = [{ items: ['**'], allow, number: 1, line: 1 }];
    return decide({ enforced: true, services, policies }, 'a.tif', who, NOW);
  }

  it('opens to whoever is there, without anything else, and never for shared caches', () => {
    expect(judge(inside)).toMatchObject({ outcome: 'allowed', open: false, reason: { code: 'granted', service: 'room' } });
    expect(judge(nobody('2001:db8:ffff::1'))).toMatchObject({ outcome: 'allowed', open: false });
  });

  it('stays closed elsewhere, also to somebody who has been there: nobody carries a visit out', () => {
    expect(judge(outside)).toMatchObject({ outcome: 'access-needed', services: [room] });
    expect(judge({ ...outside, by: 'access-cookie', services: new Set(['room']) })).toMatchObject({ outcome: 'access-needed' });
  });

  it('is offered elsewhere only where nothing else is: some viewers try nothing after it', () => {
    const either = [
      { service: 'room', roles: [] },
      { service: 'terms', roles: [] },
    ];
    expect(judge(outside, either)).toMatchObject({ services: [terms] });
  });

  it('asks for roles as any other', () => {
    const curators = [{ service: 'room', roles: ['curator'] }];
    expect(judge(inside, curators)).toMatchObject({ outcome: 'access-needed', reason: { code: 'role-missing', service: 'room' } });
    expect(judge({ ...inside, user: { name: 'anna', roles: ['curator'], itemGrants: [] } }, curators)).toMatchObject({
      outcome: 'allowed',
    });
  });

  it('does not open to somebody whose address nobody knows', () => {
    expect(judge(nobody(''))).toMatchObject({ outcome: 'access-needed' });
  });
});

describe('an external service without networks', () => {
  const site = service('site', 'external');
  const access: AccessModel = {
    enforced: true,
    services: new Map([['site', site]]),
    policies: [{ items: ['**'], allow: [{ service: 'site', roles: [] }], number: 1, line: 1 }],
  };
  const anna = { name: 'anna', roles: [], itemGrants: [] };

  it('opens to whoever signed in on our pages, wherever that was', () => {
    expect(decide(access, 'a.tif', { ...nobody('192.0.2.1'), by: 'access-cookie', user: anna }, NOW)).toMatchObject({ outcome: 'allowed' });
    expect(decide(access, 'a.tif', nobody('192.0.2.1'), NOW)).toMatchObject({ outcome: 'access-needed', services: [site] });
  });

  it('does not open to a session without an account, nor to the token of another service', () => {
    const token: Visitor = { ...nobody('192.0.2.1'), by: 'access-token', user: anna, services: new Set(['members']) };
    expect(decide(access, 'a.tif', token, NOW)).toMatchObject({ outcome: 'access-needed' });
    expect(decide(access, 'a.tif', { ...token, services: new Set(['site']) }, NOW)).toMatchObject({ outcome: 'allowed' });
    expect(decide(access, 'a.tif', visitor(['site']), NOW)).toMatchObject({ outcome: 'access-needed' });
  });
});

describe('decide about a tier', () => {
  const tier = (audience: Tier['for']): Tier => ({ ...PLAIN_TIER, for: audience, maxSize: 100 });
  const judge = (audience: Tier['for'], allow: Policy['allow'], who: Visitor) =>
    decide(model({ items: ['**'], allow }), 'a.tif', who, NOW, tier(audience));
  const members = [{ service: 'members', roles: ['reader'] }];
  const staff = [{ service: 'staff', roles: [] }];

  it('gives the same open answer to everybody where it is for everyone', () => {
    for (const who of [nobody(''), visitor(['members'], ['reader'])]) {
      expect(judge('everyone', members, who)).toMatchObject({ outcome: 'allowed', open: true, reason: { code: 'tier-for-everyone' } });
    }
    expect(judge('everyone', [], nobody(''))).toMatchObject({ outcome: 'allowed', open: true });
  });

  it('allows those whom it is for and those who may see more, and asks others for its own services', () => {
    expect(judge(staff, members, visitor(['staff']))).toMatchObject({ outcome: 'allowed', open: false });
    expect(judge(staff, members, visitor(['members'], ['reader']))).toMatchObject({ outcome: 'allowed', open: false });
    expect(judge(staff, members, nobody(''))).toMatchObject({ outcome: 'access-needed', services: [{ name: 'staff' }] });
    expect(judge(staff, [], visitor(['members']))).toMatchObject({ outcome: 'access-needed', services: [{ name: 'staff' }] });
  });

  it('leaves the decision about the item as it is', () => {
    const allow = fc.constantFrom(members, staff, []);
    fc.assert(
      fc.property(allow, fc.constantFrom('everyone' as const, staff), fc.subarray(['members', 'staff']), (rules, audience, services) => {
        const plain = model({ items: ['**'], allow: rules });
        const tiered = { ...plain, policies: plain.policies.map((policy) => ({ ...policy, otherwise: [tier(audience)] })) };
        const who = visitor(services, ['reader']);
        const [before, after] = [decide(plain, 'a.tif', who, NOW), decide(tiered, 'a.tif', who, NOW)];
        expect([after.outcome, after.reason]).toEqual([before.outcome, before.reason]);
      }),
    );
  });
});

describe('a rule for tokens', () => {
  const FOR_BOTH = {
    items: ['letters/**'],
    allow: [
      { service: 'members', roles: ['reader'] },
      { service: 'tokens', roles: ['reader'] },
    ],
  };
  const DUMPS = { items: ['dumps/**'], allow: [{ service: 'tokens', roles: [] }] };
  const script = (roles: readonly string[]): Visitor => ({ ...visitor(['tokens'], roles), by: 'personal-token' });

  it('allows a user who comes with a personal token, with the roles that it asks for', () => {
    const access = model(FOR_BOTH, DUMPS);
    expect(decide(access, 'letters/a.tif', script(['reader']), NOW)).toMatchObject({
      outcome: 'allowed',
      open: false,
      reason: { code: 'granted', service: 'tokens', role: 'reader' },
    });
    expect(decide(access, 'letters/a.tif', script(['curator']), NOW)).toMatchObject({
      outcome: 'access-needed',
      reason: { code: 'role-missing', service: 'tokens', roles: ['reader'] },
    });
    expect(decide(access, 'dumps/a.tif', script([]), NOW)).toMatchObject({ outcome: 'allowed', open: false });
  });

  it('is offered to nobody: what opens by tokens alone is closed to all others', () => {
    const access = model(FOR_BOTH, DUMPS);
    const offered = decide(access, 'letters/a.tif', nobody(''), NOW);
    expect(offered.outcome === 'access-needed' && offered.services.map(({ name }) => name)).toEqual(['members']);
    const closed = { outcome: 'refused', policy: access.policies[1], reason: { code: 'nobody-yet' } };
    expect(decide(access, 'dumps/a.tif', nobody(''), NOW)).toEqual(closed);
    expect(decide(access, 'dumps/a.tif', visitor(['members'], ['reader']), NOW)).toEqual(closed);
  });

  it('is not met by a session that says it has been through a service of that name', () => {
    const access = model(DUMPS);
    for (const by of ['session-cookie', 'access-cookie', 'access-token', 'signed-path'] as const) {
      expect(decide(access, 'dumps/a.tif', { ...visitor(['tokens'], ['reader']), by }, NOW).outcome).toBe('refused');
    }
  });

  it('is the only one that a personal token meets: not a sign-in, not an account', () => {
    const account = { items: ['maps/**'], allow: [{ service: 'site', roles: [] }] };
    const access = model(LETTERS, account);
    const services = new Map([...access.services, ['site', service('site', 'external')]]);
    for (const path of ['letters/a.tif', 'maps/a.tif']) {
      expect(decide({ ...access, services }, path, script(['reader']), NOW)).toMatchObject({ outcome: 'access-needed' });
    }
  });
});

describe('shadow mode', () => {
  const END = new Date('2026-12-01');
  const paths = fc.constantFrom('letters/a.tif', 'maps/a.tif', 'other.tif');
  const rules = fc.constantFrom<Policy['allow']>(
    'everyone',
    [],
    [{ service: 'members', roles: ['reader'] }],
    [{ service: 'terms', roles: [] }],
  );

  it('gives everything to everybody, and says what would have been', () => {
    fc.assert(
      fc.property(rules, rules, paths, fc.subarray(['members', 'terms']), (letters, maps, path, services) => {
        const plain = model({ items: ['letters/**'], allow: letters }, { items: ['maps/**'], allow: maps });
        const who = visitor(services, ['reader']);
        const would = decide(plain, path, who, NOW);
        const given = decide({ ...plain, shadowUntil: END }, path, who, NOW);
        expect(given.outcome).toBe('allowed');
        // A shared cache keeps nothing that it may not keep afterwards.
        expect(given.outcome === 'allowed' && given.open).toBe(would.outcome === 'allowed' && would.open);
        expect(given.reason.code === 'shadow' ? given.reason.would : given).toEqual(would);
      }),
    );
  });

  it('ends by itself, and what was given says when', () => {
    const access = { ...model(LETTERS), shadowUntil: END };
    expect(decide(access, 'letters/a.tif', nobody(''), NOW).until).toEqual(END);
    expect(decide(access, 'letters/a.tif', nobody(''), END)).toEqual(decide(model(LETTERS), 'letters/a.tif', nobody(''), END));
  });

  it('takes no seat, and counts nobody out for want of one', () => {
    const seats = { count: 1, minutes: 15 };
    const seated = model(LETTERS);
    const access = { ...seated, policies: seated.policies.map((policy) => ({ ...policy, seats })), shadowUntil: END };
    const { reason } = decide(access, 'letters/a.tif', visitor(['members'], ['reader']), NOW);
    expect(reason).toMatchObject({ code: 'shadow', would: { outcome: 'allowed' } });
  });
});
