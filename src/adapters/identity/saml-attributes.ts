/**
 * Attributes by the names that people write.
 * https://wiki.refeds.org/display/STAN/eduPerson, https://docs.oasis-open.org/security/saml-subject-id-attr/v1.0/saml-subject-id-attr-v1.0.html
 */
import { childrenOf, walk, type XmlElement } from '../../lib/xml-tree.ts';

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';

/** By object identifier (SAML's URI name format), and by the URIs of ADFS and Entra ID. */
const KNOWN_NAMES: ReadonlyMap<string, string> = new Map([
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.1', 'eduPersonAffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.5', 'eduPersonPrimaryAffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.6', 'eduPersonPrincipalName'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.7', 'eduPersonEntitlement'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.9', 'eduPersonScopedAffiliation'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.10', 'eduPersonTargetedID'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.11', 'eduPersonAssurance'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.13', 'eduPersonUniqueId'],
  ['urn:oid:1.3.6.1.4.1.5923.1.1.1.16', 'eduPersonOrcid'],
  ['urn:oid:1.3.6.1.4.1.5923.1.5.1.1', 'isMemberOf'],
  ['urn:oid:1.3.6.1.4.1.25178.1.2.9', 'schacHomeOrganization'],
  ['urn:oid:0.9.2342.19200300.100.1.1', 'uid'],
  ['urn:oid:0.9.2342.19200300.100.1.3', 'mail'],
  ['urn:oid:2.5.4.3', 'cn'],
  ['urn:oid:2.5.4.4', 'sn'],
  ['urn:oid:2.5.4.10', 'o'],
  ['urn:oid:2.5.4.11', 'ou'],
  ['urn:oid:2.5.4.42', 'givenName'],
  ['urn:oid:2.16.840.1.113730.3.1.241', 'displayName'],
  ['urn:oasis:names:tc:SAML:attribute:pairwise-id', 'pairwise-id'],
  ['urn:oasis:names:tc:SAML:attribute:subject-id', 'subject-id'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', 'name'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn', 'upn'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', 'mail'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/groups', 'groups'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role', 'role'],
]);

/** Every attribute under the name that it came with, and under ours. One that came under several has the values of all. */
export function readAttributes(assertion: XmlElement, named: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const ours = new Map([...KNOWN_NAMES, ...[...named].map(([name, outside]) => [outside, name] as const)]);
  const attributes = new Map<string, ReadonlySet<string>>();
  for (const element of childrenOf(assertion, SAML, 'AttributeStatement').flatMap((each) => childrenOf(each, SAML, 'Attribute'))) {
    const given = element.attributes.get('Name') ?? '';
    const values = childrenOf(element, SAML, 'AttributeValue')
      .map(textOf)
      .filter((text) => text !== '');
    for (const name of new Set([given, ours.get(given) ?? given])) {
      if (values.length > 0) attributes.set(name, new Set([...(attributes.get(name) ?? []), ...values]));
    }
  }
  return new Map([...attributes].map(([name, values]) => [name, [...values]]));
}

/** A value may be an element itself, as the NameID in eduPersonTargetedID is. */
function textOf(value: XmlElement): string {
  return [...walk(value)]
    .map(({ text }) => text)
    .join('')
    .trim();
}
