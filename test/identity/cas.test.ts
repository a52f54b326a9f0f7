import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCasSource } from '../../src/adapters/identity/cas.ts';
import type { PendingSignIn, RedirectIdentitySource } from '../../src/domain/identity.ts';
import { type CasServer, sendXml, serviceResponse, startCasServer, success } from './cas-server.ts';
import { ADDRESSES, arriving, identityParts, posting, settingsOf } from './identity-parts.ts';

let cas: CasServer;
let source: RedirectIdentitySource;

beforeAll(async () => {
  cas = await startCasServer();
});

afterAll(() => cas.close());

beforeEach(() => {
  Object.assign(cas, { user: 'anna', attributes: {}, answer: null, asked: 0, ticketSeconds: 10 });
  source = createCasSource(settingsOf('cas', { url: cas.url, timeoutSeconds: 1 }), identityParts());
});

/** Goes to the server as a browser does, and comes back with a ticket. */
async function signIn(from: RedirectIdentitySource = source): Promise<{ pending: PendingSignIn; arrival: string }> {
  const started = await from.start(ADDRESSES);
  if (started.outcome !== 'started') throw new Error(started.privateDetail);
  const answer = await fetch(started.url, { redirect: 'manual' });
  return { pending: started.pending, arrival: answer.headers.get('location') ?? '' };
}

function ticketOf(arrival: string): string {
  return new URL(arrival).searchParams.get('ticket') ?? '';
}

/** Signs in, and lets serviceValidate answer with this text. */
async function signInWith(answer: string) {
  const { pending, arrival } = await signIn();
  cas.answer = (response) => sendXml(response, answer);
  return source.finish(arriving(arrival), pending, ADDRESSES);
}

describe('a sign-in through CAS', () => {
  it('names the user, every value of every attribute, and the ticket', async () => {
    cas.attributes = { mail: ['anna@example.edu'], memberOf: ['readers', 'keepers & friends'], empty: [''] };
    const { pending, arrival } = await signIn();
    expect(source.findKey(arriving(arrival))).toBe(pending.key);
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toEqual({
      outcome: 'identified',
      identity: {
        source: 'campus',
        subject: 'anna',
        name: 'anna',
        email: 'anna@example.edu',
        sessionIndex: ticketOf(arrival),
        attributes: new Map([
          ['mail', ['anna@example.edu']],
          ['memberOf', ['readers', 'keepers & friends']],
          ['user', ['anna']],
        ]),
      },
      logoutHint: null,
    });
  });

  it('asks for the password again where the file says so', async () => {
    const strict = createCasSource(settingsOf('cas', { url: `${cas.url}/`, forceSignIn: true }), identityParts());
    const started = await strict.start(ADDRESSES);
    expect(started.outcome === 'started' && new URL(started.url).searchParams.get('renew')).toBe('true');
    expect(started.outcome === 'started' && started.url).toContain('/cas/login?');
  });

  it('can be ended at the server', async () => {
    expect(await source.logoutUrl(null, 'https://iiif.example.org/', ADDRESSES)).toBe(
      `${cas.url}/logout?service=https%3A%2F%2Fiiif.example.org%2F`,
    );
  });
});

describe('a ticket is refused', () => {
  it('that was used before, without asking the server', async () => {
    const { pending, arrival } = await signIn();
    await source.finish(arriving(arrival), pending, ADDRESSES);
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.replayed' });
    expect(cas.asked).toBe(1);
  });

  it('that was used before at another instance', async () => {
    const { pending, arrival } = await signIn();
    await source.finish(arriving(arrival), pending, ADDRESSES);
    const other = createCasSource(settingsOf('cas', { url: cas.url }), identityParts());
    expect(await other.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.expired' });
  });

  it('that is too old', async () => {
    cas.ticketSeconds = 0;
    const { pending, arrival } = await signIn();
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ code: 'identity.expired' });
  });

  it('that was given for another service', async () => {
    const { pending, arrival } = await signIn();
    const service = encodeURIComponent('https://other.example/');
    const foreign = await fetch(`${cas.url}/login?service=${service}`, { redirect: 'manual' });
    const stolen = arrival.replace(ticketOf(arrival), ticketOf(foreign.headers.get('location') ?? ''));
    expect(await source.finish(arriving(stolen), pending, ADDRESSES)).toMatchObject({ code: 'identity.audience' });
  });

  it('that was given for the sign-in of somebody else at this service', async () => {
    const mine = await signIn();
    const theirs = await signIn();
    const swapped = mine.arrival.replace(ticketOf(mine.arrival), ticketOf(theirs.arrival));
    expect(await source.finish(arriving(swapped), mine.pending, ADDRESSES)).toMatchObject({ code: 'identity.audience' });
  });

  it('that comes without a pending sign-in, or with another one', async () => {
    const { arrival } = await signIn();
    const { pending } = await signIn();
    expect(await source.finish(arriving(arrival), null, ADDRESSES)).toMatchObject({ code: 'identity.state' });
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ code: 'identity.state' });
    expect(await source.finish(arriving(`${arrival}&state=x`), pending, ADDRESSES)).toMatchObject({ code: 'identity.state' });
    expect(cas.asked).toBe(0);
  });

  it.each([
    ['is no ticket', 'PT-1'],
    ['holds a line break', 'ST-1\r\nX: y'],
    ['is endless', `ST-${'1'.repeat(300)}`],
  ])('that %s, without asking the server', async (_what, ticket) => {
    const { pending, arrival } = await signIn();
    const changed = new URL(arrival);
    changed.searchParams.set('ticket', ticket);
    expect(await source.finish(arriving(changed.href), pending, ADDRESSES)).toMatchObject({ code: 'identity.message' });
    expect(cas.asked).toBe(0);
  });

  it('that is not there, or there twice', async () => {
    const { pending, arrival } = await signIn();
    const without = new URL(arrival);
    without.searchParams.delete('ticket');
    expect(await source.finish(arriving(without.href), pending, ADDRESSES)).toMatchObject({ code: 'identity.cancelled' });
    expect(await source.finish(arriving(`${arrival}&ticket=ST-2`), pending, ADDRESSES)).toMatchObject({ code: 'identity.cancelled' });
  });
});

