import { describe, expect, it } from 'vitest';
import { createProxyHeadersSource } from '../../src/adapters/identity/proxy-headers.ts';
import { settingsOf } from './identity-parts.ts';

const PROXY = '192.0.2.7';
const KEYS = {
  from: ['192.0.2.0/29', '2001:db8::/64'],
  userName: 'X-Remote-User',
  email: 'X-Mail',
  attributes: { affiliation: 'X-Affiliation', entitlement: 'X-Entitlement' },
};

const source = createProxyHeadersSource(settingsOf('proxy-headers', KEYS));

function read(rawHeaders: readonly string[], peer: string = PROXY) {
  return source.read({ peer, rawHeaders: ['Host', 'iiif.example.org', ...rawHeaders] });
}

describe('headers of a proxy', () => {
  it('name a person and what is known of them', () => {
    const outcome = read([
      'X-Remote-User',
      'anna@example.edu',
      'x-affiliation',
      'member@example.edu;staff@example.edu',
      'X-Mail',
      'a@example.edu',
    ]);
    expect(outcome).toMatchObject({
      outcome: 'identified',
      identity: {
        source: 'campus',
        subject: 'anna@example.edu',
        name: 'anna@example.edu',
        email: 'a@example.edu',
        attributes: new Map([
          ['affiliation', ['member@example.edu', 'staff@example.edu']],
          ['userName', ['anna@example.edu']],
          ['email', ['a@example.edu']],
        ]),
      },
    });
  });

  it('name nobody where there are none, or empty ones', () => {
    expect(read([])).toBeNull();
    expect(read(['X-Remote-User', '', 'X-Affiliation', ' '])).toBeNull();
  });

  it('are believed from IPv6 networks and from IPv4 in IPv6 clothing', () => {
    expect(read(['X-Remote-User', 'anna'], '2001:db8::9')).toMatchObject({ outcome: 'identified' });
    expect(read(['X-Remote-User', 'anna'], `::ffff:${PROXY}`)).toMatchObject({ outcome: 'identified' });
  });

  it.each(['192.0.2.8', '2001:db8:1::9', '127.0.0.1', 'unknown', ''])('from another address are refused: %s', (peer) => {
    expect(read(['X-Remote-User', 'anna'], peer)).toMatchObject({ outcome: 'refused', code: 'identity.proxy' });
  });

  it('do not gain an address from X-Forwarded-For', () => {
    const headers = ['X-Forwarded-For', PROXY, 'Forwarded', `for=${PROXY}`, 'X-Remote-User', 'anna'];
    expect(read(headers, '198.51.100.1')).toMatchObject({ outcome: 'refused', code: 'identity.proxy' });
  });

  it('other than the name are refused from another address, too', () => {
    expect(read(['X-Affiliation', 'staff@example.edu'], '198.51.100.1')).toMatchObject({ code: 'identity.proxy' });
  });

  it.each([
    ['the name twice', ['X-Remote-User', 'anna', 'X-Remote-User', 'root']],
    ['the name twice in another case', ['X-Remote-User', 'anna', 'x-remote-user', 'anna']],
    ['an attribute twice', ['X-Remote-User', 'anna', 'X-Affiliation', 'a', 'X-Affiliation', 'b']],
    ['the name with underscores beside it', ['X-Remote-User', 'anna', 'X_Remote_User', 'root']],
    ['the name with underscores alone', ['X_Remote_User', 'root']],
  ])('are refused with %s', (_what, headers) => {
    expect(read(headers)).toMatchObject({ outcome: 'refused', code: 'identity.proxy' });
  });

  it('without a name, and with attributes, are refused', () => {
    expect(read(['X-Affiliation', 'staff@example.edu'])).toMatchObject({ outcome: 'refused', code: 'identity.name' });
  });

  it('are UTF-8, or Latin-1 where they cannot be', () => {
    const utf8 = Buffer.from('Renée', 'utf8').toString('latin1');
    expect(read(['X-Remote-User', utf8])).toMatchObject({ identity: { name: 'Renée' } });
    expect(read(['X-Remote-User', 'Ren\u00e9e'])).toMatchObject({ identity: { name: 'Renée' } });
  });

  it('keep an escaped separator in its value, and have none in the name', () => {
    const outcome = read(['X-Remote-User', 'anna;root', 'X-Entitlement', 'a\\;b;c;;']);
    expect(outcome).toMatchObject({ identity: { name: 'anna;root' } });
    expect(outcome?.outcome === 'identified' && outcome.identity.attributes.get('entitlement')).toEqual(['a;b', 'c']);
  });

  it('take the subject from a header of its own where the file says so, and refuse without it', () => {
    const other = createProxyHeadersSource(settingsOf('proxy-headers', { ...KEYS, subject: 'X-Persistent-Id' }));
    const headers = ['X-Remote-User', 'anna', 'X-Persistent-Id', 'idp!sp!42'];
    expect(other.read({ peer: PROXY, rawHeaders: headers })).toMatchObject({ identity: { subject: 'idp!sp!42', name: 'anna' } });
    expect(other.read({ peer: PROXY, rawHeaders: headers.slice(0, 2) })).toMatchObject({ code: 'identity.subject' });
  });

  it('say nothing about signing out, which is a path of the proxy', () => {
    const other = createProxyHeadersSource(settingsOf('proxy-headers', { ...KEYS, signOutPath: '/Shibboleth.sso/Logout' }));
    expect([source.signOutPath, other.signOutPath]).toEqual([null, '/Shibboleth.sso/Logout']);
  });
});
