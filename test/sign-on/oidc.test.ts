import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { CLIENT, type RealProvider, startRealProvider } from '../identity/real-provider.ts';
import { CAMPUS_ACCESS, type CampusVitrine, leaveByLink, leaveByWindow, OTHER, pathOf, picture, planCampus, WINDOW } from './campus.ts';

let provider: RealProvider;
let vitrine: CampusVitrine;
let visitor: TestVisitor;

beforeAll(async () => {
  const plan = await planCampus();
  const address = (end: string) => `${plan.base}/identity/campus/${end}`;
  provider = await startRealProvider({ callback: address('callback'), home: `${plan.base}/`, logout: address('logout') });
  const access = CAMPUS_ACCESS.replace(
    'policies:',
    `  silent: { pattern: login, label: Silent readers, identity: [silent] }
  letters: { pattern: login, label: Readers of one letter, identity: [local, campus], perItem: true }
policies:
  - { items: [open/photo.jpg, members/pyramid.tif], allow: [{ service: letters }] }`,
  );
  vitrine = await plan.start(
    {
      campus: {
        type: 'oidc',
        label: { en: 'Example University', de: 'Universität Beispiel' },
        issuer: provider.issuer,
        ...CLIENT,
        roles: [{ roles: 'reader', when: { attribute: 'groups', is: 'library' } }],
      },
      other: OTHER,
      silent: { type: 'oidc', label: 'Silent University', issuer: 'http://127.0.0.1:1', ...CLIENT },
    },
    access,
  );
});

afterAll(async () => {
  await vitrine?.close();
  await provider?.close();
});

beforeEach(() => {
  visitor = new TestVisitor(vitrine);
  provider.accountId = 'u-1';
  provider.claims = { preferred_username: 'anna', email: 'anna@example.edu', groups: ['library'] };
});

/** Back at our callback, as the browser arrives there. */
async function comeBack(leftFor: string, who = visitor): Promise<Response> {
  return who.ask(pathOf(await provider.visit(leftFor)), { headers: WINDOW });
}

