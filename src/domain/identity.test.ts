import { describe, expect, it } from 'vitest';
import { IDENTITY_REFUSALS, type IdentityFacts, identify, identityRefused, identityUnavailable, tellPerson } from './identity.ts';

const NAMING = { userName: 'uid', email: 'mail' };

function facts(
  over: Partial<IdentityFacts> = {},
  attributes: Record<string, string[]> = { uid: ['anna'], mail: ['anna@example.edu'] },
): IdentityFacts {
  return { source: 'campus', subject: 'u-1', sessionIndex: 's-1', attributes: new Map(Object.entries(attributes)), ...over };
}

describe('what a source said becomes a person', () => {
  it('with the name and the address that the file says', () => {
    expect(identify(facts({ logoutHint: 'hint' }), NAMING)).toMatchObject({
      outcome: 'identified',
      identity: { source: 'campus', subject: 'u-1', name: 'anna', email: 'anna@example.edu', sessionIndex: 's-1' },
      logoutHint: 'hint',
    });
  });

  it('with the name in one Unicode form', () => {
    const outcome = identify(facts({}, { uid: [' Rene\u0301 '] }), NAMING);
    expect(outcome).toMatchObject({ identity: { name: 'Ren\u00e9', email: null } });
  });

  it('without an address where none is one', () => {
    const mail = ['not an address', 'a@b@c', '<a@b.example>', 'a@b.example\r\nBcc: c@d.example'];
    expect(identify(facts({}, { uid: ['anna'], mail }), NAMING)).toMatchObject({ identity: { email: null } });
  });

  it.each([
    ['no subject', facts({ subject: null }), 'identity.subject'],
    ['an empty subject', facts({ subject: '  ' }), 'identity.subject'],
    ['an endless subject', facts({ subject: 'x'.repeat(513) }), 'identity.subject'],
    ['no name', facts({}, { mail: ['anna@example.edu'] }), 'identity.name'],
    ['two names', facts({}, { uid: ['anna', 'bert'] }), 'identity.name'],
    ['an empty name', facts({}, { uid: [' '] }), 'identity.name'],
    ['a name with hidden characters', facts({}, { uid: ['anna\u202e'] }), 'identity.name'],
    ['a name of 101 letters', facts({}, { uid: ['a'.repeat(101)] }), 'identity.name'],
  ])('not with %s', (_what, given, code) => {
    expect(identify(given, NAMING)).toMatchObject({ outcome: 'refused', code });
  });
});

describe('the person who was refused', () => {
  it('reads the sentence of the code, never the private detail', () => {
    const told = tellPerson(identityRefused('identity.audience', 'aud was https://other.example'));
    expect(told).toEqual({ kind: 'refused', code: 'access.refused', detail: IDENTITY_REFUSALS['identity.audience'] });
  });

  it('is told to come back where the source does not answer', () => {
    expect(tellPerson(identityUnavailable('connect ECONNREFUSED'))).toMatchObject({ code: 'server.busy', retryAfterSeconds: 30 });
  });
});
