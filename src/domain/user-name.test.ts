import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../lib/problems.ts';
import { parseUserName, userNameKey } from './user-name.ts';

describe('the name of a user', () => {
  it.each(['ada', 'Ada Lovelace', 'ada@example.org', 'Žofie', '山田'])('may be %s', (name) => {
    expect(parseUserName(name)).toBe(name);
  });

  it('is kept in one Unicode form and without surrounding space', () => {
    expect(parseUserName(' Zoe\u0308 ')).toBe('Zo\u00eb');
  });

  it.each(['', '   ', 'a\nb', 'a\u0000', 'a\u202eb', 'a\u200bb', 'x'.repeat(101)])('may not be %j', (name) => {
    expect(isRefusal(parseUserName(name))).toBe(true);
  });

  it.each([
    ['Ada', 'aDA'],
    ['Zo\u00eb', 'ZOE\u0308'],
    ['straße', 'STRASSE'],
    ['Οδυσσεύς', 'ΟΔΥΣΣΕΎΣ'],
    [' ada', 'ada '],
  ])('%j and %j are one user', (left, right) => {
    expect(userNameKey(left)).toBe(userNameKey(right));
  });

  it('finds the same user in upper and in lower case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        expect(userNameKey(name.toUpperCase())).toBe(userNameKey(name));
        expect(userNameKey(userNameKey(name))).toBe(userNameKey(name));
      }),
    );
  });
});
