import { describe, expect, it } from 'vitest';
import { claimsToAttributes } from './claims.ts';

describe('claims as attributes', () => {
  it('are lists of texts; what is empty or nothing is left out', () => {
    const claims = { name: 'Anna', groups: ['a', 'b', 3, null, '', {}], verified: true, age: 42, none: null, empty: [], blank: '' };
    expect(claimsToAttributes(claims)).toEqual(
      new Map([
        ['name', ['Anna']],
        ['groups', ['a', 'b', '3']],
        ['verified', ['true']],
        ['age', ['42']],
      ]),
    );
  });

  it('in objects are named with dots', () => {
    const claims = { resource_access: { vitrine: { roles: ['curator'] } }, a: { b: { c: { d: { e: 'too deep' } } } } };
    expect(claimsToAttributes(claims)).toEqual(new Map([['resource_access.vitrine.roles', ['curator']]]));
  });

  it('in objects never replace a claim of that name', () => {
    const expected = new Map([['a.b', ['outer']]]);
    expect(claimsToAttributes({ a: { b: 'inner' }, 'a.b': 'outer' })).toEqual(expected);
  });

  it('with names of every object are names like any other', () => {
    const claims = JSON.parse('{"__proto__": {"admin": "yes"}, "constructor": "x"}') as Record<string, unknown>;
    expect([...claimsToAttributes(claims).keys()]).toEqual(['constructor', '__proto__.admin']);
  });
});
