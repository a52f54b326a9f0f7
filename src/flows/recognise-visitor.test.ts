import { describe, expect, it } from 'vitest';
import { ACCESS, cookiesOf, fakePeople, NO_COOKIES, OTHER_VIEWER, VIEWER } from '../../test/fakes/access.ts';
import { agreeToTerms } from './agree-to-terms.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { mayReadWithCredentials } from './may-read-with-credentials.ts';
import { type Evidence, recogniseVisitor } from './recognise-visitor.ts';
import { signIn } from './sign-in.ts';
import { leaveService, signOut } from './sign-out.ts';

const ADDRESS = '192.0.2.7';
type People = ReturnType<typeof fakePeople>;

function evidence(given: Partial<Evidence> = {}): Evidence {
  return { cookies: NO_COOKIES, authorization: null, origin: null, address: ADDRESS, ...given };
}

async function adaSignsIn(people: People, service = 'members', origin = VIEWER) {
  const outcome = await signIn(people, {
    name: 'ada',
    password: 'lovelace',
    address: ADDRESS,
    cookies: NO_COOKIES,
    grants: [{ service, origin }],
  });
  if (outcome.kind !== 'signed-in') throw new Error('ada could not sign in');
  return cookiesOf(outcome.opened);
}

async function tokenFor(people: People, cookies: ReadonlyMap<string, string>, origin: string | null = VIEWER, service = 'members') {
  const outcome = await issueAccessToken(people, { service, origin, cookies });
  if (outcome.kind !== 'issued') throw new Error(`no token: ${outcome.profile}`);
  return outcome.token;
}

function only(cookies: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> {
  return new Map([...cookies].filter(([each]) => each === name));
}

describe('recognising a visitor by cookie', () => {
  it('knows the user, roles, services and viewers of the session', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const visitor = await recogniseVisitor(people, evidence({ cookies }), 'content');
    expect(visitor).toMatchObject({ by: 'access-cookie', address: ADDRESS, user: { name: 'ada', roles: ['reader'] } });
    expect([...visitor.services]).toEqual(['members']);
    expect([...visitor.origins]).toEqual([VIEWER]);
  });

  it.each([
    ['content', 'vitrine-session'],
    ['information', 'vitrine-session'],
    ['page', 'vitrine-access'],
  ] as const)('opens %s by its own cookie only, not by %s', async (purpose, wrong) => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    expect(await recogniseVisitor(people, evidence({ cookies: only(cookies, wrong) }), purpose)).toMatchObject({ by: 'nobody' });
  });

  it.each(['content', 'page'] as const)('does not take the secret of one cookie for the other: %s', async (purpose) => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const swapped = new Map([
      ['vitrine-session', cookies.get('vitrine-access') ?? ''],
      ['vitrine-access', cookies.get('vitrine-session') ?? ''],
    ]);
    expect(await recogniseVisitor(people, evidence({ cookies: swapped }), purpose)).toMatchObject({ by: 'nobody' });
  });

  it.each(['', 'undefined', 'ses_short.short', '.', `ses_${'a'.repeat(22)}.${'b'.repeat(43)}`, `ses_${'a'.repeat(5000)}.x`])(
    'takes a cookie that it never wrote for nobody: %j',
    async (value) => {
      const people = fakePeople();
      expect(await recogniseVisitor(people, evidence({ cookies: new Map([['vitrine-access', value]]) }), 'content')).toMatchObject({
        by: 'nobody',
        sessionId: null,
      });
    },
  );

  it('takes a true session id with a wrong secret for nobody', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const [id] = (cookies.get('vitrine-access') ?? '').split('.');
    const forged = new Map([['vitrine-access', `${id}.${'A'.repeat(43)}`]]);
    expect(await recogniseVisitor(people, evidence({ cookies: forged }), 'content')).toMatchObject({ by: 'nobody' });
  });

  it('reads roles from the account as it is now, and knows nobody once the account is gone', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    await people.users.setRoles('usr_ada', ['curator']);
    expect((await recogniseVisitor(people, evidence({ cookies }), 'content')).user?.roles).toEqual(['curator']);
    await people.users.remove('usr_ada');
    expect(await recogniseVisitor(people, evidence({ cookies }), 'content')).toMatchObject({ by: 'nobody', user: null });
  });

  it('knows nobody in any session of a user who is disabled, nor in one that is believed in for seconds yet', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const [session] = people.stores.sessionsById.values();
    if (session === undefined) throw new Error('nobody signed in');
    await people.users.disable('usr_ada', people.clock.now());
    people.stores.sessionsById.set(session.id, session);
    for (const purpose of ['content', 'information', 'page'] as const) {
      expect(await recogniseVisitor(people, evidence({ cookies }), purpose)).toMatchObject({ by: 'nobody', user: null });
    }
    await people.users.enable('usr_ada');
    expect((await recogniseVisitor(people, evidence({ cookies }), 'content')).user?.name).toBe('ada');
  });

  it('ends a session that nobody used for the idle time', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    people.clock.forward({ minutes: 120 });
    expect(await recogniseVisitor(people, evidence({ cookies }), 'content')).toMatchObject({ by: 'nobody' });
  });

  it('keeps a session alive while tiles are asked for, but only up to its absolute end', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    for (let minutes = 0; minutes < 12 * 60; minutes += 90) {
      expect(await recogniseVisitor(people, evidence({ cookies }), 'content'), `after ${minutes} minutes`).toMatchObject({
        by: 'access-cookie',
      });
      people.clock.forward({ minutes: 90 });
    }
    expect(await recogniseVisitor(people, evidence({ cookies }), 'content')).toMatchObject({ by: 'nobody' });
  });

  it('writes the use of a session once a minute, however many tiles are asked for', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    for (let tile = 0; tile < 200; tile += 1) {
      await recogniseVisitor(people, evidence({ cookies }), 'content');
      people.clock.forward({ seconds: 1 });
    }
    expect(people.stores.touches).toBe(3);
  });

  it('knows nobody at once after a sign-out, whatever cookies are still sent', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const authorization = `Bearer ${await tokenFor(people, cookies)}`;
    await signOut(people, { cookies, address: '192.0.2.7' }, 'session');
    expect(await recogniseVisitor(people, evidence({ cookies }), 'content')).toMatchObject({ by: 'nobody' });
    expect(await recogniseVisitor(people, evidence({ cookies, authorization }), 'information')).toMatchObject({ by: 'nobody' });
  });
});

