/**
 * What identity providers must know about us.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf, §2.4.4
 */
import type { SamlSettings } from '../../config/identity-sources.ts';
import type { IdentityAddresses } from '../../domain/identity.ts';

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:';
const ENCRYPTION = ['http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2009/xmlenc11#aes128-gcm'];

export function writeServiceMetadata({ entityId, certificate }: SamlSettings, { callback, logout, metadata }: IdentityAddresses): string {
  const keys = certificate === null ? [] : [writeKey('signing', certificate), writeKey('encryption', certificate, ENCRYPTION)];
  // Whoever cannot sign a logout message gets none.
  const logouts = certificate === null ? [] : ['HTTP-Redirect', 'HTTP-POST'];
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(entityId ?? metadata)}">`,
    `  <md:SPSSODescriptor AuthnRequestsSigned="${certificate !== null}" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    ...keys,
    ...logouts.map((binding) => `    <md:SingleLogoutService Binding="${BINDINGS}${binding}" Location="${escapeXml(logout)}"/>`),
    '    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>',
    '    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>',
    `    <md:AssertionConsumerService index="0" isDefault="true" Binding="${BINDINGS}HTTP-POST" Location="${escapeXml(callback)}"/>`,
    '  </md:SPSSODescriptor>',
    '</md:EntityDescriptor>',
  ].join('\n')}\n`;
}

function writeKey(use: string, certificate: string, methods: readonly string[] = []): string {
  const base64 = certificate.replace(/-----[A-Z ]+-----|\s+/g, '');
  return [
    `    <md:KeyDescriptor use="${use}">`,
    `      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    ...methods.map((method) => `      <md:EncryptionMethod Algorithm="${method}"/>`),
    '    </md:KeyDescriptor>',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
