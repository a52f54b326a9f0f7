import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPasswordFlaw, refuseNewPassword } from './new-password.ts';

describe('a new password', () => {
  it.each([
    'correct horse',
    'battery staple',
    'another password',
    'päßwörter ☃ 1',
    'summer rain 42',
    'monkey dragon football sunshine',
    '8391736205',
    'шесть слов и немного',
    '図書館の鍵は青い箱の中',
    `${'x'.repeat(1000)} and other letters`,
  ])('may be %j', (password) => {
    expect(refuseNewPassword(password, 'ada')).toBeNull();
  });

  it.each([
    ['', 'at least 10'],
    ['123456789', 'at least 10'],
    ['e\u0301'.repeat(9), 'at least 10'],
    ['😀'.repeat(9), 'at least 10'],
    ['x'.repeat(1025), 'at most 1024'],
    ['first line\nsecond line', 'one line'],
    ['tab\tin between', 'one line'],
    ['Ada Lovelace', 'name of the user'],
    ['ADA LOVELACE', 'name of the user'],
    ['lovelace.ada.2026!', 'name of the user'],
    ['Lov3l@ce123', 'name of the user'],
    ['ada.lovelace@example.org', 'name of the user'],
    ['ExampleLibrary1', 'of this site'],
    ['library-example-password', 'of this site'],
  ])('may not be %j', (password, why) => {
    expect(refuseNewPassword(password, 'Ada Lovelace', ['ada.lovelace@example.org', 'Example Library'])?.detail).toContain(why);
  });

  it.each([
    '0123456789',
    '1234567890',
    '9876543210',
    '1111111111',
    'aaaaaaaaaa',
    'ababababab',
    '123123123123',
    '          ',
    '----------',
    'qwertyuiop',
    'qwertzuiop',
    'poiuytrewq',
    'azertyuiop',
    'abcdefghij',
    'password12',
    'Password1!',
    'P@ssw0rd2026',
    'p4$$w0rd!!',
    'passwort123',
    'motdepasse1',
    'iloveyou123',
    'Sommer2026!!',
    'letmein1234',
    'administrator',
    'admin-admin',
    'dragonmonkey',
    'qwerty123456',
    '1q2w3e4r5t6z',
  ])('may not be %j, which is tried first', (password) => {
    expect(findPasswordFlaw(password, [])).toBe('common');
  });

  it('of random letters is never thought common', () => {
    const letters = fc.string({ minLength: 16, maxLength: 40, unit: fc.constantFrom(...'bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ2346789') });
    fc.assert(
      fc.property(letters, (password) => {
        fc.pre(new Set(password.toLowerCase()).size >= 12);
        expect(findPasswordFlaw(password, ['ada'])).toBeNull();
      }),
    );
  });

  it('is judged in no time, however long and however it is made', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1024, unit: fc.constantFrom('pass', 'word', 'a', '1', 'é', ' ') }), (password) => {
        expect(['untypable', 'short', 'long', 'common', 'name', null]).toContain(findPasswordFlaw(password, ['passpassword']));
      }),
    );
  });
});
