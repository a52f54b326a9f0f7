import { describe, expect, it } from 'vitest';
import { PLAIN_TIER } from '../../test/fakes/tier.ts';
import type { AccessModel, AccessService, Policy } from './access.ts';
import { decide } from './decide.ts';
import { decideStreamPart } from './decide-stream.ts';
import { explain } from './explain.ts';
import type { StreamPart } from './item.ts';
import { ruleInWords } from './rule-in-words.ts';
import { nobody, type Visitor } from './visitor.ts';

const NOW = new Date('2026-11-22T04:00:00Z');
const UNTIL = new Date('2026-12-01T00:00:00Z');

function service(name: string, pattern: AccessService['pattern'], more: Partial<AccessService> = {}): AccessService {
  const none = { heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name, pattern, label: { en: [name] }, networks: [], ...none, ...more };
}

const SERVICES = [
  service('terms', 'clickthrough'),
  service('room', 'kiosk', { devices: true }),
  service('members', 'login'),
  service('card', 'login', { perItem: true }),
  service('site', 'external'),
];

function model(...policies: ReadonlyArray<Pick<Policy, 'items' | 'allow'> & Partial<Policy>>): AccessModel {
  const services = new Map(SERVICES.map((each) => [each.name, each]));
  return { enforced: true, services, policies: policies.map((each, at) => ({ ...each, number: at + 1, line: at + 1 })) };
}

function withoutSite(access: AccessModel): AccessModel {
  return { ...access, services: new Map([...access.services].filter(([name]) => name !== 'site')) };
}

/** Signed in through members, unless said otherwise, and granted letters/**. */
function anna(more: Partial<Visitor> = {}, items = 'letters/**', until = UNTIL): Visitor {
  const user = { name: 'anna', roles: [], itemGrants: [{ items, until }] };
  return { ...nobody('192.0.2.1'), by: 'access-cookie', services: new Set(['members']), user, ...more };
}

const CLOSED = model({ items: ['letters/**'], allow: [] });
const CURATORS = model({ items: ['**'], allow: [{ service: 'members', roles: ['curator'] }] });
const EMBARGOED = model({
  items: ['**'],
  allow: [{ service: 'members', roles: [] }],
  embargo: { until: new Date('2027-01-01'), allow: [] },
});
const AT_PLACES = model({ items: ['**'], allow: [{ service: 'room', roles: [] }] });
const NO_POLICY = model({ items: ['maps/**'], allow: 'everyone' });

const EVERY: ReadonlyArray<[string, AccessModel]> = [
  ['allows nobody', CLOSED],
  ['asks for a role', CURATORS],
  ['has an embargo', EMBARGOED],
  ['opens in a reading room alone', AT_PLACES],
  ['is about other items', NO_POLICY],
];

describe('whoever was granted an item', () => {
  it.each(EVERY)('may see it although its policy %s, and nobody else may', (_what, access) => {
    const decision = decide(access, 'letters/a.tif', anna(), NOW);
    const reason = { code: 'item-grant', service: 'members', items: 'letters/**', until: UNTIL };
    expect(decision).toMatchObject({ outcome: 'allowed', open: false, reason, until: UNTIL });
    const bert = anna({ user: { name: 'bert', roles: [], itemGrants: [] } });
    expect(decide(access, 'letters/a.tif', bert, NOW).outcome).not.toBe('allowed');
    expect(decide(access, 'letters/a.tif', nobody(''), NOW).outcome).not.toBe('allowed');
  });

  it.each(EVERY)('may see nothing beside it where its policy %s', (_what, access) => {
    for (const path of ['letter/a.tif', 'letters', 'books/letters/a.tif', 'Letters/a.tif', 'letters/../books/a.tif', 'letters//a.tif']) {
      expect(decide(access, path, anna(), NOW).outcome, path).not.toBe('allowed');
    }
  });

  it.each(EVERY)('may see it until the end, and not at that moment, where its policy %s', (_what, access) => {
    expect(decide(access, 'letters/a.tif', anna(), new Date(UNTIL.getTime() - 1)).outcome).toBe('allowed');
    expect(decide(access, 'letters/a.tif', anna(), UNTIL).outcome).not.toBe('allowed');
  });

  it('is allowed by the policy where that is enough, and so that others share the answer', () => {
    expect(decide(NO_POLICY, 'maps/a.tif', anna({}, 'maps/**'), NOW)).toMatchObject({ open: true, reason: { code: 'everyone' } });
    const reader = anna({ user: { name: 'anna', roles: ['curator'], itemGrants: [{ items: '**', until: UNTIL }] } });
    expect(decide(CURATORS, 'letters/a.tif', reader, NOW)).toMatchObject({ reason: { code: 'granted', role: 'curator' } });
  });

  it.each([
    ['terms', 'access-token'],
    ['terms', 'signed-path'],
    ['room', 'access-token'],
    ['card/letters/b.tif', 'access-token'],
    ['card', 'access-cookie'],
  ] as const)('gets nothing by it with %s alone, by %s: only what signs people in stands for the person', (held, by) => {
    const visitor = anna({ by, services: new Set([held]), devices: new Set(held === 'room' ? ['room'] : []) });
    expect(decide(withoutSite(CLOSED), 'letters/a.tif', visitor, NOW).outcome).toBe('refused');
  });

  it.each([
    ['members', 'session-cookie'],
    ['members', 'access-token'],
    ['members', 'signed-path'],
    ['card/letters/a.tif', 'access-token'],
    ['site', 'access-token'],
    ['tokens', 'personal-token'],
  ] as const)('gets in through %s by %s', (held, by) => {
    const decision = decide(CLOSED, 'letters/a.tif', anna({ by, services: new Set([held]) }), NOW);
    expect(decision).toMatchObject({ outcome: 'allowed', reason: { service: held } });
  });

  it('gets in after a sign-in on our own pages, which is all that an external service asks', () => {
    const decision = decide(CLOSED, 'letters/a.tif', anna({ services: new Set() }), NOW);
    expect(decision).toMatchObject({ outcome: 'allowed', reason: { service: 'site' } });
    expect(decide(withoutSite(CLOSED), 'letters/a.tif', anna({ services: new Set() }), NOW).outcome).toBe('refused');
  });

  it('may see its tiers too, during an embargo as well', () => {
    const tier = { ...PLAIN_TIER, name: 'low', for: [{ service: 'terms', roles: [] }], maxSize: 100 };
    for (const [what, access] of EVERY) {
      const tiered = { ...access, policies: access.policies.map((policy) => ({ ...policy, otherwise: [tier] })) };
      expect(decide(tiered, 'letters/a.tif', anna(), NOW, tier).outcome, what).toBe('allowed');
      expect(decide(tiered, 'letters/a.tif', anna(), UNTIL, tier).outcome, what).not.toBe('allowed');
    }
  });
});

