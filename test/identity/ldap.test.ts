import { connect, createServer, type Server } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLdapSource } from '../../src/adapters/identity/ldap.ts';
import type { PasswordIdentitySource } from '../../src/domain/identity.ts';
import { mapRoles } from '../../src/domain/map-roles.ts';
import { findRealPart, SLAPD } from '../setup/real-parts.ts';
import { settingsOf } from './identity-parts.ts';
import type { KeyPair } from './saml-idp.ts';
import { SEARCHER, type Slapd, SUFFIX, startSlapd } from './slapd.ts';

const PEOPLE = `ou=people,${SUFFIX}`;
const GROUPS = `ou=groups,${SUFFIX}`;
const UUID = '0d6e8e0c-1111-4222-8333-444455556666';

function person(uid: string, lines: readonly string[]): string {
  return [`dn: uid=${uid},${PEOPLE}`, 'objectClass: inetOrgPerson', 'sn: x', `cn: ${uid}`, ...lines].join('\n');
}

const ENTRIES = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  `dn: ${PEOPLE}\nobjectClass: organizationalUnit\nou: people`,
  `dn: ${GROUPS}\nobjectClass: organizationalUnit\nou: groups`,
  `dn: ${SEARCHER.bindDn}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: vitrine\nuserPassword: ${SEARCHER.bindPassword}`,
  person('anna', [
    'uid: anna',
    'mail: anna@example.edu',
    'departmentNumber: Maps',
    'departmentNumber: Letters',
    'userPassword: correct horse',
    `entryUUID: ${UUID}`,
  ]),
  person('bert', ['uid: bert', 'userPassword: another horse']),
  person('renée', ['uid: renée', 'userPassword: cheval à bascule']),
  person('star*', ['uid: star*', 'userPassword: starry']),
  person('twin-1', ['uid: twin-1', 'uid: twin', 'userPassword: same']),
  person('twin-2', ['uid: twin-2', 'uid: twin', 'userPassword: same']),
  person('twin-3', ['uid: twin-3', 'uid: twin', 'userPassword: same']),
  person('silent', ['uid: silent']),
  `dn: cn=curators,${GROUPS}\nobjectClass: groupOfNames\ncn: curators\nmember: uid=anna,${PEOPLE}`,
  `dn: cn=Readers (all),${GROUPS}\nobjectClass: groupOfNames\ncn: Readers (all)\nmember: uid=anna,${PEOPLE}\nmember: uid=bert,${PEOPLE}`,
].join('\n\n');

