import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addPersonalToken, removePersonalToken } from '../harness/personal-token.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
  site: { pattern: external, label: { en: [Example Library] } }
policies:
  - { items: open/photo.jpg, allow: [{ service: site }] }
  - { items: 'open/**', allow: everyone }
  - { items: 'members/**', allow: [{ services: [members, tokens], roles: [reader, curator] }] }
  - { items: 'curators/**', allow: [{ service: members, roles: [curator] }, { service: tokens, roles: [curator] }] }
  - { items: 'terms/**', allow: [{ service: members }] }
  - { items: 'dumps/**', allow: [{ service: tokens }] }
`;

const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const MAP = 'terms%2Fmap.jpg';
const DUMP = 'dumps%2Flist.txt';

let vitrine: TestVitrine;
let reader: string;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  await mkdir(join(vitrine.images, 'dumps'), { recursive: true });
  await writeFile(join(vitrine.images, 'dumps/list.txt'), 'one\ntwo\n');
  reader = await addPersonalToken(vitrine, 'reader');
});
afterAll(() => vitrine.close());

const inDatabase = async <T>(work: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>): Promise<T> => {
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
};

function ask(path: string, token: string | null, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${vitrine.base}${path}`, { redirect: 'manual', ...init, headers: { ...authorization, ...init.headers } });
}

/** Pictures, documents and manifests of both versions, and what the probe says. */
async function answers(identifier: string, token: string | null, headers: Record<string, string> = {}): Promise<readonly unknown[]> {
  const paths = [
    `/iiif/3/${identifier}/full/80,/0/default.jpg`,
    `/iiif/2/${identifier}/full/80,/0/default.jpg`,
    `/iiif/3/${identifier}/info.json`,
    `/iiif/2/${identifier}/info.json`,
  ];
  const replies = await Promise.all(paths.map((path) => ask(path, token, { headers })));
  await Promise.all(replies.map((reply) => reply.arrayBuffer()));
  const probe = (await (await ask(`/auth/probe/${identifier}`, token, { headers })).json()) as { status: unknown };
  return [...replies.map(({ status }) => status), probe.status];
}

const ALLOWED = [200, 200, 200, 200, 200];
const LOCKED = [401, 401, 401, 401, 401];

describe('a script with a personal token', () => {
  it('gets pictures, documents and probe results where a rule names tokens and the roles fit', async () => {
    expect(await answers(LETTER, reader)).toEqual(ALLOWED);
    expect(await answers(LETTER, null)).toEqual(LOCKED);
    expect(await answers(DIARY, reader)).toEqual(LOCKED);
    expect(await answers(DIARY, await addPersonalToken(vitrine, 'curator'))).toEqual(ALLOWED);
  });

  it('gets nothing where no rule names tokens, whatever its user may see', async () => {
    expect(await answers(MAP, reader)).toEqual(LOCKED);
    expect(await answers('open%2Fphoto.jpg', reader)).toEqual(LOCKED);
  });

  it('gets files in parts, their manifests, and what is open to tokens alone', async () => {
    expect(await (await ask(`/media/${DUMP}`, reader)).text()).toBe('one\ntwo\n');
    const part = await ask(`/media/${DUMP}`, reader, { headers: { range: 'bytes=4-6' } });
    expect([part.status, await part.text()]).toEqual([206, 'two']);
    expect((await ask(`/media/${DUMP}`, reader, { method: 'HEAD' })).status).toBe(200);
    expect((await ask(`/presentation/3/${DUMP}/manifest`, reader)).status).toBe(200);
    const closed = await ask(`/media/${DUMP}`, null);
    expect([closed.status, await closed.json()]).toMatchObject([
      403,
      { detail: 'This file opens to scripts with a personal access token alone.' },
    ]);
  });

  it('gets answers that no shared cache keeps, and that are judged again when they are asked about', async () => {
    const first = await ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`, reader);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`, reader, { headers })).status).toBe(304);
    expect((await ask(`/iiif/3/${LETTER}/full/80,/0/default.jpg`, null, { headers })).status).toBe(401);
  });

  it('sees no word of tokens in what viewers are told', async () => {
    for (const path of [`/iiif/3/${LETTER}/info.json`, `/presentation/3/${LETTER}/manifest`, '/browse/members', '/browse/dumps']) {
      expect(await (await ask(path, null)).text()).not.toMatch(/tokens/);
    }
    expect((await ask('/auth/access/tokens', null)).status).toBe(404);
  });
});

