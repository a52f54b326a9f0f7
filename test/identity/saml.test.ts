import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSamlSource } from '../../src/adapters/identity/saml.ts';
import { parseIdpMetadata } from '../../src/config/saml-metadata.ts';
import type { IdentityOutcome, PendingSignIn, RedirectIdentitySource } from '../../src/domain/identity.ts';
import { ADDRESSES, identityParts, posting, settingsOf } from './identity-parts.ts';
import {
  IDP,
  type KeyPair,
  makeKeyPair,
  postResponse,
  type ResponseFacts,
  realIdp,
  redirectQuery,
  requestIdOf,
  rightFacts,
  sign,
  writeAssertion,
  writeLogoutRequest,
  writeResponse,
} from './saml-idp.ts';

let idp: KeyPair;
let own: KeyPair;
let stranger: KeyPair;
let source: RedirectIdentitySource;

beforeAll(async () => {
  [idp, own, stranger] = await Promise.all([makeKeyPair('idp.example.edu'), makeKeyPair('iiif.example.org'), makeKeyPair('evil.example')]);
});

beforeEach(() => {
  source = newSource();
});

function keysOf(): Record<string, unknown> {
  return { issuer: IDP.entityId, signOnUrl: IDP.signOnUrl, signOutUrl: IDP.signOutUrl, certificates: idp.certificate };
}

function newSource(more: Readonly<Record<string, unknown>> = {}): RedirectIdentitySource {
  return createSamlSource(settingsOf('saml', { ...keysOf(), ...more }), identityParts());
}

async function started(from: RedirectIdentitySource = source): Promise<{ url: string; pending: PendingSignIn; requestId: string }> {
  const start = await from.start(ADDRESSES);
  if (start.outcome !== 'started') throw new Error(start.privateDetail);
  return { url: start.url, pending: start.pending, requestId: requestIdOf(start.url) };
}

/** Signs in with what a test makes of the right facts; the finished message can be changed too. */
async function finishWith(write: (facts: ResponseFacts) => string, from: RedirectIdentitySource = source): Promise<IdentityOutcome> {
  const { pending, requestId } = await started(from);
  return from.finish(postResponse(write(rightFacts(requestId)), pending.key), pending, ADDRESSES);
}

function signed(over: Partial<ResponseFacts> = {}): (facts: ResponseFacts) => string {
  return (facts) => sign(writeResponse({ ...facts, ...over }), idp);
}

describe('a sign-in through a real identity provider (samlify), which knows us by our metadata', () => {
  it('names the person, under the names of attributes that people write and those that came', async () => {
    const provider = realIdp(idp, source.describe(ADDRESSES) ?? '', false);
    const { url, pending } = await started();
    expect(url.startsWith(`${IDP.signOnUrl}?`)).toBe(true);
    const { SAMLResponse } = await provider.answer(url, (facts) => ({
      ...facts,
      attributes: {
        'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': ['anna@example.edu'],
        'urn:oid:1.3.6.1.4.1.5923.1.1.1.9': ['member@example.edu', 'staff@example.edu'],
        mail: ['anna@example.edu'],
      },
    }));
    const request = posting({ SAMLResponse, RelayState: pending.key });
    expect(source.findKey(request)).toBe(pending.key);
    const outcome = await source.finish(request, pending, ADDRESSES);
    expect(outcome).toMatchObject({
      outcome: 'identified',
      identity: { subject: 'p-1', name: 'anna@example.edu', email: 'anna@example.edu' },
    });
    const attributes = outcome.outcome === 'identified' ? outcome.identity.attributes : new Map();
    expect(attributes.get('eduPersonScopedAffiliation')).toEqual(['member@example.edu', 'staff@example.edu']);
    expect(attributes.get('urn:oid:1.3.6.1.4.1.5923.1.1.1.9')).toEqual(['member@example.edu', 'staff@example.edu']);
  });

  it('works signed and encrypted, with a key of our own', async () => {
    source = newSource({ key: own.key, certificate: own.certificate });
    const provider = realIdp(idp, source.describe(ADDRESSES) ?? '', true);
    const { url, pending } = await started();
    expect(new URL(url).searchParams.get('Signature')).not.toBeNull();
    const { SAMLResponse } = await provider.answer(url);
    expect(Buffer.from(SAMLResponse, 'base64').toString()).not.toContain('anna@example.edu');
    expect(await source.finish(posting({ SAMLResponse, RelayState: pending.key }), pending, ADDRESSES)).toMatchObject({
      identity: { name: 'anna@example.edu' },
    });
  });

  it('needs nothing but the metadata document of the provider', async () => {
    const { metadata } = realIdp(idp, source.describe(ADDRESSES) ?? '', false);
    const found = parseIdpMetadata(metadata);
    expect(found).toMatchObject({ issuer: IDP.entityId, signOnUrl: IDP.signOnUrl, signOutUrl: IDP.signOutUrl });
    source = createSamlSource(settingsOf('saml', { metadata }), identityParts());
    expect(await finishWith(signed())).toMatchObject({ outcome: 'identified' });
  });
});

