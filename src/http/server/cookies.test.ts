import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearedSessionCookies, parseCookies, serialiseCookie } from './cookies.ts';

describe('reading cookies', () => {
  it.each([
    [null, []],
    ['', []],
    ['a=1', [['a', '1']]],
    [
      'a=1; b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a=1;b=2 ',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=x=y', [['a', 'x=y']]],
    ['a=', [['a', '']]],
    ['a', []],
    ['=1', []],
    ['a b=1; c=2', [['c', '2']]],
    ['a="1"; c=2', [['c', '2']]],
    ['a=1,2; c=2', [['c', '2']]],
    ['a=ü; c=2', [['c', '2']]],
    ['a=first; a=second', [['a', 'first']]],
  ] as const)('takes %j apart', (header, pairs) => {
    expect([...parseCookies(header)]).toEqual(pairs);
  });

  it('reads a hundred and no more', () => {
    const header = Array.from({ length: 5000 }, (_, at) => `c${at}=1`).join('; ');
    expect(parseCookies(header).size).toBe(100);
  });

  it('takes any header without failing, and gives back what was written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (header) => parseCookies(header) instanceof Map));
    const value = fc.stringMatching(/^[A-Za-z0-9._-]{0,40}$/);
    fc.assert(
      fc.property(value, (text) => {
        const written = serialiseCookie('name', text, { path: '/', sameSite: 'Lax' });
        expect(parseCookies(written.split(';')[0] ?? '').get('name')).toBe(text);
      }),
    );
  });
});

describe('writing cookies', () => {
  it.each([
    ['name', 'a;b'],
    ['name', 'a\r\nSet-Cookie: b=1'],
    ['name', 'a b'],
    ['na me', 'a'],
    ['', 'a'],
  ])('refuses %j=%j', (name, value) => {
    expect(() => serialiseCookie(name, value, { path: '/', sameSite: 'Lax' })).toThrow(TypeError);
  });

  it('takes cookies away with the attributes that they were set with', () => {
    expect(clearedSessionCookies('/library')).toEqual([
      'vitrine-session=; Path=/library; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
      'vitrine-access=; Path=/library; Max-Age=0; HttpOnly; Secure; SameSite=None',
    ]);
  });
});
