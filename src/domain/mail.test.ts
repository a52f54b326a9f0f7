import { describe, expect, it } from 'vitest';
import { isRefusal } from '../lib/problems.ts';
import { mailSubject, parseMailAddress } from './mail.ts';

describe('a mail address', () => {
  it.each(['anna@example.org', "o'hara+books@mail.example.co.uk", 'zoë@bücher.example', 'root@localhost'])('is %s', (text) => {
    expect(parseMailAddress(` ${text} `)).toBe(text);
  });

  it.each([
    '',
    'anna',
    '@example.org',
    'anna@',
    'anna@example.org, bert@example.org',
    'Anna <anna@example.org>',
    '"anna"@example.org',
    'anna@example.org\r\nBcc: all@example.org',
    'anna\n@example.org',
    'anna@exam ple.org',
    '.anna@example.org',
    'anna.@example.org',
    'an..na@example.org',
    'anna@-example.org',
    'anna@example.org>',
    'anna@[192.0.2.1]',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(260)}.org`,
  ])('is not %j', (text) => {
    expect(isRefusal(parseMailAddress(text))).toBe(true);
  });
});

it('a subject is one line', () => {
  expect(mailSubject('Access to\r\nBcc: all@example.org\u2028x\u0085y')).toBe('Access to Bcc: all@example.org x y');
  expect(mailSubject('x'.repeat(300))).toHaveLength(200);
});
