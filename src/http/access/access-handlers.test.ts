import { describe, expect, it } from 'vitest';
import { fakePeople, OTHER_VIEWER, VIEWER } from '../../../test/fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN, readMessage } from '../../../test/fakes/browser.ts';
import { openToViewers } from '../server/cors.ts';
import type { Reply } from '../server/exchange.ts';
import { createAccess } from './access-handlers.ts';

const MEMBERS = { service: 'members' };
const TERMS = { service: 'terms' };
const FROM_VIEWER = { origin: VIEWER };

function start() {
  const people = fakePeople();
  const waits: number[] = [];
  const failures: unknown[] = [];
  const access = createAccess({
    ...people,
    signingKey: 'a key of this server',
    cookiePath: '/',
    slashSubstitute: null,
    onFailure: (error) => failures.push(error),
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  return { people, browser: new FakeBrowser(), waits, failures, ...access };
}

type Started = ReturnType<typeof start>;

async function signIn({ browser, handlers }: Started, given: { user?: string; password?: string; origin?: string } = {}) {
  const query = { origin: given.origin ?? VIEWER };
  await browser.get(handlers.accessService, { params: MEMBERS, query });
  const form = { user: given.user ?? 'ada', password: given.password ?? 'lovelace' };
  return browser.post(handlers.submitAccessService, { params: MEMBERS, query, form });
}

async function answerTerms({ browser, handlers }: Started, answer: 'agree' | 'decline') {
  await browser.get(handlers.accessService, { params: TERMS, query: FROM_VIEWER });
  return browser.post(handlers.submitAccessService, { params: TERMS, query: FROM_VIEWER, form: { answer } });
}

function token2({ browser, handlers }: Started, query: Record<string, string> = { messageId: 'm1', ...FROM_VIEWER }) {
  return browser.get(handlers.tokenService2, { params: MEMBERS, query });
}

function token1({ browser, handlers }: Started, query: Record<string, string> = { messageId: 'm1', ...FROM_VIEWER }) {
  return browser.get(handlers.tokenService1, { params: MEMBERS, query });
}

async function probe({ browser, handlers }: Started, identifier: string, headers: Record<string, string> = {}) {
  const reply = await browser.get(handlers.probeService, { params: { identifier }, headers });
  return { reply, result: JSON.parse(String(reply.body)) as Record<string, unknown> };
}

function expectPage(reply: Reply): void {
  expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(reply.headers['cache-control']).toBe('no-store');
  expect(Object.keys(reply.headers).map((name) => name.toLowerCase())).not.toContain('cross-origin-opener-policy');
}

describe('the access service', () => {
  it('signs in with a form, sets both cookies, and shows a page that closes itself', async () => {
    const started = start();
    const shown = await started.browser.get(started.handlers.accessService, { params: MEMBERS, query: FROM_VIEWER });
    expect(shown).toMatchObject({ status: 200 });
    expect(shown.body).toContain('type="password"');
    expect(shown.body).toContain('viewer.example');
    expectPage(shown);
    const done = await signIn(started);
    expect(done).toMatchObject({ status: 200 });
    expect(done.body).toContain('/assets/close-window.js');
    expectPage(done);
    expect([...started.browser.jar.keys()].sort()).toEqual(['vitrine-access', 'vitrine-form', 'vitrine-session']);
  });

  it('sets cookies that no script reads: the session for our pages, access for viewers elsewhere, both to the absolute end', async () => {
    const started = start();
    await signIn(started);
    const written = Object.fromEntries(started.browser.setCookies.map((cookie) => [cookie.split('=')[0], cookie.replace(/^[^;]*/, '')]));
    expect(written).toEqual({
      'vitrine-form': '; Path=/; HttpOnly; Secure; SameSite=Lax',
      'vitrine-session': '; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax',
      'vitrine-access': '; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=None',
    });
  });

  it('answers a wrong password with the form again, the name in it and the password not', async () => {
    const started = start();
    const reply = await signIn(started, { user: 'ada"><script>alert(1)</script>', password: 'wr0ng-pass' });
    expect(reply).toMatchObject({ status: 401 });
    expect(reply.body).toContain('User name and password do not belong together.');
    expect(reply.body).toContain('value="ada&#34;&#62;&#60;script&#62;');
    expect(reply.body).not.toContain('<script>alert');
    expect(reply.body).not.toContain('wr0ng-pass');
    expect(started.browser.jar.has('vitrine-session')).toBe(false);
  });

  it('asks whoever fails too often to wait, in a sentence and in Retry-After', async () => {
    const started = start();
    for (let time = 0; time < 5; time += 1) expect((await signIn(started, { password: 'wrong' })).status).toBe(401);
    const reply = await signIn(started);
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '15' } });
    expect(reply.body).toContain('wait 15 seconds');
  });

  it('asks somebody who is signed in for one click, and lets the new viewer in', async () => {
    const started = start();
    await signIn(started);
    const query = { origin: OTHER_VIEWER };
    const shown = await started.browser.get(started.handlers.accessService, { params: MEMBERS, query });
    expect(shown.body).toContain('value="continue"');
    expect(shown.body).not.toContain('type="password"');
    expect(readMessage(await token2(started, { messageId: '1', ...query })).message).toMatchObject({ profile: 'invalidOrigin' });
    await started.browser.post(started.handlers.submitAccessService, { params: MEMBERS, query, form: { answer: 'continue' } });
    expect(readMessage(await token2(started, { messageId: '1', ...query })).message).toMatchObject({ type: 'AuthAccessToken2' });
  });

  it('lets somebody who is signed in use another account', async () => {
    const started = start();
    await signIn(started);
    await started.browser.get(started.handlers.accessService, { params: MEMBERS, query: FROM_VIEWER });
    const form = { answer: 'switch' };
    const shown = await started.browser.post(started.handlers.submitAccessService, { params: MEMBERS, query: FROM_VIEWER, form });
    expect(shown.body).toContain('type="password"');
    expect(shown.body).toContain('ada');
    await started.browser.post(started.handlers.submitAccessService, {
      params: MEMBERS,
      query: FROM_VIEWER,
      form: { user: 'grace', password: 'hopper' },
    });
    expect((await probe(started, 'curators%2Fdiary.jpg')).result).toMatchObject({ status: 200 });
    expect((await probe(started, 'members%2Fletter.jpg')).result).toMatchObject({ status: 401 });
  });

  it('opens terms to whoever agrees', async () => {
    const started = start();
    expect((await probe(started, 'terms%2Fmap.jpg')).result).toMatchObject({ status: 401 });
    expect(await answerTerms(started, 'agree')).toMatchObject({ status: 200 });
    expect((await probe(started, 'terms%2Fmap.jpg')).result).toMatchObject({ status: 200 });
  });

  it('grants nothing to whoever declines terms, and takes back what was granted', async () => {
    const started = start();
    expect((await answerTerms(started, 'decline')).body).toContain('You did not agree');
    expect(started.browser.jar.has('vitrine-access')).toBe(false);
    await answerTerms(started, 'agree');
    await answerTerms(started, 'decline');
    expect((await probe(started, 'terms%2Fmap.jpg')).result).toMatchObject({ status: 401 });
  });

  it('asks to wait, on a page, where one address opens sessions without end', async () => {
    const started = start();
    for (let times = 0; times < 300; times += 1) {
      expect((await answerTerms(started, 'agree')).status).toBe(200);
      started.browser.jar.clear();
    }
    const reply = await answerTerms(started, 'agree');
    expectPage(reply);
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(String(reply.body)).toContain('There were too many attempts. Please wait');
    expect(started.people.stores.sessionsById.size).toBe(300);
  });

  it('grants nothing for a form without an answer', async () => {
    const started = start();
    await started.browser.get(started.handlers.accessService, { params: TERMS, query: FROM_VIEWER });
    await started.browser.post(started.handlers.submitAccessService, { params: TERMS, query: FROM_VIEWER, form: {} });
    expect(started.people.stores.sessionsById.size).toBe(0);
  });

  it('grants for our own pages without an origin', async () => {
    const started = start();
    await started.browser.get(started.handlers.accessService, { params: MEMBERS });
    await started.browser.post(started.handlers.submitAccessService, { params: MEMBERS, form: { user: 'ada', password: 'lovelace' } });
    expect([...started.people.stores.sessionsById.values()][0]?.grants).toMatchObject([{ service: 'members', origin: OWN_ORIGIN }]);
  });

  it('takes the origin with a slash at the end, as the examples of 1.0 write it', async () => {
    const started = start();
    await signIn(started, { origin: `${VIEWER}/` });
    expect(readMessage(await token1(started)).message).toHaveProperty('accessToken');
  });

  it.each(['javascript:alert(1)', 'null', '', 'viewer.example', `${VIEWER}/path`, `${VIEWER}@evil.example`, '*', 'file://'])(
    'refuses the origin %j with a page, and grants nothing',
    async (origin) => {
      const started = start();
      const shown = await started.browser.get(started.handlers.accessService, { params: MEMBERS, query: { origin } });
      expect(shown).toMatchObject({ status: 400 });
      expectPage(shown);
      expect(shown.body).not.toContain('javascript:');
      await started.browser.get(started.handlers.accessService, { params: MEMBERS, query: FROM_VIEWER });
      const form = { user: 'ada', password: 'lovelace' };
      const posted = await started.browser.post(started.handlers.submitAccessService, { params: MEMBERS, query: { origin }, form });
      expect(posted).toMatchObject({ status: 400 });
      expect(started.people.stores.sessionsById.size).toBe(0);
    },
  );

  it.each(['nothing', '__proto__', 'constructor', '..%2F'])('knows no service %j', async (service) => {
    const { browser, handlers } = start();
    for (const handler of [handlers.accessService, handlers.submitAccessService, handlers.logoutService]) {
      const reply = await browser.get(handler, { params: { service } });
      expect(reply).toMatchObject({ status: 404 });
      expectPage(reply);
    }
  });

  it.each([
    ['de', 'Anmelden bei der Beispielbibliothek', 'Benutzername'],
    ['fr-CH, de;q=0.5', 'Anmelden bei der Beispielbibliothek', 'Nom d’utilisateur'],
    ['en', 'Sign in to Example Library', 'User name'],
  ])('speaks to a reader who wants %s', async (language, label, field) => {
    const { browser, handlers } = start();
    const reply = await browser.get(handlers.accessService, { params: MEMBERS, headers: { 'accept-language': language } });
    expect(reply.body).toContain(label);
    expect(reply.body).toContain(field);
  });

  it('shows a service in a language that it speaks and we do not', async () => {
    const { browser, handlers } = start();
    const reply = await browser.get(handlers.accessService, { params: TERMS, headers: { 'accept-language': 'it' } });
    expect(reply.body).toContain('<span lang="it">Condizioni d’uso</span>');
  });

  it('keeps its form below the base path', async () => {
    const { browser, handlers } = start();
    const reply = await browser.get(handlers.accessService, { params: MEMBERS, query: FROM_VIEWER, basePath: '/library' });
    expect(reply.body).toContain('action="/library/auth/access/members?origin=https%3A%2F%2Fviewer.example"');
  });
});

