import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { fakePeople } from '../fakes/access.ts';
import { FakeBrowser, readMessage } from '../fakes/browser.ts';
import { readTokenPage, TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { SIGNED_VIEWER, signInForToken } from '../harness/without-cookies.ts';
import { writeFiles } from '../media/media-folder.ts';

/** What docs/explain/viewers.md promises, point by point. `members` has a preview for everyone. */
const TIERED = ACCESS.replace('  - items: curators/**', '    otherwise: { name: preview, maxSize: 200 }\n  - items: curators/**');

const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const TILE = '/full/200,/0/default.jpg';
const ORIGIN = `origin=${encodeURIComponent(VIEWER)}`;

let vitrine: TestVitrine;
let nobody: TestVisitor;
let curator: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: TIERED, options: { contentWithoutCookies: [SIGNED_VIEWER] } });
  await writeFiles(vitrine.images, { 'curators/tone.wav': 'bytes of a tone' });
  nobody = new TestVisitor(vitrine);
  curator = new TestVisitor(vitrine);
  await curator.signIn('curator');
});
afterAll(() => vitrine.close());

type Json = Record<string, unknown>;
const json = async (response: Response | Promise<Response>) => (await (await response).json()) as Json;
const fromViewer = { headers: { origin: VIEWER } };
const servicesOf = (document: Json) => document['service'] as Json[];

describe('§4.1 windows that the viewer watches', () => {
  it('keep their opener on every page of the way: no Cross-Origin-Opener-Policy', async () => {
    const visitor = new TestVisitor(vitrine);
    const access = `/auth/access/members?${ORIGIN}`;
    const answers = [
      await visitor.ask(access),
      await visitor.submit(access, { user: 'reader', password: 'a wrong one' }),
      await visitor.signIn('reader'),
      await visitor.ask(access),
      await visitor.submit(access, { answer: 'continue' }),
      await visitor.ask(`/auth/access/terms?${ORIGIN}`),
      await visitor.agree(),
      await visitor.ask('/auth/access/members?origin=evil'),
      await visitor.ask('/auth/access/nothing'),
      await visitor.ask('/sign-in'),
      await visitor.ask('/auth/logout/1/members'),
      await visitor.ask('/auth/logout/members'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 200, 200, 200, 200, 400, 404, 200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('cross-origin-opener-policy'))).toEqual(answers.map(() => null));
  });
});

describe('§4.2 the access page', () => {
  it('takes a real click, then closes itself, with words and a button for when that fails', async () => {
    const visitor = new TestVisitor(vitrine);
    const form = await (await visitor.ask(`/auth/access/members?${ORIGIN}`)).text();
    expect(form).toMatch(/<form[^>]*method="post"[\s\S]*<button[^>]*type="submit"/);
    const done = await (await visitor.signIn('reader')).text();
    expect(done).toMatch(/<script[^>]*src="[^"]*close-window\.js"/);
    expect(done).toMatch(/close this window/i);
    const again = await (await visitor.ask(`/auth/access/members?${ORIGIN}`)).text();
    expect(again, 'also for somebody who is signed in').toMatch(/<button[^>]*type="submit"/);
  });

  it('honours the origin: the token is for the viewer that opened the window, and for no other', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader', undefined, VIEWER);
    expect((await visitor.token(2, 'members', VIEWER)).message).toHaveProperty('accessToken');
    expect((await visitor.token(2, 'members', 'https://other.example')).message).toHaveProperty('profile', 'invalidOrigin');
  });
});