describe('a sign-in through OpenID Connect (oidc-provider)', () => {
  it('goes to the one source of a service at once, and asks for a click before the viewer gets anything', async () => {
    const back = await comeBack(await leaveByWindow(visitor));
    expect([back.status, back.headers.get('location')]).toEqual([303, `/auth/access/members?origin=${encodeURIComponent(VIEWER)}`]);
    expect(await picture(visitor)).toBe(401);
    expect((await visitor.token(2, 'members')).message).toMatchObject({ type: 'AuthAccessTokenError2' });

    const page = await (await visitor.ask(back.headers.get('location') ?? '')).text();
    expect(page).toContain('Go on as anna');
    expect(page).toContain('viewer.example');
    const done = await visitor.submit(back.headers.get('location') ?? '', { answer: 'continue' });
    expect(await done.text()).toContain('You are signed in');
    expect(await picture(visitor)).toBe(200);
    expect((await visitor.token(2, 'members')).message).toMatchObject({ accessToken: expect.any(String) });
    expect((await visitor.token(1, 'members')).message).toMatchObject({ accessToken: expect.any(String) });
  });

  it('is one of the choices where there are several, and ends where the viewer waits', async () => {
    const path = `/auth/access/both?origin=${encodeURIComponent(VIEWER)}`;
    const page = await (await visitor.ask(path, { headers: { 'accept-language': 'de' } })).text();
    expect(page).toContain('name="password"');
    expect(page).toContain('Universität Beispiel</a>');
    const back = await comeBack(await leaveByLink(visitor, path));
    expect(back.status).toBe(200);
    expect(await back.text()).toContain('close-window.js');
    expect(await picture(visitor, 'curators%2Fdiary.jpg')).toBe(200);
    expect(await picture(visitor)).toBe(401);
  });

  it('on our own pages leads back to the page, and opens the services that list the source', async () => {
    const back = await comeBack(await leaveByLink(visitor, '/sign-in?return=%2Fview%2Fopenseadragon%2Fmembers%252Fletter.jpg'));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/view/openseadragon/members%2Fletter.jpg']);
    expect([await picture(visitor), await picture(visitor, 'curators%2Fdiary.jpg')]).toEqual([200, 200]);
    expect(await (await visitor.ask('/')).text()).toContain('anna');
  });

  it('gives the roles of its rules, each time anew', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect(await picture(visitor)).toBe(200);
    provider.claims = { preferred_username: 'anna', groups: ['nothing'] };
    const later = new TestVisitor(vitrine);
    await comeBack(await leaveByLink(later, '/sign-in'), later);
    expect([await picture(later), await picture(visitor)]).toEqual([401, 401]);
  });

  it('opens no service that lists another source, whoever is signed in already', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    const path = `/auth/access/guests?origin=${encodeURIComponent(VIEWER)}`;
    const page = await (await visitor.ask(path)).text();
    expect(page).toContain('You are signed in as anna.');
    expect(page).not.toContain('value="continue"');
    const tried = await visitor.submit(path, { answer: 'continue' });
    expect(await tried.text()).toContain('Another institution');
    expect((await visitor.token(2, 'guests')).message).toMatchObject({ type: 'AuthAccessTokenError2' });
  });

  it('keeps the terms that were agreed to before, and makes what was there before worth nothing', async () => {
    await visitor.agree();
    const before = new Map(visitor.cookies);
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect(await picture(visitor, 'terms%2Fmap.jpg')).toBe(200);
    const old = new TestVisitor(vitrine);
    for (const [name, value] of before) old.cookies.set(name, value);
    expect(await picture(old, 'terms%2Fmap.jpg')).toBe(401);
  });

  it('is ended by the provider, at once, and nobody else’s with it', async () => {
    const other = new TestVisitor(vitrine);
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    provider.accountId = 'u-2';
    provider.claims = { preferred_username: 'bert', groups: ['library'] };
    await comeBack(await leaveByLink(other, '/sign-in'), other);
    expect([await picture(visitor), await picture(other)]).toEqual([200, 200]);
    await provider.signOut('u-1', 'any');
    expect([await picture(visitor), await picture(other)]).toEqual([401, 200]);
  });

  it('is not ended by what only looks like a logout token', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    const told = await fetch(vitrine.address('logout'), { method: 'POST', body: new URLSearchParams({ logout_token: 'a.b.c' }) });
    expect([told.status, told.headers.get('cache-control'), await told.json()]).toEqual([400, 'no-store', { error: 'invalid_request' }]);
    expect(await picture(visitor)).toBe(200);
  });

  it('can be ended at the provider too, from our sign-out', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    const page = await (await visitor.submit('/sign-out', {})).text();
    expect(page).toContain('Sign out at “Example University”');
    const url = new URL(/href="(http[^"]*)"/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${vitrine.base}/`);
    expect(await picture(visitor)).toBe(401);
    const window = new TestVisitor(vitrine);
    await comeBack(await leaveByLink(window, '/sign-in'), window);
    expect(await (await window.ask('/auth/logout/members', { headers: WINDOW })).text()).toContain('Sign out at “Example University”');
  });

  it('says that a provider cannot be reached, and where to begin again', async () => {
    const started = await visitor.ask('/identity/silent/start?service=silent', { headers: WINDOW });
    expect([started.status, started.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await started.text()).toContain('href="/auth/access/silent"');
  });

  it('opens a service that is for one item, and no other item of it', async () => {
    const path = `/auth/access/letters%2Fmembers%2Fpyramid.tif?origin=${encodeURIComponent(VIEWER)}`;
    const back = await comeBack(await leaveByLink(visitor, path));
    expect(back.status).toBe(200);
    expect([await picture(visitor, 'members%2Fpyramid.tif'), await picture(visitor, 'open%2Fphoto.jpg')]).toEqual([200, 401]);
  });

  it('leads on from the page of the own session too', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect(await (await visitor.submit('/session', { end: 'all' })).text()).toContain('Sign out at “Example University”');
    expect(await picture(visitor)).toBe(401);
  });

  it('says in the reader’s language that somebody broke it off', async () => {
    const left = new URL(await leaveByLink(visitor, '/sign-in'));
    const query = new URLSearchParams({ error: 'access_denied', state: left.searchParams.get('state') ?? '', iss: provider.issuer });
    const back = await visitor.ask(`/identity/campus/callback?${query}`, { headers: { ...WINDOW, 'accept-language': 'fr' } });
    expect(back.status).toBe(403);
    const page = await back.text();
    expect(page).toContain('La connexion a été interrompue');
    expect(page).toContain('identity.cancelled');
    expect(page).toContain('href="/sign-in"');
  });

  it('is not begun where our address is only what a request says', async () => {
    const status = await new Promise((resolve, reject) => {
      const port = Number(new URL(vitrine.base).port);
      const path = '/identity/campus/start?service=members';
      httpRequest({ port, host: '127.0.0.1', path, headers: { host: 'elsewhere.example', ...WINDOW } }, (response) =>
        resolve(response.statusCode),
      )
        .once('error', reject)
        .end();
    });
    expect(status).toBe(503);
  });
});
