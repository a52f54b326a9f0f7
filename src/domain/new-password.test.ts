import { describe, expect, it } from 'vitest';
import { refuseNewPassword } from './new-password.ts';

describe('a new password', () => {
  it.each(['correct horse', '0123456789', 'päßwörter ☃ 1', '          ', 'x'.repeat(1024)])('may be %j', (password) => {
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
  ])('may not be %j', (password, why) => {
    expect(refuseNewPassword(password, 'Ada Lovelace')?.detail).toContain(why);
  });
});
