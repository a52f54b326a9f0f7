/**
 * SAML 2.0 as a service provider: Web Browser SSO (HTTP-Redirect out, HTTP-POST in) and Single Logout.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf, §4.1 and §4.4
 * https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf
 */
import { inflateRawSync } from 'node:zlib';
import type { SAML as Library, Profile, SamlConfig } from '@node-saml/node-saml';
import { z } from 'zod';
import type { SamlSettings } from '../../config/identity-sources.ts';
import {
  type IdentityAddresses,
  type IdentityOutcome,
  type IdentityRefused,
  identify,
  identityRefused,
  type LogoutOutcome,
  type OneTimeIds,
  type OutsideRequest,
  type PendingSignIn,
  type RedirectIdentitySource,
} from '../../domain/identity.ts';
import type { Clock, Randomness } from '../../domain/ports.ts';
import { MESSAGE_LIMITS, type XmlElement } from '../../lib/xml-tree.ts';
import { readAttributes } from './saml-attributes.ts';
import {
  type BearerAssertion,
  findStatusRefusal,
  isNow,
  judgeDecrypted,
  readBearerAssertion,
  readMessage,
  readTime,
} from './saml-message.ts';
import { writeServiceMetadata } from './saml-service-metadata.ts';
import { singleParameter } from './single-parameter.ts';

const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

/** Whoever signs in takes minutes; how long a pending sign-in is kept is for its keeper to say. */
const REQUEST_HOURS = 1;

/** A logout message without an end of its own. */
const LOGOUT_MINUTES = 10;

const LOGOUT_SIGNATURES = ['256', '384', '512'].map((bits) => `http://www.w3.org/2001/04/xmldsig-more#rsa-sha${bits}`);

const SECRETS = z.object({ requestId: z.string(), at: z.string() });
const HINT = z.object({
  nameID: z.string(),
  nameIDFormat: z.string(),
  nameQualifier: z.string().optional(),
  spNameQualifier: z.string().optional(),
  sessionIndex: z.string().optional(),
});

interface SamlParts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly oneTimeIds: OneTimeIds;
}

/** The library's memory of requests, which here is one request long. */
interface RequestMemory {
  requestId: string | null;
  at: string | null;
}

