import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkTokenError2, checkTokenMessage2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  room:
    pattern: kiosk
    label: { en: [Reading room of Example Library] }
    errorHeading: { en: [In the reading room only], de: [Nur im Lesesaal] }
    errorNote: { en: ["Please come to the 2nd floor."], de: ["Bitte kommen Sie in den 2. Stock."] }
    networks: [192.0.2.0/24, '2001:db8::/32']
  campus: { pattern: external, label: { en: [Campus of Example University] }, networks: [198.51.100.0/24] }
  exhibit: { pattern: kiosk, label: { en: [Exhibition of Example Library] } }
  site: { pattern: external, label: { en: [Site of Example Library] } }
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: members/**, allow: [{ service: room }] }
  - { items: curators/**, allow: [{ service: campus }] }
  - { items: terms/**, allow: [{ service: exhibit }] }
  - { items: open/photo.jpg, allow: [{ service: site }] }
  - { items: open/quarters.png, allow: [{ service: members }, { service: room }] }
`;

const ROOM = '192.0.2.7';
const ROOM6 = '2001:db8::7';
const CAMPUS = '198.51.100.4';
const ELSEWHERE = '203.0.113.5';

const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const MAP = 'terms%2Fmap.jpg';
const PHOTO = 'open%2Fphoto.jpg';
const QUARTERS = 'open%2Fquarters.png';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS, options: { trustedProxies: ['127.0.0.1', '::1'] } });
});
afterAll(() => vitrine.close());

/** Somebody who asks through the proxy, from an address. */
class VisitorAt extends TestVisitor {
  address: string;

  constructor(address: string) {
    super(vitrine);
    this.address = address;
  }

  override ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', this.address);
    return super.ask(path, { ...init, headers });
  }
}

/** What picture, information documents of both versions and probe say, with the token where there is one. */
async function answers(visitor: TestVisitor, identifier: string, token: string | null = null): Promise<readonly unknown[]> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}`, origin: VIEWER };
  const status = async (path: string, init: RequestInit = {}) => {
    const response = await visitor.ask(path, init);
    await response.arrayBuffer();
    return response.status;
  };
  const probe = await (await visitor.ask(`/auth/probe/${identifier}`, { headers })).json();
  return [
    await status(`/iiif/3/${identifier}/full/80,/0/default.jpg`),
    await status(`/iiif/2/${identifier}/full/80,/0/default.jpg`),
    await status(`/iiif/3/${identifier}/info.json`, { headers }),
    await status(`/iiif/2/${identifier}/info.json`, { headers }),
    (probe as { status: unknown }).status,
  ];
}

const ALLOWED = [200, 200, 200, 200, 200];
const LOCKED = [401, 401, 401, 401, 401];

async function services(visitor: TestVisitor, identifier: string): Promise<readonly { profile: string; '@id'?: string }[]> {
  const information = (await (await visitor.ask(`/iiif/3/${identifier}/info.json`)).json()) as { service?: { profile: string }[] };
  return information.service ?? [];
}

describe('an item of the reading room', () => {
  it.each([ROOM, ROOM6])('opens at %s at once: no cookie, no token, no window', async (address) => {
    const visitor = new VisitorAt(address);
    expect(await answers(visitor, LETTER)).toEqual(ALLOWED);
    expect([...visitor.cookies]).toEqual([]);
  });

  it.each([ELSEWHERE, CAMPUS, '2001:db9::7'])('stays closed at %s', async (address) => {
    expect(await answers(new VisitorAt(address), LETTER)).toEqual(LOCKED);
  });

  it('is closed again once the visitor has left, whatever was taken along', async () => {
    const visitor = new VisitorAt(ROOM);
    await visitor.ask(`/auth/access/room?origin=${encodeURIComponent(VIEWER)}`);
    const { message } = await visitor.token(2, 'room');
    const etag = (await visitor.ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`)).headers.get('etag') ?? '';
    visitor.address = ELSEWHERE;
    expect(await answers(visitor, LETTER, String(message['accessToken']))).toEqual(LOCKED);
    expect((await visitor.ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`, { headers: { 'if-none-match': etag } })).status).toBe(401);
  });

  it('is in no shared cache, and asked for again each time', async () => {
    const visitor = new VisitorAt(ROOM);
    for (const path of [`/iiif/3/${LETTER}/full/80,/0/default.jpg`, `/iiif/3/${LETTER}/info.json`, `/presentation/3/${LETTER}/manifest`]) {
      const response = await visitor.ask(path);
      await response.arrayBuffer();
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'private, no-cache']);
    }
  });

  it('is shown on our own pages there, and named as locked elsewhere', async () => {
    expect(await (await new VisitorAt(ROOM).ask('/browse/members')).text()).toContain('Open to you');
    const elsewhere = await (await new VisitorAt(ELSEWHERE).ask('/browse/members')).text();
    expect(elsewhere).toContain('Locked: Reading room of Example Library');
    expect(elsewhere).not.toContain('/full/!400,300/');
  });

  it('does not believe an address that somebody claims without a proxy of ours', async () => {
    const direct = await startTestVitrine({ access: ACCESS });
    const response = await new TestVisitor(direct).ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`, {
      headers: { 'x-forwarded-for': ROOM },
    });
    await direct.close();
    expect(response.status).toBe(401);
  });
});

