import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator } from '../harness/administrator.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import { type TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS } from '../harness/vitrine.ts';
import { startTestWorkers, type TestWorkers } from '../harness/workers.ts';

const TILE = '/iiif/3/members%2Fletter.jpg/0,0,200,200/100,/0/default.jpg';
const LOAN = 'loan%2Fterms%2Fmap.jpg';
const LOAN_TILE = '/iiif/3/terms%2Fmap.jpg/0,0,200,200/100,/0/default.jpg';
const LOANS = '  loan: { pattern: clickthrough, label: { en: [Loans of Example Library] }, perItem: true }';
const POLICIES = ACCESS.replace('policies:', `${LOANS}\npolicies:`).replace('- { service: terms }', '- { service: loan }\n    seats: 1');

let vitrine: TestWorkers;
beforeAll(async () => {
  vitrine = await startTestWorkers({ access: POLICIES });
  await addAdministrator(vitrine);
});
afterAll(() => vitrine.close());

let here: TestVisitor;
let there: TestVisitor;
beforeEach(async () => {
  [here, there] = [await vitrine.visitorOf(1), await vitrine.visitorOf(2)];
});

const statusOf = async (visitor: TestVisitor, path: string) => (await visitor.ask(path)).status;

/** The hidden fields of the form of the access file. */
function fieldsOf(html: string): Record<string, string> {
  const [form = ''] = /<form method="post" action="\/admin\/access\/preview".*?<\/form>/s.exec(html) ?? [];
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

async function post(visitor: TestVisitor, path: string, fields: Record<string, string>): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' };
  return visitor.ask(path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
}

async function saveAccess(administrator: TestVisitor, text: string): Promise<number> {
  const fields = { ...fieldsOf(await (await administrator.ask('/admin/access')).text()), text: text.replaceAll('\n', '\r\n'), comment: '' };
  const preview = await (await post(administrator, '/admin/access/preview', fields)).text();
  return (await post(administrator, '/admin/access/save', { ...fields, ...fieldsOf(preview) })).status;
}

describe('what happens at one worker counts for the next request at the other', () => {
  it('where an administrator closes and opens what people may see', async () => {
    await here.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD });
    for (const [text, status] of [
      [POLICIES.replace('allow: everyone', 'allow: nobody'), 403],
      [POLICIES, 200],
      [POLICIES.replace('allow: everyone', 'allow: nobody'), 403],
      [POLICIES, 200],
    ] as const) {
      const saved = await saveAccess(here, text);
      expect([saved, await statusOf(there, '/iiif/3/open%2Fphoto.jpg/0,0,200,200/100,/0/default.jpg')]).toEqual([303, status]);
    }
  });

  it('where an administrator disables somebody who reads', async () => {
    await here.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD });
    const token = await addPersonalToken(vitrine, 'keeper', ['users:read', 'users:write', 'roles:write']);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await there.signIn('reader');
    expect(await statusOf(there, TILE)).toBe(200);
    const script = await vitrine.fetchBy(1);
    const { users } = (await (await script(`${vitrine.base}/api/1/users?search=reader`, { headers })).json()) as {
      users: { id: string }[];
    };
    const change = async (disabled: boolean) => {
      const path = `${vitrine.base}/api/1/users/${users[0]?.id}/state`;
      return (await script(path, { method: 'PUT', headers, body: JSON.stringify({ disabled }) })).status;
    };
    expect([await change(true), await statusOf(there, TILE)]).toEqual([200, 401]);
    expect(await change(false)).toBe(200);
  });

  it('where somebody leaves the only seat', async () => {
    const take = async (visitor: TestVisitor) => {
      const sent = await visitor.submit(`/auth/access/${LOAN}?origin=${encodeURIComponent(VIEWER)}`, { answer: 'agree' });
      await visitor.ask(sent.headers.get('location') ?? '');
    };
    await take(here);
    const next = await vitrine.visitorOf(2);
    await take(next);
    for (const [name, value] of here.cookies) there.cookies.set(name, value);
    expect([await statusOf(here, LOAN_TILE), await statusOf(there, LOAN_TILE), await statusOf(next, LOAN_TILE)]).toEqual([200, 200, 401]);
    await here.ask(`/auth/logout/${LOAN}`, { headers: { 'sec-fetch-dest': 'document' } });
    await next.ask(`/auth/access/${LOAN}?origin=${encodeURIComponent(VIEWER)}&wait=1`);
    expect([await statusOf(there, LOAN_TILE), await statusOf(next, LOAN_TILE)]).toEqual([401, 200]);
  });
});

describe('two workers', () => {
  it('count wrong tokens of an address together', async () => {
    const asks = [await vitrine.fetchBy(1), await vitrine.fetchBy(2)];
    const headers = { authorization: `Bearer vitrine_pat_${'x'.repeat(43)}` };
    const statuses: number[] = [];
    for (let at = 0; at < 32; at += 1) statuses.push((await asks[at % 2]?.(`${vitrine.base}/api/1/users`, { headers }))?.status ?? 0);
    expect(statuses.slice(-3)).toEqual([401, 429, 429]);
  });

  it('let one of two changes through that were made over the same state, never both', async () => {
    const token = await addPersonalToken(vitrine, 'keeper', ['users:read', 'users:write', 'roles:write']);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asks = [await vitrine.fetchBy(1), await vitrine.fetchBy(2)] as const;
    const { users } = (await (await asks[0](`${vitrine.base}/api/1/users?search=curator`, { headers })).json()) as {
      users: { id: string }[];
    };
    const path = `${vitrine.base}/api/1/users/${users[0]?.id}`;
    for (let round = 0; round < 15; round += 1) {
      const etag = (await asks[0](path, { headers })).headers.get('etag') ?? '';
      const changes = asks.map((ask, at) =>
        ask(path, {
          method: 'PATCH',
          headers: { ...headers, 'if-match': etag },
          body: JSON.stringify({ email: `curator-${round}-${at}@example.org` }),
        }),
      );
      expect((await Promise.all(changes)).map(({ status }) => status).sort()).toEqual([200, 412]);
    }
  });
});