describe.skipIf(findRealPart(SLAPD) === null)('a sign-in through LDAP (slapd)', () => {
  let slapd: Slapd;
  let tls: KeyPair;

  beforeAll(async () => {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    tls = { key: made.private, certificate: made.cert };
    slapd = await startSlapd(`${ENTRIES}\n`, tls);
  });

  afterAll(() => slapd?.stop());

  function newSource(more: Readonly<Record<string, unknown>> = {}): PasswordIdentitySource {
    const keys = { url: slapd.url, base: PEOPLE, ...SEARCHER, groupBase: GROUPS, timeoutSeconds: 3, ...more };
    return createLdapSource(settingsOf('ldap', keys));
  }

  it('names the person with the groups and what the file and its rules ask for', async () => {
    const keys = { roles: [{ roles: 'cartographer', when: { attribute: 'departmentnumber', is: 'Maps' } }] };
    const settings = settingsOf('ldap', { url: slapd.url, base: PEOPLE, ...SEARCHER, groupBase: GROUPS, ...keys });
    const outcome = await createLdapSource(settings).check('anna', 'correct horse');
    expect(outcome).toMatchObject({
      outcome: 'identified',
      identity: { source: 'campus', subject: UUID, name: 'anna', email: 'anna@example.edu', sessionIndex: null },
    });
    const attributes = outcome.outcome === 'identified' ? outcome.identity.attributes : new Map();
    expect(attributes.get('groups')).toEqual(expect.arrayContaining(['curators', 'Readers (all)']));
    expect(attributes.get('dn')).toEqual([`uid=anna,${PEOPLE}`]);
    expect(attributes.get('departmentnumber')).toEqual(['Maps', 'Letters']);
    expect(attributes.has('userPassword')).toBe(false);
    expect(mapRoles(attributes, settings.roles).roles).toEqual(['cartographer']);
  });

  it('finds groups by the name of the person, too, and none without a place to search', async () => {
    const byName = await newSource({ groupFilter: '(member=uid={name},ou=people,dc=example,dc=edu)' }).check('anna', 'correct horse');
    expect(byName.outcome === 'identified' && byName.identity.attributes.get('groups')).toHaveLength(2);
    const settings = settingsOf('ldap', { url: slapd.url, base: PEOPLE, ...SEARCHER });
    const without = await createLdapSource(settings).check('anna', 'correct horse');
    expect(without.outcome === 'identified' && without.identity.attributes.has('groups')).toBe(false);
  });

  it('is for the name that the directory keeps, whatever was typed', async () => {
    expect(await newSource().check(' ANNA ', 'correct horse')).toMatchObject({ identity: { name: 'anna', subject: UUID } });
  });

  it('takes names and passwords in any script', async () => {
    expect(await newSource().check('renée', 'cheval à bascule')).toMatchObject({ outcome: 'identified', identity: { name: 'renée' } });
  });

  it.each([
    ['a wrong password', 'anna', 'wrong'],
    ['the password of somebody else', 'anna', 'another horse'],
    ['an unknown name', 'nobody', 'correct horse'],
    ['no password', 'anna', ''],
    ['no name', ' ', 'correct horse'],
    ['an endless name', 'a'.repeat(201), 'correct horse'],
    ['an endless password', 'anna', 'x'.repeat(1_001)],
    ['a name with a line break', 'anna\n', 'correct horse'],
    ['a name with a null', 'anna\0', 'correct horse'],
    ['an account without a password', 'silent', 'x'],
    ['a name that several have', 'twin', 'same'],
    // Injection: each of these is somebody where the filter reads it as more than a text.
    ['a star', '*', 'correct horse'],
    ['a beginning and a star', 'ann*', 'correct horse'],
    ['a filter that is closed and opened again', 'anna)(uid=*', 'correct horse'],
    ['a filter that is always true', '*)(|(objectClass=*', 'correct horse'],
    ['a filter with an end', 'anna)\0', 'correct horse'],
    ['an escaped star', '\\2a', 'correct horse'],
    ['an escaped name', '\\61nna', 'correct horse'],
    ['a DN', `uid=anna,${PEOPLE}`, 'correct horse'],
  ])('is refused with %s', async (_what, name, password) => {
    expect(await newSource().check(name, password)).toMatchObject({ outcome: 'refused', code: 'identity.password' });
  });

  it('takes a star in a name for a star', async () => {
    expect(await newSource().check('star*', 'starry')).toMatchObject({ outcome: 'identified', identity: { name: 'star*' } });
  });

  it('is refused without what lasts, and without a user name', async () => {
    expect(await newSource({ subject: 'employeeNumber' }).check('anna', 'correct horse')).toMatchObject({ code: 'identity.subject' });
    expect(await newSource({ userName: 'employeeNumber' }).check('anna', 'correct horse')).toMatchObject({ code: 'identity.name' });
  });

  it('works over ldaps and with StartTLS', async () => {
    for (const keys of [{ url: slapd.secureUrl }, { startTls: true }]) {
      const source = newSource({ ...keys, certificateAuthority: tls.certificate });
      expect(await source.check('anna', 'correct horse')).toMatchObject({ outcome: 'identified' });
      expect(await source.check('anna', 'wrong')).toMatchObject({ outcome: 'refused', code: 'identity.password' });
    }
  });

  it('says nothing to a directory whose certificate nobody vouches for, or that is for another name', async () => {
    for (const keys of [{ url: slapd.secureUrl }, { startTls: true }]) {
      expect(await newSource(keys).check('anna', 'correct horse')).toMatchObject({ outcome: 'unavailable' });
      const other = { url: (keys.url ?? slapd.url).replace('localhost', '127.0.0.1'), certificateAuthority: tls.certificate };
      expect(await newSource({ ...keys, ...other }).check('anna', 'correct horse')).toMatchObject({ outcome: 'unavailable' });
    }
  });

  it('is unavailable where we may not search, which is no mistake of the person', async () => {
    expect(await newSource({ bindPassword: 'wrong' }).check('anna', 'correct horse')).toMatchObject({ outcome: 'unavailable' });
    expect(await newSource({ base: 'dc=other' }).check('anna', 'correct horse')).toMatchObject({ outcome: 'unavailable' });
  });

  it('asks as often for an unknown name as for a wrong password', async () => {
    let connections = 0;
    const counting = createServer((socket) => {
      connections += 1;
      const behind = connect(Number(new URL(slapd.url).port), '127.0.0.1');
      socket.on('error', () => behind.destroy()).pipe(behind);
      behind.on('error', () => socket.destroy()).pipe(socket);
    });
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve));
    const address = counting.address();
    const source = newSource({ url: `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` });
    const counts: number[] = [];
    for (const name of ['anna', 'nobody']) {
      connections = 0;
      expect(await source.check(name, 'wrong')).toMatchObject({ outcome: 'refused' });
      counts.push(connections);
    }
    counting.close();
    expect(counts).toEqual([2, 2]);
  });

  it('has what it needs of the directory: a bind without a password would succeed there', async () => {
    const { Client } = await import('ldapts');
    const client = new Client({ url: slapd.url });
    await expect(client.bind(`uid=anna,${PEOPLE}`, '')).resolves.toBeUndefined();
    await client.unbind();
  });
});

describe('a directory that does not answer', () => {
  const servers: Server[] = [];

  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function listen(behave: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer({}, behave);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  function check(url: string, more: Readonly<Record<string, unknown>> = {}) {
    return createLdapSource(settingsOf('ldap', { url, base: PEOPLE, ...SEARCHER, timeoutSeconds: 1, ...more })).check(
      'anna',
      'correct horse',
    );
  }

  it('is unavailable: nothing there', async () => {
    expect(await check('ldap://127.0.0.1:1')).toMatchObject({ outcome: 'unavailable' });
  });

  it('is unavailable: silence', async () => {
    expect(await check(await listen((socket) => socket.on('error', () => undefined)))).toMatchObject({ outcome: 'unavailable' });
  });

  it('is unavailable: something else that talks', async () => {
    expect(
      await check(await listen((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    ).toMatchObject({ outcome: 'unavailable' });
  });

  it('gets no password where StartTLS was broken off', async () => {
    const received: string[] = [];
    const url = await listen((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received.push(data.toString('latin1'));
        socket.destroy();
      });
    });
    expect(await check(url, { startTls: true })).toMatchObject({ outcome: 'unavailable' });
    expect(received.join('')).toContain('1.3.6.1.4.1.1466.20037');
    expect(received.join('')).not.toContain(SEARCHER.bindPassword);
  });
});