describe('the window of a kiosk', () => {
  const path = `/auth/access/room?origin=${encodeURIComponent(VIEWER)}`;

  it('sets a session and closes itself, without a click', async () => {
    const visitor = new VisitorAt(ROOM);
    const response = await visitor.ask(path);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('/assets/close-window.js');
    expect(page).not.toContain('<form');
    expect(response.headers.get('cross-origin-opener-policy')).toBe(null);
    expect([...visitor.cookies.keys()].sort()).toEqual(['vitrine-access', 'vitrine-session']);
  });

  it('says elsewhere in the reader’s language where it opens, and stays to be read', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    const response = await visitor.ask(path, { headers: { 'accept-language': 'de' } });
    const page = await response.text();
    expect(response.status).toBe(403);
    expect(page).toContain('Nur im Lesesaal');
    expect(page).toContain('Bitte kommen Sie in den 2. Stock.');
    expect(page).toContain(ELSEWHERE);
    expect(page).not.toContain('close-window.js');
    expect([...visitor.cookies]).toEqual([]);
  });

  it.each(['image', 'iframe', 'empty'])('opens no session for the %s of a page', async (destination) => {
    const visitor = new VisitorAt(ROOM);
    expect((await visitor.ask(path, { headers: { 'sec-fetch-dest': destination } })).status).toBe(403);
    expect([...visitor.cookies]).toEqual([]);
  });

  it('takes no form: nobody signs in at a kiosk', async () => {
    const visitor = new VisitorAt(ROOM);
    await visitor.ask('/sign-in');
    expect((await visitor.submit(path, { user: 'reader', password: 'correct horse battery' })).status).toBe(404);
  });

  it('lets nobody read with credentials what else the session opens', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    await visitor.signIn('reader');
    await visitor.ask(`/auth/access/exhibit?origin=${encodeURIComponent('https://elsewhere.example')}`);
    const ask = async (origin: string) => (await visitor.ask(`/iiif/3/${QUARTERS}/info.json`, { headers: { origin } })).status;
    expect([await ask(VIEWER), await ask('https://elsewhere.example')]).toEqual([200, 401]);
  });

  it('of a kiosk without networks gives what it gives by cookie and token', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    expect(await answers(visitor, MAP)).toEqual(LOCKED);
    expect(await visitor.token(2, 'exhibit')).toMatchObject({ message: { profile: 'missingAspect' } });
    await visitor.ask(`/auth/access/exhibit?origin=${encodeURIComponent(VIEWER)}`);
    expect(await answers(visitor, MAP)).toEqual(ALLOWED);
    const { message } = await visitor.token(2, 'exhibit');
    expect((await answers(new VisitorAt(ELSEWHERE), MAP, String(message['accessToken']))).slice(2)).toEqual([200, 200, 200]);
  });
});

