import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { runGrantAdd, runGrantList, runGrantRemove } from '../../src/cli/grant.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
  room: { pattern: kiosk, label: { en: [Reading room] }, networks: [192.0.2.0/24] }
policies:
  - { items: curators/**, allow: [{ service: members, roles: [curator] }] }
  - { items: terms/**, allow: nobody }
  - { items: open/photo.jpg, embargoUntil: 2999-01-31, allow: everyone }
  - { items: open/pyramid.tif, allow: [{ service: room }] }
  - { items: open/**, allow: everyone }
  - { items: members/**, allow: [{ service: members }] }
`;

const NO_COOKIES = 'https://no-cookies.example';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS, options: { contentWithoutCookies: [NO_COOKIES] } });
});
afterAll(() => vitrine.close());

/** What `vitrine grant` does, beside the running server. */
async function command<T extends object>(
  run: (options: T & { data: string; now: Date; print(line: string): void; error(line: string): void }) => Promise<number>,
  options: T,
): Promise<{ exit: number; lines: string[]; errors: string[] }> {
  const lines: string[] = [];
  const errors: string[] = [];
  const said = { print: (line: string) => void lines.push(line), error: (line: string) => void errors.push(line) };
  const exit = await run({ ...options, ...said, data: vitrine.data, now: new Date() });
  return { exit, lines, errors };
}

async function grant(items: string, until = '2031-01-31'): Promise<string> {
  const { exit, lines } = await command(runGrantAdd, { user: 'reader', items, until, note: 'thesis' });
  expect(exit).toBe(0);
  return /grt_[\w-]+/.exec(lines[0] ?? '')?.[0] ?? '';
}

/** What picture, information documents of both versions and probe say, with the token where there is one. */
async function answers(
  visitor: TestVisitor,
  identifier: string,
  token: string | null = null,
  origin = VIEWER,
): Promise<readonly unknown[]> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}`, origin };
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
/** Longer than another process's change may take to be seen here, several times over. */
const soon = { timeout: 30_000, interval: 250 };

async function signedIn(origin = VIEWER): Promise<{ visitor: TestVisitor; token: string }> {
  const visitor = new TestVisitor(vitrine);
  await visitor.signIn('reader', undefined, origin);
  const { message } = await visitor.token(2, 'members', origin);
  return { visitor, token: String(message['accessToken']) };
}

describe('whoever was granted items', () => {
  it.each([
    ['that ask for a role', 'curators/**', 'curators%2Fdiary.jpg', 401],
    ['that are open to nobody', 'terms/map.jpg', 'terms%2Fmap.jpg', 403],
    ['under an embargo', 'open/photo.jpg', 'open%2Fphoto.jpg', 403],
    ['of a reading room', 'open/pyramid.tif', 'open%2Fpyramid.tif', 401],
  ])('%s sees them, by cookie and by token, until the grant is taken back', async (_what, items, identifier, locked) => {
    const { visitor, token } = await signedIn();
    const bare = new TestVisitor(vitrine);
    expect((await answers(visitor, identifier, token))[0]).toBe(locked);
    const id = await grant(items);
    await vi.waitFor(async () => expect(await answers(visitor, identifier, token)).toEqual(ALLOWED), soon);
    expect((await answers(bare, identifier, token)).slice(2)).toEqual([200, 200, 200]);
    expect((await answers(bare, identifier))[0]).toBe(locked);

    const tile = await visitor.ask(`/iiif/3/${identifier}/full/80,/0/default.jpg`);
    expect(tile.headers.get('cache-control')).toBe('private, no-cache');
    const unchanged = { headers: { 'if-none-match': tile.headers.get('etag') ?? '' } };
    expect((await visitor.ask(`/iiif/3/${identifier}/full/80,/0/default.jpg`, unchanged)).status).toBe(304);

    expect((await command(runGrantRemove, { id })).exit).toBe(0);
    await vi.waitFor(async () => expect((await answers(visitor, identifier, token))[0]).toBe(locked), soon);
    expect(new Set(await answers(visitor, identifier, token))).toEqual(new Set([locked]));
    expect((await visitor.ask(`/iiif/3/${identifier}/full/80,/0/default.jpg`, unchanged)).status).toBe(locked);
  });

  it('is told of the service that signed them in, which nobody else is, and gets the item without cookies too', async () => {
    const { visitor, token } = await signedIn(NO_COOKIES);
    const bare = new TestVisitor(vitrine);
    const id = await grant('terms/**');
    const headers = { authorization: `Bearer ${token}`, origin: NO_COOKIES };
    const identifier = 'terms%2Fmap.jpg';
    await vi.waitFor(async () => expect((await bare.ask(`/iiif/3/${identifier}/info.json`, { headers })).status).toBe(200), soon);
    const inViewer = { headers: { authorization: `Bearer ${(await signedIn()).token}`, origin: VIEWER } };
    const document = await (await bare.ask(`/iiif/3/${identifier}/info.json`, inViewer)).text();
    expect(document).toContain('/auth/access/members');
    expect(document).toContain('AuthProbeService2');
    expect(await (await bare.ask(`/iiif/3/${identifier}/info.json`)).text()).not.toContain('/auth/');
    const probe = (await (await bare.ask(`/auth/probe/${identifier}`, { headers })).json()) as { location?: { id: string } };
    const signed = new URL(probe.location?.id ?? '').pathname;
    expect(signed).toMatch(/^\/signed\//);
    expect((await bare.ask(signed, { headers: { origin: NO_COOKIES } })).status).toBe(200);
    expect((await visitor.ask(`/view/openseadragon/${identifier}`)).status).toBe(200);

    await command(runGrantRemove, { id });
    await vi.waitFor(async () => expect((await bare.ask(signed)).status).toBe(403), soon);
  });

  it('sees them until the grant ends by itself', async () => {
    const { visitor, token } = await signedIn();
    const until = new Date(Date.now() + 5_000).toISOString().replace(/\.\d+Z$/, 'Z');
    await grant('curators/**', until);
    await vi.waitFor(async () => expect(await answers(visitor, 'curators%2Fdiary.jpg', token)).toEqual(ALLOWED), soon);
    await vi.waitFor(async () => expect(new Set(await answers(visitor, 'curators%2Fdiary.jpg', token))).toEqual(new Set([401])), soon);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  });
});

describe('vitrine grant', () => {
  it('lists what is granted, to one person or to all', async () => {
    const id = await grant('letters/**', '2030-12-31');
    const { exit, lines } = await command(runGrantList, { user: 'READER' });
    expect(exit).toBe(0);
    expect(lines[0]).toMatch(/^ID +USER +ITEMS +UNTIL +STATE +NOTE$/);
    expect(lines.find((line) => line.startsWith(id))).toMatch(/ reader +letters\/\*\* +2030-12-31 +in force +thesis$/);
    expect((await command(runGrantList, { user: 'curator' })).errors[0]).toMatch(/^There are no grants for curator in /);
    expect((await command(runGrantList, { user: null })).lines).toEqual(lines);
    await command(runGrantRemove, { id });
    const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const person = { via: 'command line', target: 'reader', item: 'letters/**' };
    expect(await db.audit.list({ item: 'letters/**' }, { limit: 10 })).toMatchObject([
      { action: 'item-grant.removed', ...person },
      { action: 'item-grant.created', ...person, detail: 'until 31 December 2030' },
    ]);
    await db.close();
  });

  it.each([
    [{ items: '/letters' }, 2, /^It begins with a slash/],
    [{ until: '2020-01-01' }, 2, /^The end lies in the past\.$/],
    [{ note: 'x'.repeat(501) }, 2, /^A note has at most 500 characters\.$/],
    [{ user: 'bert' }, 1, /^There is no user "bert"\./],
  ])('says what is wrong with %j', async (wrong, exit, sentence) => {
    const outcome = await command(runGrantAdd, { user: 'reader', items: '**', until: '2031-01-31', note: '', ...wrong });
    expect(outcome).toEqual({ exit, lines: [], errors: [expect.stringMatching(sentence)] });
  });

  it('says that there is no such grant, or no such user', async () => {
    expect((await command(runGrantRemove, { id: 'grt_none' })).errors[0]).toMatch(/^There is no grant "grt_none"\./);
    expect((await command(runGrantList, { user: 'bert' })).exit).toBe(1);
  });

  it('removes what ended long ago when the server tidies up', async () => {
    const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const user = await db.users.find('reader');
    if (user === null) throw new Error('no reader');
    const before = await db.itemGrants.list({});
    await db.itemGrants.add({ userId: user.id, items: 'old/**', until: new Date(0), note: null, createdBy: null, createdAt: new Date(0) });
    const { removeEndedSessions } = await import('../../src/flows/remove-ended-sessions.ts');
    await removeEndedSessions({
      ...db,
      clock: { now: () => new Date() },
      limits: { idleMinutes: 1, absoluteHours: 1, tokenMinutes: 1 },
    });
    expect(await db.itemGrants.list({})).toEqual(before);
    await db.close();
  });
});