export function createSamlSource(settings: SamlSettings, { clock, randomness, oneTimeIds }: SamlParts): RedirectIdentitySource {
  const skewSeconds = settings.clockSkewSeconds;
  const entityId = (addresses: IdentityAddresses) => settings.entityId ?? addresses.metadata;

  async function redeem(text: string, pending: PendingSignIn, addresses: IdentityAddresses): Promise<IdentityOutcome> {
    const secrets = SECRETS.safeParse(parseJson(pending.secrets));
    if (!secrets.success) return identityRefused('identity.state', 'the secrets of the pending sign-in are of another kind');
    const response = readMessage(decode(text), 'Response', { issuer: settings.issuer, destination: addresses.callback });
    if ('outcome' in response) return response;
    const unsuccessful = findStatusRefusal(response);
    if (unsuccessful !== null) return unsuccessful;
    const hidden = await findHiddenOddity(response, decode(text), settings);
    if (hidden !== null) return hidden;
    const signed = await verify(text, await libraryOf(settings, addresses, { ...secrets.data }));
    if (typeof signed !== 'string') return signed;
    const bearer = readBearerAssertion(signed, {
      issuer: settings.issuer,
      recipient: addresses.callback,
      requestId: secrets.data.requestId,
      audience: entityId(addresses),
      now: clock.now(),
      skewSeconds,
    });
    if ('outcome' in bearer) return bearer;
    if (!(await oneTimeIds.spend(`saml:${settings.name}:${bearer.id}`, bearer.until)))
      return identityRefused('identity.replayed', 'the assertion was used before');
    return toPerson(bearer, settings);
  }

  async function judgeLogout(request: OutsideRequest, addresses: IdentityAddresses): Promise<LogoutOutcome> {
    const sent = request.method === 'POST' ? request.form : new URLSearchParams(request.query);
    if (sent.has('SAMLResponse')) return { outcome: 'returned' };
    const message = singleParameter(sent, 'SAMLRequest');
    if (message === null) return identityRefused('identity.message', 'there is no logout request');
    const xml = request.method === 'POST' ? decode(message) : inflate(message);
    const root = readMessage(xml, 'LogoutRequest', { issuer: settings.issuer, destination: addresses.logout });
    if ('outcome' in root) return root;
    const library = await libraryOf(settings, addresses, { requestId: null, at: null });
    const verified = request.method === 'POST' ? await verifyPost(library, message) : await verifyRedirect(library, request.query);
    if ('outcome' in verified) return verified;
    return (await findStale(root)) ?? toLogout(root, verified.profile, library, singleParameter(sent, 'RelayState'));
  }

  /** Too old, or used before. */
  async function findStale(root: XmlElement): Promise<IdentityRefused | null> {
    const [now, issued] = [clock.now(), readTime(root.attributes.get('IssueInstant') ?? '')];
    if (issued === null || !isNow(root, { now, skewSeconds }))
      return identityRefused('identity.expired', 'the logout request is not valid now');
    const until = new Date(issued.getTime() + LOGOUT_MINUTES * 60_000 + skewSeconds * 1000);
    if (until <= now || issued.getTime() > now.getTime() + skewSeconds * 1000)
      return identityRefused('identity.expired', `the logout request is of ${issued.toISOString()}`);
    const fresh = await oneTimeIds.spend(`saml:${settings.name}:${root.attributes.get('ID') ?? ''}`, until);
    return fresh ? null : identityRefused('identity.replayed', 'the logout request was used before');
  }

  async function toLogout(root: XmlElement, profile: Profile, library: Library, relayState: string | null): Promise<LogoutOutcome> {
    const indexes = root.children.filter(({ name }) => name === 'SessionIndex').map(({ text }) => joinIndex(profile.nameID, text.trim()));
    const replyUrl = settings.signOutUrl === null ? null : await library.getLogoutResponseUrlAsync(profile, relayState ?? '', {}, true);
    return { outcome: 'logout', subject: indexes.length === 0 ? profile.nameID : null, sessionIndexes: indexes, replyUrl };
  }

  return {
    flow: 'redirect',
    name: settings.name,

    async start(addresses) {
      const memory: RequestMemory = { requestId: null, at: null };
      const key = randomness.token(24);
      const library = await libraryOf(settings, addresses, memory);
      const url = await library.getAuthorizeUrlAsync(key, undefined, {});
      return { outcome: 'started', url, pending: { key, secrets: JSON.stringify(memory) } };
    },

    findKey: ({ form }) => singleParameter(form, 'RelayState'),

    async finish({ form }, pending, addresses) {
      if (pending === null || singleParameter(form, 'RelayState') !== pending.key)
        return identityRefused('identity.state', 'no sign-in is pending');
      const text = singleParameter(form, 'SAMLResponse');
      return text === null ? identityRefused('identity.message', 'there is no response') : redeem(text, pending, addresses);
    },

    async logoutUrl(hint, _returnTo, addresses) {
      const profile = HINT.safeParse(parseJson(hint ?? ''));
      if (settings.signOutUrl === null || settings.key === null || !profile.success) return null;
      const library = await libraryOf(settings, addresses, { requestId: null, at: null });
      return library.getLogoutUrlAsync({ issuer: settings.issuer, ...profile.data } as Profile, '', {});
    },

    readLogout: judgeLogout,
    describe: (addresses) => writeServiceMetadata(settings, addresses),
  };
}

/** Loaded when it is first needed: it is a tenth of what the server would load at its start. */
async function libraryOf(settings: SamlSettings, addresses: IdentityAddresses, memory: RequestMemory): Promise<Library> {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
  const config: SamlConfig = {
    callbackUrl: addresses.callback,
    entryPoint: settings.signOnUrl,
    issuer: settings.entityId ?? addresses.metadata,
    audience: settings.entityId ?? addresses.metadata,
    idpIssuer: settings.issuer,
    idpCert: [...settings.certificates],
    wantAssertionsSigned: true,
    // Most providers sign the assertion alone, and the assertion is all that is read.
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: REQUEST_HOURS * 3_600_000,
    acceptedClockSkewMs: settings.clockSkewSeconds * 1000,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    forceAuthn: settings.forceSignIn,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    cacheProvider: {
      saveAsync: async (id, at) => {
        Object.assign(memory, { requestId: id, at });
        return { value: at, createdAt: Date.now() };
      },
      getAsync: async (id) => (id === memory.requestId ? memory.at : null),
      removeAsync: async (id) => id,
    },
    ...(settings.signOutUrl === null ? {} : { logoutUrl: settings.signOutUrl }),
    ...(settings.key === null ? {} : { privateKey: settings.key, decryptionPvk: settings.key }),
  };
  return new SAML(config);
}

/** Whom a logout request is about, where its signature holds. */
interface Verified {
  readonly profile: Profile;
}

