import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
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
  readonly ids: Readonly<Record<'root' | 'reader', string>>;
  call(id: string, call: Call): Promise<Response>;
}

const CALLS: Calls = {
  getAccess: async () => [{ expect: 200 }],
  getDecision: async () => [
    { query: 'item=members%2Fletter.jpg&user=reader', expect: 200 },
    { query: 'item=members%2Fletter.jpg%2F~none', expect: 404 },
  ],
  listAuditEvents: async () => [
    { expect: 200 },
    { query: 'limit=1&person=root', expect: 200 },
    { headers: { accept: 'application/x-ndjson' }, expect: 200 },
  ],
  getOwnToken: async () => [{ expect: 200 }],
  listOwnTokens: async () => [{ expect: 200 }],
  revokeOwnToken: async ({ vitrine, call }) => {
    await addPersonalToken(vitrine, 'root');
    const { tokens } = (await (await call('listOwnTokens', { expect: 200 })).json()) as { tokens: { id: string; scopes: string[] }[] };
    return [{ params: { token: tokens.find(({ scopes }) => scopes.join() === 'content')?.id ?? '' }, expect: 204 }];
  },
};

/** Bodies that are as they should be, for what is refused on other grounds. */
const BODIES: Readonly<Record<string, unknown>> = {};

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
  await db.close();
  token = await addPersonalToken(vitrine, 'root', ALL_SCOPES);
  contentToken = await addPersonalToken(vitrine, 'root', ['content']);
  document = (await (await fetch(`${vitrine.base}/openapi.json`)).json()) as Document;
  operations = readOperations(document);
  world = { vitrine, ids: { root: root?.id ?? '', reader: reader?.id ?? '' }, call: (id, call) => send(find(id), call) };
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
