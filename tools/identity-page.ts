import { SOURCE_FIELDS, SOURCE_TYPES } from '../src/config/identity-sources.ts';

const TYPE_SENTENCES = {
  oidc: 'An OpenID provider: authorization code with PKCE, state and nonce. The signature of the ID token is always checked.',
  saml: 'A SAML 2.0 identity provider. The assertion must be signed (RSA with SHA-256 or better); it may be encrypted (AES-GCM) where you have a key. Give its metadata document, or issuer, address and certificates.',
  ldap: 'An LDAP directory or Active Directory: we search for the person, then bind with the password that was typed.',
  cas: 'A CAS server, protocol 3.',
  'proxy-headers':
    'A proxy in front that signs people in, such as Apache with mod_shib. It must remove these headers from what visitors send.',
} as const;

const IDENTITY_INTRODUCTION = [
  'The file has one key, `sources`: sources by name. A name has lower-case letters, digits and hyphens; `local` stands for the accounts of Vitrine itself. Each source has a `type`, the keys of that type, and `roles`. [Sign-on](../guides/sign-on.md) has a complete example for each type, and [identity.schema.json](identity.schema.json) is for your editor.',
  'A **secret** is a text, `{ file: name }` (relative to the folder of the identity file), or `{ env: NAME }`.',
  '`vitrine identity check identity.yaml` reports each mistake with line, column and a sentence.',
].join('\n\n');

const IDENTITY_ROLES = `## roles

A list of rules, the same for every type. Each rule that fits gives its roles; a person has the roles of all of them.

| key | |
|---|---|
| \`roles\` | the roles that the rule gives, one or a list |
| \`when\` | a condition; without it, the rule fits everybody whom the source knows |

A condition is one of these. An attribute fits with one of its values.

| condition | fits |
|---|---|
| \`{ attribute: groups, is: curators }\` | exactly this value; a list is any of them |
| \`{ attribute: memberOf, like: "cn=curators,*" }\` | \`*\` is any text, \`?\` any one character |
| \`{ attribute: eduPersonScopedAffiliation, affiliation: member, scope: example.edu }\` | \`member@example.edu\`, whatever its case; the scope \`*.example.edu\` is whatever is below |
| \`{ all: [ … ] }\` | all of the conditions |
| \`{ any: [ … ] }\` | one of the conditions |

\`ignoreCase: true\` goes with \`is\` and \`like\`.`;

/** The reference page of `identity.yaml`, from the tables that the file is read by. */
export function identityPage(): string {
  const sections = SOURCE_TYPES.map((type) => {
    const rows = Object.entries(SOURCE_FIELDS[type]).map(([key, { sentence, expects, defaultText }]) => {
      const standard = defaultText === null ? 'needed' : defaultText === '' ? '–' : `\`${defaultText}\``;
      return `| \`${key}\` | ${[sentence, expects, standard].map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
    });
    return `## ${type}\n\n${TYPE_SENTENCES[type]}\n\n| key | | value | default |\n|---|---|---|---|\n${rows.join('\n')}`;
  });
  return `${['<!-- Written by tools/generate-docs.ts from src/config/identity-sources.ts. -->', '# The identity file', IDENTITY_INTRODUCTION, ...sections, IDENTITY_ROLES].join('\n\n')}\n`;
}
