import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

let vitrine: TestVitrine;
let reader = '';
let admin = '';
beforeAll(async () => {
  vitrine = await startTestVitrine();
  await inDatabase(({ users }) => users.create({ name: 'root', roles: ['administrator'], passwordHash: null }));
  await inDatabase(({ users }) => users.create({ name: 'second', roles: ['administrator'], passwordHash: null }));
  reader = await addPersonalToken(vitrine, 'reader');
  admin = await addPersonalToken(vitrine, 'root', ['content', 'access:read', 'audit:read']);
});
afterAll(() => vitrine.close());

async function inDatabase<T>(work: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>): Promise<T> {
  const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function ask(path: string, token: string | null, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${vitrine.base}${path}`, { redirect: 'manual', ...init, headers: { ...authorization, ...init.headers } });
}

const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
const soon = { timeout: 10_000, interval: 500 };

describe('the interface for programs', () => {
  it('is for tokens alone: no cookie opens it, and none is set', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('curator', undefined, vitrine.base);
    const response = await visitor.ask('/api/1/token');
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="Vitrine"');
    const cookie = { cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    expect(await (await ask('/api/1/token', reader, { headers: cookie })).json()).toMatchObject({ user: { name: 'reader' } });
  });

  it('takes no access token of IIIF, and no token in a query or another scheme', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const iiif = String((await visitor.token(2, 'members')).message['accessToken']);
    expect(await statusOf('/api/1/token', iiif)).toBe(401);
    expect(await statusOf(`/api/1/token?access_token=${reader}`, null)).toBe(401);
    expect(await statusOf('/api/1/token', null, { headers: { authorization: `Basic ${btoa(`${reader}:`)}` } })).toBe(401);
    expect(await statusOf('/api/1/token', null, { headers: { authorization: reader } })).toBe(401);
    expect(await statusOf('/api/1/token', null, { headers: { authorization: `Bearer ${reader}, Bearer ${admin}` } })).toBe(401);
  });

  it('is not for pages of browsers: whoever has an origin is refused, and no page may read anything', async () => {
    const response = await ask('/api/1/token', reader, { headers: { origin: VIEWER } });
    expect(response.status).toBe(401);
    const preflight = await ask('/api/1/token', null, {
      method: 'OPTIONS',
      headers: { origin: VIEWER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    for (const { headers } of [response, preflight, await ask('/api/1/token', reader)]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('is kept by no cache', async () => {
    for (const path of ['/api/1/token', '/api/1/access', '/api/1/audit']) {
      expect((await ask(path, admin)).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('says what a token lacks, and lets no scope stand for another', async () => {
    const response = await ask('/api/1/audit', reader);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="audit:read"');
    const only = await addPersonalToken(vitrine, 'root', ['audit:read']);
    expect([await statusOf('/api/1/audit', only), await statusOf('/api/1/access', only)]).toEqual([200, 403]);
    expect(await statusOf('/iiif/3/members%2Fletter.jpg/full/80,/0/default.jpg', only)).toBe(401);
  });

  it('takes no word for more from the token’s own owner: another’s tokens are as if there were none', async () => {
    const other = await inDatabase(async ({ users, personalTokens }) => personalTokens.list((await users.find('root'))?.id));
    expect(await statusOf(`/api/1/tokens/${other[0]?.id}`, reader, { method: 'DELETE' })).toBe(404);
    const { tokens } = (await (await ask('/api/1/tokens', reader)).json()) as { tokens: unknown[] };
    expect(tokens).toHaveLength(1);
    expect(await statusOf('/api/1/tokens', reader, { method: 'POST' })).toBe(405);
  });
});

describe('a token of an administrator', () => {
  it('is good for content alone once its owner is none, and for nothing once disabled', async () => {
    const token = await addPersonalToken(vitrine, 'second', ['content', 'audit:read']);
    expect(await statusOf('/api/1/audit', token)).toBe(200);
    const second = await inDatabase(({ users }) => users.find('second'));
    const id = second?.id ?? 'usr_none';
    await inDatabase(({ users }) => users.setRoles(id, ['reader']));
    await vi.waitFor(async () => expect(await statusOf('/api/1/audit', token)).toBe(403), soon);
    expect(await (await ask('/api/1/token', token)).json()).toMatchObject({ scopesInForce: ['content'] });
    await inDatabase(({ users }) => users.disable(id, new Date()));
    await vi.waitFor(async () => expect(await statusOf('/api/1/token', token)).toBe(401), soon);
  });

  it('that revokes itself is worth nothing at once', async () => {
    const token = await addPersonalToken(vitrine, 'root', ['access:read']);
    const { token: own } = (await (await ask('/api/1/token', token)).json()) as { token: { id: string } };
    expect(await statusOf(`/api/1/tokens/${own.id}`, token, { method: 'DELETE' })).toBe(204);
    expect(await statusOf('/api/1/access', token)).toBe(401);
  });
});

describe('a token with the scope users:write', () => {
  let token = '';
  let other = '';
  const send = (method: string, path: string, body: unknown, by = token) =>
    ask(path, by, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  beforeAll(async () => {
    token = await addPersonalToken(vitrine, 'root', ['users:read', 'users:write']);
    const user = await inDatabase(({ users }) => users.create({ name: 'third', roles: ['administrator'], passwordHash: 'none' }));
    other = user?.id ?? 'usr_none';
  });

  it('makes nobody an administrator, and gives no role', async () => {
    expect((await send('POST', '/api/1/users', { name: 'new', roles: ['administrator'] })).status).toBe(403);
    expect((await send('POST', '/api/1/users', { name: 'new', roles: ['reader'] })).status).toBe(403);
    const { user } = (await (await send('POST', '/api/1/users', { name: 'new' })).json()) as { user: { id: string; roles: string[] } };
    expect(user.roles).toEqual([]);
    expect((await send('PUT', `/api/1/users/${user.id}/roles`, { roles: ['administrator'] })).status).toBe(403);
    expect((await send('PATCH', `/api/1/users/${user.id}`, { roles: ['administrator'] })).status).toBe(422);
    expect((await send('PATCH', `/api/1/users/${user.id}`, { ownRoles: ['administrator'], __proto__: null })).status).toBe(422);
  });

  it('takes over no administrator: not by a link for a password, and not by an address', async () => {
    expect((await send('POST', `/api/1/users/${other}/password-link`, {})).status).toBe(403);
    expect((await send('PATCH', `/api/1/users/${other}`, { email: 'thief@example.org' })).status).toBe(403);
    expect((await send('PUT', `/api/1/users/${other}/state`, { disabled: true })).status).toBe(403);
    expect(await statusOf(`/api/1/users/${other}`, token, { method: 'DELETE' })).toBe(403);
  });

  it('changes nothing of a user whom somebody else has changed meanwhile', async () => {
    const { user } = (await (await send('POST', '/api/1/users', { name: 'contested' })).json()) as { user: { id: string } };
    const etag = (await ask(`/api/1/users/${user.id}`, token)).headers.get('etag') ?? '';
    const tries = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        ask(`/api/1/users/${user.id}`, token, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json', 'if-match': etag },
          body: JSON.stringify({ email: `${name}@example.org` }),
        }),
      ),
    );
    expect(tries.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  });

  it.each([
    ['{"name":"x","__proto__":{"roles":["administrator"]}}', '#/__proto__'],
    ['{"name":"x","constructor":{"prototype":{}}}', '#/constructor'],
    ['{"name":["x"]}', '#/name'],
    ['{"name":""}', '#/name'],
    ['{"name":"x","roles":{"length":1}}', '#/roles'],
    ['{"name":"x","roles":[["administrator"]]}', '#/roles/0'],
    ['{"name":"x","email":"a@b\\r\\nBcc: c@d"}', '#/email'],
    ['[]', '#'],
    ['null', '#'],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, '#'],
  ])('is told what is wrong with %s', async (body, pointer) => {
    const response = await ask('/api/1/users', token, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('is told that what it sends is no JSON in UTF-8', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['', '{"name":"x"', "{name:'x'}", '{"name":"x"}{}', new Uint8Array([0x22, 0xff, 0x22]), 'NaN']) {
      const response = await ask('/api/1/users', token, { method: 'POST', headers, body });
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'request.malformed']);
    }
  });

  it('leaves no secret in the audit, and its name', async () => {
    const { link } = (await (await send('POST', '/api/1/users', { name: 'welcome' })).json()) as { link: { link: string } };
    const page = await (await ask('/api/1/audit?person=welcome', admin)).text();
    expect(page).toContain('"via": "api"');
    expect(page).toContain('"actor": "root"');
    expect(page).not.toContain(link.link.split('/').at(-1));
  });
});

describe('what is changed through the interface', () => {
  it('counts for the next request: items that are given and taken back, a user who is disabled', async () => {
    const all = await addPersonalToken(vitrine, 'root', ['users:write', 'grants:write']);
    const send = (method: string, path: string, body: unknown = {}) =>
      ask(path, all, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const script = await addPersonalToken(vitrine, 'reader');
    const diary = () => statusOf('/iiif/3/curators%2Fdiary.jpg/full/80,/0/default.jpg', script);
    const { user } = (await (await ask('/api/1/token', script)).json()) as { user: { id: string } };
    expect(await diary()).toBe(401);
    const given = { user: user.id, items: 'curators/**', until: '2060-01-31' };
    const grant = (await (await send('POST', '/api/1/grants', given)).json()) as { id: string };
    expect(await diary()).toBe(200);
    expect((await send('DELETE', `/api/1/grants/${grant.id}`)).status).toBe(204);
    expect(await diary()).toBe(401);
    expect((await send('PUT', `/api/1/users/${user.id}/state`, { disabled: true })).status).toBe(200);
    expect(await statusOf('/api/1/token', script)).toBe(401);
    expect((await send('PUT', `/api/1/users/${user.id}/state`, { disabled: false })).status).toBe(200);
    expect(await statusOf('/api/1/token', script)).toBe(200);
    const { events } = (await (await ask('/api/1/audit?action=item-grant.removed', admin)).json()) as { events: { via: string }[] };
    expect(events.map(({ via }) => via)).toEqual(['api']);
  });
});

describe('hostile input', () => {
  it.each([
    ['/api/1/access/decision?item=a&item=b', 'item'],
    ['/api/1/access/decision?item=', 'item'],
    ['/api/1/access/decision?item=a&__proto__=b', '__proto__'],
    ['/api/1/access/decision?item=a&constructor=b', 'constructor'],
    ['/api/1/access/decision?item=a&at=yesterday', 'at'],
    ['/api/1/access/decision?item=a&address=localhost', 'address'],
    ['/api/1/access/decision?item=a&services=nowhere', 'services'],
    ['/api/1/audit?limit=0', 'limit'],
    ['/api/1/audit?limit=1e9', 'limit'],
    ['/api/1/audit?limit=-1', 'limit'],
    ['/api/1/audit?cursor=AAAA', 'cursor'],
    ['/api/1/audit?cursor=WyJhIiwxXQ', 'cursor'],
    ['/api/1/audit?action=__proto__', 'action'],
    ['/api/1/audit?from=2026', 'from'],
  ])('in %s is refused, with the parameter named', async (path, parameter) => {
    const response = await ask(path, admin);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'request.fields', errors: [{ parameter }] });
  });

  it.each(['/api/1/tokens/%E0%A4%A', '/api/1/tokens/', '/api/1/tokens/a%2Fb', '/api/1/tokens/..%2F..', '/api/1/tokens/__proto__'])(
    'in the path %s finds nothing',
    async (path) => {
      expect(await statusOf(path, admin, { method: 'DELETE' })).toBe(404);
    },
  );

  it('decides about no path that is not one', async () => {
    for (const item of ['../../etc/passwd', 'members/../open/photo.jpg', '/etc/passwd', 'members//letter.jpg']) {
      const decision = await (await ask(`/api/1/access/decision?item=${encodeURIComponent(item)}&user=reader`, admin)).json();
      expect(decision).toMatchObject({ exists: false, outcome: 'refused' });
      expect(JSON.stringify(decision)).not.toContain(vitrine.images);
    }
  });

  it('in headers is no token: folded, doubled or endless', async () => {
    const send = (headers: Record<string, string | string[]>) =>
      new Promise<number>((resolve, reject) => {
        const asking = request(`${vitrine.base}/api/1/token`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        asking.on('error', reject).end();
      });
    expect(await send({ authorization: `Bearer ${reader}x${'a'.repeat(10_000)}` })).toBe(401);
    expect(await send({ authorization: `Bearer  ${reader}  ` })).toBe(200);
    expect(await send({ authorization: `Bearer\t${reader}` })).toBe(401);
  });
});
