import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { MOST_ITEM_GRANTS } from '../../src/domain/item-grant.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { type DescribedOperation, type Document, readOperations } from './described-api.ts';

interface Call {
  /** What stands for `{name}` in the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expect: number;
}

/** Calls for what cannot be had by breaking any operation in the same way: every success, and refusals of one's own. */
type Calls = Readonly<Record<string, (world: World) => Promise<readonly Call[]>>>;

interface World {
  readonly vitrine: TestVitrine;
  readonly ids: Readonly<Record<'root' | 'reader' | 'curator', string>>;
  call(id: string, call: Call): Promise<Response>;
}

const STALE = { 'if-match': '"of another time"' };

const CALLS: Calls = {
  listUsers: async () => [
    { query: 'limit=1', expect: 200 },
    { query: 'search=read&role=reader&source=local&state=active', expect: 200 },
  ],
  createUser: async () => [
    { body: { name: 'invited', email: 'invited@example.org', roles: ['reader'] }, expect: 201 },
    { body: { name: 'with a password', password: 'quite some teaspoons 7' }, expect: 201 },
    { body: { name: 'weak', password: 'password' }, expect: 422 },
    { body: { name: 'READER' }, expect: 409 },
  ],
  getUser: async ({ ids, call }) => {
    const etag = (await call('getUser', { params: { user: ids.reader }, expect: 200 })).headers.get('etag') ?? '';
    return [
      { params: { user: ids.reader }, expect: 200 },
      { params: { user: ids.reader }, headers: { 'if-none-match': etag }, expect: 304 },
    ];
  },
  changeUser: async (world) => {
    const user = await newUser(world);
    const etag = (await world.call('getUser', { params: { user }, expect: 200 })).headers.get('etag') ?? '';
    return [
      { params: { user }, body: { email: 'somebody@example.org' }, headers: STALE, expect: 412 },
      { params: { user }, body: { email: 'somebody@example.org' }, headers: { 'if-match': etag }, expect: 200 },
      { params: { user }, body: { email: null }, headers: { 'if-match': etag }, expect: 412 },
      { params: { user }, body: { name: 'reader' }, expect: 409 },
      { params: { user }, body: { email: 'no address' }, expect: 422 },
    ];
  },
  removeUser: async (world) => {
    const user = await newUser(world);
    return [
      { params: { user }, headers: STALE, expect: 412 },
      { params: { user }, expect: 204 },
      { params: { user }, expect: 404 },
      { params: { user: world.ids.root }, expect: 409 },
    ];
  },
  setRolesOfUser: async (world) => {
    const user = await newUser(world);
    return [
      { params: { user }, body: { roles: ['reader'] }, headers: STALE, expect: 412 },
      { params: { user }, body: { roles: ['reader', 'curator'] }, expect: 200 },
      { params: { user }, body: { roles: ['two words'] }, expect: 422 },
    ];
  },
  setStateOfUser: async (world) => {
    const user = await newUser(world);
    return [
      { params: { user }, body: { disabled: true }, headers: STALE, expect: 412 },
      { params: { user }, body: { disabled: true }, expect: 200 },
      { params: { user }, body: { disabled: true }, expect: 200 },
      { params: { user }, body: { disabled: false }, expect: 200 },
      { params: { user: world.ids.root }, body: { disabled: true }, expect: 409 },
    ];
  },
  createPasswordLink: async (world) => {
    const user = await newUser(world);
    await world.call('setStateOfUser', { params: { user }, body: { disabled: true }, expect: 200 });
    return [
      { params: { user: world.ids.reader }, expect: 201 },
      { params: { user }, expect: 409 },
    ];
  },
  listRoles: async () => [{ expect: 200 }],
  getAccess: async () => [{ expect: 200 }],
  getDecision: async () => [
    { query: 'item=members%2Fletter.jpg&user=reader', expect: 200 },
    { query: 'item=members%2Fletter.jpg%2F~none', expect: 404 },
  ],
  getCache: async () => [{ expect: 200 }],
  purgeCache: async () => [
    { query: 'items=members%2Fletter.jpg', expect: 200 },
    { query: 'items=members%2F', expect: 200 },
    { query: 'items=%2F', expect: 200 },
    { query: 'items=', expect: 422 },
  ],
  listAuditEvents: async () => [
    { expect: 200 },
    { query: 'limit=1&person=root', expect: 200 },
    { headers: { accept: 'application/x-ndjson' }, expect: 200 },
  ],
  listSessions: async ({ ids, vitrine }) => {
    await new TestVisitor(vitrine).signIn('reader');
    return [{ expect: 200 }, { query: `user=${ids.reader}&owned=true`, expect: 200 }, { query: 'user=usr_none', expect: 422 }];
  },
  listAdministratorSessions: async () => [{ expect: 200 }],
  endSession: async ({ vitrine, call }) => {
    await new TestVisitor(vitrine).signIn('reader');
    const { sessions } = (await (await call('listSessions', { expect: 200 })).json()) as { sessions: { id: string }[] };
    return [{ params: { session: sessions[0]?.id ?? '' }, expect: 204 }];
  },
  endSessionsOfUser: async ({ ids }) => [{ params: { user: ids.reader }, expect: 200 }],
  endAllSessions: async () => [{ expect: 200 }],
  listGrants: async (world) => {
    await newGrant(world);
    await newGrant(world);
    return [
      { query: 'limit=1', expect: 200 },
      { query: `user=${world.ids.reader}&state=current&search=new`, expect: 200 },
      { query: 'state=ended', expect: 200 },
    ];
  },
  createGrant: async ({ ids, vitrine }) => {
    const body = { user: ids.reader, items: 'letters/**', until: '2060-01-31T10:00+01:00', note: 'a loan' };
    await fillGrants(vitrine, 'curator');
    return [
      { body, expect: 201 },
      { body: { ...body, items: 'a/../b' }, expect: 422 },
      { body: { ...body, until: '2001-01-01' }, expect: 422 },
      { body: { ...body, user: ids.curator }, expect: 409 },
    ];
  },
  getGrant: async (world) => [{ params: { grant: await newGrant(world) }, expect: 200 }],
  changeGrant: async (world) => {
    const params = { grant: await newGrant(world) };
    return [
      { params, body: { until: '2061-01-31' }, expect: 200 },
      { params, body: { until: 'soon' }, expect: 422 },
    ];
  },
  removeGrant: async (world) => [{ params: { grant: await newGrant(world) }, expect: 204 }],
  getOwnToken: async () => [{ expect: 200 }],
  listOwnTokens: async () => [{ expect: 200 }],
  revokeOwnToken: async ({ vitrine, call }) => {
    await addPersonalToken(vitrine, 'root');
    const { tokens } = (await (await call('listOwnTokens', { expect: 200 })).json()) as { tokens: { id: string; scopes: string[] }[] };
    return [{ params: { token: tokens.find(({ scopes }) => scopes.join() === 'content')?.id ?? '' }, expect: 204 }];
  },
};

let made = 0;

async function newUser({ call }: World): Promise<string> {
  made += 1;
  const body = { name: `somebody ${made}` };
  const { user } = (await (await call('createUser', { body, expect: 201 })).json()) as { user: { id: string } };
  return user.id;
}

async function newGrant({ ids, call }: World): Promise<string> {
  const body = { user: ids.reader, items: 'new/**', until: '2060-01-31' };
  const { id } = (await (await call('createGrant', { body, expect: 201 })).json()) as { id: string };
  return id;
}

/** So many that no more are accepted. */
async function fillGrants({ data }: TestVitrine, name: string): Promise<void> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  const userId = (await db.users.find(name))?.id ?? 'usr_none';
  const grant = { userId, items: 'full/**', until: new Date(Date.UTC(2060, 0)), note: null, createdBy: null, createdAt: new Date() };
  for (let at = 0; at < MOST_ITEM_GRANTS; at += 1) await db.itemGrants.add(grant);
  await db.close();
}

