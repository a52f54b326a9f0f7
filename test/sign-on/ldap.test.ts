import { generate } from 'selfsigned';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { PASSWORDS } from '../harness/vitrine.ts';
import { SEARCHER, type Slapd, SUFFIX, startSlapd } from '../identity/slapd.ts';
import { findRealPart, SLAPD } from '../setup/real-parts.ts';
import { type CampusVitrine, picture, planCampus, READERS } from './campus.ts';

const PEOPLE = `ou=people,${SUFFIX}`;

function person(uid: string, password: string): string {
  return `dn: uid=${uid},${PEOPLE}\nobjectClass: inetOrgPerson\nsn: x\ncn: ${uid}\nuid: ${uid}\nuserPassword: ${password}`;
}

const ENTRIES = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  `dn: ${PEOPLE}\nobjectClass: organizationalUnit\nou: people`,
  `dn: ${SEARCHER.bindDn}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: vitrine\nuserPassword: ${SEARCHER.bindPassword}`,
  person('anna', 'correct horse'),
  person('reader', 'of the directory'),
].join('\n\n');

describe.skipIf(findRealPart(SLAPD) === null)('a sign-in through LDAP (slapd)', () => {
  let slapd: Slapd;
  let vitrine: CampusVitrine;
  let visitor: TestVisitor;

  beforeAll(async () => {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048, algorithm: 'sha256' });
    slapd = await startSlapd(`${ENTRIES}\n`, { key: made.private, certificate: made.cert });
    const directory = { type: 'ldap', label: 'Staff account', base: PEOPLE, ...SEARCHER, timeoutSeconds: 3, roles: READERS };
    vitrine = await (await planCampus()).start({
      campus: { ...directory, url: slapd.url },
      other: { ...directory, url: 'ldap://127.0.0.1:1' },
    });
  });
  afterAll(async () => {
    await vitrine?.close();
    await slapd?.stop();
  });
  beforeEach(() => {
    visitor = new TestVisitor(vitrine);
  });

  const signIn = (service: string, user: string, password: string) =>
    visitor.submit(`/auth/access/${service}?origin=${encodeURIComponent(VIEWER)}`, { user, password });

  it('takes name and password in the form of the page', async () => {
    expect(await (await visitor.ask('/auth/access/members')).text()).toContain('Accounts of Staff account count here too.');
    const done = await signIn('members', 'anna', 'correct horse');
    expect([done.status, await picture(visitor)]).toEqual([200, 200]);
  });

  it('asks our own accounts too where the service lists them, and no others where it does not', async () => {
    expect((await signIn('both', 'reader', PASSWORDS.reader)).status).toBe(200);
    expect((await signIn('members', 'reader', PASSWORDS.reader)).status).toBe(401);
  });

  it('makes another user of a name that is taken here, and never takes over the account', async () => {
    expect((await signIn('both', 'reader', 'of the directory')).status).toBe(200);
    const shown = await (await visitor.ask('/')).text();
    expect(shown).toMatch(/reader[^<]*campus/);
    const own = new TestVisitor(vitrine);
    visitor = own;
    expect((await signIn('both', 'reader', PASSWORDS.reader)).status).toBe(200);
    expect(await (await own.ask('/')).text()).not.toMatch(/reader[^<]*campus/);
  });

  it('says the same to a wrong password and to a name that nobody has', async () => {
    const [wrong, unknown] = [await signIn('both', 'anna', 'wrong'), await signIn('both', 'nobody', 'wrong')];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const told = async (response: Response) => /role="alert">(.*?)<\/p>/s.exec(await response.text())?.[1];
    expect(await told(wrong)).toBe(await told(unknown));
  });

  it('says that a directory cannot be asked, instead of that the password is wrong', async () => {
    const asked = await signIn('elsewhere', 'anna', 'correct horse');
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await asked.text()).toContain('cannot be checked at this moment');
  });
});