describe('forms that other sites send', () => {
  const FORM = { user: 'ada', password: 'lovelace' };

  it.each([
    ['another origin', { origin: VIEWER, 'sec-fetch-site': 'cross-site' }, {}],
    ['an origin that begins like ours', { origin: `${OWN_ORIGIN}.evil.example` }, {}],
    ['an opaque origin', { origin: 'null' }, {}],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }, {}],
    ['no token', {}, { 'form-token': '' }],
    ['an invented token', {}, { 'form-token': 'A'.repeat(43) }],
  ])('are refused: %s', async (_what, headers, fields) => {
    const { browser, handlers, people } = start();
    await browser.get(handlers.accessService, { params: MEMBERS, query: FROM_VIEWER });
    const form = { ...FORM, ...fields };
    const reply = await browser.post(handlers.submitAccessService, { params: MEMBERS, query: FROM_VIEWER, headers, form });
    expect(reply).toMatchObject({ status: 403 });
    expectPage(reply);
    expect(people.stores.sessionsById.size).toBe(0);
    expect(people.passwords.asked).toEqual([]);
  });

  it('are refused with the token of another form, or of another browser', async () => {
    const { browser, handlers, people } = start();
    const other = new FakeBrowser();
    await other.get(handlers.accessService, { params: MEMBERS });
    await browser.get(handlers.accessService, { params: MEMBERS });
    const stolen = { ...FORM, 'form-token': other.formToken };
    expect((await browser.post(handlers.submitAccessService, { params: MEMBERS, form: stolen })).status).toBe(403);
    expect((await browser.post(handlers.submitAccessService, { params: { service: 'staff' }, form: FORM })).status).toBe(403);
    expect((await browser.post(handlers.submitSignIn, { form: FORM })).status).toBe(403);
    expect(people.stores.sessionsById.size).toBe(0);
  });

  it('are refused without the cookie', async () => {
    const { browser, handlers } = start();
    await browser.get(handlers.accessService, { params: MEMBERS });
    browser.jar.clear();
    expect((await browser.post(handlers.submitAccessService, { params: MEMBERS, form: FORM })).status).toBe(403);
  });

  it('do not make the form of a second window invalidate that of the first', async () => {
    const { browser, handlers } = start();
    await browser.get(handlers.accessService, { params: MEMBERS });
    const first = browser.formToken;
    await browser.get(handlers.accessService, { params: TERMS });
    const form = { ...FORM, 'form-token': first };
    expect((await browser.post(handlers.submitAccessService, { params: MEMBERS, form })).status).toBe(200);
  });
});

