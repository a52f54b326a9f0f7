import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeRandomness } from '../../test/fakes/stores.ts';
import {
  isPersonalToken,
  parseScopes,
  parseTokenDays,
  parseTokenName,
  SECRET_BYTES,
  scopesInForce,
  writePersonalToken,
} from './personal-token.ts';

const randomness = fakeRandomness();
const secret = () => writePersonalToken(randomness.token(SECRET_BYTES), randomness.hash);

describe('a personal token', () => {
  it('has a prefix by which leaked ones are found, and one length', () => {
    const tokens = Array.from({ length: 20 }, secret);
    for (const token of tokens) expect(token).toMatch(/^vitrine_pat_[A-Za-z0-9_-]{49}$/);
    expect(new Set(tokens).size).toBe(20);
  });

  it('is known by its letters alone, and not once one of them has changed', () => {
    const token = secret();
    expect(isPersonalToken(token, randomness.hash)).toBe(true);
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'aZ0_-. \n'), (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(isPersonalToken(token.slice(0, at) + letter + token.slice(at + 1), randomness.hash)).toBe(false);
      }),
    );
    for (const other of [token.slice(0, -1), `${token}a`, ` ${token}`, `${token}\n`, token.toUpperCase(), '']) {
      expect(isPersonalToken(other, randomness.hash)).toBe(false);
    }
  });

  it('is good for what is an administrator’s only while its owner is one', () => {
    const token = { scopes: ['content', 'users:write', 'audit:read'] } as const;
    expect(scopesInForce(token, { roles: ['reader', 'administrator'] })).toEqual(token.scopes);
    expect(scopesInForce(token, { roles: ['reader', 'Administrator'] })).toEqual(['content']);
    expect(scopesInForce({ scopes: ['users:read'] }, { roles: [] })).toEqual([]);
  });
});

describe('what is asked for of a new token', () => {
  it('is a name that can be seen, in one form', () => {
    expect(parseTokenName('  nightly  ')).toBe('nightly');
    expect(parseTokenName('u\u0308ber')).toBe('über');
    for (const wrong of ['', '   ', 'a\nb', 'a\u202eb', 'x'.repeat(101)]) expect(parseTokenName(wrong)).toMatchObject({ kind: 'refused' });
  });

  it('is at least one scope, each once', () => {
    expect(parseScopes(['users:read', 'content', 'users:read'])).toEqual(['content', 'users:read']);
    for (const wrong of [[], ['everything'], ['content', ''], ['__proto__'], ['users:read users:write']]) {
      expect(parseScopes(wrong)).toMatchObject({ kind: 'refused' });
    }
  });

  it('is a whole number of days, a year and a day at most', () => {
    expect([1, 90, 366].map(parseTokenDays)).toEqual([1, 90, 366]);
    for (const wrong of [0, -1, 367, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(parseTokenDays(wrong)).toMatchObject({ kind: 'refused' });
    }
  });
});
