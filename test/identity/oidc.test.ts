import { createHash, randomBytes } from 'node:crypto';
import { generateKeyPair, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOidcSource } from '../../src/adapters/identity/oidc.ts';
import type { IdentityOutcome, PendingSignIn, RedirectIdentitySource } from '../../src/domain/identity.ts';
import { type ForgingProvider, sendJson, startForgingProvider } from './forging-provider.ts';
import { ADDRESSES, arriving, identityParts, posting, settingsOf } from './identity-parts.ts';
import { CLIENT, type RealProvider, startRealProvider } from './real-provider.ts';

async function started(source: RedirectIdentitySource): Promise<{ url: URL; pending: PendingSignIn }> {
  const start = await source.start(ADDRESSES);
  if (start.outcome !== 'started') throw new Error(start.privateDetail);
  return { url: new URL(start.url), pending: start.pending };
}

describe('a sign-in through a real provider (oidc-provider)', () => {
  let provider: RealProvider;
  let source: RedirectIdentitySource;

  beforeAll(async () => {
    provider = await startRealProvider();
    provider.claims = {
      preferred_username: 'anna',
      email: 'anna@example.edu',
      groups: ['readers', 'curators'],
      realm_access: { roles: ['staff'] },
    };
  });

  afterAll(() => provider.close());

  beforeEach(() => {
    source = createOidcSource(settingsOf('oidc', { issuer: provider.issuer, ...CLIENT }), identityParts());
  });

  async function signIn(): Promise<{ pending: PendingSignIn; arrival: string }> {
    const { url, pending } = await started(source);
    return { pending, arrival: await provider.visit(url.href) };
  }

  async function identified() {
    const { pending, arrival } = await signIn();
    const outcome = await source.finish(arriving(arrival), pending, ADDRESSES);
    if (outcome.outcome !== 'identified') throw new Error(outcome.privateDetail);
    return outcome;
  }

  it('names the person, the session there, and what userinfo adds', async () => {
    const { identity, logoutHint } = await identified();
    expect(identity).toMatchObject({ source: 'campus', subject: 'u-1', name: 'anna', email: 'anna@example.edu' });
    expect(identity.attributes.get('groups')).toEqual(['readers', 'curators']);
    expect(identity.attributes.get('realm_access.roles')).toEqual(['staff']);
    expect(identity.sessionIndex).toMatch(/^[\w-]{10,}$/);
    expect(logoutHint?.split('.')).toHaveLength(3);
  });

  it('asks with PKCE, state and nonce, none of which shows the secrets that are kept', async () => {
    const { url, pending } = await started(source);
    const { verifier, nonce } = JSON.parse(pending.secrets) as { verifier: string; nonce: string };
    expect(url.searchParams.get('code_challenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: ADDRESSES.callback,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      state: pending.key,
      nonce,
    });
    expect(url.href).not.toContain(verifier);
  });

  it('is new each time', async () => {
    const [one, two] = [await started(source), await started(source)];
    expect(one.pending.key).not.toBe(two.pending.key);
    expect(one.pending.secrets).not.toBe(two.pending.secrets);
  });

  it('works with the secret in the form, and not with a wrong one', async () => {
    const inForm = { issuer: provider.issuer, ...CLIENT, clientAuthentication: 'client_secret_post' };
    source = createOidcSource(settingsOf('oidc', inForm), identityParts());
    expect(await identified()).toMatchObject({ identity: { name: 'anna' } });
    source = createOidcSource(settingsOf('oidc', { ...inForm, clientSecret: 'another' }), identityParts());
    const { pending, arrival } = await signIn();
    const outcome = await source.finish(arriving(arrival), pending, ADDRESSES);
    expect(outcome).toMatchObject({ outcome: 'unavailable', privateDetail: expect.stringContaining('invalid_client') });
  });

  it('refuses a code that was used before, without asking the provider', async () => {
    const { pending, arrival } = await signIn();
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'identified' });
    expect(await source.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.replayed' });
  });

  it('refuses a code that was used before at another instance', async () => {
    const { pending, arrival } = await signIn();
    await source.finish(arriving(arrival), pending, ADDRESSES);
    const other = createOidcSource(settingsOf('oidc', { issuer: provider.issuer, ...CLIENT }), identityParts());
    expect(await other.finish(arriving(arrival), pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.expired' });
  });

  it('refuses the code of another sign-in, whose verifier it has not', async () => {
    const mine = await signIn();
    const theirs = await signIn();
    const injected = new URL(mine.arrival);
    injected.searchParams.set('code', new URL(theirs.arrival).searchParams.get('code') ?? '');
    expect(await source.finish(arriving(injected.href), mine.pending, ADDRESSES)).toMatchObject({
      outcome: 'refused',
      code: 'identity.expired',
    });
  });

  it('refuses an answer without a pending sign-in, with another one, or with two states', async () => {
    const { pending, arrival } = await signIn();
    const other = await started(source);
    expect(source.findKey(arriving(arrival))).toBe(pending.key);
    expect(source.findKey(arriving(`${arrival}&state=x`))).toBeNull();
    for (const [address, kept] of [
      [arrival, null],
      [arrival, other.pending],
      [`${arrival}&state=${pending.key}`, pending],
      [arrival.replace(/state=[^&]+/, 'state='), pending],
    ] as const) {
      expect(await source.finish(arriving(address), kept, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.state' });
    }
  });

  it('refuses an answer that names another issuer', async () => {
    const { pending, arrival } = await signIn();
    const mixed = new URL(arrival);
    mixed.searchParams.set('iss', 'https://evil.example');
    expect(await source.finish(arriving(mixed.href), pending, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.issuer' });
  });

  it('tells a sign-in that was broken off from a provider that has trouble', async () => {
    const { pending } = await started(source);
    const answer = (error: string) => {
      const query = new URLSearchParams({ error, state: pending.key, iss: provider.issuer });
      return source.finish(arriving(`${ADDRESSES.callback}?${query}`), pending, ADDRESSES);
    };
    expect(await answer('access_denied')).toMatchObject({ outcome: 'refused', code: 'identity.cancelled' });
    expect(await answer('temporarily_unavailable')).toMatchObject({ outcome: 'unavailable' });
    expect(await answer('invalid_scope')).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });

  it('can be ended there: the address has the ID token as a hint', async () => {
    const { logoutHint } = await identified();
    const url = new URL((await source.logoutUrl(logoutHint, 'https://iiif.example.org/', ADDRESSES)) ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      id_token_hint: logoutHint,
      post_logout_redirect_uri: 'https://iiif.example.org/',
    });
    expect((await fetch(url)).status).toBe(200);
  });

  it('is ended by its logout token, once', async () => {
    const { identity } = await identified();
    await provider.signOut(identity.subject, identity.sessionIndex ?? '');
    const sent = posting(Object.fromEntries(provider.logouts.at(-1) ?? []));
    expect(await source.readLogout(sent, ADDRESSES)).toEqual({
      outcome: 'logout',
      subject: 'u-1',
      sessionIndexes: [identity.sessionIndex],
      replyUrl: null,
    });
    expect(await source.readLogout(sent, ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.replayed' });
  });
});

describe('what a provider says', () => {
  let forging: ForgingProvider;
  let source: RedirectIdentitySource;

  beforeAll(async () => {
    forging = await startForgingProvider();
  });

  afterAll(() => forging.close());

  beforeEach(() => {
    forging.answers.clear();
    for (const key of Object.keys(forging.userInfo)) delete forging.userInfo[key];
    forging.userInfo['sub'] = 'u-1';
    source = newSource();
  });

  function newSource(keys: Readonly<Record<string, unknown>> = {}): RedirectIdentitySource {
    return createOidcSource(settingsOf('oidc', { issuer: forging.issuer, ...CLIENT, timeoutSeconds: 1, ...keys }), identityParts());
  }

  /** Comes back from the provider, whose token endpoint says what `token` makes of the right claims. */
  async function finishWith(token: (claims: JWTPayload) => Promise<string> | string): Promise<IdentityOutcome> {
    const { pending } = await started(source);
    const { nonce } = JSON.parse(pending.secrets) as { nonce: string };
    forging.idToken = await token(forging.claims(nonce));
    const query = new URLSearchParams({ code: randomBytes(8).toString('hex'), state: pending.key, iss: forging.issuer });
    return source.finish(arriving(`${ADDRESSES.callback}?${query}`), pending, ADDRESSES);
  }

  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1000);

  it('is believed where everything is right', async () => {
    expect(await finishWith((claims) => forging.sign(claims))).toMatchObject({ outcome: 'identified', identity: { name: 'anna' } });
    expect(forging.tokenRequests.at(-1)?.get('code_verifier')).toMatch(/^[\w-]{64}$/);
  });

  it('is believed within the clock skew', async () => {
    expect(await finishWith((claims) => forging.sign({ ...claims, exp: now() - 30 }))).toMatchObject({ outcome: 'identified' });
  });

  it.each<[string, (claims: JWTPayload) => Promise<string> | string, string]>([
    ['without a signature', (claims) => `${base64({ alg: 'none' })}.${base64(claims)}.`, 'identity.signature'],
    [
      'with alg none and a signature',
      async (claims) => (await forging.sign(claims)).replace(/^[^.]+/, base64({ alg: 'none' })),
      'identity.signature',
    ],
    [
      'signed with the client secret',
      (claims) => forging.sign(claims, { alg: 'HS256' }, new TextEncoder().encode(CLIENT.clientSecret)),
      'identity.signature',
    ],
    [
      'signed by another key',
      async (claims) => forging.sign(claims, {}, (await generateKeyPair('RS256')).privateKey),
      'identity.signature',
    ],
    ['signed by a key that nobody knows', (claims) => forging.sign(claims, { kid: 'two' }), 'identity.signature'],
    ['with a key in its header', async (claims) => forging.sign(claims, { kid: 'x', jwk: {} } as never), 'identity.signature'],
    [
      'changed after it was signed',
      async (claims) => {
        const [header, , signature] = (await forging.sign(claims)).split('.');
        return [header, base64({ ...claims, preferred_username: 'root' }), signature].join('.');
      },
      'identity.signature',
    ],
    ['for another client', (claims) => forging.sign({ ...claims, aud: 'other' }), 'identity.audience'],
    ['for another client and us', (claims) => forging.sign({ ...claims, aud: ['other', CLIENT.clientId] }), 'identity.audience'],
    [
      'handed on by another client',
      (claims) => forging.sign({ ...claims, aud: ['other', CLIENT.clientId], azp: 'other' }),
      'identity.audience',
    ],
    ['of another issuer', (claims) => forging.sign({ ...claims, iss: 'https://evil.example' }), 'identity.issuer'],
    ['of the issuer with a slash more', (claims) => forging.sign({ ...claims, iss: `${forging.issuer}/` }), 'identity.issuer'],
    ['with the nonce of another sign-in', (claims) => forging.sign({ ...claims, nonce: 'x' }), 'identity.state'],
    ['that is over', (claims) => forging.sign({ ...claims, exp: now() - 61 }), 'identity.expired'],
    ['that is not yet valid', (claims) => forging.sign({ ...claims, nbf: now() + 120 }), 'identity.expired'],
    ['that is no token', () => 'abc', 'identity.message'],
    ['without a user name', ({ preferred_username: _, ...claims }) => forging.sign(claims), 'identity.name'],
  ])('is refused %s', async (_what, token, code) => {
    expect(await finishWith(token)).toMatchObject({ outcome: 'refused', code });
  });

  it.each(['nonce', 'sub', 'exp', 'iat', 'aud', 'iss'])('is refused without %s', async (claim) => {
    const outcome = await finishWith((claims) =>
      forging.sign(Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim))),
    );
    expect(outcome).toMatchObject({ outcome: 'refused' });
  });

  it('is refused without an ID token', async () => {
    forging.answers.set('/token', (response) => sendJson(response, { access_token: 'x', token_type: 'Bearer' }));
    expect(await finishWith(() => '')).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });

  it('about somebody else at userinfo is refused', async () => {
    forging.userInfo['sub'] = 'u-2';
    expect(await finishWith((claims) => forging.sign(claims))).toMatchObject({ outcome: 'refused', code: 'identity.message' });
  });

  it('in the ID token counts for more than at userinfo', async () => {
    Object.assign(forging.userInfo, { preferred_username: 'root', department: 'Maps' });
    const outcome = await finishWith((claims) => forging.sign(claims));
    expect(outcome).toMatchObject({ identity: { name: 'anna' } });
    expect(outcome.outcome === 'identified' && outcome.identity.attributes.get('department')).toEqual(['Maps']);
  });

  it('without an issuer in the answer is refused where it promises one', async () => {
    const { pending } = await started(source);
    const query = new URLSearchParams({ code: 'abc', state: pending.key });
    expect(await source.finish(arriving(`${ADDRESSES.callback}?${query}`), pending, ADDRESSES)).toMatchObject({ outcome: 'refused' });
  });

  it.each<[string, string, Parameters<ForgingProvider['answers']['set']>[1]]>([
    ['fails at the token endpoint', '/token', (response) => response.writeHead(502).end('<html>')],
    ['sends us elsewhere', '/token', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
    ['says nothing', '/token', () => undefined],
    ['hangs up', '/userinfo', (response) => response.destroy()],
    ['sends without end', '/jwks', (response) => sendJson(response, { keys: [], more: 'x'.repeat(1_100_000) })],
    ['does not know us', '/token', (response) => sendJson(response, { error: 'invalid_client' }, 401)],
  ])('is no answer where it %s', async (_what, path, answer) => {
    forging.answers.set(path, answer);
    expect(await finishWith((claims) => forging.sign(claims))).toMatchObject({ outcome: 'unavailable' });
  });

  it.each<[string, Parameters<ForgingProvider['answers']['set']>[1]]>([
    ['is not there', (response) => response.writeHead(404).end()],
    [
      'is of another issuer',
      (response) => sendJson(response, { issuer: 'https://evil.example', authorization_endpoint: 'https://evil.example/' }),
    ],
    ['sends us elsewhere', (response) => response.writeHead(302, { location: 'https://evil.example/' }).end()],
    ['is no JSON', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  ])('starts nothing where its configuration %s, and is asked again the next time', async (_what, answer) => {
    forging.answers.set('/.well-known/openid-configuration', answer);
    expect(await source.start(ADDRESSES)).toMatchObject({ outcome: 'unavailable' });
    forging.answers.clear();
    expect(await source.start(ADDRESSES)).toMatchObject({ outcome: 'started' });
  });

  it('starts nothing where it is not there', async () => {
    source = createOidcSource(settingsOf('oidc', { issuer: 'http://127.0.0.1:1', ...CLIENT }), identityParts());
    expect(await source.start(ADDRESSES)).toMatchObject({ outcome: 'unavailable' });
    expect(await source.logoutUrl(null, 'https://iiif.example.org/', ADDRESSES)).toBeNull();
  });

  it('about its own end is null where it has no such address', async () => {
    expect(await source.logoutUrl(null, 'https://iiif.example.org/', ADDRESSES)).toBeNull();
  });

  describe('in a logout token', () => {
    const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

    function logoutClaims(): JWTPayload {
      const { preferred_username: _, ...claims } = forging.claims();
      return { ...claims, jti: randomBytes(8).toString('hex'), events: { [EVENT]: {} } };
    }

    async function readWith(change: (claims: JWTPayload) => Promise<string> | string) {
      return source.readLogout(posting({ logout_token: await change(logoutClaims()) }), ADDRESSES);
    }

    it('is believed where everything is right, with a subject or a session', async () => {
      expect(await readWith((claims) => forging.sign(claims, { typ: 'logout+jwt' }))).toMatchObject({
        outcome: 'logout',
        subject: 'u-1',
        sessionIndexes: [],
      });
      expect(await readWith(({ sub: _, ...claims }) => forging.sign({ ...claims, sid: 's-1' }))).toMatchObject({
        subject: null,
        sessionIndexes: ['s-1'],
      });
    });

    it.each<[string, (claims: JWTPayload) => Promise<string> | string, string]>([
      ['without a signature', (claims) => `${base64({ alg: 'none' })}.${base64(claims)}.`, 'identity.signature'],
      [
        'signed by another key',
        async (claims) => forging.sign(claims, {}, (await generateKeyPair('RS256')).privateKey),
        'identity.signature',
      ],
      [
        'signed with the client secret',
        (claims) => forging.sign(claims, { alg: 'HS256' }, new TextEncoder().encode(CLIENT.clientSecret)),
        'identity.signature',
      ],
      ['for another client', (claims) => forging.sign({ ...claims, aud: 'other' }), 'identity.audience'],
      ['of another issuer', (claims) => forging.sign({ ...claims, iss: 'https://evil.example' }), 'identity.issuer'],
      ['that is over', (claims) => forging.sign({ ...claims, exp: now() - 61 }), 'identity.expired'],
      ['with a nonce', (claims) => forging.sign({ ...claims, nonce: 'x' }), 'identity.message'],
      ['about something else', (claims) => forging.sign({ ...claims, events: { 'urn:other': {} } }), 'identity.message'],
      ['about nobody', ({ sub: _, ...claims }) => forging.sign(claims), 'identity.message'],
      ['of another type', (claims) => forging.sign(claims, { typ: 'at+jwt' }), 'identity.message'],
      ['that is an ID token', () => forging.sign(forging.claims('x')), 'identity.message'],
      ['without an id', ({ jti: _, ...claims }) => forging.sign(claims), 'identity.message'],
      ['that is no token', () => 'abc', 'identity.message'],
    ])('is refused %s', async (_what, change, code) => {
      expect(await readWith(change)).toMatchObject({ outcome: 'refused', code });
    });

    it('is no answer where the keys cannot be had', async () => {
      forging.answers.set('/jwks', (response) => response.writeHead(500).end());
      expect(await readWith((claims) => forging.sign(claims))).toMatchObject({ outcome: 'unavailable' });
    });

    it('is refused where there is none', async () => {
      expect(await source.readLogout(posting({}), ADDRESSES)).toMatchObject({ outcome: 'refused', code: 'identity.message' });
    });
  });
});
