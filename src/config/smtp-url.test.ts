import { expect, it } from 'vitest';
import { parseSmtpUrl } from './smtp-url.ts';

it.each([
  ['smtps://anna:p%40ss%3A@mail.example.org', { host: 'mail.example.org', port: 465, tls: 'implicit', user: 'anna', password: 'p@ss:' }],
  ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, tls: 'starttls', user: null, password: null }],
  ['SMTP://mail.example.org:2525/', { host: 'mail.example.org', port: 2525, tls: 'starttls', user: null, password: null }],
  ['smtp://localhost', { host: 'localhost', port: 25, tls: 'none', user: null, password: null }],
  ['smtp://[::1]:1025', { host: '::1', port: 1025, tls: 'none', user: null, password: null }],
  ['smtp://localhost.example.org', { host: 'localhost.example.org', port: 587, tls: 'starttls', user: null, password: null }],
  ['smtps://localhost', { host: 'localhost', port: 465, tls: 'implicit', user: null, password: null }],
])('%s is a mail server', (text, server) => {
  expect(parseSmtpUrl(text)).toEqual(server);
});

it.each(['', 'mail.example.org', 'http://mail.example.org', 'smtp://', 'smtp://a b', 'smtp://h/path', 'smtp://h?tls=no', 'smtp://%zz@h'])(
  '%j is none',
  (text) => {
    expect(parseSmtpUrl(text)).toBeNull();
  },
);