/** The library opens what is encrypted by itself, and shows of it only what was signed: so it is opened and read before. */
async function findHiddenOddity(response: XmlElement, xml: string, { key }: SamlSettings): Promise<IdentityRefused | null> {
  if (!response.children.some(({ name }) => name === 'EncryptedAssertion')) return null;
  if (key === null) return identityRefused('identity.signature', 'the assertion is encrypted, and there is no key');
  try {
    const { decryptXml } = await import('@node-saml/node-saml/lib/xml.js');
    return judgeDecrypted(await decryptXml(xml, key));
  } catch (error) {
    return identityRefused(
      'identity.signature',
      `the assertion cannot be decrypted: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The signed bytes of the assertion. */
async function verify(text: string, library: Library): Promise<string | IdentityRefused> {
  try {
    const { profile } = await library.validatePostResponseAsync({ SAMLResponse: text });
    return profile?.getAssertionXml?.() ?? identityRefused('identity.signature', 'nothing is signed');
  } catch (error) {
    return refusalOf(error);
  }
}

async function verifyPost(library: Library, message: string): Promise<Verified | IdentityRefused> {
  try {
    const { profile } = await library.validatePostRequestAsync({ SAMLRequest: message });
    return profile === null ? identityRefused('identity.message', 'the logout request names nobody') : { profile };
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * Bindings §3.4.4.1. The library takes a message without a signature, and looks for parameters by parts of their names: so it
 * gets exactly the parameters that are signed, as they were sent, each once.
 */
async function verifyRedirect(library: Library, query: string): Promise<Verified | IdentityRefused> {
  const sent = query.split('&').map((pair) => [pair.slice(0, Math.max(0, pair.indexOf('='))), pair] as const);
  const pairs = ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'].flatMap((name) => sent.filter(([each]) => each === name));
  const parameters = new URLSearchParams(pairs.map(([, pair]) => pair).join('&'));
  const [SAMLRequest, SigAlg, Signature] = ['SAMLRequest', 'SigAlg', 'Signature'].map((name) => singleParameter(parameters, name));
  if (parameters.getAll('RelayState').length > 1) return identityRefused('identity.message', 'there are two relay states');
  if (SAMLRequest == null || SigAlg == null || Signature == null)
    return identityRefused('identity.signature', 'the logout request is not signed');
  if (!LOGOUT_SIGNATURES.includes(SigAlg)) return identityRefused('identity.signature', `the signature is ${SigAlg}`);
  try {
    const { profile } = await library.validateRedirectAsync({ SAMLRequest, SigAlg, Signature }, pairs.map(([, pair]) => pair).join('&'));
    return profile === null ? identityRefused('identity.message', 'the logout request names nobody') : { profile };
  } catch (error) {
    return refusalOf(error);
  }
}

/** Only for the log: whatever it says, the answer is refused. */
function refusalOf(error: unknown): IdentityRefused {
  const detail = error instanceof Error ? error.message : String(error);
  if (/expired|not yet valid|subject confirmation/i.test(detail)) return identityRefused('identity.expired', detail);
  if (/audience/i.test(detail)) return identityRefused('identity.audience', detail);
  if (/InResponseTo/i.test(detail)) return identityRefused('identity.state', detail);
  return identityRefused('identity.signature', detail);
}

function toPerson({ assertion, nameId, sessionIndex }: BearerAssertion, settings: SamlSettings): IdentityOutcome {
  const attributes = readAttributes(assertion, settings.attributes);
  const name = nameId?.text.trim() ?? '';
  const qualifiers = { nameQualifier: nameId?.attributes.get('NameQualifier'), spNameQualifier: nameId?.attributes.get('SPNameQualifier') };
  const hint = { nameID: name, nameIDFormat: formatOf(nameId), ...qualifiers, sessionIndex: sessionIndex ?? undefined };
  return identify(
    {
      source: settings.name,
      subject: findSubject(attributes, nameId, settings),
      attributes,
      sessionIndex: sessionIndex === null ? null : joinIndex(name, sessionIndex),
      logoutHint: name === '' ? null : JSON.stringify(hint),
    },
    settings,
  );
}

/** What lasts: a transient NameID is another one tomorrow. */
function findSubject(
  attributes: ReadonlyMap<string, readonly string[]>,
  nameId: XmlElement | null,
  { subject }: SamlSettings,
): string | null {
  const names = subject === null ? ['pairwise-id', 'subject-id'] : [subject];
  const values = names.map((name) => attributes.get(name) ?? []).find((each) => each.length > 0);
  if (values !== undefined) return values.length === 1 ? (values[0] ?? null) : null;
  return subject !== null || nameId === null || formatOf(nameId) === TRANSIENT ? null : nameId.text.trim();
}

function formatOf(nameId: XmlElement | null): string {
  return nameId?.attributes.get('Format') ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
}

/** A provider may number its sessions for each person anew (Core §2.7.2). */
function joinIndex(nameId: string, index: string): string {
  return JSON.stringify([nameId, index]);
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** Bounded: a kilobyte may deflate a megabyte. Empty where it is nothing. */
function inflate(text: string): string {
  try {
    return inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: MESSAGE_LIMITS.characters }).toString('utf8');
  } catch {
    return '';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
