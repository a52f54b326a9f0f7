/**
 * What an identity provider says about itself.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
 */
import { childrenOf, onlyChild, parseXml, walk, type XmlElement } from '../lib/xml-tree.ts';

const MD = 'urn:oasis:names:tc:SAML:2.0:metadata';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

export interface IdpMetadata {
  readonly issuer: string;
  readonly signOnUrl: string;
  readonly signOutUrl: string | null;
  /** PEM. */
  readonly certificates: readonly string[];
}

/** The one identity provider of a metadata document, or a sentence that says why there is none. */
export function parseIdpMetadata(text: string): IdpMetadata | { readonly mistake: string } {
  const parsed = parseXml(withoutRemarks(text));
  if (!parsed.ok) return { mistake: `The metadata document cannot be read: ${parsed.mistake}.` };
  const providers = [...walk(parsed.root)].filter(isProvider);
  const [entity, ...more] = providers;
  if (entity === undefined) return { mistake: 'The metadata document describes no SAML 2.0 identity provider.' };
  if (more.length > 0)
    return { mistake: `The metadata document describes ${providers.length} identity providers. Keep the one that is meant.` };
  return readProvider(entity);
}

/** The file is our own administrator's: federations write remarks into theirs. */
function withoutRemarks(text: string): string {
  return text.replace(/<!--.*?-->/gs, '');
}

function isProvider(element: XmlElement): boolean {
  return element.name === 'EntityDescriptor' && element.namespace === MD && roleOf(element) !== null;
}

function roleOf(entity: XmlElement): XmlElement | null {
  const roles = childrenOf(entity, MD, 'IDPSSODescriptor');
  return roles.find(({ attributes }) => attributes.get('protocolSupportEnumeration')?.split(/\s+/).includes(PROTOCOL) === true) ?? null;
}

function readProvider(entity: XmlElement): IdpMetadata | { readonly mistake: string } {
  const role = roleOf(entity);
  const issuer = entity.attributes.get('entityID') ?? '';
  const signOnUrl = role === null ? null : findEndpoint(role, 'SingleSignOnService');
  if (role === null || issuer === '') return { mistake: 'The metadata document names no entity id.' };
  if (signOnUrl === null) return { mistake: 'The metadata document has no single sign-on service for HTTP-Redirect.' };
  const certificates = childrenOf(role, MD, 'KeyDescriptor').filter(isForSigning).flatMap(readCertificates);
  if (certificates.length === 0) return { mistake: 'The metadata document has no certificate for signing.' };
  return { issuer, signOnUrl, signOutUrl: findEndpoint(role, 'SingleLogoutService'), certificates: [...new Set(certificates)] };
}

function findEndpoint(role: XmlElement, service: string): string | null {
  const endpoint = childrenOf(role, MD, service).find(({ attributes }) => attributes.get('Binding') === REDIRECT);
  return endpoint?.attributes.get('Location') ?? null;
}

/** A key without a use is for both. */
function isForSigning({ attributes }: XmlElement): boolean {
  return (attributes.get('use') ?? 'signing') === 'signing';
}

function readCertificates(key: XmlElement): readonly string[] {
  const data = childrenOf(onlyChild(key, DS, 'KeyInfo') ?? key, DS, 'X509Data');
  return data.flatMap((each) => childrenOf(each, DS, 'X509Certificate')).map(({ text }) => toPem(text));
}

function toPem(base64: string): string {
  const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}
