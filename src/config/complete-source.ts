import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isThisMachine } from './identity-fields.ts';
import {
  HEADER_NAME,
  type IdentitySettings,
  type LdapSettings,
  type OidcSettings,
  type ProxyHeadersSettings,
  type SamlSettings,
  type SourceSettings,
  type WrittenSamlSettings,
} from './identity-sources.ts';
import { parseIdpMetadata } from './saml-metadata.ts';

interface Reports {
  /** At the key, or at the source where it has no such key. */
  report(key: string, sentence: string): void;
}

/** What is right key by key and wrong together is reported; what one key brings for others is filled in. Null after a mistake. */
export function completeSource(source: SourceSettings, reports: Reports): IdentitySettings | null {
  if (source.type === 'oidc') return completeOidc(source, reports);
  if (source.type === 'saml') return completeSaml(source, reports);
  if (source.type === 'ldap') return completeLdap(source, reports);
  if (source.type === 'proxy-headers') return completeHeaders(source, reports);
  return source;
}

function completeOidc(source: OidcSettings, { report }: Reports): OidcSettings | null {
  const { search } = new URL(source.issuer);
  if (search === '') return { ...source, scopes: [...new Set(['openid', ...source.scopes])] };
  report('issuer', 'An issuer identifier has no query.');
  return null;
}

function completeLdap(source: LdapSettings, { report }: Reports): LdapSettings | null {
  const { protocol, hostname } = new URL(source.url);
  const mistakes: (readonly [string, string])[] = [];
  if (protocol === 'ldaps:' && source.startTls) mistakes.push(['startTls', 'ldaps:// is encrypted from the start: leave startTls out.']);
  if (protocol === 'ldap:' && !source.startTls && !isThisMachine(hostname)) {
    mistakes.push(['url', 'Passwords would travel in the clear: use ldaps://, or set startTls to true.']);
  }
  if (source.bindDn !== null && source.bindPassword === null) mistakes.push(['bindDn', 'bindDn needs a bindPassword.']);
  if (source.bindDn === null && source.bindPassword !== null) mistakes.push(['bindPassword', 'bindPassword needs a bindDn.']);
  for (const [key, sentence] of mistakes) report(key, sentence);
  return mistakes.length === 0 ? source : null;
}

function completeHeaders(source: ProxyHeadersSettings, { report }: Reports): ProxyHeadersSettings | null {
  const wrong = [...source.attributes.values()].find((header) => !HEADER_NAME.pattern.test(header));
  if (wrong === undefined) return source;
  report('attributes', `"${wrong}" is no name of a header.`);
  return null;
}

function completeSaml({ metadata, ...source }: WrittenSamlSettings, { report }: Reports): SamlSettings | null {
  const mistakes = findSamlMistakes({ metadata, ...source });
  for (const [key, sentence] of mistakes) report(key, sentence);
  if (mistakes.length > 0) return null;
  const { issuer, signOnUrl } = source;
  if (metadata === null) return issuer === null || signOnUrl === null ? null : { ...source, issuer, signOnUrl };
  const found = parseIdpMetadata(metadata);
  if ('mistake' in found) {
    report('metadata', found.mistake);
    return null;
  }
  if (!isSafe(found.signOnUrl) || (found.signOutUrl !== null && !isSafe(found.signOutUrl))) {
    report('metadata', 'The metadata document names an address that does not begin with https://.');
    return null;
  }
  return { ...source, ...found };
}

const MUST_BE_PEM = 'must be PEM, and begin with -----BEGIN CERTIFICATE-----.';

function findSamlMistakes(source: WrittenSamlSettings): ReadonlyArray<readonly [string, string]> {
  const mistakes: (readonly [string, string])[] = [];
  const given = {
    issuer: source.issuer,
    signOnUrl: source.signOnUrl,
    signOutUrl: source.signOutUrl,
    certificates: source.certificates[0] ?? null,
  };
  for (const [key, value] of Object.entries(given)) {
    if (source.metadata !== null && value !== null) mistakes.push([key, `metadata brings ${key}: leave one of the two out.`]);
    if (source.metadata === null && value === null && key !== 'signOutUrl') {
      mistakes.push(['type', `Source "${source.name}" has no ${key}. It needs metadata, or issuer, signOnUrl and certificates.`]);
    }
  }
  for (const certificate of source.certificates) {
    if (readCertificate(certificate) === null) mistakes.push(['certificates', `A certificate ${MUST_BE_PEM}`]);
  }
  if (source.key !== null && source.certificate === null) mistakes.push(['key', 'key needs a certificate, which others check it by.']);
  if (source.key === null && source.certificate !== null) mistakes.push(['certificate', 'certificate needs a key, the private one.']);
  const own = source.certificate === null ? null : readCertificate(source.certificate);
  if (source.certificate !== null && own === null) mistakes.push(['certificate', `The certificate ${MUST_BE_PEM}`]);
  const wrongKey = source.key === null ? null : findKeyMistake(source.key, own);
  if (wrongKey !== null) mistakes.push(['key', wrongKey]);
  return mistakes;
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return pem.startsWith('-----BEGIN CERTIFICATE-----') ? new X509Certificate(pem) : null;
  } catch {
    return null;
  }
}

function findKeyMistake(key: string, certificate: X509Certificate | null): string | null {
  try {
    const own = createPrivateKey(key);
    if (own.asymmetricKeyType !== 'rsa') return 'The key must be an RSA key.';
    return certificate === null || certificate.checkPrivateKey(own) ? null : 'The key does not belong to the certificate.';
  } catch {
    return 'The key must be PEM, without a password.';
  }
}

function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}
