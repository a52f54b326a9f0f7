import { describe, expect, it } from 'vitest';
import { fakePeople, VIEWER } from '../../../test/fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN, readMessage } from '../../../test/fakes/browser.ts';
import { createAccess } from './access-handlers.ts';

function start() {
  const people = fakePeople();
  const { handlers } = createAccess({ ...people, signingKey: 'a key of this server', cookiePath: '/', slashSubstitute: null });

  /** One browser, and what a person does with it. */
  function visitor() {
    const browser = new FakeBrowser();
    const through = async (service: string, form: Record<string, string>, origin: string = VIEWER) => {
      const ask = { params: { service }, query: { origin } };
      await browser.get(handlers.accessService, ask);
      await browser.post(handlers.submitAccessService, { ...ask, form });
    };
    return {
      browser,
      signIn: (user = 'ada', password = 'lovelace', origin = VIEWER) => through('members', { user, password }, origin),
      agree: (origin = VIEWER) => through('terms', { answer: 'agree' }, origin),
      token: async (service = 'members', origin = VIEWER) => {
        const reply = await browser.get(handlers.tokenService2, { params: { service }, query: { messageId: 'm', origin } });
        return String(readMessage(reply).message['accessToken']);
      },
      probe: async (identifier: string, authorization: string) => {
        const reply = await new FakeBrowser().get(handlers.probeService, { params: { identifier }, headers: { authorization } });
        return (JSON.parse(String(reply.body)) as { status: number }).status;
      },
      page: async (headers: Record<string, string> = {}) => String((await browser.get(handlers.sessionPage, { headers })).body),
      end: (form: Record<string, string>) => browser.post(handlers.submitSessionPage, { form }),
    };
  }
  return { people, visitor };
}

function keysOn(page: string): string[] {
  return [...page.matchAll(/name="token" value="([^"]*)"/g)].map(([, key]) => key ?? '');
}