/** Bodies that are as they should be, for what is refused on other grounds. */
const BODIES: Readonly<Record<string, unknown>> = {
  createUser: { name: 'somebody' },
  changeUser: { name: 'somebody' },
  setRolesOfUser: { roles: [] },
  setStateOfUser: { disabled: true },
  createGrant: { user: 'usr_none', items: 'letters/**', until: '2060-01-31' },
  changeGrant: { until: '2060-01-31' },
};

let vitrine: TestVitrine;
let document: Document;
let operations: readonly DescribedOperation[];
let world: World;
let token = '';
let contentToken = '';
const provoked = new Set<string>();

beforeAll(async () => {
  vitrine = await startTestVitrine({ options: { trustedProxies: ['127.0.0.1', '::1'] } });
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  const root = await db.users.create({ name: 'root', roles: ['administrator'], passwordHash: null });
  const reader = await db.users.find('reader');
  const curator = await db.users.find('curator');
  await db.close();
  token = await addPersonalToken(vitrine, 'root', ALL_SCOPES);
  contentToken = await addPersonalToken(vitrine, 'root', ['content']);
  document = (await (await fetch(`${vitrine.base}/openapi.json`)).json()) as Document;
  operations = readOperations(document);
  world = {
    vitrine,
    ids: { root: root?.id ?? '', reader: reader?.id ?? '', curator: curator?.id ?? '' },
    call: (id, call) => send(find(id), call),
  };
});
afterAll(() => vitrine.close());

