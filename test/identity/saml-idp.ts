import { createSign } from 'node:crypto';
import { deflateRawSync, inflateRawSync, constants as zlib } from 'node:zlib';
import samlify from 'samlify';
import { generate } from 'selfsigned';
import { ADDRESSES, posting } from './identity-parts.ts';

/** What the messages of a test are made of; everything has a value that is right. */
export interface ResponseFacts {
  readonly requestId: string;
  readonly issuer: string;
  readonly destination: string;
  readonly recipient: string;
  readonly audience: string;
  readonly assertionId: string;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly notBeforeSeconds: number;
  readonly notOnOrAfterSeconds: number;
  readonly confirmedUntilSeconds: number;
  readonly sessionUntilSeconds: number;
  readonly method: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export const IDP = {
  entityId: 'https://idp.example.edu/shibboleth',
  signOnUrl: 'https://idp.example.edu/sso',
  signOutUrl: 'https://idp.example.edu/slo',
};

export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

export async function makeKeyPair(name: string): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: name }], { keySize: 2048, algorithm: 'sha256' });
  return { key: made.private, certificate: made.cert };
}

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

export function rightFacts(requestId: string): ResponseFacts {
  return {
    requestId,
    issuer: IDP.entityId,
    destination: ADDRESSES.callback,
    recipient: ADDRESSES.callback,
    audience: ADDRESSES.metadata,
    assertionId: `_a${Math.random().toString(36).slice(2)}`,
    nameId: 'p-1',
    nameIdFormat: PERSISTENT,
    notBeforeSeconds: -5,
    notOnOrAfterSeconds: 300,
    confirmedUntilSeconds: 300,
    sessionUntilSeconds: 3_600,
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    attributes: { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': ['anna@example.edu'] },
  };
}

export function at(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

export function writeAssertion(facts: ResponseFacts): string {
  const attributes = Object.entries(facts.attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${facts.assertionId}" Version="2.0" IssueInstant="${at(0)}">`,
    `<saml:Issuer>${facts.issuer}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${facts.nameIdFormat}">${facts.nameId}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="${facts.method}"><saml:SubjectConfirmationData NotOnOrAfter="${at(facts.confirmedUntilSeconds)}" Recipient="${facts.recipient}" InResponseTo="${facts.requestId}"/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${at(facts.notBeforeSeconds)}" NotOnOrAfter="${at(facts.notOnOrAfterSeconds)}"><saml:AudienceRestriction><saml:Audience>${facts.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at(-10)}" SessionIndex="s-1" SessionNotOnOrAfter="${at(facts.sessionUntilSeconds)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`,
    '</saml:Assertion>',
  ].join('');
}

export function writeResponse(facts: ResponseFacts, assertion: string = writeAssertion(facts)): string {
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${facts.assertionId}" Version="2.0" IssueInstant="${at(0)}" Destination="${facts.destination}" InResponseTo="${facts.requestId}">`,
    `<saml:Issuer>${facts.issuer}</saml:Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="${facts.status}"/></samlp:Status>`,
    assertion,
    '</samlp:Response>',
  ].join('');
}

const SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** Signs the assertion, or the whole message, as providers do: behind the issuer. */
export function sign(
  xml: string,
  { key, certificate }: KeyPair,
  what: 'Assertion' | 'Response' | 'LogoutRequest' = 'Assertion',
  algorithm: string = SHA256,
): string {
  const path = what === 'Assertion' ? "/*[local-name(.)='Response']/*[local-name(.)='Assertion']" : `/*[local-name(.)='${what}']`;
  return samlify.SamlLib.constructSAMLSignature({
    rawSamlMessage: xml,
    referenceTagXPath: path,
    privateKey: key,
    signingCert: certificate.replace(/-----[A-Z ]+-----|\s+/g, ''),
    signatureAlgorithm: algorithm,
    transformationAlgorithms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    isBase64Output: false,
    signatureConfig: { prefix: 'ds', location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' } },
  });
}

/** The form that a browser posts to us. */
export function postResponse(xml: string, relayState: string) {
  return posting({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState: relayState });
}

/** The types of the package leave these out. */
const ENCRYPTION: object = {
  dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
};

/** `samlify` as the identity provider, with our metadata document as all that it knows about us. */
export function realIdp(keys: KeyPair, ourMetadata: string, encrypted: boolean, over: object = {}) {
  samlify.setSchemaValidator({ validate: async () => 'not validated' });
  const idp = samlify.IdentityProvider({
    entityID: IDP.entityId,
    privateKey: keys.key,
    signingCert: keys.certificate.replace(/-----[A-Z ]+-----|\s+/g, ''),
    isAssertionEncrypted: encrypted,
    ...ENCRYPTION,
    nameIDFormat: [PERSISTENT],
    wantAuthnRequestsSigned: encrypted,
    requestSignatureAlgorithm: SHA256,
    singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: IDP.signOnUrl }],
    singleLogoutService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: IDP.signOutUrl }],
    ...over,
  });
  const service = samlify.ServiceProvider({ metadata: ourMetadata });
  return {
    metadata: idp.getMetadata(),
    /** Reads our request, which a browser brings, and answers it. */
    async answer(
      url: string,
      change: (facts: ResponseFacts) => ResponseFacts = (facts) => facts,
    ): Promise<{ SAMLResponse: string; requestId: string }> {
      const { searchParams } = new URL(url);
      const query = Object.fromEntries(searchParams);
      const octetString = ['SAMLRequest', 'RelayState', 'SigAlg']
        .flatMap((name) => (name in query ? [`${name}=${encodeURIComponent(query[name] ?? '')}`] : []))
        .join('&');
      const request = await idp.parseLoginRequest(service, 'redirect', { query, octetString });
      const requestId = String(request.extract.request?.id);
      const facts = change(rightFacts(requestId));
      const answer = await idp.createLoginResponse(service, { extract: request.extract }, 'post', {}, () => ({
        id: 'x',
        context: writeResponse(facts),
      }));
      return { SAMLResponse: answer.context, requestId };
    },
  };
}