describe('a SAML response', () => {
  it('with everything right names the person; its session is named together with the person', async () => {
    expect(await finishWith(signed())).toMatchObject({
      outcome: 'identified',
      identity: { source: 'campus', subject: 'p-1', name: 'anna@example.edu', sessionIndex: '["p-1","s-1"]' },
    });
  });

  it('is taken with both parts signed, and with either of two certificates', async () => {
    expect(await finishWith((facts) => sign(signed()(facts), idp, 'Response'))).toMatchObject({ outcome: 'identified' });
    source = newSource({ certificates: [stranger.certificate, idp.certificate] });
    expect(await finishWith(signed())).toMatchObject({ outcome: 'identified' });
  });

  it('is taken within the clock skew', async () => {
    expect(await finishWith(signed({ notBeforeSeconds: 30 }))).toMatchObject({ outcome: 'identified' });
    expect(await finishWith(signed({ notOnOrAfterSeconds: -30, confirmedUntilSeconds: -30 }))).toMatchObject({ outcome: 'identified' });
  });

  it.each<[string, Partial<ResponseFacts>, string]>([
    ['from another issuer', { issuer: 'https://evil.example/idp' }, 'identity.issuer'],
    ['for another destination', { destination: 'https://other.example/acs' }, 'identity.audience'],
    ['for another recipient', { recipient: 'https://other.example/acs' }, 'identity.audience'],
    ['for another audience', { audience: 'https://other.example/metadata' }, 'identity.audience'],
    ['that is over', { notOnOrAfterSeconds: -61 }, 'identity.expired'],
    ['that is not yet valid', { notBeforeSeconds: 90 }, 'identity.expired'],
    ['whose bearer came too late', { confirmedUntilSeconds: -61 }, 'identity.expired'],
    ['whose session is over', { sessionUntilSeconds: -61 }, 'identity.expired'],
    ['that answers another request', { requestId: '_other' }, 'identity.state'],
    ['that is for holders of a key', { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }, 'identity.message'],
    ['with an error', { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }, 'identity.message'],
    ['of a sign-in that failed', { status: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed' }, 'identity.cancelled'],
    ['without a user name', { attributes: {} }, 'identity.name'],
    ['with two user names', { attributes: { eduPersonPrincipalName: ['anna', 'root'] } }, 'identity.name'],
    ['for a transient person', { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }, 'identity.subject'],
  ])('is refused %s', async (_what, over, code) => {
    expect(await finishWith(signed(over))).toMatchObject({ outcome: 'refused', code });
  });

  it('is refused where the request is another one in the response, and the right one in the assertion', async () => {
    const outcome = await finishWith((facts) =>
      sign(writeResponse(facts).replace(`InResponseTo="${facts.requestId}"`, 'InResponseTo="_other"'), idp),
    );
    expect(outcome).toMatchObject({ outcome: 'refused', code: 'identity.state' });
  });

  it.each<[string, (assertion: string) => string]>([
    ['a recipient', (text) => text.replace(/ Recipient="[^"]+"/, '')],
    ['a request', (text) => text.replace(/ InResponseTo="[^"]+"/, '')],
    ['an end of the confirmation', (text) => text.replace(/(<saml:SubjectConfirmationData) NotOnOrAfter="[^"]+"/, '$1')],
    ['conditions', (text) => text.replace(/<saml:Conditions.*<\/saml:Conditions>/, '')],
    ['an audience', (text) => text.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '')],
    ['a statement about the sign-in', (text) => text.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, '')],
    ['a subject', (text) => text.replace(/<saml:Subject>.*<\/saml:Subject>/, '')],
    ['a confirmation', (text) => text.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, '')],
    ['an issuer', (text) => text.replace(/<saml:Issuer>.*<\/saml:Issuer>/, '<saml:Issuer/>')],
    ['a time that can be read', (text) => text.replace(/NotBefore="[^"]+"/, 'NotBefore="yesterday"')],
  ])('is refused without %s', async (_what, change) => {
    const outcome = await finishWith((facts) => sign(writeResponse(facts, change(writeAssertion(facts))), idp));
    expect(outcome).toMatchObject({ outcome: 'refused' });
  });

  it('takes the subject from pairwise-id before the NameID, and from the attribute that the file names before all', async () => {
    const attributes = {
      eduPersonPrincipalName: ['anna@example.edu'],
      'urn:oasis:names:tc:SAML:attribute:pairwise-id': ['x1@example.edu'],
      employee: ['42'],
    };
    expect(await finishWith(signed({ attributes }))).toMatchObject({ identity: { subject: 'x1@example.edu' } });
    expect(await finishWith(signed({ attributes }), newSource({ subject: 'employee' }))).toMatchObject({ identity: { subject: '42' } });
    expect(await finishWith(signed(), newSource({ subject: 'employee' }))).toMatchObject({ code: 'identity.subject' });
  });

  it('has attributes under the names of the file', async () => {
    const attributes = { eduPersonPrincipalName: ['anna'], 'https://example.edu/dept': ['Maps'] };
    const outcome = await finishWith(signed({ attributes }), newSource({ attributes: { department: 'https://example.edu/dept' } }));
    expect(outcome.outcome === 'identified' && outcome.identity.attributes.get('department')).toEqual(['Maps']);
  });

  it('has attributes whose value is an element', async () => {
    const value = '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">t-1</saml:NameID>';
    const attributes = { eduPersonPrincipalName: ['anna'], 'urn:oid:1.3.6.1.4.1.5923.1.1.1.10': [value] };
    const outcome = await finishWith(signed({ attributes }));
    expect(outcome.outcome === 'identified' && outcome.identity.attributes.get('eduPersonTargetedID')).toEqual(['t-1']);
  });
});

describe('a SAML response that was used before', () => {
  it('is refused, whoever brings it', async () => {
    const { pending, requestId } = await started();
    const request = postResponse(signed()(rightFacts(requestId)), pending.key);
    expect(await source.finish(request, pending, ADDRESSES)).toMatchObject({ outcome: 'identified' });
    expect(await source.finish(request, pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.replayed' });
  });

  it('is refused in another sign-in, and without any', async () => {
    const first = await started();
    const second = await started();
    const xml = signed()(rightFacts(first.requestId));
    expect(await source.finish(postResponse(xml, second.pending.key), second.pending, ADDRESSES)).toMatchObject({ code: 'identity.state' });
    expect(await source.finish(postResponse(xml, first.pending.key), second.pending, ADDRESSES)).toMatchObject({ code: 'identity.state' });
    expect(await source.finish(postResponse(xml, first.pending.key), null, ADDRESSES)).toMatchObject({ code: 'identity.state' });
  });

  it('is refused where nobody asked for it', async () => {
    const unasked = writeResponse(rightFacts('_x')).replaceAll(/ InResponseTo="_x"/g, '');
    expect(await finishWith(() => sign(unasked, idp))).toMatchObject({ outcome: 'refused', code: 'identity.state' });
  });
});

describe('the signature of a SAML response', () => {
  const evil = (facts: ResponseFacts) =>
    writeAssertion({ ...facts, assertionId: '_evil', nameId: 'root', attributes: { eduPersonPrincipalName: ['root'] } });
  const assertionOf = (xml: string) => /<saml:Assertion.*<\/saml:Assertion>/s.exec(xml)?.[0] ?? '';

  it.each<[string, (facts: ResponseFacts) => string]>([
    ['that is missing', (facts) => writeResponse(facts)],
    ['of another key', (facts) => sign(writeResponse(facts), stranger)],
    ['on the response alone', (facts) => sign(writeResponse(facts), idp, 'Response')],
    ['over something that was changed since', (facts) => signed()(facts).replace('anna@example.edu', 'root@example.edu')],
    ['over another name since', (facts) => signed()(facts).replace('>p-1<', '>p-2<')],
    ['with SHA-1', (facts) => sign(writeResponse(facts), idp, 'Assertion', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1')],
    [
      'with a shared secret',
      (facts) =>
        signed()(facts).replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'),
    ],
    ['over nothing', (facts) => signed()(facts).replace(/URI="#[^"]+"/, 'URI=""')],
    ['with its value removed', (facts) => signed()(facts).replace(/<ds:SignatureValue>[^<]+/, '<ds:SignatureValue>')],
    // Wrapping: the signed assertion is moved, and another one stands where it was.
    ['on a second assertion before ours', (facts) => signed()(facts).replace('<saml:Assertion', `${evil(facts)}<saml:Assertion`)],
    ['on a second assertion behind ours', (facts) => signed()(facts).replace('</saml:Assertion>', `</saml:Assertion>${evil(facts)}`)],
    [
      'on an assertion within the extensions',
      (facts) => {
        const xml = signed()(facts);
        return xml.replace(assertionOf(xml), `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions>${evil(facts)}`);
      },
    ],
    [
      'on an assertion within the new one',
      (facts) => {
        const xml = signed()(facts);
        return xml.replace(
          assertionOf(xml),
          evil(facts).replace('</saml:Assertion>', `<saml:Advice>${assertionOf(xml)}</saml:Advice></saml:Assertion>`),
        );
      },
    ],
    [
      'moved to the new assertion, with the old one in an object of it',
      (facts) => {
        const xml = signed()(facts);
        const old = assertionOf(xml);
        const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(old)?.[0] ?? '';
        const object = `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${old.replace(signature, '')}</ds:Object>`;
        return xml.replace(
          old,
          evil(facts).replace('</saml:Issuer>', `</saml:Issuer>${signature.replace('</ds:Signature>', `${object}</ds:Signature>`)}`),
        );
      },
    ],
    [
      'of an assertion with the same ID',
      (facts) => {
        const xml = signed()(facts);
        const twin = evil(facts).replace('ID="_evil"', `ID="${facts.assertionId}"`);
        return xml.replace(assertionOf(xml), `${twin}<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions>`);
      },
    ],
    [
      'of the response of somebody else, with our own assertion in it',
      (facts) => sign(writeResponse(facts), idp, 'Response').replace(/<saml:Assertion.*<\/saml:Assertion>/s, evil(facts)),
    ],
    ['twice', (facts) => signed()(facts).replace(/(<ds:Signature .*<\/ds:Signature>)/s, '$1$1')],
  ])('%s is refused', async (_what, write) => {
    expect(await finishWith(write)).toMatchObject({ outcome: 'refused', code: 'identity.signature' });
  });

  it('does not hold for a name that is cut by a comment, an instruction or an entity', async () => {
    // Canonical XML leaves comments out, so that the signature of root.example still holds.
    const signedLong = (facts: ResponseFacts) =>
      sign(writeResponse({ ...facts, nameId: 'root.example', attributes: { eduPersonPrincipalName: ['root.example'] } }), idp);
    for (const inside of ['root<!-- -->.example', 'root<?x y?>.example']) {
      expect(await finishWith((facts) => signedLong(facts).replaceAll('root.example', inside))).toMatchObject({
        outcome: 'refused',
        code: 'identity.message',
      });
    }
    const declared = (facts: ResponseFacts) =>
      `<!DOCTYPE a [<!ENTITY x "root">]>${signedLong(facts).replaceAll('root.example', '&x;.example')}`;
    expect(await finishWith(declared)).toMatchObject({ outcome: 'refused', code: 'identity.message' });
    expect(await finishWith(signedLong)).toMatchObject({ outcome: 'identified', identity: { subject: 'root.example' } });
  });

  describe('of an encrypted assertion', () => {
    beforeEach(() => {
      source = newSource({ key: own.key, certificate: own.certificate });
    });

    async function finishEncrypted(
      keys: KeyPair,
      over: object,
      change?: (facts: ResponseFacts) => ResponseFacts,
    ): Promise<IdentityOutcome> {
      const { url, pending } = await started();
      const { SAMLResponse } = await realIdp(keys, source.describe(ADDRESSES) ?? '', true, over).answer(url, change);
      return source.finish(posting({ SAMLResponse, RelayState: pending.key }), pending, ADDRESSES);
    }

    it('is needed as well', async () => {
      expect(await finishEncrypted(idp, {})).toMatchObject({ outcome: 'identified' });
      expect(await finishEncrypted(stranger, {})).toMatchObject({ outcome: 'refused', code: 'identity.signature' });
    });

    it('with SHA-1 is refused, and so is encryption that notices no change', async () => {
      const sha1 = { requestSignatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' };
      expect(await finishEncrypted(idp, sha1)).toMatchObject({
        code: 'identity.signature',
        privateDetail: expect.stringContaining('rsa-sha1'),
      });
      const cbc = { dataEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc' };
      expect(await finishEncrypted(idp, cbc)).toMatchObject({
        code: 'identity.signature',
        privateDetail: expect.stringContaining('aes256-cbc'),
      });
    });

    it('is of no use without the key, with another key, or for another recipient', async () => {
      const metadata = source.describe(ADDRESSES) ?? '';
      for (const ours of [{}, { key: stranger.key, certificate: stranger.certificate }]) {
        source = newSource(ours);
        const { url, pending } = await started();
        const { SAMLResponse } = await realIdp(idp, metadata, true, { wantAuthnRequestsSigned: false }).answer(url);
        const outcome = await source.finish(posting({ SAMLResponse, RelayState: pending.key }), pending, ADDRESSES);
        expect(outcome).toMatchObject({ outcome: 'refused', code: 'identity.signature' });
      }
      source = newSource({ key: own.key, certificate: own.certificate });
      const elsewhere = (facts: ResponseFacts) => ({ ...facts, recipient: 'https://other.example/acs' });
      expect(await finishEncrypted(idp, {}, elsewhere)).toMatchObject({ outcome: 'refused', code: 'identity.audience' });
    });
  });
});

describe('what is no SAML response', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['a logout request', writeLogoutRequest()],
    ['an assertion alone', writeAssertion(rightFacts('_x'))],
    ['another version', writeResponse(rightFacts('_x')).replace('Version="2.0"', 'Version="1.1"')],
    ['an entity bomb', `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${writeResponse(rightFacts('_x')).replace('>p-1<', '>&b;<')}`],
    [
      'an outside entity',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${writeResponse(rightFacts('_x')).replace('>p-1<', '>&x;<')}`,
    ],
    ['a very long text', `<a>${'x'.repeat(600_000)}</a>`],
    ['very many elements', `<a>${'<b/>'.repeat(6_000)}</a>`],
  ])('is refused: %s', async (_what, xml) => {
    expect(await finishWith(() => xml)).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });

  it('is refused: no response at all, or two', async () => {
    const { pending, requestId } = await started();
    expect(await source.finish(posting({ RelayState: pending.key }), pending, ADDRESSES)).toMatchObject({ code: 'identity.message' });
    const request = postResponse(signed()(rightFacts(requestId)), pending.key);
    request.form.append('SAMLResponse', 'x');
    expect(await source.finish(request, pending, ADDRESSES)).toMatchObject({ code: 'identity.message' });
  });
});

describe('signing out through SAML', () => {
  beforeEach(() => {
    source = newSource({ key: own.key, certificate: own.certificate });
  });

  const post = (xml: string) => posting({ SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: 'back' });
  const get = (query: string) => ({ method: 'GET' as const, query, form: new URLSearchParams() });
  const redirect = (xml: string, key: string | null = idp.key) => get(redirectQuery(xml, key));

  it('at the provider takes the name of the person and of the session there, signed', async () => {
    const outcome = await finishWith(signed());
    const hint = outcome.outcome === 'identified' ? outcome.logoutHint : null;
    const url = new URL((await source.logoutUrl(hint, 'https://iiif.example.org/', ADDRESSES)) ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(IDP.signOutUrl);
    expect([...url.searchParams.keys()]).toEqual(expect.arrayContaining(['SAMLRequest', 'SigAlg', 'Signature']));
    expect(requestIdOf(url.href)).not.toBe('');
    expect(await newSource().logoutUrl(hint, 'https://iiif.example.org/', ADDRESSES)).toBeNull();
    expect(await source.logoutUrl(null, 'https://iiif.example.org/', ADDRESSES)).toBeNull();
  });

  it('there ends the session that it names, by either binding, and the browser goes back with the answer', async () => {
    for (const request of [post(sign(writeLogoutRequest(), idp, 'LogoutRequest')), redirect(writeLogoutRequest())]) {
      const outcome = await source.readLogout(request, ADDRESSES);
      expect(outcome).toMatchObject({ outcome: 'logout', subject: null, sessionIndexes: ['["p-1","s-1"]'] });
      const reply = new URL(outcome.outcome === 'logout' ? (outcome.replyUrl ?? '') : '');
      expect(`${reply.origin}${reply.pathname}`).toBe(IDP.signOutUrl);
      expect(reply.searchParams.get('RelayState')).toBe('back');
      expect(reply.searchParams.has('SAMLResponse')).toBe(true);
    }
  });

  it('there without a session ends all of the person', async () => {
    expect(await source.readLogout(redirect(writeLogoutRequest({ indexes: [] })), ADDRESSES)).toMatchObject({
      subject: 'p-1',
      sessionIndexes: [],
    });
  });

  it('here brings the browser back, which asks for nothing more', async () => {
    expect(await source.readLogout(get('SAMLResponse=abc&RelayState='), ADDRESSES)).toEqual({ outcome: 'returned' });
  });

  it('is asked for once', async () => {
    const request = redirect(writeLogoutRequest());
    expect(await source.readLogout(request, ADDRESSES)).toMatchObject({ outcome: 'logout' });
    expect(await source.readLogout(request, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.replayed' });
  });

  it.each<[string, () => Parameters<RedirectIdentitySource['readLogout']>[0], string]>([
    ['unsigned in a form', () => post(writeLogoutRequest()), 'identity.signature'],
    ['unsigned in a query', () => redirect(writeLogoutRequest(), null), 'identity.signature'],
    ['signed by another key in a form', () => post(sign(writeLogoutRequest(), stranger, 'LogoutRequest')), 'identity.signature'],
    ['signed by another key in a query', () => redirect(writeLogoutRequest(), stranger.key), 'identity.signature'],
    ['changed in a form', () => post(sign(writeLogoutRequest(), idp, 'LogoutRequest').replace('>p-1<', '>p-2<')), 'identity.signature'],
    ['with another relay state', () => get(redirectQuery(writeLogoutRequest(), idp.key).replace('=back&', '=evil&')), 'identity.signature'],
    [
      'with a second request before the signed one',
      () =>
        get(`${redirectQuery(writeLogoutRequest({ nameId: 'p-2' }), null).split('&')[0]}&${redirectQuery(writeLogoutRequest(), idp.key)}`),
      'identity.message',
    ],
    [
      'with a signed request under a name that is only alike',
      () =>
        get(`x${redirectQuery(writeLogoutRequest(), idp.key)}&${redirectQuery(writeLogoutRequest({ nameId: 'p-2' }), null).split('&')[0]}`),
      'identity.signature',
    ],
    [
      'with SHA-1 in a query',
      () => get(redirectQuery(writeLogoutRequest(), idp.key, 'back', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1')),
      'identity.signature',
    ],
    ['from another issuer', () => redirect(writeLogoutRequest({ issuer: 'https://evil.example' })), 'identity.issuer'],
    ['for somebody else', () => redirect(writeLogoutRequest({ destination: 'https://other.example/slo' })), 'identity.audience'],
    ['of long ago', () => redirect(writeLogoutRequest({ issuedSeconds: -900 })), 'identity.expired'],
    ['of tomorrow', () => redirect(writeLogoutRequest({ issuedSeconds: 900 })), 'identity.expired'],
    ['that deflates to very much', () => redirect(`<a>${' '.repeat(3_000_000)}</a>`), 'identity.message'],
    ['that is none', () => get('SAMLRequest=abc'), 'identity.message'],
    ['that is not there', () => get(''), 'identity.message'],
  ])('is refused %s', async (_what, request, code) => {
    expect(await source.readLogout(request(), ADDRESSES)).toMatchObject({ outcome: 'refused', code });
  });
});

describe('our metadata document', () => {
  it('asks for signed assertions, and says where they go', () => {
    const text = source.describe(ADDRESSES) ?? '';
    expect(text).toContain(`entityID="${ADDRESSES.metadata}"`);
    expect(text).toContain('WantAssertionsSigned="true"');
    expect(text).toContain(`Location="${ADDRESSES.callback}"`);
    expect(text).not.toContain('SingleLogoutService');
  });

  it('has the certificate and the logout addresses where there is a key', () => {
    const text =
      newSource({ key: own.key, certificate: own.certificate, entityId: 'https://iiif.example.org/sp?a&b' }).describe(ADDRESSES) ?? '';
    expect(text).toContain('entityID="https://iiif.example.org/sp?a&amp;b"');
    expect(text.match(/<md:KeyDescriptor use="(signing|encryption)">/g)).toHaveLength(2);
    expect(text.split(ADDRESSES.logout)).toHaveLength(3);
    expect(text).not.toContain('PRIVATE');
  });
});