const ALL_SCOPES = [
  'users:read',
  'users:write',
  'roles:read',
  'roles:write',
  'grants:read',
  'grants:write',
  'sessions:read',
  'sessions:write',
  'audit:read',
  'access:read',
  'cache:read',
  'cache:write',
] as const;

function find(id: string): DescribedOperation {
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  return operation;
}

function send(operation: DescribedOperation, call: Omit<Call, 'expect'>, by: string | null = token): Promise<Response> {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.params?.[name] ?? 'none'));
  const authorization = by === null ? {} : { authorization: `Bearer ${by}` };
  const body = call.body === undefined ? {} : { body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) };
  const type = call.body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(`${vitrine.base}${path}${call.query === undefined ? '' : `?${call.query}`}`, {
    method: operation.method,
    headers: { ...authorization, ...type, ...call.headers },
    ...body,
  });
}

async function provoke(operation: DescribedOperation, status: number, response: Response): Promise<void> {
  expect({ id: operation.id, status: response.status }).toEqual({ id: operation.id, status });
  expect({ id: operation.id, status, wrong: await operation.check(response) }).toEqual({ id: operation.id, status, wrong: [] });
  provoked.add(`${operation.id} ${status}`);
}

const bodyOf = (operation: DescribedOperation) => (operation.hasBody ? { body: BODIES[operation.id] } : {});

describe('the description at /openapi.json', () => {
  it('is valid OpenAPI 3.1, for whoever asks', async () => {
    const result = await new Validator().validate({ ...structuredClone(document) });
    expect(result).toEqual({ valid: true });
    expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: vitrine.base }] });
  });

  it('has a call here for every operation, and a body where one is sent', () => {
    expect(Object.keys(CALLS).toSorted()).toEqual(operations.map(({ id }) => id).toSorted());
    expect(Object.keys(BODIES).toSorted()).toEqual(operations.flatMap(({ id, hasBody }) => (hasBody ? [id] : [])).toSorted());
  });

  it('is true of every operation without a token, and with one that is not for it', async () => {
    for (const operation of operations) {
      await provoke(operation, 401, await send(operation, bodyOf(operation), null));
      if (operation.scope !== null) await provoke(operation, 403, await send(operation, bodyOf(operation), contentToken));
    }
  });

  it('is true of every operation that is given something unknown, or too much, or of another kind', async () => {
    for (const operation of operations) {
      await provoke(operation, 422, await send(operation, { ...bodyOf(operation), query: 'access_token=x' }));
      if (operation.path.includes('{')) await provoke(operation, 404, await send(operation, bodyOf(operation)));
      if (!operation.hasBody) continue;
      await provoke(
        operation,
        415,
        await send(operation, { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      );
      await provoke(operation, 400, await send(operation, { body: '{"a":' }));
      await provoke(operation, 413, await send(operation, { body: JSON.stringify({ a: 'a'.repeat(70_000) }) }));
      await provoke(operation, 422, await send(operation, { body: { ['__proto__x']: 1 } }));
    }
  });

  it('is true of every operation as it is meant to be used', async () => {
    for (const operation of operations) {
      for (const { expect: status, ...call } of (await CALLS[operation.id]?.(world)) ?? []) {
        await provoke(operation, status, await send(operation, call));
      }
    }
  });

  it('is true of every operation that is asked with a wrong token too often', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.99' };
    const wrong = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;
    const [first] = operations;
    if (first === undefined) throw new Error('there are no operations');
    for (let at = 0; at < 30; at += 1) await (await send(first, { headers }, wrong)).text();
    for (const operation of operations) await provoke(operation, 429, await send(operation, { ...bodyOf(operation), headers }, wrong));
    expect((await send(find('getOwnToken'), { headers })).status).toBe(200);
  });

  it('says nothing that was not provoked here', () => {
    const described = operations.flatMap(({ id, statuses }) => statuses.map((status) => `${id} ${status}`));
    expect(described.filter((each) => !provoked.has(each))).toEqual([]);
  });
});
