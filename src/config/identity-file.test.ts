import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseIdentityFile } from './identity-file.ts';
import { identitySchema } from './identity-schema.ts';
import type { SecretReader } from './identity-secrets.ts';

const SECRETS: SecretReader = {
  file: (name) => (name === 'campus.secret' ? { text: 'from a file' } : { mistake: `There is no file ${name}.` }),
  environment: (name) =>
    name === 'LDAP_PASSWORD' ? { text: 'from the environment' } : { mistake: `The environment has no ${name}, or it is empty.` },
};

const WHOLE = `
sources:
  campus:
    type: oidc
    label: { en: [Example University], de: [Universität Beispiel] }
    issuer: https://login.example.edu
    clientId: vitrine
    clientSecret: { file: campus.secret }
    scopes: [profile]
    roles:
      - roles: reader
      - roles: [curator, staff]
        when:
          all:
            - { attribute: groups, is: [curators, keepers] }
            - any:
                - { attribute: department, like: "Map*", ignoreCase: true }
                - { attribute: eduPersonScopedAffiliation, affiliation: [staff, faculty], scope: "*.example.edu" }
  directory:
    type: ldap
    label: Staff
    url: ldaps://ldap.example.edu
    bindDn: cn=vitrine,dc=example,dc=edu
    bindPassword: { env: LDAP_PASSWORD }
    base: ou=people,dc=example,dc=edu
  cas:
    type: cas
    label: CAS
    url: https://cas.example.edu/cas
  shibboleth:
    type: proxy-headers
    label: Shibboleth
    from: [127.0.0.1, "2001:db8::/64"]
    userName: X-Remote-User
    attributes: { affiliation: X-Affiliation }
`;

function errorsOf(text: string): readonly string[] {
  const result = parseIdentityFile(text, 'identity.yaml', SECRETS);
  return result.ok ? [] : result.errors.map(({ file, line, column, sentence }) => `${file}:${line}:${column}: ${sentence}`);
}

