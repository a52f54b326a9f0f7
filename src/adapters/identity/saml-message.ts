/**
 * What must be so of a SAML message before and after its signature is checked.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf
 * https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf, §4.1.4
 */
import { type IdentityRefused, identityRefused } from '../../domain/identity.ts';
import { childrenOf, onlyChild, parseXml, walk, type XmlElement } from '../../lib/xml-tree.ts';
import { SAML } from './saml-attributes.ts';

export const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:';
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

/** Nothing with SHA-1, MD5 or a shared secret; of encryption, only what notices changes. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  SignatureMethod: [
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  ],
  DigestMethod: [
    'http://www.w3.org/2001/04/xmlenc#sha256',
    'http://www.w3.org/2001/04/xmldsig-more#sha384',
    'http://www.w3.org/2001/04/xmlenc#sha512',
  ],
  CanonicalizationMethod: ['http://www.w3.org/2001/10/xml-exc-c14n#'],
  Transform: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  EncryptionMethod: [
    'http://www.w3.org/2009/xmlenc11#aes128-gcm',
    'http://www.w3.org/2009/xmlenc11#aes192-gcm',
    'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    'http://www.w3.org/2009/xmlenc11#rsa-oaep',
  ],
};

/** Within key encryption, the digest that RSA-OAEP is defined with; no signature depends on it. */
const OAEP_DIGEST = 'http://www.w3.org/2000/09/xmldsig#sha1';

export interface Expected {
  /** Entity id of the identity provider. */
  readonly issuer: string;
  /** Our address that the message must be for. */
  readonly destination: string;
}

/** Strict reading, before any library sees the text. Nothing of it is believed yet. */
export function readMessage(xml: string, name: string, { issuer, destination }: Expected): XmlElement | IdentityRefused {
  const parsed = parseXml(xml);
  if (!parsed.ok) return identityRefused('identity.message', `the message cannot be read: ${parsed.mistake}`);
  const { root } = parsed;
  if (root.name !== name || root.namespace !== SAMLP) return identityRefused('identity.message', `the message is no ${name}`);
  if (root.attributes.get('Version') !== '2.0') return identityRefused('identity.message', 'the message is not of version 2.0');
  const from = onlyChild(root, SAML, 'Issuer')?.text.trim() ?? issuer;
  if (from !== issuer) return identityRefused('identity.issuer', `the message is from ${from}`);
  const to = root.attributes.get('Destination') ?? destination;
  if (to !== destination) return identityRefused('identity.audience', `the message is for ${to}`);
  return findMisplacement(root) ?? findOddity(root) ?? root;
}

/** What an encrypted assertion holds, read as strictly; null for a good one. */
export function judgeDecrypted(xml: string): IdentityRefused | null {
  const parsed = parseXml(xml);
  if (!parsed.ok) return identityRefused('identity.message', `the encrypted assertion cannot be read: ${parsed.mistake}`);
  const inner = [...walk(parsed.root)].filter(isAssertion);
  if (inner.length !== 1 || inner[0] !== parsed.root)
    return identityRefused('identity.signature', 'what was encrypted is no single assertion');
  return findOddity(parsed.root);
}

function isAssertion({ name }: XmlElement): boolean {
  return name === 'Assertion' || name === 'EncryptedAssertion';
}

/** One assertion at most, and that in its place. */
function findMisplacement(root: XmlElement): IdentityRefused | null {
  const assertions = [...walk(root)].filter(isAssertion);
  if (assertions.length > 1) return identityRefused('identity.signature', `there are ${assertions.length} assertions`);
  const misplaced = assertions.some((each) => !root.children.includes(each));
  return misplaced ? identityRefused('identity.signature', 'the assertion is not where it belongs') : null;
}

/** What no provider writes, and attacks on signatures need. */
function findOddity(root: XmlElement): IdentityRefused | null {
  const elements = [...walk(root)];
  const ids = elements.flatMap(({ attributes }) => ['ID', 'Id', 'id'].flatMap((name) => attributes.get(name) ?? []));
  if (new Set(ids).size !== ids.length) return identityRefused('identity.signature', 'two elements have one ID');
  if (elements.filter(({ name }) => name === 'EncryptedData').length > 1)
    return identityRefused('identity.signature', 'several parts are encrypted');
  if (elements.some(({ name, namespace }) => name === 'Object' && namespace === DSIG))
    return identityRefused('identity.signature', 'a signature holds an object');
  const keyDigests = new Set(elements.filter(({ name }) => name === 'EncryptionMethod').flatMap(({ children }) => children));
  const weak = elements.find((each) => !isStrong(each, keyDigests.has(each)));
  return weak === undefined
    ? null
    : identityRefused('identity.signature', `${weak.name} is ${weak.attributes.get('Algorithm') ?? 'nothing'}`);
}

function isStrong({ name, attributes }: XmlElement, ofKey: boolean): boolean {
  const known = ALGORITHMS[name];
  const given = attributes.get('Algorithm') ?? '';
  return known === undefined || known.includes(given) || (ofKey && given === OAEP_DIGEST);
}

/** §3.2.2.2. Errors are not signed by every provider, and need not be: they open nothing. */
export function findStatusRefusal(response: XmlElement): IdentityRefused | null {
  const codes = [...walk(onlyChild(response, SAMLP, 'Status') ?? response)].filter(({ name }) => name === 'StatusCode');
  const values = codes.map(({ attributes }) => (attributes.get('Value') ?? '').replace(STATUS, ''));
  if (values[0] === 'Success') return null;
  const brokenOff = values.some((value) => ['AuthnFailed', 'RequestDenied', 'NoPassive', 'NoAuthnContext'].includes(value));
  return identityRefused(brokenOff ? 'identity.cancelled' : 'identity.message', `the provider said ${values.join(', ') || 'no status'}`);
}