describe('an external service', () => {
  it('has nothing to open: no address in the documents, no window, no logout', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    const [external, probe] = await services(visitor, DIARY);
    expect(external).toMatchObject({ profile: 'http://iiif.io/api/auth/1/external', label: 'Campus of Example University' });
    expect(external).not.toHaveProperty('@id');
    expect(probe).toMatchObject({ type: 'AuthProbeService2', service: [{ profile: 'external' }] });
    expect(probe).not.toHaveProperty('service.0.id');
    expect((await visitor.ask('/auth/access/campus')).status).toBe(404);
    expect((await visitor.ask('/auth/logout/campus')).status).toBe(404);
  });

  it('opens files at its place, and has no button elsewhere that leads nowhere', async () => {
    await writeFile(join(vitrine.images, 'curators/note.txt'), 'A note.\n');
    const [campus, elsewhere] = [new VisitorAt(CAMPUS), new VisitorAt(ELSEWHERE)];
    const file = '/media/curators%2Fnote.txt';
    expect([(await campus.ask(file)).status, (await elsewhere.ask(file)).status]).toEqual([200, 401]);
    expect((await campus.ask(file)).headers.get('cache-control')).toBe('private, no-cache');
    const page = await (await elsewhere.ask('/view/media/curators%2Fnote.txt')).text();
    expect(page).toContain('Locked: Campus of Example University');
    expect(page).not.toMatch(/data-access|\/media\/curators/);
    expect(await (await campus.ask('/view/media/curators%2Fnote.txt')).text()).toContain(file);
  });

  it('gives a token to any viewer at its place, tied to the viewer’s origin, without a cookie', async () => {
    const visitor = new VisitorAt(CAMPUS);
    const { message, target } = await visitor.token(2, 'campus');
    expect(checkTokenMessage2(message)).toEqual([]);
    expect(target).toBe(VIEWER);
    expect([...visitor.cookies]).toEqual([]);
    expect(await answers(visitor, DIARY, String(message['accessToken']))).toEqual(ALLOWED);
    expect((await visitor.token(1, 'campus', 'https://other.example')).message).toMatchObject({ accessToken: expect.any(String) });
  });

  it('says elsewhere what to do, in its own words: missingAspect in 2.0, missingCredentials in 1.0', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    const { message } = await visitor.token(2, 'room');
    expect(checkTokenError2(message)).toEqual([]);
    expect(message).toMatchObject({ profile: 'missingAspect', heading: { en: ['In the reading room only'] } });
    expect((await visitor.token(1, 'campus')).message).toMatchObject({
      error: 'missingCredentials',
      description: expect.stringMatching(/^You have no access from here\. It opens at certain places/),
    });
  });

  it('without networks opens to whoever signed in on the site, and to nobody else', async () => {
    const visitor = new VisitorAt(ELSEWHERE);
    expect(await answers(visitor, PHOTO)).toEqual(LOCKED);
    expect(await visitor.token(2, 'site')).toMatchObject({ message: { profile: 'missingAspect' } });
    await visitor.submit('/sign-in', { user: 'reader', password: 'correct horse battery' });
    expect(await answers(visitor, PHOTO)).toEqual(ALLOWED);
    const { message } = await visitor.token(2, 'site');
    expect((await answers(new VisitorAt(ELSEWHERE), PHOTO, String(message['accessToken']))).slice(2)).toEqual([200, 200, 200]);
    await visitor.submit('/sign-out', {});
    expect(await answers(visitor, PHOTO, String(message['accessToken']))).toEqual(LOCKED);
  });
});

describe('several services on one item', () => {
  it('come in the order of the specifications where they can help', async () => {
    const profiles = (await services(new VisitorAt(ROOM), QUARTERS)).map(({ profile }) => profile.split('/').at(-1));
    expect(profiles).toEqual(['kiosk', 'login', 'probe']);
  });

  it('lack the one that opens at another place, so that viewers come to the sign-in', async () => {
    const profiles = (await services(new VisitorAt(ELSEWHERE), QUARTERS)).map(({ profile }) => profile.split('/').at(-1));
    expect(profiles).toEqual(['login', 'probe']);
  });

  it('open it by either: the place, or the account', async () => {
    expect(await answers(new VisitorAt(ROOM), QUARTERS)).toEqual(ALLOWED);
    const reader = new VisitorAt(ELSEWHERE);
    await reader.signIn('reader');
    expect(await answers(reader, QUARTERS)).toEqual(ALLOWED);
  });
});