describe('§4.3 the token page', () => {
  it.each([1, 2] as const)(
    'of %i.0 may be framed by anyone, runs no script but a file of ours, and posts to the one origin',
    async (version) => {
      const reply = await curator.ask(`/auth/token/${version}/members?messageId=1&${ORIGIN}`);
      expect(reply.headers.get('x-frame-options')).toBeNull();
      expect(reply.headers.get('content-security-policy')).toMatch(/script-src 'self';.*frame-ancestors \*/);
      const page = await reply.text();
      expect(page.match(/<script(?![^>]*(?:src=|application\/json))/g)).toBeNull();
      expect(readTokenPage(page).target).toBe(VIEWER);
    },
  );

  it.each([
    'http://127.0.0.1:1/auth/token/1/members',
    '1732233600000',
    '0',
    ' ',
    'a+b&c=d;e%20f',
    '<!--</script><script>alert(1)</script>',
    '\u2028\u0000🎞',
    `${'long'.repeat(500)}`,
  ])('echoes the message id exactly, whatever it is: %j', async (messageId) => {
    for (const version of [1, 2] as const) {
      expect((await curator.token(version, 'members', VIEWER, messageId)).message['messageId']).toBe(messageId);
      expect((await nobody.token(version, 'members', VIEWER, messageId)).message['messageId']).toBe(messageId);
    }
  });

  it('says errors as messages with a page of status 200, in 2.0 with their type', async () => {
    const reply = await nobody.ask(`/auth/token/2/members?messageId=1&${ORIGIN}`);
    expect(reply.status).toBe(200);
    expect(readTokenPage(await reply.text()).message).toMatchObject({
      type: 'AuthAccessTokenError2',
      profile: 'missingAspect',
      messageId: '1',
    });
    expect((await nobody.token(1, 'members')).message).toMatchObject({ error: 'missingCredentials', description: expect.any(String) });
  });

  it('slows a viewer that asks nine times a second, for no longer than viewers wait, and locks nobody out', async () => {
    const waits: number[] = [];
    const wait = async (milliseconds: number) => void waits.push(milliseconds);
    const { handlers } = createAccess({ ...fakePeople(), signingKey: 'key', cookiePath: '/', slashSubstitute: null, wait });
    const browser = new FakeBrowser();
    const ask = { params: { service: 'members' }, query: { messageId: '1', origin: VIEWER } };
    for (let time = 0; time < 90; time += 1) await browser.get(handlers.tokenService1, ask);
    expect(waits.length).toBeGreaterThan(80);
    expect(Math.max(...waits)).toBeLessThan(4000);

    await browser.get(handlers.accessService, ask);
    await browser.post(handlers.submitAccessService, { ...ask, form: { user: 'ada', password: 'lovelace' } });
    const before = waits.length;
    expect(readMessage(await browser.get(handlers.tokenService1, ask)).message).toHaveProperty('accessToken');
    expect(waits).toHaveLength(before);
  });
});