describe('the access token service', () => {
  it('posts a token of 2.0 to the viewer and echoes the message id', async () => {
    const started = start();
    await signIn(started);
    const reply = await token2(started, { messageId: 'https://a.example/?x=1&y="2"', ...FROM_VIEWER });
    expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(readMessage(reply)).toEqual({
      targetOrigin: VIEWER,
      message: {
        '@context': 'http://iiif.io/api/auth/2/context.json',
        type: 'AuthAccessToken2',
        accessToken: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        expiresIn: 3600,
        messageId: 'https://a.example/?x=1&y="2"',
      },
    });
  });

  it('posts a token of 1.0', async () => {
    const started = start();
    await signIn(started);
    expect(readMessage(await token1(started))).toEqual({
      targetOrigin: VIEWER,
      message: { accessToken: expect.any(String), expiresIn: 3600, messageId: 'm1' },
    });
  });

  it('may be framed by anyone, and runs no script but our file', async () => {
    const policy = String((await token2(start())).headers['content-security-policy']);
    expect(policy).toContain('frame-ancestors *');
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('answers 1.0 without a message id as JSON, for clients that are no browsers', async () => {
    const started = start();
    const before = await token1(started, {});
    expect(before).toMatchObject({ status: 401, headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(JSON.parse(String(before.body))).toMatchObject({ error: 'missingCredentials', description: expect.any(String) });
    await signIn(started);
    const after = await token1(started, {});
    expect(after).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    const answer = JSON.parse(String(after.body)) as { accessToken: string };
    expect(Object.keys(answer)).toEqual(['accessToken', 'expiresIn']);
    const headers = { authorization: `Bearer ${answer.accessToken}` };
    started.browser.jar.clear();
    expect((await probe(started, 'members%2Fletter.jpg', headers)).result).toMatchObject({ status: 200 });
    expect((await probe(started, 'members%2Fletter.jpg', { ...headers, origin: VIEWER })).result).toMatchObject({ status: 401 });
  });

  it('names each error in both versions, and posts it to the viewer', async () => {
    const started = start();
    const errors = async (query?: Record<string, string>) => {
      const [one, two] = [readMessage(await token1(started, query)), readMessage(await token2(started, query))];
      expect(one.targetOrigin).toBe(two.targetOrigin);
      expect(two.message).toMatchObject({
        type: 'AuthAccessTokenError2',
        heading: { en: expect.any(Array) },
        note: { en: expect.any(Array) },
      });
      return [one.message['error'], two.message['profile'], one.targetOrigin];
    };
    expect(await errors()).toEqual(['missingCredentials', 'missingAspect', VIEWER]);
    started.browser.jar.set('vitrine-access', 'nonsense');
    expect(await errors()).toEqual(['invalidCredentials', 'invalidAspect', VIEWER]);
    await signIn(started);
    expect(await errors({ messageId: 'm1', origin: OTHER_VIEWER })).toEqual(['invalidOrigin', 'invalidOrigin', OTHER_VIEWER]);
    expect(await errors({ messageId: 'm1', origin: 'https://viewer.example.evil.com' })).toEqual([
      'invalidOrigin',
      'invalidOrigin',
      'https://viewer.example.evil.com',
    ]);
    started.people.clock.forward({ hours: 3 });
    expect(await errors()).toEqual(['invalidCredentials', 'expiredAspect', VIEWER]);
  });

  it('answers 2.0 without a message id with invalidRequest', async () => {
    const started = start();
    await signIn(started);
    expect(readMessage(await token2(started, FROM_VIEWER))).toMatchObject({
      targetOrigin: VIEWER,
      message: { profile: 'invalidRequest', messageId: '' },
    });
  });

  it.each([
    ['no origin', { messageId: 'm1' }, 'invalidRequest'],
    ['no true origin', { messageId: 'm1', origin: '*' }, 'invalidOrigin'],
    ['an opaque origin', { messageId: 'm1', origin: 'null' }, 'invalidOrigin'],
  ])('posts nothing for %s, and says so on the page', async (_what, query, profile) => {
    const started = start();
    await signIn(started);
    const reply = await token2(started, query);
    expect(reply.status).toBe(200);
    expect(readMessage(reply)).toMatchObject({ targetOrigin: null, message: { profile } });
    expect(reply.body).not.toContain('There is nothing to do here');
    expect(readMessage(await token1(started, query)).targetOrigin).toBeNull();
    expect(started.people.stores.tokensByHash.size).toBe(0);
  });

  it('says unavailable when the store fails, and the failure is reported, not told', async () => {
    const started = start();
    await signIn(started);
    started.people.stores.broken = new Error('disk /var/lib/vitrine is full');
    const reply = await token2(started);
    expect(readMessage(reply).message).toMatchObject({ profile: 'unavailable' });
    expect(reply.body).not.toContain('/var/lib');
    expect((await token1(started, {})).status).toBe(503);
    expect(started.failures).toHaveLength(2);
  });

  it('holds back a viewer that fails without end, at most a second, and never a success', async () => {
    const started = start();
    for (let time = 0; time < 10; time += 1) await token2(started);
    expect(started.waits).toEqual([200, 400, 800, 1000, 1000, 1000, 1000, 1000]);
    await signIn(started);
    await token2(started);
    expect(started.waits).toHaveLength(8);
  });
});

describe('the probe service', () => {
  it('answers 200 always, with the status of the item for the visitor of the token', async () => {
    const started = start();
    await signIn(started);
    const { message } = readMessage(await token2(started));
    started.browser.jar.clear();
    const headers = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
    const statuses: unknown[] = [];
    for (const identifier of [
      'open%2Fa.jpg',
      'members%2Fletter.jpg',
      'curators%2Fdiary.jpg',
      'terms%2Fmap.jpg',
      'nowhere.jpg',
      'missing',
    ]) {
      const { reply, result } = await probe(started, identifier, headers);
      expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      expect(result).toMatchObject({ '@context': 'http://iiif.io/api/auth/2/context.json', type: 'AuthProbeResult2' });
      expect('heading' in result).toBe(result['status'] !== 200);
      statuses.push(result['status']);
    }
    expect(statuses).toEqual([200, 200, 401, 401, 403, 404]);
  });

  it('answers an identifier that cannot be decoded with 404 in the body', async () => {
    expect((await probe(start(), '%E0%A4%A')).result).toMatchObject({ status: 404 });
  });

  it.each([
    ['the item', 'items'],
    ['the visitor', 'sessions'],
  ] as const)('still answers 200 when %s cannot be looked up, says 500 in the body, and reports the failure', async (_what, store) => {
    const started = start();
    await signIn(started);
    const broken = { find: async () => Promise.reject(new Error('the disk is gone')) };
    const { people, failures } = started;
    const parts = { ...people, [store]: { ...people[store], ...broken }, onFailure: (error: unknown) => failures.push(error) };
    const { handlers } = createAccess({ ...parts, signingKey: 'a key of this server', cookiePath: '/', slashSubstitute: null });
    const { reply, result } = await probe({ ...started, handlers }, 'members%2Fletter.jpg');
    expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(result).toMatchObject({ type: 'AuthProbeResult2', status: 500, heading: { en: [expect.any(String)] } });
    expect(String(reply.body)).not.toContain('disk');
    expect(failures).toHaveLength(1);
  });

  it('lets only the viewer that sent the visitor read it together with cookies', async () => {
    const started = start();
    await signIn(started);
    const own = await probe(started, 'members%2Fletter.jpg', { origin: VIEWER });
    expect(openToViewers(own.reply, VIEWER).headers).toMatchObject({
      'access-control-allow-origin': VIEWER,
      'access-control-allow-credentials': 'true',
    });
    expect(own.result).toMatchObject({ status: 200 });
    const other = await probe(started, 'members%2Fletter.jpg', { origin: OTHER_VIEWER });
    expect(other.result).toMatchObject({ status: 401 });
    // A picture in a page comes without an origin, and nobody reads it.
    const unread = await probe(started, 'members%2Fletter.jpg');
    expect(unread.result).toMatchObject({ status: 200 });
    expect(openToViewers(unread.reply, null).headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('logging out', () => {
  it('ends the session and its tokens at once, takes the cookies away, and closes the window', async () => {
    const started = start();
    await signIn(started);
    const { message } = readMessage(await token2(started));
    const cookies = new Map(started.browser.jar);
    const reply = await started.browser.get(started.handlers.logoutService, { params: MEMBERS });
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.body).toContain('/assets/close-window.js');
    expect(reply.body).not.toContain('data-stay');
    expectPage(reply);
    expect([...started.browser.jar.keys()]).toEqual(['vitrine-form']);
    for (const [name, value] of cookies) started.browser.jar.set(name, value);
    const headers = { authorization: `Bearer ${String(message['accessToken'])}` };
    expect((await probe(started, 'members%2Fletter.jpg', headers)).result).toMatchObject({ status: 401 });
    expect((await probe(started, 'members%2Fletter.jpg')).result).toMatchObject({ status: 401 });
  });

  it('from terms keeps somebody signed in', async () => {
    const started = start();
    await answerTerms(started, 'agree');
    await signIn(started);
    const reply = await started.browser.get(started.handlers.logoutService, { params: TERMS });
    expect(reply.body).toContain('Your agreement is withdrawn');
    expect(reply.body).toContain('<li>Sign in to Example Library</li>');
    expect(reply.body).not.toContain('<li>Terms of use');
    expect(reply.body).toContain('data-stay');
    expect((await probe(started, 'terms%2Fmap.jpg')).result).toMatchObject({ status: 401 });
    expect((await probe(started, 'members%2Fletter.jpg')).result).toMatchObject({ status: 200 });
  });

  it('is not done by a picture on another site, to which browsers send the access cookie only', async () => {
    const started = start();
    await signIn(started);
    started.browser.jar.delete('vitrine-session');
    const headers = { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' };
    const reply = await started.browser.get(started.handlers.logoutService, { params: MEMBERS, headers });
    expect(reply.headers['set-cookie']).toEqual([]);
    expect((await probe(started, 'members%2Fletter.jpg')).result).toMatchObject({ status: 200 });
  });

  it('works in a window with the access cookie alone', async () => {
    const started = start();
    await signIn(started);
    started.browser.jar.delete('vitrine-session');
    await started.browser.get(started.handlers.logoutService, { params: MEMBERS, headers: { 'sec-fetch-dest': 'document' } });
    expect(started.people.stores.sessionsById.size).toBe(0);
  });
});

describe('our own sign-in page', () => {
  async function signInHere({ browser, handlers }: Started, back: string, password = 'lovelace', basePath = '') {
    const query: Record<string, string> = back === '' ? {} : { return: back };
    await browser.get(handlers.signIn, { query, basePath });
    return browser.post(handlers.submitSignIn, { query, basePath, form: { user: 'ada', password } });
  }

  it('grants every service that signs in, for our own viewers, and goes back to where the visitor was', async () => {
    const started = start();
    const reply = await signInHere(started, '/view/openseadragon/members%2Fletter.jpg');
    expect(reply).toMatchObject({ status: 303, headers: { location: '/view/openseadragon/members%2Fletter.jpg' } });
    const [session] = started.people.stores.sessionsById.values();
    expect(session?.grants.map(({ service, origin }) => [service, origin])).toEqual([
      ['members', OWN_ORIGIN],
      ['staff', OWN_ORIGIN],
    ]);
  });

  it('goes home without an address to go back to, below the base path', async () => {
    expect((await signInHere(start(), '', 'lovelace', '/library')).headers['location']).toBe('/library/');
  });

  it('shows the form again after a wrong password, and keeps the way back', async () => {
    const reply = await signInHere(start(), '/browse/maps', 'wrong');
    expect(reply).toMatchObject({ status: 401 });
    expect(reply.body).toContain('action="/sign-in?return=%2Fbrowse%2Fmaps"');
  });

  it('signs out with a button, and no other way', async () => {
    const started = start();
    await signInHere(started, '/');
    const shown = await started.browser.get(started.handlers.signOut);
    expect(shown).toMatchObject({ status: 200 });
    expect(shown.body).toContain('ada');
    expect(started.people.stores.sessionsById.size).toBe(1);
    const forged = await started.browser.post(started.handlers.submitSignOut, { form: { 'form-token': 'no' } });
    expect(forged).toMatchObject({ status: 403 });
    await started.browser.get(started.handlers.signOut);
    expect(await started.browser.post(started.handlers.submitSignOut, { form: {} })).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
    expect(started.people.stores.sessionsById.size).toBe(0);
    expect(await started.browser.get(started.handlers.signOut)).toMatchObject({ status: 303 });
  });
});

describe('recognising visitors for other handlers', () => {
  it('finds whoever signed in at the access service', async () => {
    const started = start();
    await signIn(started);
    let seen: unknown = null;
    await started.browser.get(async (request) => {
      seen = (await started.recognise(request, 'content')).user;
      return { status: 204, headers: {}, body: null };
    });
    expect(seen).toEqual({ name: 'ada', roles: ['reader'], itemGrants: [] });
  });
});