/** One source, its lines indented as in a file. */
function source(...lines: string[]): string {
  return `sources:\n  campus:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const OIDC = ['type: oidc', 'label: Campus', 'issuer: https://login.example.edu', 'clientId: vitrine'];
const LDAP = ['type: ldap', 'label: Staff', 'base: dc=example'];
const HEADERS = ['type: proxy-headers', 'label: Proxy', 'userName: X-Remote-User'];

describe('identity.yaml', () => {
  it('gives the settings of each source, with secrets from where they are and defaults for the rest', () => {
    const result = parseIdentityFile(WHOLE, 'identity.yaml', SECRETS);
    const sources = result.ok ? result.sources : new Map();
    expect([...sources.keys()]).toEqual(['campus', 'directory', 'cas', 'shibboleth']);
    expect(sources.get('campus')).toMatchObject({
      type: 'oidc',
      name: 'campus',
      label: { en: ['Example University'], de: ['Universität Beispiel'] },
      clientSecret: 'from a file',
      clientAuthentication: 'client_secret_basic',
      scopes: ['openid', 'profile'],
      algorithm: 'RS256',
      userName: 'preferred_username',
      timeoutSeconds: 10,
    });
    expect(sources.get('directory')).toMatchObject({ bindPassword: 'from the environment', filter: '(uid={name})', subject: 'entryUUID' });
    expect(sources.get('shibboleth')).toMatchObject({ separator: ';', attributes: new Map([['affiliation', 'X-Affiliation']]) });
  });

  it('gives the rules as they are nested, with their lines', () => {
    const result = parseIdentityFile(WHOLE, 'identity.yaml', SECRETS);
    expect(result.ok && result.sources.get('campus')?.roles).toEqual([
      { number: 1, line: 11, roles: ['reader'], when: null },
      {
        number: 2,
        line: 12,
        roles: ['curator', 'staff'],
        when: {
          kind: 'all',
          of: [
            { kind: 'is', attribute: 'groups', values: ['curators', 'keepers'], ignoreCase: false },
            {
              kind: 'any',
              of: [
                { kind: 'like', attribute: 'department', patterns: ['Map*'], ignoreCase: true },
                {
                  kind: 'scoped',
                  attribute: 'eduPersonScopedAffiliation',
                  affiliations: ['staff', 'faculty'],
                  scopes: ['*.example.edu'],
                },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('with a source that gives no roles is valid, and says so', () => {
    const result = parseIdentityFile(WHOLE, 'identity.yaml', SECRETS);
    const warnings = result.ok ? result.warnings : [];
    expect(warnings.map(({ line }) => line)).toEqual([19, 26, 30]);
    expect(warnings[0]?.sentence).toContain('Source "directory" has no roles');
  });

  it('fits its published schema', () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { uri: true } }).compile(identitySchema());
    expect(validate(parse(WHOLE)), JSON.stringify(validate.errors)).toBe(true);
    for (const broken of [
      source('type: saml2'),
      source(...OIDC, 'colour: red'),
      source(...HEADERS),
      WHOLE.replace('campus:', 'local:'),
      'sources: {}',
    ]) {
      expect(validate(parse(broken)), broken).toBe(false);
    }
  });
});

describe('a mistake in identity.yaml is told with its place and a sentence', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'identity.yaml:1:1: The file is empty. It must have sources.'],
    ['no sources', 'source: {}', 'identity.yaml:1:1: Unknown key "source". Did you mean "sources"?'],
    [
      'a name that is ours',
      'sources:\n  local: { type: cas, label: x, url: https://cas.example }',
      'identity.yaml:2:3: "local" stands for',
    ],
    [
      'a name that is no part of an address',
      'sources:\n  My Campus: { type: cas, label: x, url: https://cas.example }',
      'identity.yaml:2:3: The source name "My Campus"',
    ],
    ['no type', source('label: x'), 'identity.yaml:2:3: Source "campus" has no type. It can be oidc, saml, ldap, cas, proxy-headers.'],
    ['an unknown type', source('type: samll'), 'identity.yaml:3:11: Unknown type "samll". Did you mean "saml"?'],
    ['an unknown key', source(...OIDC, 'clientID: x'), 'identity.yaml:7:5: Unknown key "clientID". Did you mean "clientId"?'],
    ['a missing key', source('type: oidc', 'label: Campus', 'clientId: vitrine'), 'identity.yaml:2:3: Source "campus" has no issuer.'],
    ['a key that stands twice', source(...OIDC, 'clientId: x'), 'identity.yaml:7:5: This key is in the mapping twice.'],
    [
      'an issuer without https',
      source('type: oidc', 'label: x', 'issuer: http://login.example.edu', 'clientId: x'),
      'identity.yaml:5:13: "issuer" must begin with https://; http:// is for this machine only.',
    ],
    [
      'a host that only looks like this machine',
      source('type: cas', 'label: x', 'url: http://127.0.0.1.example.edu'),
      'identity.yaml:5:10: "url" must begin with https://',
    ],
    [
      'a password in an address',
      source('type: cas', 'label: x', 'url: https://a:b@cas.example.edu'),
      'identity.yaml:5:10: "url" holds a name or password.',
    ],
    [
      'an issuer with a query',
      source('type: oidc', 'label: x', 'issuer: https://login.example.edu?x=1', 'clientId: x'),
      'identity.yaml:5:5: An issuer identifier has no query.',
    ],
    ['a secret file that is not there', source(...OIDC, 'clientSecret: { file: other }'), 'identity.yaml:7:27: There is no file other.'],
    [
      'a secret variable that is not there',
      source(...OIDC, 'clientSecret: { env: NOTHING }'),
      'identity.yaml:7:26: The environment has no NOTHING, or it is empty.',
    ],
    [
      'a secret from two places',
      source(...OIDC, 'clientSecret: { env: A, file: b }'),
      'identity.yaml:7:19: "clientSecret" must have either file or env.',
    ],
    ['an unsafe algorithm', source(...OIDC, 'algorithm: none'), 'identity.yaml:7:16: "algorithm" must be one of RS256'],
    [
      'a number out of bounds',
      source(...OIDC, 'timeoutSeconds: 0'),
      'identity.yaml:7:21: "timeoutSeconds" must be a whole number from 1 to 60.',
    ],
    ['a password in the clear', source(...LDAP, 'url: ldap://ldap.example.edu'), 'identity.yaml:6:5: Passwords would travel in the clear'],
    [
      'ldaps with StartTLS',
      source(...LDAP, 'url: ldaps://ldap.example.edu', 'startTls: true'),
      'identity.yaml:7:5: ldaps:// is encrypted from the start',
    ],
    [
      'a DN without a password',
      source(...LDAP, 'url: ldaps://ldap.example.edu', 'bindDn: cn=x'),
      'identity.yaml:7:5: bindDn needs a bindPassword.',
    ],
    [
      'a filter for anybody',
      source(...LDAP, 'url: ldaps://ldap.example.edu', 'filter: (uid=*)'),
      'identity.yaml:7:13: "filter" must be a filter in parentheses with {name} in it.',
    ],
    ['headers from anywhere', source(...HEADERS), 'identity.yaml:2:3: Source "campus" has no from.'],
    ['headers from nobody', source(...HEADERS, 'from: []'), 'identity.yaml:6:11: "from" is empty.'],
    ['headers from every address', source(...HEADERS, 'from: [0.0.0.0/0]'), 'identity.yaml:6:12: "0.0.0.0/0" is every address there is'],
    [
      'a header that is none',
      source(...HEADERS, 'from: [127.0.0.1]', 'attributes: { x: "a b" }'),
      'identity.yaml:7:5: "a b" is no name of a header.',
    ],
    [
      'SAML without a provider',
      source('type: saml', 'label: x'),
      'identity.yaml:3:5: Source "campus" has no issuer. It needs metadata, or issuer, signOnUrl and certificates.',
    ],
    ['SAML with half a pair of keys', source('type: saml', 'label: x', 'key: abc'), 'identity.yaml:5:5: key needs a certificate'],
    [
      'metadata that is none',
      source('type: saml', 'label: x', 'metadata: "<a/>"'),
      'identity.yaml:5:5: The metadata document describes no SAML 2.0 identity provider.',
    ],
    ['a rule without roles', source(...OIDC, 'roles: [{ when: { attribute: a, is: b } }]'), 'identity.yaml:7:13: Rule 1 has no roles'],
    ['a role that is none', source(...OIDC, 'roles: [{ roles: "a b" }]'), 'identity.yaml:7:22: "a b" is no role name'],
    [
      'a condition that says nothing',
      source(...OIDC, 'roles: [{ roles: a, when: { attribute: b } }]'),
      'identity.yaml:7:31: The condition for b says nothing about it.',
    ],
    [
      'a condition with two ways',
      source(...OIDC, 'roles: [{ roles: a, when: { attribute: b, is: c, like: d } }]'),
      'identity.yaml:7:31: is and like cannot stand in one condition.',
    ],
    [
      'an affiliation without a scope',
      source(...OIDC, 'roles: [{ roles: a, when: { attribute: b, affiliation: c } }]'),
      'identity.yaml:7:31: affiliation and scope belong together.',
    ],
    [
      'a scope with a star inside',
      source(...OIDC, 'roles: [{ roles: a, when: { attribute: b, affiliation: c, scope: "*" } }]'),
      'identity.yaml:7:70: "*" is no scope',
    ],
    ['all of nothing', source(...OIDC, 'roles: [{ roles: a, when: { all: [] } }]'), 'identity.yaml:7:38: "all" is empty.'],
    [
      'a condition beside a list',
      source(...OIDC, 'roles: [{ roles: a, when: { any: [{ attribute: b, is: c }], attribute: d } }]'),
      'identity.yaml:7:65: "attribute" cannot stand beside "any".',
    ],
  ])('%s', (_what, text, expected) => {
    const errors = errorsOf(text);
    expect(
      errors.some((error) => error.startsWith(expected)),
      errors.join('\n'),
    ).toBe(true);
  });

  it('in one part of a condition drops the rule, never the part alone', () => {
    const text = source(...OIDC, 'roles: [{ roles: a, when: { any: [{ attribute: b, is: c }, { attribute: d, si: e }] } }]');
    const result = parseIdentityFile(text, 'identity.yaml', SECRETS);
    expect(result.ok).toBe(false);
  });

  it('and all mistakes at once, in their order', () => {
    const lines = errorsOf(`${source('type: oidc', 'label: []', 'issuer: nowhere')}  other:\n    type: x\n`).map(
      (error) => error.split(':')[1],
    );
    expect(lines).toEqual(['2', '4', '5', '7']);
  });
});