describe('§4.4 the information document, for 1.0', () => {
  it.each([2, 3] as const)('of version %i is complete with 401, and the same with 200 for a token', async (version) => {
    const path = `/iiif/${version}/${DIARY}/info.json`;
    const locked = await nobody.ask(path, fromViewer);
    const token = String((await curator.token(1, 'members')).message['accessToken']);
    const open = await nobody.ask(path, { headers: { origin: VIEWER, authorization: `Bearer ${token}` } });
    expect([locked.status, open.status]).toEqual([401, 200]);
    expect(locked.headers.get('cache-control')).toBe('no-store');
    expect(locked.headers.get('vary')).toMatch(/Authorization.*Origin/);
    const document = await json(locked);
    expect(document).toMatchObject({ width: 800, height: 600, tiles: expect.any(Array), service: expect.any(Array) });
    expect(await json(open)).toEqual(document);
  });

  it('may be read by a viewer elsewhere whatever its status, and asked for with Authorization', async () => {
    for (const [path, status] of [
      ['open%2Fphoto.jpg/info.json', 200],
      [`${LETTER}/info.json`, 302],
      [`${DIARY}/info.json`, 401],
      ['nowhere%2Funlisted.jpg/info.json', 403],
      ['nothing.jpg/info.json', 404],
    ] as const) {
      const response = await nobody.ask(`/iiif/2/${path}`, fromViewer);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, VIEWER]);
    }
    const headers = { origin: VIEWER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    const preflight = await nobody.ask(`/iiif/2/${DIARY}/info.json`, { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('Authorization'),
    ]);
  });

  it('names services without a query, to which viewers add theirs', async () => {
    const text = JSON.stringify(servicesOf(await json(nobody.ask(`/iiif/2/${DIARY}/info.json`))));
    const ids = [...text.matchAll(/"(?:@id|id)":"([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThanOrEqual(6);
    expect(ids.filter((id) => /[?#]/.test(id ?? ''))).toEqual([]);
  });
});

describe('§4.5 a lower tier, for 1.0', () => {
  it('has an id of its own on the same origin, so that the token goes along, and the services of the better version', async () => {
    const redirect = await nobody.ask(`/iiif/2/${LETTER}/info.json`);
    const location = redirect.headers.get('location') ?? '';
    expect([redirect.status, new URL(location).origin]).toEqual([302, new URL(vitrine.base).origin]);
    const tier = await nobody.ask(location.slice(vitrine.base.length));
    const document = await json(tier);
    expect(tier.status).toBe(200);
    expect(`${document['@id']}/info.json`).toBe(location);
    expect(servicesOf(document)[0]).toMatchObject({ profile: 'http://iiif.io/api/auth/1/login' });
  });
});

describe('§4.6 the probe service, for 2.0', () => {
  it('answers 200 with JSON whatever the item would answer', async () => {
    for (const [identifier, status] of [
      ['open%2Fphoto.jpg', 200],
      [DIARY, 401],
      ['nowhere%2Funlisted.jpg', 403],
      ['nothing.jpg', 404],
    ] as const) {
      const response = await nobody.ask(`/auth/probe/${identifier}`, fromViewer);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, VIEWER]);
      expect(await json(response)).toMatchObject({ type: 'AuthProbeResult2', status });
    }
  });

  it('is named in the information document, and on the image itself in the manifest, with a string as profile', async () => {
    const probe = { id: `${vitrine.base}/auth/probe/${DIARY}`, type: 'AuthProbeService2', profile: expect.any(String) };
    expect(servicesOf(await json(nobody.ask(`/iiif/3/${DIARY}/info.json`)))).toContainEqual(expect.objectContaining(probe));
    const manifest = (await (await nobody.ask(`/presentation/3/${DIARY}/manifest`)).json()) as {
      items: [{ items: [{ items: [{ body: Json }] }] }];
    };
    expect(servicesOf(manifest.items[0].items[0].items[0].body)).toContainEqual(expect.objectContaining(probe));
  });

  it('of a manifest no service lacks a profile, without which Mirador stops', async () => {
    for (const path of [`/presentation/3/${DIARY}/manifest`, `/presentation/2/${DIARY}/manifest`, `/iiif/3/${DIARY}/info.json`]) {
      const services: Json[] = [];
      JSON.parse(await (await nobody.ask(path)).text(), (key, value) => {
        if (key === 'service' || key === 'services') services.push(...[value].flat());
        return value;
      });
      const ofAuth = services.filter((each) => /Auth(?:Probe|Cookie|Access)Service/.test(String(each['type'] ?? each['@type'])));
      expect(ofAuth.length).toBeGreaterThan(1);
      expect(ofAuth.map(({ profile }) => typeof profile)).toEqual(ofAuth.map(() => 'string'));
    }
  });

  it.each([2, 3])('is found from the base URI too, which redirects with CORS: version %i', async (version) => {
    const response = await nobody.ask(`/iiif/${version}/${DIARY}`, fromViewer);
    expect([response.status, response.headers.get('location'), response.headers.get('access-control-allow-origin')]).toEqual([
      303,
      `${vitrine.base}/iiif/${version}/${DIARY}/info.json`,
      VIEWER,
    ]);
  });
});

describe('§4.7 both specifications on one item', () => {
  it.each([2, 3])('stand in one information document of version %i, with 401: 1.0 first', async (version) => {
    const response = await nobody.ask(`/iiif/${version}/${DIARY}/info.json`);
    const services = servicesOf(await json(response));
    expect(response.status).toBe(401);
    expect(services.map((service) => service['@type'] ?? service['type'])).toEqual(['AuthCookieService1', 'AuthProbeService2']);
  });
});

describe('§4.8 tiles', () => {
  it('open by the cookie, for the viewer that sends it too, and may be used in any page', async () => {
    const answer = await curator.ask(`/iiif/3/${DIARY}${TILE}`, fromViewer);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': VIEWER,
      'access-control-allow-credentials': 'true',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await curator.ask(`/iiif/3/${DIARY}${TILE}`)).status).toBe(200);
  });

  it('open by a signed path without a cookie, for viewers on the list', async () => {
    const viewer = await signInForToken(vitrine, 'curator');
    const location = await viewer.location('curators/diary.jpg');
    expect((await viewer.bare(`${location?.service?.[0]?.id}${TILE}`)).status).toBe(200);
  });

  it('are 401 without either, also for a token, and may be asked for with one', async () => {
    const token = String((await curator.token(1, 'members')).message['accessToken']);
    for (const headers of [{}, { authorization: `Bearer ${token}`, origin: VIEWER }]) {
      expect((await nobody.ask(`/iiif/3/${DIARY}${TILE}`, { headers })).status).toBe(401);
    }
  });
});

