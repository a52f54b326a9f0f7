import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkTokenMessage2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  desk: { pattern: kiosk, label: { en: [Desks of Example Library] }, devices: true }
  tablet: { pattern: external, label: { en: [Tablets of Example Library] }, devices: true, networks: [192.0.2.0/24] }
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: members/**, allow: [{ service: desk }] }
  - { items: curators/**, allow: [{ service: tablet }] }
  - { items: open/quarters.png, allow: [{ service: members }, { service: desk }] }
`;

const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const QUARTERS = 'open%2Fquarters.png';
const NO_COOKIES = 'https://no-cookies.example';

let vitrine: TestVitrine;
let made = 0;
beforeAll(async () => {
  vitrine = await startTestVitrine({
    access: ACCESS,
    options: { trustedProxies: ['127.0.0.1', '::1'], contentWithoutCookies: [NO_COOKIES] },
  });
});
afterAll(() => vitrine.close());

/** What `vitrine device` does, beside the running server. */
async function inDatabase<T>(work: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>): Promise<T> {
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function addDevice(service: string, minutes = 30): Promise<{ readonly name: string; readonly path: string }> {
  made += 1;
  const name = `device ${made}`;
  const randomness = createRandomness();
  const link = randomness.token(32);
  const createdAt = new Date();
  const linkEndsAt = new Date(createdAt.getTime() + minutes * 60_000);
  await inDatabase(({ devices }) => devices.create({ name, service, linkHash: randomness.hash(link), linkEndsAt, createdAt }));
  return { name, path: `/device/${link}` };
}

async function registered(service: string): Promise<{ readonly name: string; readonly visitor: TestVisitor }> {
  const { name, path } = await addDevice(service);
  const visitor = new TestVisitor(vitrine);
  expect((await visitor.submit(path, {})).status).toBe(200);
  return { name, visitor };
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

describe('the link of a device', () => {
  it('asks first, and opening it uses nothing up', async () => {
    const { name, path } = await addDevice('desk');
    const preview = new TestVisitor(vitrine);
    const page = await (await preview.ask(path)).text();
    expect(page).toContain(name);
    expect(page).toContain('Desks of Example Library');
    expect([...preview.cookies.keys()]).toEqual(['vitrine-form']);
    const visitor = new TestVisitor(vitrine);
    expect((await visitor.submit(path, {})).status).toBe(200);
    expect(await answers(visitor, LETTER)).toEqual(ALLOWED);
  });

  it('sets a cookie for frames of viewers, that no script reads, and that lasts', async () => {
    const { path } = await addDevice('desk');
    const [cookie = ''] = (await new TestVisitor(vitrine).submit(path, {})).headers.getSetCookie();
    expect(cookie).toMatch(/^vitrine-device=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=34560000; HttpOnly; Secure; SameSite=None$/);
  });

  it('works once: who comes second gets nothing', async () => {
    const { path } = await addDevice('desk');
    const second = new TestVisitor(vitrine);
    const form = await (await second.ask(path)).text();
    await new TestVisitor(vitrine).submit(path, {});
    const token = /name="form-token" value="([^"]*)"/.exec(form)?.[1] ?? '';
    const late = await second.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ 'form-token': token }).toString(),
    });
    expect([late.status, (await second.ask(path)).status]).toEqual([404, 404]);
    expect(second.cookies.has('vitrine-device')).toBe(false);
  });

  it('that is over, or that nobody made, is refused in the reader’s language', async () => {
    const { path } = await addDevice('desk', -1);
    const response = await new TestVisitor(vitrine).ask(path, { headers: { 'accept-language': 'de' } });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Dieser Link gilt nicht mehr');
    expect((await new TestVisitor(vitrine).ask(`/device/${'a'.repeat(43)}`)).status).toBe(404);
  });

  it('takes no form from another site, and is not used up by one', async () => {
    const { path } = await addDevice('desk');
    const visitor = new TestVisitor(vitrine);
    await visitor.ask(path);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await visitor.ask(path, { method: 'POST', headers, body: 'form-token=a' })).status).toBe(403);
    expect((await visitor.submit(path, {})).status).toBe(200);
  });

  it('leaves no secret in the data folder, neither its own nor that of the cookie', async () => {
    const { path } = await addDevice('desk');
    const visitor = new TestVisitor(vitrine);
    await visitor.ask(path);
    const files = async () => {
      const names = await readdir(vitrine.data, { withFileTypes: true });
      return Promise.all(names.filter((name) => name.isFile()).map(({ name }) => readFile(join(vitrine.data, name), 'latin1')));
    };
    const link = path.slice('/device/'.length);
    const hash = createRandomness().hash(link);
    expect((await files()).some((text) => text.includes(hash))).toBe(true);
    await visitor.submit(path, {});
    const secret = visitor.cookies.get('vitrine-device') ?? '';
    const all = (await files()).join('');
    expect(all).toContain(createRandomness().hash(secret));
    expect([all.includes(link), all.includes(secret)]).toEqual([false, false]);
  });

  it('is not written into the log', async () => {
    const { path } = await addDevice('desk');
    await (await new TestVisitor(vitrine).ask(path)).text();
    await vi.waitFor(() => expect(JSON.stringify(vitrine.log)).toContain('/device/…'));
    expect(JSON.stringify(vitrine.log)).not.toContain(path.slice('/device/'.length));
  });
});