describe('the page about the own session', () => {
  it('says that there is none', async () => {
    const page = await start().visitor().page({ 'accept-language': 'de' });
    expect(page).toContain('Sie sind hier nicht angemeldet');
    expect(page).not.toContain('<form');
  });

  it('shows user, grants, tokens by their first letters, and when each ends', async () => {
    const { visitor, people } = start();
    const ada = visitor();
    await ada.signIn();
    await ada.agree(OWN_ORIGIN);
    const token = await ada.token();
    const page = await ada.page();
    expect(page).toContain('You are signed in as ada.');
    expect(page).toContain('<strong>Sign in to Example Library</strong><br>the viewer at viewer.example');
    expect(page).toContain('<strong>Terms of use of Example Library</strong><br>the viewers on this site');
    expect(page).toContain(`<code>${token.slice(0, 4)}…</code>`);
    expect(page).not.toContain(token.slice(0, 6));
    for (const [minutes, what] of [
      [0, 'the beginning'],
      [60, 'the end of the token'],
      [120, 'the end by idleness'],
      [720, 'the end in any case'],
    ] as const) {
      expect(page, what).toContain(new Date(people.clock.now().getTime() + minutes * 60_000).toISOString());
    }
  });

  it('shows no secret of any cookie', async () => {
    const ada = start().visitor();
    await ada.signIn();
    const page = await ada.page();
    for (const name of ['vitrine-session', 'vitrine-access', 'vitrine-form']) {
      const value = ada.browser.jar.get(name) ?? '';
      expect(value).not.toBe('');
      expect(page, name).not.toContain(value.split('.').at(-1));
    }
  });

  it('is shown to the session cookie only, never to a viewer’s', async () => {
    const ada = start().visitor();
    await ada.signIn();
    ada.browser.jar.delete('vitrine-session');
    expect(await ada.page()).not.toContain('ada');
  });

  it('shows nobody another’s, and lets nobody end it', async () => {
    const { visitor } = start();
    const [ada, grace] = [visitor(), visitor()];
    await ada.signIn();
    await grace.signIn('grace', 'hopper');
    const token = await ada.token();
    const [key = ''] = keysOn(await ada.page());
    const page = await grace.page();
    expect(page).not.toContain('ada');
    expect(page).not.toContain(token.slice(0, 4));
    expect((await grace.end({ end: 'token', token: key })).status).toBe(303);
    expect(await ada.probe('members%2Fletter.jpg', `Bearer ${token}`)).toBe(200);
  });

  it('leaves out tokens that have ended, though the session has not', async () => {
    const { visitor, people } = start();
    const ada = visitor();
    await ada.signIn();
    await ada.token();
    people.clock.forward({ minutes: 61 });
    const page = await ada.page();
    expect(page).toContain('You are signed in as ada.');
    expect(keysOn(page)).toEqual([]);
  });

  it('ends one token at once, and leaves the others', async () => {
    const ada = start().visitor();
    await ada.signIn();
    const tokens = [await ada.token(), await ada.token()];
    const page = await ada.page();
    const [key = ''] = keysOn(page);
    expect(await ada.end({ end: 'token', token: key })).toMatchObject({ status: 303, headers: { location: '/session' } });
    const statuses = await Promise.all(tokens.map((token) => ada.probe('members%2Fletter.jpg', `Bearer ${token}`)));
    expect(statuses.sort()).toEqual([200, 401]);
    expect(keysOn(await ada.page())).toHaveLength(1);
  });

  it('ends one grant with its tokens at once, and leaves the others', async () => {
    const ada = start().visitor();
    await ada.signIn();
    await ada.agree();
    const [members, terms] = [await ada.token('members'), await ada.token('terms')];
    await ada.page();
    await ada.end({ end: 'grant', service: 'members', origin: VIEWER });
    expect(await ada.probe('members%2Fletter.jpg', `Bearer ${members}`)).toBe(401);
    expect(await ada.probe('terms%2Fmap.jpg', `Bearer ${terms}`)).toBe(200);
    const page = await ada.page();
    expect(page).not.toContain('Sign in to Example Library');
    expect(page).toContain('You are signed in as ada.');
  });

  it('ends the session of somebody without an account together with its last grant', async () => {
    const { visitor, people } = start();
    const somebody = visitor();
    await somebody.agree();
    await somebody.page();
    await somebody.end({ end: 'grant', service: 'members', origin: VIEWER });
    expect(people.stores.sessionsById.size).toBe(1);
    await somebody.end({ end: 'grant', service: 'terms', origin: VIEWER });
    expect(people.stores.sessionsById.size).toBe(0);
    expect([...somebody.browser.jar.keys()]).toEqual(['vitrine-form']);
  });

  it('ends all of it, and takes the cookies away', async () => {
    const { visitor, people } = start();
    const ada = visitor();
    await ada.signIn();
    const token = await ada.token();
    await ada.page();
    await ada.end({ end: 'all' });
    expect(await ada.probe('members%2Fletter.jpg', `Bearer ${token}`)).toBe(401);
    expect(people.stores.sessionsById.size).toBe(0);
    expect([...ada.browser.jar.keys()]).toEqual(['vitrine-form']);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: VIEWER, 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring site', { 'sec-fetch-site': 'same-site' }],
  ])('ends nothing for a form that %s sends', async (_who, headers) => {
    const { visitor, people } = start();
    const ada = visitor();
    await ada.signIn();
    await ada.page();
    const { submitSessionPage } = createAccess({
      ...people,
      signingKey: 'a key of this server',
      cookiePath: '/',
      slashSubstitute: null,
    }).handlers;
    expect((await ada.browser.post(submitSessionPage, { form: { end: 'all' }, headers })).status).toBe(403);
    expect((await ada.browser.post(submitSessionPage, { form: { end: 'all', 'form-token': 'x' } })).status).toBe(403);
    expect(people.stores.sessionsById.size).toBe(1);
  });

  it('ends nothing for a form that names nothing', async () => {
    const { visitor, people } = start();
    const ada = visitor();
    await ada.signIn();
    await ada.page();
    expect((await ada.end({})).status).toBe(303);
    expect(people.stores.sessionsById.size).toBe(1);
  });
});
