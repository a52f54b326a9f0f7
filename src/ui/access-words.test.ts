import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, AllowRule, Decision, Policy } from '../domain/access.ts';
import { accessWords, policyWords } from './access-words.ts';

function service(name: string, pattern: AccessService['pattern'], label: string): AccessService {
  const none = { networks: [], heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name, pattern, label: { en: [label], de: [`${label} (de)`] }, ...none };
}

const MEMBERS = service('members', 'login', 'Sign in to Example Library');
const TERMS = service('terms', 'clickthrough', 'Terms of use');
const MODEL: AccessModel = {
  enforced: true,
  services: new Map([
    ['members', MEMBERS],
    ['terms', TERMS],
  ]),
  policies: [],
};

function policy(allow: 'everyone' | readonly AllowRule[]): Policy {
  return { number: 1, line: 1, items: ['**'], allow };
}

function locked(allow: readonly AllowRule[], reason: Decision['reason']): Decision {
  return { outcome: 'access-needed', services: [MEMBERS], policy: policy(allow), reason };
}

describe('accessWords', () => {
  const curators = [{ service: 'members', roles: ['curator'] }];

  it.each<[string, Decision, ReturnType<typeof accessWords>]>([
    [
      'open',
      { outcome: 'allowed', open: true, policy: null, reason: { code: 'no-access-file' } },
      { kind: 'open', text: 'Open to everyone' },
    ],
    [
      'open to this visitor',
      { outcome: 'allowed', open: false, policy: policy([]), reason: { code: 'granted', service: 'members', role: null } },
      { kind: 'granted', text: 'Open to you' },
    ],
    ['closed', { outcome: 'refused', policy: null, reason: { code: 'no-policy' } }, { kind: 'closed', text: 'Closed' }],
    [
      'for a role that the visitor lacks',
      locked(curators, { code: 'role-missing', service: 'members', roles: ['curator'] }),
      { kind: 'locked', text: 'Locked: only for curator' },
    ],
    ['locked', locked([{ service: 'terms', roles: [] }], { code: 'nobody-yet' }), { kind: 'locked', text: 'Locked: Terms of use' }],
  ])('says what is %s', (_name, decision, words) => {
    expect(accessWords(decision, { access: MODEL, lang: 'en', now: new Date(0) })).toEqual(words);
  });
});

describe('policyWords', () => {
  it('names each way in, with its roles', () => {
    const ways = policy([
      { service: 'members', roles: ['reader', 'curator'] },
      { service: 'terms', roles: [] },
    ]);
    expect(policyWords(ways, MODEL, 'en', new Date(0))).toBe('Sign in to Example Library (only for reader, curator) or Terms of use');
  });

  it('speaks the reader’s language', () => {
    expect(policyWords(policy([{ service: 'terms', roles: [] }]), MODEL, 'de', new Date(0))).toBe('Terms of use (de)');
  });
});