describe.each([
  ['kiosk', 'desk', LETTER],
  ['external', 'tablet', DIARY],
])('a device of a service of the pattern %s', (_pattern, service, identifier) => {
  let name: string;
  let visitor: TestVisitor;
  beforeEach(async () => {
    ({ name, visitor } = await registered(service));
  });

  it('sees its items at an address in no network, and no other browser there does', async () => {
    expect(await answers(visitor, identifier)).toEqual(ALLOWED);
    expect(await answers(new TestVisitor(vitrine), identifier)).toEqual(LOCKED);
  });

  it('sees nothing that another service opens', async () => {
    expect(await answers(visitor, identifier === LETTER ? DIARY : LETTER)).toEqual(LOCKED);
  });

  it('gets a token for any viewer, by which documents open to that viewer, and pictures do not', async () => {
    const { message } = await visitor.token(2, service);
    expect(checkTokenMessage2(message)).toEqual([]);
    const token = String(message['accessToken']);
    expect(await answers(new TestVisitor(vitrine), identifier, token)).toEqual([401, 401, 200, 200, 200]);
    expect((await visitor.token(1, service)).message).toMatchObject({ accessToken: expect.any(String) });
    expect((await new TestVisitor(vitrine).token(2, service)).message).toMatchObject({ profile: 'missingAspect' });
  });

  it('opens nothing any more once it is removed: not by its cookie, and at once not by its tokens', async () => {
    await visitor.signIn('reader');
    const token = String((await visitor.token(2, service)).message['accessToken']);
    const stranger = new TestVisitor(vitrine);
    expect(await answers(stranger, identifier, token)).toEqual([401, 401, 200, 200, 200]);
    // Its cookie was looked up just now, and is believed for a few seconds more.
    expect(await answers(visitor, identifier)).toEqual(ALLOWED);
    expect(await inDatabase(({ devices }) => devices.remove(name))).toBe(true);
    expect(await answers(stranger, identifier, token)).toEqual(LOCKED);
    await vi.waitFor(async () => expect(await answers(visitor, identifier)).toEqual(LOCKED), { timeout: 10_000, interval: 500 });
    expect((await visitor.token(2, service)).message).toMatchObject({ profile: 'missingAspect' });
  });

  it('hands its access to no page that sends cookies along, and to no shared cache', async () => {
    const path = `/iiif/3/${identifier}/info.json`;
    expect((await visitor.ask(path, { headers: { origin: 'https://evil.example' } })).status).toBe(401);
    expect((await visitor.ask(path)).headers.get('cache-control')).toBe('private, no-cache');
  });

  it('gets no signed address, which could be carried away from it', async () => {
    const token = String((await visitor.token(2, service, NO_COOKIES)).message['accessToken']);
    const headers = { authorization: `Bearer ${token}`, origin: NO_COOKIES };
    const probe = await (await new TestVisitor(vitrine).ask(`/auth/probe/${identifier}`, { headers })).json();
    expect(probe).toMatchObject({ status: 200 });
    expect(probe).not.toHaveProperty('location');
  });
});

describe('a browser that keeps our cookies from pages of other sites', () => {
  it('is told so where a device could be meant, and where the item opens', async () => {
    const headers = { origin: VIEWER, 'sec-fetch-site': 'cross-site', 'sec-fetch-storage-access': 'none' };
    const probe = await (await new TestVisitor(vitrine).ask(`/auth/probe/${LETTER}`, { headers })).json();
    expect(probe).toMatchObject({ status: 401 });
    expect(JSON.stringify(probe)).toContain('/browser-check');
  });
});

describe('a service that opens to devices', () => {
  it('of the pattern kiosk closes its window by itself at a device, and says elsewhere that it does not open', async () => {
    const path = `/auth/access/desk?origin=${encodeURIComponent(VIEWER)}`;
    const { visitor } = await registered('desk');
    const response = await visitor.ask(path);
    expect([response.status, (await response.text()).includes('close-window.js')]).toEqual([200, true]);
    const stranger = new TestVisitor(vitrine);
    expect((await stranger.ask(path)).status).toBe(403);
    expect([...stranger.cookies]).toEqual([]);
  });

  it('opens in its networks too, without a cookie', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    expect((await new TestVisitor(vitrine).ask(`/iiif/3/${DIARY}/info.json`, { headers })).status).toBe(200);
  });

  it('is left out elsewhere where a sign-in helps, and opens at a device without one', async () => {
    const profiles = async (visitor: TestVisitor) => {
      const document = (await (await visitor.ask(`/iiif/3/${QUARTERS}/info.json`)).json()) as { service?: { profile: string }[] };
      return (document.service ?? []).map(({ profile }) => profile?.split('/').at(-1));
    };
    expect(await profiles(new TestVisitor(vitrine))).not.toContain('kiosk');
    const { visitor } = await registered('desk');
    expect(await answers(visitor, QUARTERS)).toEqual(ALLOWED);
    expect(await (await visitor.ask('/browse/members')).text()).toContain('Open to you');
  });
});