describe('a personal token', () => {
  it.each([
    ['in the query', (path: string) => ask(`${path}?access_token=${reader}&token=${reader}`, null)],
    ['from a page in a browser', (path: string) => ask(path, reader, { headers: { origin: VIEWER } })],
    ['as a cookie', (path: string) => ask(path, null, { headers: { cookie: `vitrine-access=${reader}; vitrine-session=${reader}` } })],
    ['as a password of HTTP', (path: string) => ask(path, null, { headers: { authorization: `Basic ${btoa(`reader:${reader}`)}` } })],
    ['with a letter changed', (path: string) => ask(path, `${reader.slice(0, -1)}${reader.endsWith('a') ? 'b' : 'a'}`)],
  ])('%s opens nothing', async (_where, send) => {
    for (const path of [`/iiif/3/${LETTER}/full/80,/0/default.jpg`, `/iiif/3/${LETTER}/info.json`]) {
      expect((await send(path)).status).toBe(401);
    }
  });

  it('is not helped by cookies that come with it, and opens no page', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('curator', undefined, vitrine.base);
    const headers = { authorization: `Bearer ${reader}` };
    expect((await visitor.ask(`/iiif/3/${DIARY}/full/80,/0/default.jpg`)).status).toBe(200);
    expect((await visitor.ask(`/iiif/3/${DIARY}/full/80,/0/default.jpg`, { headers })).status).toBe(401);
    const path = '/session';
    expect(await (await ask(path, reader)).text()).toBe(await (await ask(path, null)).text());
  });

  it('opens nothing once it has expired', async () => {
    const old = await addPersonalToken(vitrine, 'reader', ['content'], new Date(Date.now() - 91 * 86_400_000));
    expect(await answers(LETTER, old)).toEqual(LOCKED);
  });

  it('opens nothing once it is removed, or its user, and fits the roles of the moment', async () => {
    const guest = await inDatabase(({ users }) => users.create({ name: 'guest', roles: ['reader'], passwordHash: 'none' }));
    const id = guest?.id ?? 'usr_none';
    const [one, two] = [await addPersonalToken(vitrine, 'guest'), await addPersonalToken(vitrine, 'guest')];
    expect([await answers(LETTER, one), await answers(LETTER, two)]).toEqual([ALLOWED, ALLOWED]);
    const tokens = await inDatabase(({ personalTokens }) => personalTokens.list(id));
    await removePersonalToken(vitrine, tokens.at(-1)?.id ?? '');
    // Another process did it: what was looked up just now is believed for a few seconds more.
    const soon = { timeout: 10_000, interval: 500 };
    await vi.waitFor(async () => expect(await answers(LETTER, one)).toEqual(LOCKED), soon);
    expect(await answers(LETTER, two)).toEqual(ALLOWED);
    await inDatabase(({ users }) => users.setRoles(id, []));
    await vi.waitFor(async () => expect(await answers(LETTER, two)).toEqual(LOCKED), soon);
    await inDatabase(({ users }) => users.remove(id));
    await vi.waitFor(async () => expect((await ask(`/media/${DUMP}`, two)).status).toBe(403), soon);
  });

  it('is in no line of the log, and in no file of the data folder', async () => {
    const { readdir, readFile } = await import('node:fs/promises');
    await ask(`/iiif/3/${LETTER}/info.json?token=${reader}`, reader);
    const names = (await readdir(vitrine.data, { withFileTypes: true })).filter((entry) => entry.isFile());
    const files = await Promise.all(names.map(({ name }) => readFile(join(vitrine.data, name), 'latin1')));
    expect(JSON.stringify(vitrine.log)).not.toContain(reader.slice(0, 30));
    expect(files.join('')).not.toContain(reader.slice(12, 40));
  });
});

describe('the access token of IIIF', () => {
  it('opens no content, and a personal token is none', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const token = String((await visitor.token(2, 'members')).message['accessToken']);
    const headers = { origin: VIEWER };
    expect(await answers(LETTER, token, headers)).toEqual([401, 401, 200, 200, 200]);
    expect(await answers(LETTER, reader, headers)).toEqual(LOCKED);
    expect((await ask(`/media/${DUMP}`, token)).status).toBe(403);
  });
});
