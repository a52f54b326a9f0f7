import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentitySource } from '../../src/adapters/identity/create-source.ts';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { parseIdentityFile } from '../../src/config/identity-file.ts';
import { secretsBeside } from '../../src/config/identity-secrets.ts';
import { IDENTITY_REFUSALS } from '../../src/domain/identity.ts';
import { identityParts } from '../identity/identity-parts.ts';
import { IDP, type KeyPair, makeKeyPair, realIdp } from '../identity/saml-idp.ts';
import { runVitrine } from './run-vitrine.ts';

const ROOT = join(import.meta.dirname, '../..');

let guide = '';
let examples: readonly string[] = [];
let accessExample = '';
let folder = '';
let own: KeyPair;

beforeAll(async () => {
  guide = await readFile(join(ROOT, 'docs/guides/sign-on.md'), 'utf8');
  const snippets = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  examples = snippets.filter((text) => text.startsWith('sources:'));
  accessExample = snippets.find((text) => text.startsWith('# access.yaml')) ?? '';
  folder = await mkdtemp(join(tmpdir(), 'vitrine-guide-'));
  own = await makeKeyPair('iiif.example.org');
  const service =
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>';
  const files = {
    'campus.secret': 'a secret\n',
    'idp-metadata.xml': realIdp(await makeKeyPair('idp.example.edu'), service, false).metadata,
    'saml.key': own.key,
    'saml.crt': own.certificate,
    'ad-ca.pem': own.certificate,
    'identity.yaml': examples.at(-1) ?? '',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('the guide "sign in with accounts from elsewhere"', () => {
  it('has a valid example of each type', () => {
    const secrets = secretsBeside(join(folder, 'identity.yaml'), { LDAP_PASSWORD: 'from the environment' });
    const parsed = examples.map((text) => parseIdentityFile(text, 'identity.yaml', secrets));
    expect(parsed.map((result) => (result.ok ? result.warnings : result.errors))).toEqual(examples.map(() => []));
    const sources = parsed.flatMap((result) => (result.ok ? [...result.sources.values()] : []));
    expect(sources.map(({ type }) => type)).toEqual(['oidc', 'saml', 'proxy-headers', 'cas', 'ldap', 'ldap']);
    const flows = sources.map((settings) => createIdentitySource(settings, identityParts()).flow);
    expect(flows).toEqual(['redirect', 'redirect', 'headers', 'redirect', 'password', 'password']);
    expect(sources[0]).toMatchObject({ clientSecret: 'a secret' });
    expect(sources[1]).toMatchObject({ issuer: IDP.entityId, signOnUrl: IDP.signOnUrl, key: own.key.trim() });
    expect(sources[5]).toMatchObject({ bindPassword: 'from the environment' });
  });

  it('has an access file that names one of them', () => {
    expect(parseAccessFile(accessExample, 'access.yaml', undefined, ['campus'])).toMatchObject({ ok: true, warnings: [] });
    expect(parseAccessFile(accessExample, 'access.yaml', undefined, [])).toMatchObject({ ok: false });
  });

  it('names only codes that there are', () => {
    const named = [...guide.matchAll(/`(identity\.\w+)`/g)].map(([, code = '']) => code).filter((code) => code !== 'identity.yaml');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((code) => !Object.hasOwn(IDENTITY_REFUSALS, code))).toEqual([]);
  });

  it('its command tells a mistake by its place, and what is valid by its name', async () => {
    const missing = await runVitrine(['identity', 'check', 'identity.yaml'], { folder });
    expect(missing).toMatchObject({
      code: 1,
      out: expect.stringContaining('identity.yaml:8:26: The environment has no LDAP_PASSWORD, or it is empty.'),
    });
    await writeFile(join(folder, 'identity.yaml'), (examples.at(-1) ?? '').replace('{ env: LDAP_PASSWORD }', '{ file: campus.secret }'));
    expect(await runVitrine(['identity', 'check', 'identity.yaml'], { folder })).toMatchObject({
      code: 0,
      out: expect.stringContaining('identity.yaml is valid: directory (ldap).'),
    });
  });
});
