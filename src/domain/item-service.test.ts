import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, AllowRule, Policy, Tier } from './access.ts';
import { decide } from './decide.ts';
import { decideStreamPart } from './decide-stream.ts';
import { findServiceByName, itemServiceName } from './item-service.ts';
import { nobody, type Visitor } from './visitor.ts';

function service(name: string, more: Partial<AccessService> = {}): AccessService {
  const none = { networks: [], heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name, pattern: 'clickthrough', label: { en: [name] }, ...none, ...more };
}

const LOAN = service('loan', { perItem: true });
const TERMS = service('terms', { note: { en: ['For study.'] } });
const NOW = new Date('2030-01-01T12:00:00Z');

function model(...policies: ReadonlyArray<Omit<Policy, 'number' | 'line'>>): AccessModel {
  return {
    enforced: true,
    services: new Map([LOAN, TERMS].map((each) => [each.name, each])),
    policies: policies.map((policy, index) => ({ ...policy, number: index + 1, line: index + 1 })),
  };
}

function having(...services: readonly string[]): Visitor {
  return { ...nobody(''), by: 'access-cookie', services: new Set(services) };
}

const BY_LOAN: readonly AllowRule[] = [{ service: 'loan', roles: [] }];

describe('a service for each item', () => {
  const paths = ['a.tif', 'books/a.tif', 'books/b.tif', 'books/a.tif.jpg', 'loan'];

  it('opens the item that it was got for and no other, whichever these are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.subarray(paths), (path, got) => {
        const access = model({ items: ['**'], allow: BY_LOAN });
        const visitor = having(...got.map((each) => itemServiceName('loan', each)));
        expect(decide(access, path, visitor, NOW).outcome).toBe(got.includes(path) ? 'allowed' : 'access-needed');
      }),
    );
  });

  it('is not opened by what was got when the service was shared', () => {
    expect(decide(model({ items: ['**'], allow: BY_LOAN }), 'a.tif', having('loan'), NOW).outcome).toBe('access-needed');
  });

  it('is found by its whole name, and a shared one by its own', () => {
    const access = model();
    expect(findServiceByName(access, 'loan/books/a.tif')).toMatchObject({ name: 'loan/books/a.tif', perItem: true });
    expect(findServiceByName(access, 'terms')).toBe(TERMS);
    expect(['loan', 'terms/a.tif', 'other', 'other/a.tif', ''].map((name) => findServiceByName(access, name))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  });

  it('is the one of the stream for each of its files', () => {
    const access = model({ items: ['film/**'], allow: BY_LOAN });
    const source = { file: '/f', bytes: 1, modified: NOW, version: '1' };
    const item = { identifier: 'film/m.m3u8', path: 'film/m.m3u8', page: 1, kind: 'film', mediaType: 'application/x', source } as const;
    const part = { path: 'film/1.m4s', mediaType: 'video/mp4', source, item, otherPlaylists: ['film/low.m3u8'] };
    expect(decideStreamPart(access, part, having('loan/film/m.m3u8'), NOW).outcome).toBe('allowed');
    expect(decideStreamPart(access, part, having('loan/film/1.m4s'), NOW)).toMatchObject({
      outcome: 'access-needed',
      services: [{ name: 'loan/film/m.m3u8' }],
    });
  });
});

describe('the texts of a rule', () => {
  it('stand instead of those of the service, the others stay', () => {
    const allow = [{ service: 'terms', roles: [], texts: { note: { en: ['For this map.'] } } }];
    const access = model({ items: ['maps/**'], allow }, { items: ['**'], allow: [{ service: 'terms', roles: [] }] });
    expect(decide(access, 'maps/a.tif', nobody(''), NOW)).toMatchObject({
      services: [{ ...TERMS, note: { en: ['For this map.'] } }],
    });
    expect(decide(access, 'a.tif', nobody(''), NOW)).toMatchObject({ services: [TERMS] });
  });

  it('are those of the first rule that has some, where several name one service', () => {
    const allow = [
      { service: 'terms', roles: ['reader'] },
      { service: 'terms', roles: ['curator'], texts: { label: { en: ['First'] } } },
      { service: 'terms', roles: [], texts: { label: { en: ['Second'] } } },
    ];
    const decision = decide(model({ items: ['**'], allow }), 'a.tif', nobody(''), NOW);
    expect(decision).toMatchObject({ services: [{ name: 'terms', label: { en: ['First'] } }] });
  });
});

describe('an embargo', () => {
  const until = new Date('2030-01-02T00:00:00Z');
  const before = new Date(until.getTime() - 1);
  const gray: Tier = {
    name: 'gray',
    label: null,
    for: 'everyone',
    item: null,
    maxSize: null,
    maxOutput: null,
    gray: true,
    watermark: null,
    blur: [],
    blackout: [],
  };

  it('closes the item to everybody before its date, and from that moment on what is allowed counts', () => {
    const access = model({ items: ['**'], embargo: { until, allow: [] }, allow: 'everyone' });
    expect(decide(access, 'a.tif', having('terms'), before)).toMatchObject({ outcome: 'refused', embargoUntil: until });
    expect(decide(access, 'a.tif', nobody(''), until)).toMatchObject({ outcome: 'allowed', open: true });
  });

  it('lets in whom its own rules allow, never openly, and closes its tiers to all others', () => {
    const access = model({
      items: ['**'],
      embargo: { until, allow: [{ service: 'terms', roles: [] }] },
      allow: BY_LOAN,
      otherwise: [gray],
    });
    const judge = (visitor: Visitor, now: Date) =>
      [undefined, gray].map((tier) => decide(access, 'a.tif', visitor, now, tier)).map((decision) => decision.outcome);
    expect(judge(having('terms'), before)).toEqual(['allowed', 'allowed']);
    expect(judge(having('loan/a.tif'), before)).toEqual(['access-needed', 'access-needed']);
    expect(judge(having('loan/a.tif'), until)).toEqual(['allowed', 'allowed']);
    expect(judge(having('terms'), until)).toEqual(['access-needed', 'allowed']);
    expect(decide(access, 'a.tif', having('terms'), before)).toMatchObject({ open: false });
    expect(decide(access, 'a.tif', nobody(''), before)).toMatchObject({ services: [TERMS], embargoUntil: until });
  });

  it('says nothing more once it is over', () => {
    const access = model({ items: ['**'], embargo: { until, allow: [] }, allow: [] });
    expect(decide(access, 'a.tif', nobody(''), until)).not.toHaveProperty('embargoUntil');
  });
});
