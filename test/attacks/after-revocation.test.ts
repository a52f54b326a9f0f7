import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDerivatives } from '../../src/adapters/cache/derivatives/memory.ts';
import { cacheDevices } from '../../src/adapters/cache/devices.ts';
import { cacheItemGrants } from '../../src/adapters/cache/item-grants.ts';
import { cachePersonalTokens } from '../../src/adapters/cache/personal-tokens.ts';
import { cacheSessions } from '../../src/adapters/cache/sessions.ts';
import { cacheUsers } from '../../src/adapters/cache/users.ts';
import type { Database } from '../../src/adapters/storage/database.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { AccessModel, Policy } from '../../src/domain/access.ts';
import type { Item } from '../../src/domain/item.ts';
import { writePersonalToken } from '../../src/domain/personal-token.ts';
import type { SessionId, User } from '../../src/domain/session.ts';
import { endAllSessions, endSessionOf, endSessionsOfUser, endTokenOf } from '../../src/flows/admin/end-sessions.ts';
import { DEVICE_COOKIE } from '../../src/flows/find-device.ts';
import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { createImageApi } from '../../src/http/iiif/image-api.ts';
import { createMedia, createStream } from '../../src/http/media/media.ts';
import type { Reply } from '../../src/http/server/exchange.ts';
import { ACCESS as FAKE_ACCESS, fakePeople, IMAGES, VIEWER } from '../fakes/access.ts';
import { FakeBrowser, readMessage } from '../fakes/browser.ts';

/** Longer than any test: what is believed because it was believed before would be seen. */
const CACHED = { ttlSeconds: 600 };
const BY = { actor: 'keeper', address: '192.0.2.1' };

/** `members` by role, `lent` by a grant of items, `desks` by a device, `dumps` by a personal token. */
const POLICIES: readonly Policy[] = [
  { number: 1, line: 1, items: ['members/**'], allow: [{ service: 'members', roles: ['reader'] }] },
  { number: 2, line: 2, items: ['lent/**'], allow: [] },
  { number: 3, line: 3, items: ['desks/**'], allow: [{ service: 'desks', roles: [] }] },
  { number: 4, line: 4, items: ['dumps/**'], allow: [{ service: 'tokens', roles: ['reader'] }] },
];

let db: Database;
beforeEach(async () => {
  db = await openSqlite(':memory:');
});
afterEach(() => db.close());

async function find(identifier: string): Promise<Item> {
  const kind = identifier.endsWith('.jpg') ? 'image' : 'film';
  const mediaType = kind === 'image' ? 'image/jpeg' : identifier.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp4';
  const source = { file: '/private/file', bytes: 1_000, modified: new Date(0), version: '1' };
  return { identifier, path: identifier, page: 1, kind, mediaType, source };
}

/** Handlers over stores as the server has them, with their caches, and `reader` in the database. */
async function start() {
  const people = fakePeople();
  const sessions = cacheSessions(db.sessions, CACHED);
  const stores = {
    sessions,
    users: cacheUsers(db.users, { ...CACHED, onSessionsEnded: sessions.forgetAll }),
    tokens: db.tokens,
    devices: cacheDevices(db.devices, CACHED),
    itemGrants: cacheItemGrants(db.itemGrants, CACHED),
    personalTokens: cachePersonalTokens(db.personalTokens, CACHED),
    adminSessions: db.adminSessions,
  };
  const user = await stores.users.create({ name: 'reader', roles: ['reader'], passwordHash: 'hash of a password' });
  if (user === null) throw new Error('the name is taken');
  const members = FAKE_ACCESS.services.get('members');
  if (members === undefined) throw new Error('no service members');
  const desks = { ...members, name: 'desks', pattern: 'kiosk' as const, devices: true as const };
  const access: AccessModel = {
    enforced: true,
    services: new Map([
      ['members', members],
      ['desks', desks],
    ]),
    policies: POLICIES,
  };
  const items = { find, list: async () => null };
  const parts = { ...people, ...stores, access: () => access, items, slashSubstitute: null };
  const { handlers, recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };
  const memory = createMemoryDerivatives({ maxBytes: 1_000_000 });
  let rendered = 0;
  const image = createImageApi(3, {
    ...parts,
    recognise,
    images: {
      ...IMAGES,
      copy: async () => null,
      async render() {
        rendered += 1;
        return new Uint8Array([1]);
      },
    },
    cache: { recall: ({ text }) => memory.get(text), get: ({ text }) => memory.get(text), put: (key, bytes) => memory.put(key, bytes, 1) },
    lanes: createRenderLanes({ small: lane, big: lane }),
    signedBase: () => null,
    limits: { maxWidth: 1_000, maxHeight: 1_000, maxArea: 1_000_000, maxUpscale: 1, sizeAboveFull: false },
    rendering: '',
    digest: people.randomness.hash,
    lockedInformationStatus: 401,
    now: () => people.clock.now(),
  });
  const deps = {
    ...parts,
    recognise,
    now: () => people.clock.now(),
    files: {
      async *read() {
        yield new Uint8Array(10);
      },
    },
    streams: {
      findPart: async (path: string) => ({
        path,
        mediaType: 'video/mp2t',
        source: (await find(path)).source,
        item: await find(`${path.slice(0, path.lastIndexOf('/'))}/main.m3u8`),
        otherPlaylists: [],
      }),
    },
    imageFiles: false,
    lockedInformationStatus: 401 as const,
  };
  return { parts, stores, user, handlers, image, media: createMedia(deps), stream: createStream(deps), rendered: () => rendered };
}