describe('§4.9 a session', () => {
  it.each(['content', 'information'] as const)(
    'lasts a long day of reading while %s is asked for now and then, and ends with it',
    async (purpose) => {
      const people = fakePeople();
      const { handlers, recognise } = createAccess({ ...people, signingKey: 'key', cookiePath: '/', slashSubstitute: null });
      const browser = new FakeBrowser();
      const ask = { params: { service: 'members' }, query: { messageId: '1', origin: VIEWER } };
      await browser.get(handlers.accessService, ask);
      await browser.post(handlers.submitAccessService, { ...ask, form: { user: 'ada', password: 'lovelace' } });
      const known: boolean[] = [];
      for (let half = 0; half < 24; half += 1) {
        people.clock.forward({ minutes: 30 });
        await browser.get(async (request) => {
          known.push((await recognise(request, purpose)).user !== null);
          return { status: 200, headers: {}, body: null };
        }, {});
      }
      // Twelve hours are the absolute end, and two idle ones would have been.
      expect(known).toEqual([...Array.from({ length: 23 }, () => true), false]);
    },
  );
});

describe('§4.10 what viewers send besides', () => {
  it.each(['Bearer undefined', 'Bearer', `Bearer ${'x'.repeat(43)}`, 'Bearer of.another.server', 'Basic YTpi', 'nonsense'])(
    'is nobody’s, and never an error: %s',
    async (authorization) => {
      const headers = { authorization, origin: VIEWER };
      expect((await nobody.ask('/iiif/2/open%2Fphoto.jpg/info.json', { headers })).status).toBe(200);
      expect((await nobody.ask(`/iiif/2/${DIARY}/info.json`, { headers })).status).toBe(401);
      expect(await json(nobody.ask(`/auth/probe/${DIARY}`, { headers }))).toHaveProperty('status', 401);
      const besideTheCookie = await curator.ask(`/iiif/2/${DIARY}/info.json`, { headers });
      expect(besideTheCookie.status).toBe(200);
    },
  );

  it('is HEAD on content, which answers by token, and Authorization with it in the preflight', async () => {
    const token = String((await curator.token(1, 'members')).message['accessToken']);
    const path = '/media/curators%2Ftone.wav';
    const headers = { origin: VIEWER, authorization: `Bearer ${token}` };
    const statuses = [
      await nobody.ask(path, { method: 'HEAD' }),
      await nobody.ask(path, { method: 'HEAD', headers }),
      await nobody.ask(path, { headers }),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 401]);
    const preflight = await nobody.ask(path, {
      method: 'OPTIONS',
      headers: { origin: VIEWER, 'access-control-request-method': 'HEAD', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('HEAD');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });
});