describe('recognising a visitor by access token', () => {
  it('knows the one service of the token, though the session has more', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const terms = ACCESS.services.get('terms');
    if (terms === undefined) throw new Error('no terms');
    await agreeToTerms(people, { service: terms, origin: OTHER_VIEWER, cookies, address: '192.0.2.7' });
    const authorization = `Bearer ${await tokenFor(people, cookies)}`;
    const visitor = await recogniseVisitor(people, evidence({ authorization, origin: VIEWER }), 'information');
    expect(visitor).toMatchObject({ by: 'access-token', user: { name: 'ada' } });
    expect([...visitor.services]).toEqual(['members']);
    expect([...visitor.origins]).toEqual([VIEWER]);
  });

  it('never opens content or pages', async () => {
    const people = fakePeople();
    const authorization = `Bearer ${await tokenFor(people, await adaSignsIn(people))}`;
    for (const purpose of ['content', 'page'] as const) {
      expect(await recogniseVisitor(people, evidence({ authorization }), purpose)).toMatchObject({ by: 'nobody' });
    }
  });

  it('is worth nothing on another origin, even beside a cookie', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const authorization = `Bearer ${await tokenFor(people, cookies)}`;
    for (const origin of [OTHER_VIEWER, 'null', `${VIEWER}.evil.example`, VIEWER.replace('https', 'http')]) {
      expect(await recogniseVisitor(people, evidence({ cookies, authorization, origin }), 'information')).toMatchObject({ by: 'nobody' });
    }
  });

  it('counts without an Origin header, as for a client that is no browser', async () => {
    const people = fakePeople();
    const authorization = `bearer  ${await tokenFor(people, await adaSignsIn(people), null)}`;
    expect(await recogniseVisitor(people, evidence({ authorization }), 'information')).toMatchObject({ by: 'access-token' });
    expect(await recogniseVisitor(people, evidence({ authorization, origin: VIEWER }), 'information')).toMatchObject({ by: 'nobody' });
  });

  it.each(['Bearer undefined', 'Bearer', 'Bearer  ', 'Basic YWRhOmxvdmVsYWNl', `Bearer ${'x'.repeat(43)}`, 'Bearer a b', 'Bearer\u0000x'])(
    'takes %j for no token: the cookie decides',
    async (authorization) => {
      const people = fakePeople();
      const cookies = await adaSignsIn(people);
      expect(await recogniseVisitor(people, evidence({ authorization }), 'information')).toMatchObject({ by: 'nobody' });
      expect(await recogniseVisitor(people, evidence({ authorization, cookies }), 'information')).toMatchObject({ by: 'access-cookie' });
    },
  );

  it('ends when it said it would', async () => {
    const people = fakePeople();
    const authorization = `Bearer ${await tokenFor(people, await adaSignsIn(people))}`;
    people.clock.forward({ minutes: 59, seconds: 59 });
    expect(await recogniseVisitor(people, evidence({ authorization }), 'information')).toMatchObject({ by: 'access-token' });
    people.clock.forward({ seconds: 1 });
    expect(await recogniseVisitor(people, evidence({ authorization }), 'information')).toMatchObject({ by: 'nobody' });
  });

  it('ends with the grant of its service, and others stay', async () => {
    const people = fakePeople();
    const cookies = await adaSignsIn(people);
    const terms = ACCESS.services.get('terms');
    if (terms === undefined) throw new Error('no terms');
    await agreeToTerms(people, { service: terms, origin: VIEWER, cookies, address: '192.0.2.7' });
    const forTerms = `Bearer ${await tokenFor(people, cookies, VIEWER, 'terms')}`;
    const forMembers = `Bearer ${await tokenFor(people, cookies)}`;
    expect(await leaveService(people, terms, { cookies, address: '192.0.2.7' }, 'session')).toBe('grants-ended');
    expect(await recogniseVisitor(people, evidence({ authorization: forTerms }), 'information')).toMatchObject({ by: 'nobody' });
    expect(await recogniseVisitor(people, evidence({ authorization: forMembers }), 'information')).toMatchObject({ by: 'access-token' });
  });
});

describe('reading answers together with cookies', () => {
  it('is for the viewers that sent the visitor, compared whole', async () => {
    const people = fakePeople();
    const visitor = await recogniseVisitor(people, evidence({ cookies: await adaSignsIn(people) }), 'content');
    expect(mayReadWithCredentials(visitor, VIEWER)).toBe(true);
    for (const origin of [null, 'null', OTHER_VIEWER, `${VIEWER}.evil.example`, `${VIEWER}:8080`, 'https://VIEWER.example']) {
      expect(mayReadWithCredentials(visitor, origin)).toBe(false);
    }
  });

  it('is for every page where there is nobody to tell of', async () => {
    const visitor = await recogniseVisitor(fakePeople(), evidence({}), 'content');
    for (const origin of [null, VIEWER, OTHER_VIEWER]) expect(mayReadWithCredentials(visitor, origin)).toBe(true);
  });
});