type Started = Awaited<ReturnType<typeof start>>;

/** Somebody who looks at items of a folder: a tile, the copy of it, the next segment, the next range, documents. */
class Looker {
  readonly browser = new FakeBrowser();
  readonly #started: Started;
  readonly #folder: string;
  /** Of content, and of documents. */
  headers: Readonly<Record<string, string>> = {};
  documentHeaders: Readonly<Record<string, string>> = {};
  etag = '';

  constructor(started: Started, folder: string) {
    this.#started = started;
    this.#folder = folder;
  }

  tile(headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const rest = `${this.#folder}%2Fa.jpg/full/max/0/default.jpg`;
    return this.browser.get(this.#started.image, { params: { rest }, headers: { ...this.headers, ...headers } });
  }

  /** Warms every cache, on both sides. */
  async warm(): Promise<void> {
    const { headers } = await this.tile();
    this.etag = String(headers['etag']);
    expect(await this.answers()).toEqual({ copy: 304, tile: 200, range: 206, segment: 206, information: 200, probe: 200 });
    expect(this.#started.rendered()).toBe(1);
  }

  async answers() {
    const { image, media, stream, handlers } = this.#started;
    const identifier = `${this.#folder}%2Fa.jpg`;
    const content = { ...this.headers };
    const documents = { ...this.headers, ...this.documentHeaders };
    const probed = await this.browser.get(handlers.probeService, { params: { identifier }, headers: documents });
    return {
      copy: (await this.tile({ 'if-none-match': this.etag })).status,
      tile: (await this.tile()).status,
      range: (
        await this.browser.get(media, {
          params: { identifier: `${this.#folder}%2Ffilm.mp4` },
          headers: { ...content, range: 'bytes=10-19' },
        })
      ).status,
      segment: (
        await this.browser.get(stream, { params: { path: `${this.#folder}/stream/2.ts` }, headers: { ...content, range: 'bytes=0-9' } })
      ).status,
      information: (await this.browser.get(image, { params: { rest: `${identifier}/info.json` }, headers: documents })).status,
      probe: (JSON.parse(String(probed.body)) as { status: number }).status,
    };
  }
}

const all = (status: number) => ({ copy: status, tile: status, range: status, segment: status, information: status, probe: status });

/** Signs in for a viewer, and asks for documents with its token. */
async function reader(started: Started, folder: string): Promise<Looker & { sessionId: SessionId }> {
  const looker = new Looker(started, folder);
  const { handlers } = started;
  const ask = { params: { service: 'members' }, query: { messageId: '1', origin: VIEWER } };
  await looker.browser.get(handlers.accessService, ask);
  await looker.browser.post(handlers.submitAccessService, { ...ask, form: { user: 'reader', password: 'a password' } });
  const { message } = readMessage(await looker.browser.get(handlers.tokenService2, ask));
  looker.documentHeaders = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
  const sessionId = (looker.browser.jar.get('vitrine-session') ?? '').split('.')[0] as SessionId;
  return Object.assign(looker, { sessionId });
}

type Revoke = (started: Started, user: User, sessionId: SessionId) => Promise<unknown>;

describe('a reader with warm caches on both sides', () => {
  it.each<[what: string, revoke: Revoke]>([
    ['the user is disabled', ({ stores }, { id }) => stores.users.disable(id, new Date())],
    ['the user is removed', ({ stores }, { id }) => stores.users.remove(id)],
    ['the role is taken away', ({ stores }, { id }) => stores.users.setRoles(id, ['visitor'])],
    ['the password is changed', ({ stores }, { id }) => stores.users.setPasswordHash(id, 'hash of another')],
    ['an administrator ends the session', ({ parts }, _user, id) => endSessionOf(parts, id, BY)],
    ['an administrator ends every session of the user', ({ parts }, { name }) => endSessionsOfUser(parts, name, BY, null)],
    ['an administrator ends every session', ({ parts }) => endAllSessions(parts, BY, null)],
  ])('is answered nothing any more on the next request once %s', async (_what, revoke) => {
    const started = await start();
    const looker = await reader(started, 'members');
    await looker.warm();
    await revoke(started, started.user, looker.sessionId);
    expect(await looker.answers()).toEqual(all(401));
  });

  it('is described nothing any more by a token that was ended, and keeps what the session opens', async () => {
    const started = await start();
    const looker = await reader(started, 'members');
    await looker.warm();
    const [token] = await started.stores.tokens.list(looker.sessionId);
    expect(await endTokenOf(started.parts, looker.sessionId, token?.tokenHash ?? '', BY)).toBe(true);
    expect((await looker.tile()).status).toBe(200);
    looker.browser.jar.clear();
    const { information, probe } = await looker.answers();
    expect([information, probe]).toEqual([401, 401]);
  });

  it('gets the pictures back where only a role was taken, and is given again', async () => {
    const started = await start();
    const looker = await reader(started, 'members');
    await looker.warm();
    await started.stores.users.setRoles(started.user.id, []);
    expect((await looker.tile()).status).toBe(401);
    await started.stores.users.setRoles(started.user.id, ['reader']);
    expect((await looker.tile({ 'if-none-match': looker.etag })).status).toBe(304);
  });
});

describe('items that were lent to a person', () => {
  it.each<
    [
      what: string,
      revoke: (started: Started, grant: NonNullable<Awaited<ReturnType<Database['itemGrants']['find']>>>['id']) => Promise<unknown>,
    ]
  >([
    ['the grant is removed', ({ stores }, id) => stores.itemGrants.remove(id)],
    ['the grant ends earlier', ({ stores, parts }, id) => stores.itemGrants.setEnd(id, parts.clock.now())],
  ])('are closed on the next request once %s', async (_what, revoke) => {
    const started = await start();
    const { stores, user, parts } = started;
    const now = parts.clock.now();
    const until = new Date(now.getTime() + 86_400_000);
    const grant = await stores.itemGrants.add({ userId: user.id, items: 'lent/**', until, note: null, createdBy: null, createdAt: now });
    if (grant === null) throw new Error('nothing was granted');
    const looker = await reader(started, 'lent');
    await looker.warm();
    await revoke(started, grant.id);
    expect(await looker.answers()).toEqual(all(403));
  });
});

describe('a script with a personal access token', () => {
  it.each<[what: string, revoke: (started: Started, id: Awaited<ReturnType<typeof script>>['id']) => Promise<unknown>]>([
    ['the token is revoked', ({ stores }, id) => stores.personalTokens.remove(id)],
    ['its user is disabled', ({ stores, user }) => stores.users.disable(user.id, new Date())],
    ['its user loses the role', ({ stores, user }) => stores.users.setRoles(user.id, [])],
  ])('is answered nothing any more on the next request once %s', async (_what, revoke) => {
    const started = await start();
    const { looker, id } = await script(started);
    await looker.warm();
    await revoke(started, id);
    expect(Object.values(await looker.answers())).toSatisfy((statuses: number[]) =>
      statuses.every((status) => status === 401 || status === 403),
    );
  });
});

async function script(started: Started) {
  const { parts, stores, user } = started;
  const secret = writePersonalToken(parts.randomness.token(32), parts.randomness.hash);
  const createdAt = parts.clock.now();
  const token = await stores.personalTokens.create({
    userId: user.id,
    name: 'nightly',
    scopes: ['content'],
    secretHash: parts.randomness.hash(secret),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + 86_400_000),
  });
  if (token === null) throw new Error('no token was made');
  const looker = new Looker(started, 'dumps');
  looker.headers = { authorization: `Bearer ${secret}` };
  return { looker, id: token.id };
}

describe('a registered machine', () => {
  it('is answered nothing any more on the next request once it is removed', async () => {
    const started = await start();
    const { parts, stores } = started;
    const { hash } = parts.randomness;
    const [now, secret] = [parts.clock.now(), 's'.repeat(43)];
    const linkEndsAt = new Date(now.getTime() + 60_000);
    await stores.devices.create({ name: 'desk', service: 'desks', linkHash: hash('link'), linkEndsAt, createdAt: now });
    await stores.devices.register(hash('link'), hash(secret), now);
    const looker = new Looker(started, 'desks');
    looker.browser.jar.set(DEVICE_COOKIE, secret);
    await looker.warm();
    await stores.devices.remove('desk');
    expect(await looker.answers()).toEqual(all(401));
  });
});
