import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainRoles, mapRoles, type RoleCondition, type RoleRule } from './map-roles.ts';

const ATTRIBUTES = new Map([
  ['groups', ['readers', 'cn=Curators,ou=groups,dc=example']],
  ['eduPersonScopedAffiliation', ['member@example.edu', 'staff@library.example.edu']],
  ['department', ['Maps']],
]);

function rule(when: RoleCondition | null, roles: readonly string[] = ['reader'], number = 1): RoleRule {
  return { number, line: 10 + number, roles, when };
}

function is(attribute: string, ...values: string[]): RoleCondition {
  return { kind: 'is', attribute, values, ignoreCase: false };
}

function like(attribute: string, ...patterns: string[]): RoleCondition {
  return { kind: 'like', attribute, patterns, ignoreCase: false };
}

function scoped(affiliation: string, scope: string): RoleCondition {
  return { kind: 'scoped', attribute: 'eduPersonScopedAffiliation', affiliations: [affiliation], scopes: [scope] };
}

function gives(when: RoleCondition | null, attributes: ReadonlyMap<string, readonly string[]> = ATTRIBUTES): boolean {
  return mapRoles(attributes, [rule(when)]).roles.length > 0;
}

describe('roles from attributes', () => {
  it('a rule without a condition gives its roles to everybody whom the source knows', () => {
    expect(mapRoles(new Map(), [rule(null, ['reader', 'guest'])]).roles).toEqual(['reader', 'guest']);
  });

  it('every rule that fits counts, and a role is there once', () => {
    const rules = [
      rule(null, ['reader'], 1),
      rule(is('department', 'Maps'), ['curator', 'reader'], 2),
      rule(is('department', 'Music'), ['x'], 3),
    ];
    expect(mapRoles(ATTRIBUTES, rules).roles).toEqual(['reader', 'curator']);
  });

  it.each<[string, RoleCondition, boolean]>([
    ['equality with one of the values', is('groups', 'readers'), true],
    ['equality with one of several', is('groups', 'writers', 'readers'), true],
    ['no equality in another case', is('groups', 'Readers'), false],
    ['equality in any case where asked for', { kind: 'is', attribute: 'groups', values: ['READERS'], ignoreCase: true }, true],
    ['no equality with a part', is('groups', 'reader'), false],
    ['no star in an equality', is('groups', 'read*'), false],
    ['an attribute that is not there', is('group', 'readers'), false],
    ['a star', like('groups', 'cn=Curators,*'), true],
    ['a question mark', like('groups', 'reader?'), true],
    ['a pattern for the whole value only', like('groups', 'eaders'), false],
    ['a dot that is a dot', like('department', 'M.ps'), false],
    ['a star for nothing', like('department', '*Maps*'), true],
    ['all', { kind: 'all', of: [is('groups', 'readers'), is('department', 'Maps')] }, true],
    ['not all', { kind: 'all', of: [is('groups', 'readers'), is('department', 'Music')] }, false],
    ['any', { kind: 'any', of: [is('groups', 'nobody'), is('department', 'Maps')] }, true],
    ['not any', { kind: 'any', of: [is('groups', 'nobody'), is('department', 'Music')] }, false],
    ['all of nothing', { kind: 'all', of: [] }, false],
    ['any of nothing', { kind: 'any', of: [] }, false],
  ])('%s', (_what, condition, expected) => {
    expect(gives(condition)).toBe(expected);
  });

  it('one value in two Unicode forms is one', () => {
    expect(gives(is('department', 'Caf\u00e9'), new Map([['department', ['Cafe\u0301']]]))).toBe(true);
  });
});

describe('a scoped affiliation', () => {
  it.each<[string, string, string, boolean]>([
    ['member@example.edu', 'member', 'example.edu', true],
    ['Member@EXAMPLE.edu', 'member', 'example.edu', true],
    ['member@library.example.edu', 'member', '*.example.edu', true],
    ['member@example.edu', 'member', '*.example.edu', false],
    ['member@notexample.edu', 'member', '*.example.edu', false],
    ['member@.example.edu', 'member', '*.example.edu', false],
    ['member@library.example.edu', 'member', 'example.edu', false],
    ['staff@example.edu', 'member', 'example.edu', false],
    ['member@evil.example@example.edu', 'member', 'example.edu', false],
    ['member@example.edu@evil.example', 'member', 'example.edu', false],
    ['member', 'member', 'example.edu', false],
    ['@example.edu', 'member', 'example.edu', false],
    ['member@', 'member', 'example.edu', false],
  ])('%s for %s at %s: %s', (value, affiliation, scope, expected) => {
    expect(gives(scoped(affiliation, scope), new Map([['eduPersonScopedAffiliation', [value]]]))).toBe(expected);
  });
});

describe('a pattern', () => {
  it('with the text itself, or a star for any part of it, fits', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), (text, a, b) => {
        const plain = [...text.normalize('NFC').replace(/[*?]/g, '')];
        const [from, to] = [a % (plain.length + 1), b % (plain.length + 1)].toSorted((x, y) => x - y);
        const pattern = `${plain.slice(0, from).join('')}*${plain.slice(to).join('')}`;
        expect(gives(like('x', pattern), new Map([['x', [plain.join('')]]]))).toBe(true);
      }),
    );
  });

  it('of many stars is answered as quickly as a short one', () => {
    const text = 'a'.repeat(4_000);
    expect(gives(like('x', `${'*a'.repeat(200)}b`), new Map([['x', [text]]]))).toBe(false);
  });
});

describe('the explanation', () => {
  it('says for each rule what fitted, or what is missing', () => {
    const rules = [
      rule(null, ['reader'], 1),
      rule({ kind: 'all', of: [scoped('staff', 'library.example.edu'), is('department', 'Maps')] }, ['curator'], 2),
      rule({ kind: 'any', of: [is('groups', 'admins'), like('phone', '+41*')] }, ['boss', 'chief'], 3),
      rule(scoped('student', 'example.edu'), ['student'], 4),
    ];
    const mapped = mapRoles(ATTRIBUTES, rules);
    expect(explainRoles(mapped, ATTRIBUTES)).toEqual([
      'Rule 1 (line 11) gives reader to everybody whom the source knows.',
      'Rule 2 (line 12) gives curator: eduPersonScopedAffiliation is "staff@library.example.edu", department is "Maps".',
      'Rule 3 (line 13) does not give boss, chief: groups must be "admins", and it is "readers", "cn=Curators,ou=groups,dc=example"; phone must be like "+41*", and there is none.',
      'Rule 4 (line 14) does not give student: eduPersonScopedAffiliation must be "student" at "example.edu", and it is "member@example.edu", "staff@library.example.edu".',
    ]);
  });

  it('cuts what is long, shows no control characters, and counts what it leaves out', () => {
    const attributes = new Map([['x', [`a\n${'b'.repeat(100)}`, '2', '3', '4', '5', '6', '7']]]);
    const [sentence = ''] = explainRoles(mapRoles(attributes, [rule(is('x', 'y'))]), attributes);
    expect(sentence).toContain(`"a ${'b'.repeat(77)}…"`);
    expect(sentence).toContain('and 2 more');
  });
});