export function requestIdOf(url: string): string {
  const xml = inflateRawSync(Buffer.from(new URL(url).searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  return / ID="([^"]+)"/.exec(xml)?.[1] ?? '';
}

export interface LogoutFacts {
  readonly id: string;
  readonly issuer: string;
  readonly destination: string;
  readonly nameId: string;
  readonly indexes: readonly string[];
  readonly issuedSeconds: number;
}

export function writeLogoutRequest(over: Partial<LogoutFacts> = {}): string {
  const facts = {
    id: `_l${Math.random().toString(36).slice(2)}`,
    issuer: IDP.entityId,
    destination: ADDRESSES.logout,
    nameId: 'p-1',
    indexes: ['s-1'],
    issuedSeconds: 0,
    ...over,
  };
  return [
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${facts.id}" Version="2.0" IssueInstant="${at(facts.issuedSeconds)}" Destination="${facts.destination}">`,
    `<saml:Issuer>${facts.issuer}</saml:Issuer><saml:NameID Format="${PERSISTENT}">${facts.nameId}</saml:NameID>`,
    ...facts.indexes.map((index) => `<samlp:SessionIndex>${index}</samlp:SessionIndex>`),
    '</samlp:LogoutRequest>',
  ].join('');
}

/** The query of HTTP-Redirect; `key` null signs nothing. */
export function redirectQuery(xml: string, key: string | null, relayState = 'back', algorithm = SHA256): string {
  const deflated = deflateRawSync(Buffer.from(xml), { level: zlib.Z_BEST_COMPRESSION }).toString('base64');
  const plain = `SAMLRequest=${encodeURIComponent(deflated)}&RelayState=${encodeURIComponent(relayState)}`;
  if (key === null) return plain;
  const signed = `${plain}&SigAlg=${encodeURIComponent(algorithm)}`;
  const digest = algorithm.endsWith('sha1') ? 'RSA-SHA1' : 'RSA-SHA256';
  return `${signed}&Signature=${encodeURIComponent(createSign(digest).update(signed).sign(key, 'base64'))}`;
}