describe('whoever was granted a stream', () => {
  const source = { file: '', bytes: 1, modified: NOW, version: '1' };
  const item = {
    identifier: 'films/t.m3u8',
    path: 'films/t.m3u8',
    page: 1,
    kind: 'film' as const,
    mediaType: 'application/vnd.apple.mpegurl',
    source,
  };
  const part = (path: string): StreamPart => ({ path, mediaType: 'video/mp4', source, item, otherPlaylists: ['films/720.m3u8'] });
  const visitor = anna({}, 'films/t.m3u8');
  const judge = (access: AccessModel, path: string) => decideStreamPart(access, part(path), visitor, NOW).outcome;
  const films = { items: ['films/**'], allow: [] };

  it('gets its playlists and segments', () => {
    for (const path of ['films/t.m3u8', 'films/720.m3u8', 'films/1.m4s']) expect(judge(model(films), path), path).toBe('allowed');
  });

  it('gets no film that merely lies beside it, and nothing that another policy closes', () => {
    expect(judge(model(films), 'films/uncut.mp4')).toBe('refused');
    const secret = model({ items: ['films/secret/**', 'films/720.m3u8'], allow: [] }, films);
    expect(judge(secret, 'films/secret/1.m4s')).toBe('refused');
    expect(judge(secret, 'films/1.m4s')).toBe('refused');
  });
});

describe('the audit', () => {
  it('is told of the grant, and of no policy that opened nothing', () => {
    for (const [, access] of EVERY) {
      const words = ruleInWords(decide(access, 'letters/a.tif', anna(), NOW));
      expect(words).toBe('grant of letters/** until 2026-11-30, service members');
    }
  });
});

describe('explain', () => {
  const say = (access: AccessModel, visitor: Visitor, now = NOW) =>
    explain(decide(access, 'letters/a.tif', visitor, now), { path: 'letters/a.tif', fileName: 'access.yaml', visitor, access, now });

  it('says that a grant opens it, until when, and what would decide otherwise', () => {
    expect(say(CLOSED, anna())).toEqual([
      'It is allowed, because user anna was granted letters/** until 30 November 2026, and signed in through service members.',
      'Without it Policy 1 (access.yaml line 1, items letters/**) would decide.',
    ]);
    expect(say(NO_POLICY, anna())).toEqual([
      'It is allowed, because user anna was granted letters/** until 30 November 2026, and signed in through service members.',
      'No policy of access.yaml matches letters/a.tif, so nobody else may see it.',
    ]);
  });

  it('says that a grant is over', () => {
    expect(say(CLOSED, anna(), UNTIL)).toEqual([
      'Policy 1 (access.yaml line 1, items letters/**) allows nobody.',
      'The grant of letters/** to user anna was until 30 November 2026.',
    ]);
    expect(say(NO_POLICY, anna(), UNTIL)[1]).toBe('The grant of letters/** to user anna was until 30 November 2026.');
  });
});
