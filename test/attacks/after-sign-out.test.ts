import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { idOf } from '../contracts/stored-people.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TILE = '/iiif/3/members%2Fpyramid.tif/0,0,256,256/256,256/0/default.jpg';
const INFORMATION = '/iiif/3/members%2Fpyramid.tif/info.json';
const PROBE = '/auth/probe/members%2Fpyramid.tif';
/** Longer than another process's sign-out may take to be seen here, several times over. */
const PATIENCE_SECONDS = 30;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
});
afterAll(() => vitrine.close());

/** Signs in, and asks for everything once, so that every cache is warm. */
async function warm() {
  const visitor = new TestVisitor(vitrine);
  await visitor.signIn('reader');
  const tile = await visitor.ask(TILE);
  expect(tile.status).toBe(200);
  await tile.arrayBuffer();
  const etag = tile.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]+"$/);
  const tokens = [await visitor.token(1, 'members'), await visitor.token(2, 'members')].map(({ message }) =>
    String(message['accessToken']),
  );
  const kept = new TestVisitor(vitrine);
  for (const [name, value] of visitor.cookies) kept.cookies.set(name, value);
  expect((await statuses(kept, etag, tokens)).all).toEqual([200, 304, 200, 200, 200, 200, 200]);
  return { visitor, kept, etag, tokens };
}

/** What somebody who kept cookies, tokens and a copy is answered. */
async function statuses(kept: TestVisitor, etag: string, tokens: readonly string[]) {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}`, origin: VIEWER } });
  const bare = new TestVisitor(vitrine);
  const probed = (await (await kept.ask(PROBE)).json()) as { status: number };
  const all = [
    (await kept.ask(TILE)).status,
    (await kept.ask(TILE, { headers: { 'if-none-match': etag } })).status,
    (await kept.ask(INFORMATION)).status,
    probed.status,
    ...(await Promise.all(tokens.map(async (token) => (await bare.ask(INFORMATION, bearer(token))).status))),
    ((await (await bare.ask(PROBE, bearer(tokens[1] ?? ''))).json()) as { status: number }).status,
  ];
  return { all };
}

describe('after a sign-out', () => {
  it.each([
    ['at the logout service', (visitor: TestVisitor) => visitor.ask('/auth/logout/members')],
    ['on our own page', (visitor: TestVisitor) => visitor.submit('/sign-out', {})],
  ])('%s, kept cookies, tokens and copies are worth nothing, at once', async (_where, signOut) => {
    const { visitor, kept, etag, tokens } = await warm();
    expect((await signOut(visitor)).status).toBeLessThan(400);
    expect((await statuses(kept, etag, tokens)).all).toEqual([401, 401, 401, 401, 401, 401, 401]);
    expect((await kept.token(2, 'members')).message).toMatchObject({ type: 'AuthAccessTokenError2', profile: 'invalidAspect' });
    expect((await kept.token(1, 'members')).message).toMatchObject({ error: 'invalidCredentials' });
  });

  it('a session that another process ended is ended here as well, before long', async () => {
    const { kept, etag, tokens } = await warm();
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const id = await idOf(database, 'reader');
    expect(await database.users.setPasswordHash(id, (await database.users.findPasswordHash(id)) ?? '')).toBe(true);
    await database.close();
    const end = Date.now() + PATIENCE_SECONDS * 1000;
    let last = await statuses(kept, etag, tokens);
    while (last.all.some((status) => status !== 401) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      last = await statuses(kept, etag, tokens);
    }
    expect(last.all).toEqual([401, 401, 401, 401, 401, 401, 401]);
  });
});

describe('what caches keep', () => {
  it('is told apart by everything that changes pixels, and never by the person', async () => {
    const visitors = { reader: new TestVisitor(vitrine), curator: new TestVisitor(vitrine) };
    await visitors.reader.signIn('reader');
    await visitors.curator.signIn('curator');
    const base = '/iiif/3/members%2Fletter.jpg';
    const requests = [
      `${base}/full/max/0/default.jpg`,
      `${base}/full/max/0/default.png`,
      `${base}/full/max/0/gray.jpg`,
      `${base}/full/max/0/bitonal.jpg`,
      `${base}/full/max/90/default.jpg`,
      `${base}/full/max/90.5/default.jpg`,
      `${base}/full/max/!0/default.jpg`,
      `${base}/full/400,300/0/default.jpg`,
      `${base}/full/400,301/0/default.jpg`,
      `${base}/full/^801,601/0/default.jpg`,
      `${base}/0,0,400,300/400,300/0/default.jpg`,
      `${base}/1,0,400,300/400,300/0/default.jpg`,
      '/iiif/3/members%2Fpyramid.tif/full/max/0/default.jpg',
    ];
    const tagOf = async (visitor: TestVisitor, path: string) => (await visitor.ask(path, { method: 'HEAD' })).headers.get('etag');
    const tags = await Promise.all(requests.map((path) => tagOf(visitors.reader, path)));
    expect(tags).not.toContain(null);
    expect(new Set(tags).size).toBe(requests.length);
    expect(await Promise.all(requests.map((path) => tagOf(visitors.curator, path)))).toEqual(tags);
  });

  it('is marked as everybody’s only where everybody may see it', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    for (const path of [TILE, INFORMATION, '/presentation/3/members%2Fletter.jpg/manifest']) {
      expect((await visitor.ask(path)).headers.get('cache-control'), path).toBe('private, no-cache');
    }
    for (const path of [PROBE, '/auth/token/1/members', '/auth/access/members', '/sign-in', '/sign-out', '/', '/browse/members']) {
      expect((await visitor.ask(path)).headers.get('cache-control'), path).toBe('no-store');
    }
  });
});