export interface BearerExpected {
  readonly issuer: string;
  readonly recipient: string;
  readonly requestId: string;
  readonly audience: string;
  readonly now: Date;
  readonly skewSeconds: number;
}

/** What was signed and by whom, taken from the signed bytes alone. */
export interface BearerAssertion {
  readonly assertion: XmlElement;
  readonly id: string;
  /** When it can no longer be used, and need no longer be remembered. */
  readonly until: Date;
  readonly nameId: XmlElement | null;
  readonly sessionIndex: string | null;
}

/** Profiles §4.1.4.2 and §4.1.4.3, of the bytes that the signature covers. */
export function readBearerAssertion(xml: string, expected: BearerExpected): BearerAssertion | IdentityRefused {
  const parsed = parseXml(xml);
  if (!parsed.ok || parsed.root.name !== 'Assertion' || parsed.root.namespace !== SAML) {
    return identityRefused('identity.signature', 'what is signed is no assertion');
  }
  const assertion = parsed.root;
  const id = assertion.attributes.get('ID') ?? '';
  if (id === '' || assertion.attributes.get('Version') !== '2.0')
    return identityRefused('identity.message', 'the assertion has no ID or version');
  const issuer = onlyChild(assertion, SAML, 'Issuer')?.text.trim();
  if (issuer !== expected.issuer) return identityRefused('identity.issuer', `the assertion is from ${issuer ?? 'nobody'}`);
  const subject = onlyChild(assertion, SAML, 'Subject');
  const confirmed =
    subject === null ? identityRefused('identity.message', 'the assertion has no subject') : findConfirmation(subject, expected);
  if (!(confirmed instanceof Date)) return confirmed;
  const unfit = findUnfitCondition(assertion, expected) ?? findUnfitStatement(assertion, expected);
  if (unfit !== null) return unfit;
  const until = new Date(confirmed.getTime() + expected.skewSeconds * 1000);
  const statement = childrenOf(assertion, SAML, 'AuthnStatement')[0];
  return {
    assertion,
    id,
    until,
    nameId: subject === null ? null : onlyChild(subject, SAML, 'NameID'),
    sessionIndex: statement?.attributes.get('SessionIndex') ?? null,
  };
}

/** The time until which a bearer may bring it; one confirmation that fits is enough. */
function findConfirmation(subject: XmlElement, expected: BearerExpected): Date | IdentityRefused {
  const bearers = childrenOf(subject, SAML, 'SubjectConfirmation').filter(({ attributes }) => attributes.get('Method') === BEARER);
  const judged = bearers.map((bearer) => judgeConfirmation(onlyChild(bearer, SAML, 'SubjectConfirmationData'), expected));
  return judged.find((each) => each instanceof Date) ?? judged[0] ?? identityRefused('identity.message', 'the assertion is for no bearer');
}

function judgeConfirmation(data: XmlElement | null, { recipient, requestId, ...times }: BearerExpected): Date | IdentityRefused {
  if (data === null) return identityRefused('identity.message', 'the confirmation says nothing');
  const to = data.attributes.get('Recipient');
  if (to !== recipient) return identityRefused('identity.audience', `the assertion is for ${to ?? 'no recipient'}`);
  if (data.attributes.get('InResponseTo') !== requestId) return identityRefused('identity.state', 'the assertion answers another request');
  const until = data.attributes.get('NotOnOrAfter') ?? '';
  if (!isNow(data, times)) return identityRefused('identity.expired', `the confirmation is not valid now, but until ${until}`);
  const end = readTime(until);
  return end === null ? identityRefused('identity.message', 'the confirmation has no end') : end;
}

function findUnfitCondition(assertion: XmlElement, expected: BearerExpected): IdentityRefused | null {
  const conditions = onlyChild(assertion, SAML, 'Conditions');
  if (conditions === null) return identityRefused('identity.message', 'the assertion has no conditions, or several');
  if (!isNow(conditions, expected)) return identityRefused('identity.expired', 'the assertion is not valid now');
  const restrictions = childrenOf(conditions, SAML, 'AudienceRestriction');
  const meant = restrictions.map((each) => childrenOf(each, SAML, 'Audience').map(({ text }) => text.trim()));
  if (restrictions.length > 0 && meant.every((audiences) => audiences.includes(expected.audience))) return null;
  return identityRefused('identity.audience', `the assertion is for ${meant.flat().join(', ') || 'no audience'}`);
}

function findUnfitStatement(assertion: XmlElement, expected: BearerExpected): IdentityRefused | null {
  const statements = childrenOf(assertion, SAML, 'AuthnStatement');
  if (statements.length === 0) return identityRefused('identity.message', 'the assertion says nothing about a sign-in');
  const over = statements.some(({ attributes }) => isOver(attributes.get('SessionNotOnOrAfter'), expected));
  return over ? identityRefused('identity.expired', 'the session at the provider is over') : null;
}

type Times = Pick<BearerExpected, 'now' | 'skewSeconds'>;

/** Whether the time lies within NotBefore and NotOnOrAfter, as far as they are there. */
export function isNow({ attributes }: XmlElement, times: Times): boolean {
  const from = attributes.get('NotBefore');
  if (from !== undefined) {
    const begin = readTime(from);
    if (begin === null || begin.getTime() > times.now.getTime() + times.skewSeconds * 1000) return false;
  }
  return !isOver(attributes.get('NotOnOrAfter'), times);
}

function isOver(until: string | undefined, { now, skewSeconds }: Times): boolean {
  if (until === undefined) return false;
  const end = readTime(until);
  return end === null || end.getTime() + skewSeconds * 1000 <= now.getTime();
}

/** §1.3.3: in UTC. */
export function readTime(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}
