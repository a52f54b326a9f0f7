import type { RoleRule } from '../domain/map-roles.ts';
import {
  choice,
  directoryAddress,
  type FieldValues,
  integer,
  labels,
  names,
  networks,
  optionalSecret,
  optionalSecrets,
  optionalText,
  optionalWebAddress,
  requiredText,
  text,
  texts,
  webAddress,
  yesOrNo,
} from './identity-fields.ts';

/** The name of a source is a part of addresses. */
export const SOURCE_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const HEADER_NAME = { pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, expects: 'the name of a header' } as const;

const label = labels({ sentence: 'What the sign-in page calls the source.' });
const timeoutSeconds = integer({
  default: 10,
  min: 1,
  max: 60,
  sentence: 'The source is unavailable where an answer takes longer than this.',
});
const clockSkewSeconds = integer({ default: 60, min: 0, max: 300, sentence: 'How far the clock of the source may be from ours.' });

/**
 * Every key of every type of source, once: `identity.yaml` is read by these tables, and the JSON Schema and the reference page
 * are made from them. `type` and `roles` are the same for all.
 */
export const SOURCE_FIELDS = {
  oidc: {
    label,
    issuer: webAddress({ sentence: 'The issuer identifier of the provider; its configuration is found below it.' }),
    clientId: requiredText({ sentence: 'The name that the provider knows us by.' }),
    clientSecret: optionalSecret({ sentence: 'The secret that goes with it; without one we are a public client, with PKCE alone.' }),
    clientAuthentication: choice({
      default: 'client_secret_basic',
      of: ['client_secret_basic', 'client_secret_post'],
      sentence: 'How the secret is sent.',
    }),
    scopes: texts({ default: ['openid', 'profile', 'email'], sentence: 'What is asked for; openid always is.' }),
    algorithm: choice({
      default: 'RS256',
      of: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
      sentence: 'How the provider signs ID tokens and logout tokens; nothing else is taken.',
    }),
    userInfo: yesOrNo({ default: true, sentence: 'Whether the userinfo endpoint is asked for more claims.' }),
    userName: text({ default: 'preferred_username', sentence: 'The claim that is the user name.' }),
    email: text({ default: 'email', sentence: 'The claim that is the mail address.' }),
    clockSkewSeconds,
    timeoutSeconds,
  },
  saml: {
    label,
    metadata: optionalSecret({
      sentence: 'The metadata document of the identity provider. It brings issuer, signOnUrl, signOutUrl and certificates.',
    }),
    issuer: optionalText({ sentence: 'The entity id of the identity provider.' }),
    signOnUrl: optionalWebAddress({ sentence: 'Where browsers sign in: its single sign-on service for HTTP-Redirect.' }),
    signOutUrl: optionalWebAddress({ sentence: 'Where browsers sign out: its single logout service for HTTP-Redirect.' }),
    certificates: optionalSecrets({ sentence: 'What it signs with, as PEM; two while it changes its key.' }),
    entityId: optionalText({ sentence: 'Our own entity id; without it, the address of our metadata document.' }),
    key: optionalSecret({ sentence: 'Our private key as PEM: requests are signed with it, and encrypted assertions opened.' }),
    certificate: optionalSecret({ sentence: 'The certificate of that key, for our metadata document.' }),
    subject: optionalText({
      sentence: 'The attribute that says for good who somebody is. Without it, pairwise-id, subject-id, or a NameID that lasts.',
    }),
    userName: text({ default: 'eduPersonPrincipalName', sentence: 'The attribute that is the user name.' }),
    email: text({ default: 'mail', sentence: 'The attribute that is the mail address.' }),
    attributes: names({ sentence: 'More names for attributes, beside those that are known by name and OID.' }),
    forceSignIn: yesOrNo({ default: false, sentence: 'Whether the provider asks for the password again each time.' }),
    clockSkewSeconds,
  },
  ldap: {
    label,
    url: directoryAddress({ sentence: 'The directory: ldaps://, or ldap:// with startTls; ldap:// alone on this machine only.' }),
    startTls: yesOrNo({ default: false, sentence: 'Whether an ldap:// connection is encrypted before anything is said.' }),
    certificateAuthority: optionalSecret({
      sentence: 'The authority that signed its certificate, as PEM, where this machine does not know it.',
    }),
    bindDn: optionalText({ sentence: 'Who searches; without it, the search is anonymous.' }),
    bindPassword: optionalSecret({ sentence: 'The password of bindDn.' }),
    base: requiredText({ sentence: 'Where people are searched, and everything below it.' }),
    filter: text({
      default: '(uid={name})',
      pattern: /^\(.*\{name\}.*\)$/s,
      expects: 'a filter in parentheses with {name} in it',
      sentence: 'How a person is found; {name} is what was typed, escaped.',
    }),
    subject: text({ default: 'entryUUID', sentence: 'The attribute that says for good who somebody is; objectGUID in Active Directory.' }),
    userName: text({ default: 'uid', sentence: 'The attribute that is the user name; sAMAccountName in Active Directory.' }),
    email: text({ default: 'mail', sentence: 'The attribute that is the mail address.' }),
    attributes: texts({
      default: ['cn', 'displayName', 'mail', 'memberOf', 'eduPersonAffiliation', 'eduPersonScopedAffiliation'],
      sentence: 'What is read of a person, beside subject and user name.',
    }),
    groupBase: optionalText({ sentence: 'Where groups are searched; their names become the attribute groups.' }),
    groupFilter: text({
      default: '(member={dn})',
      pattern: /^\(.*\{(?:dn|name)\}.*\)$/s,
      expects: 'a filter in parentheses with {dn} or {name} in it',
      sentence: 'How the groups of a person are found; {dn} is the entry, {name} the user name, both escaped.',
    }),
    groupName: text({ default: 'cn', sentence: 'The attribute that is the name of a group.' }),
    timeoutSeconds,
  },
  cas: {
    label,
    url: webAddress({ sentence: 'The CAS server; /login, /logout and /p3/serviceValidate are below it.' }),
    userName: text({ default: 'user', sentence: 'The attribute that is the user name; user is the one that CAS always sends.' }),
    email: text({ default: 'mail', sentence: 'The attribute that is the mail address.' }),
    forceSignIn: yesOrNo({ default: false, sentence: 'Whether CAS asks for the password again each time (renew).' }),
    timeoutSeconds,
  },
  'proxy-headers': {
    label,
    from: networks({ sentence: 'The proxies that are believed; the headers of anybody else are refused.' }),
    userName: requiredText({ ...HEADER_NAME, sentence: 'The header that holds the user name, such as X-Remote-User.' }),
    subject: optionalText({ ...HEADER_NAME, sentence: 'The header that says for good who somebody is; without it, the user name.' }),
    email: optionalText({ ...HEADER_NAME, sentence: 'The header that holds the mail address.' }),
    attributes: names({ sentence: 'Attributes for the rules, each with the header that holds its values.' }),
    separator: text({
      default: ';',
      pattern: /^[;,|]$/,
      expects: 'one of ; , |',
      sentence: 'What stands between several values of a header; a backslash before it keeps it in the value.',
    }),
    signOutPath: optionalText({
      pattern: /^\/(?!\/)[\x21-\x7e]*$/,
      expects: 'a path on this host, such as /Shibboleth.sso/Logout',
      sentence: 'Where a browser goes to sign out at the proxy too.',
    }),
  },
} as const;

export type SourceType = keyof typeof SOURCE_FIELDS;

export const SOURCE_TYPES = Object.keys(SOURCE_FIELDS) as readonly SourceType[];

interface SourceFacts<Type extends SourceType> {
  readonly type: Type;
  readonly name: string;
  readonly roles: readonly RoleRule[];
}

export type SourceSettings<Type extends SourceType = SourceType> = {
  [Each in Type]: SourceFacts<Each> & FieldValues<(typeof SOURCE_FIELDS)[Each]>;
}[Type];

export type OidcSettings = SourceSettings<'oidc'>;
export type LdapSettings = SourceSettings<'ldap'>;
export type CasSettings = SourceSettings<'cas'>;
export type ProxyHeadersSettings = SourceSettings<'proxy-headers'>;

/** As it is written; `metadata` is read into the others. */
export type WrittenSamlSettings = SourceSettings<'saml'>;
export type SamlSettings = Omit<WrittenSamlSettings, 'metadata' | 'issuer' | 'signOnUrl'> & {
  readonly issuer: string;
  readonly signOnUrl: string;
};

export type IdentitySettings = OidcSettings | SamlSettings | LdapSettings | CasSettings | ProxyHeadersSettings;