describe('an answer of serviceValidate is refused', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]>`;

  it.each([
    ['with an entity bomb', `${bomb}${success('x').replace('>x<', '>&a8;<')}`],
    ['with an outside entity', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${success('x').replace('>x<', '>&x;<')}`],
    ['with a comment in the name', success('x').replace('>x<', '>root<!-- -->.example<')],
    ['that is not well-formed', success('x').replace('</cas:user>', '')],
    ['that is no XML', 'yes\nanna\n'],
    ['with elements of another namespace', success('x').replace('http://www.yale.edu/tp/cas', 'http://example.com/cas')],
    ['with two users', success('x').replace('</cas:user>', '</cas:user><cas:user>root</cas:user>')],
    ['with success and failure', serviceResponse('<cas:authenticationFailure code="X"/><cas:authenticationSuccess/>')],
    ['with two successes', serviceResponse('<cas:authenticationSuccess/>'.repeat(2))],
    ['with a user in an element', success('x').replace('>x<', '><cas:b>x</cas:b><')],
    ['that is very deep', serviceResponse(`${'<a>'.repeat(60)}${'</a>'.repeat(60)}`)],
    ['with very many elements', serviceResponse('<a/>'.repeat(6_000))],
  ])('%s', async (_what, answer) => {
    expect(await signInWith(answer)).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });

  it('that names nobody', async () => {
    expect(await signInWith(success(' '))).toMatchObject({ outcome: 'refused', code: 'identity.subject' });
  });
});

describe('a CAS server that cannot be asked is unavailable', () => {
  it.each<[string, CasServer['answer']]>([
    ['that says so', (response) => sendXml(response, serviceResponse('<cas:authenticationFailure code="INTERNAL_ERROR"/>'))],
    ['that fails', (response) => response.writeHead(500).end('no')],
    ['that sends us elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['that sends without end', (response) => sendXml(response, 'x'.repeat(1_100_000))],
    ['that hangs up', (response) => response.destroy()],
    ['that says nothing', () => undefined],
  ])('%s', async (_what, answer) => {
    const { pending, arrival } = await signIn();
    cas.answer = answer;
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'unavailable' });
  });

  it('that is not there', async () => {
    const { pending, arrival } = await signIn();
    const gone = createCasSource(settingsOf('cas', { url: 'http://127.0.0.1:1/cas' }), identityParts());
    expect(await gone.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('single logout', () => {
  const message = (inside: string, start = '') =>
    posting({
      logoutRequest: `${start}<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x">${inside}</samlp:LogoutRequest>`,
    });

  it('ends the session of its ticket, and of nobody by name', async () => {
    const inside =
      '<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">anna</saml:NameID><samlp:SessionIndex>ST-1-abc</samlp:SessionIndex>';
    expect(await source.readLogout(message(inside), ADDRESSES)).toEqual({
      outcome: 'logout',
      subject: null,
      sessionIndexes: ['ST-1-abc'],
      replyUrl: null,
    });
  });

  it.each([
    ['without a ticket', message('')],
    ['with two', message('<samlp:SessionIndex>ST-1</samlp:SessionIndex>'.repeat(2))],
    ['with a document type', message('<samlp:SessionIndex>ST-1</samlp:SessionIndex>', '<!DOCTYPE a>')],
    ['that is not there', posting({})],
  ])('%s is refused', async (_what, request) => {
    expect(await source.readLogout(request, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });
});
