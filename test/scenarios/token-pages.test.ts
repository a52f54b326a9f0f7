import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: 'members/**', allow: [{ services: [members, tokens], roles: [reader] }] }
  - { items: '**', allow: [{ service: members }] }
`;
const LETTER = '/iiif/3/members%2Fletter.jpg/full/80,/0/default.jpg';
const SECRET = /vitrine_pat_[A-Za-z0-9_-]{49}/;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  await addAdministrator(vitrine);
});
afterAll(() => vitrine.close());

async function signedIn(name: 'reader' | 'curator'): Promise<TestVisitor> {
  const visitor = new TestVisitor(vitrine);
  expect((await visitor.signIn(name, undefined, vitrine.base)).status).toBe(200);
  return visitor;
}

/** The form on `/admin/tokens` that is posted to this path, as a browser sends it. */
async function send(visitor: TestVisitor, path: string, fields: Record<string, string>): Promise<Response> {
  const page = await (await visitor.ask('/admin/tokens')).text();
  const [, token = ''] = new RegExp(`action="${path}"[^>]*>\\s*<input type="hidden" name="form-token" value="([^"]*)"`).exec(page) ?? [];
  return visitor.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ ...fields, 'form-token': token }).toString(),
  });
}

const statusWith = async (token: string, path = LETTER) =>
  (await fetch(`${vitrine.base}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
const secretOn = (page: string) => SECRET.exec(page)?.[0] ?? '';
const idsOn = (page: string, field: string) =>
  [...page.matchAll(new RegExp(`name="${field}" value="(pat_[^"]+)"`, 'g'))].map(([, id = '']) => id);

describe('the page of a reader’s own tokens', () => {
  it('is for whoever is signed in, and leads there', async () => {
    const response = await new TestVisitor(vitrine).ask('/tokens');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in?return=%2Ftokens']);
    const back = await new TestVisitor(vitrine).submit('/sign-in?return=%2Ftokens', { user: 'reader', password: 'correct horse battery' });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/tokens']);
  });

  it('makes a token that is shown once, opens what the rules say, and is revoked at once', async () => {
    const reader = await signedIn('reader');
    expect(await (await reader.ask('/session')).text()).toContain('href="/tokens"');
    const made = await reader.submit('/tokens', { name: 'nightly', days: '30' });
    const token = secretOn(await made.text());
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token, '/api/1/audit')).toBe(403);
    const page = await (await reader.ask('/tokens')).text();
    expect(page).toContain('nightly');
    expect(secretOn(page)).toBe('');
    const [id = ''] = idsOn(page, 'revoke');
    expect((await reader.submit('/tokens', { revoke: id })).status).toBe(303);
    expect(await statusWith(token)).toBe(401);
  });

  it.each([
    [{ name: '', days: '30' }, 'at most 100 characters'],
    [{ name: 'nightly', days: '367' }, 'from 1 to 366 days'],
    [{ name: 'nightly', days: 'soon' }, 'from 1 to 366 days'],
  ])('says what is wrong with %j, and keeps what was typed', async (typed, sentence) => {
    const response = await (await signedIn('reader')).submit('/tokens', typed);
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain(sentence);
    expect(page).toContain(`value="${typed.days}"`);
    expect(secretOn(page)).toBe('');
  });

  it('makes none with other scopes, and none for whom no rule lets in', async () => {
    const made = await (await signedIn('reader')).submit('/tokens', {
      name: 'more',
      days: '1',
      scope: 'users:write',
      scopes: 'users:write',
    });
    const token = secretOn(await made.text());
    const own = await fetch(`${vitrine.base}/api/1/token`, { headers: { authorization: `Bearer ${token}` } });
    expect(await own.json()).toMatchObject({ token: { scopes: ['content'] } });
    const curator = await signedIn('curator');
    expect(await (await curator.ask('/session')).text()).not.toContain('href="/tokens"');
    const form = await (await curator.ask('/tokens')).text();
    expect(form).not.toContain('name="days"');
    // The token of the form is from a page where there is no field for it.
    expect((await curator.submit('/tokens', { name: 'forced', days: '1' })).status).toBe(403);
  });

  it('makes one for somebody who was given items for a time, which it opens', async () => {
    const curator = await signedIn('curator');
    const db = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const userId = (await db.users.find('curator'))?.id ?? 'usr_none';
    const until = new Date(Date.now() + 3_600_000);
    await db.itemGrants.add({ userId, items: 'curators/**', until, note: null, createdBy: null, createdAt: new Date() });
    await db.close();
    // Another process gave them: what was looked up before is believed for a few seconds more.
    const page = async () => (await curator.ask('/tokens')).text();
    await vi.waitFor(async () => expect(await page()).toContain('name="days"'), { timeout: 10_000, interval: 500 });
    const token = secretOn(await (await curator.submit('/tokens', { name: 'loan', days: '1' })).text());
    expect([await statusWith(token, '/iiif/3/curators%2Fdiary.jpg/full/80,/0/default.jpg'), await statusWith(token)]).toEqual([200, 401]);
  });

  it('ends nobody else’s token, and takes no form of another site', async () => {
    const token = await addPersonalToken(vitrine, 'curator');
    const own = (await (await fetch(`${vitrine.base}/api/1/token`, { headers: { authorization: `Bearer ${token}` } })).json()) as {
      token: { id: string };
    };
    const reader = await signedIn('reader');
    await reader.submit('/tokens', { revoke: own.token.id });
    expect(await statusWith(token, '/api/1/token')).toBe(200);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await reader.ask('/tokens', { method: 'POST', headers, body: 'name=a&days=1' })).status).toBe(403);
  });
});

describe('the page of all tokens, for administrators', () => {
  it('makes one of the administrator’s own with scopes, shown once', async () => {
    const keeper = await signedInAdministrator(vitrine);
    const made = await send(keeper, '/admin/tokens', { name: 'overview', days: '7', scope: 'audit:read' });
    const token = secretOn(await made.text());
    expect(made.status).toBe(201);
    expect([await statusWith(token, '/api/1/audit'), await statusWith(token, '/api/1/access')]).toEqual([200, 403]);
    expect(secretOn(await (await keeper.ask('/admin/tokens')).text())).toBe('');
  });

  it('asks for the password again where the sign-in is long ago, and loses nothing that was ticked', async () => {
    const keeper = await signedInAdministrator(vitrine);
    await makeStale(vitrine);
    const asked = await send(keeper, '/admin/tokens', { name: 'later', days: '7', scope: 'access:read' });
    const page = await asked.text();
    expect([asked.status, secretOn(page)]).toEqual([403, '']);
    expect(page).toContain('value="access:read"');
    expect(page).toContain('confirm-password');
  });

  it('says what is wrong, beside what was typed', async () => {
    const keeper = await signedInAdministrator(vitrine);
    const wrong = await send(keeper, '/admin/tokens', { name: 'no scope', days: '7' });
    const page = await wrong.text();
    expect(wrong.status).toBe(400);
    expect(page).toContain('href="#scope-content"');
    expect(page).toContain('value="no scope"');
  });

  it('shows everybody’s without a secret, and revokes any', async () => {
    const token = await addPersonalToken(vitrine, 'reader');
    const keeper = await signedInAdministrator(vitrine);
    const page = await (await keeper.ask('/admin/tokens')).text();
    expect(page).toContain('of reader');
    expect(secretOn(page)).toBe('');
    expect(await statusWith(token)).toBe(200);
    for (const id of idsOn(page.slice(page.indexOf('Tokens of others')), 'token')) {
      const reply = await send(keeper, '/admin/tokens/revoke', { token: id });
      expect(reply.headers.get('location')).toBe('/admin/tokens?done=token-revoked');
    }
    expect(await statusWith(token)).toBe(401);
  });

  it('is for administrators alone', async () => {
    const reader = await signedIn('reader');
    const response = await reader.ask('/admin/tokens');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/admin/sign-in?return=%2Fadmin%2Ftokens']);
  });
});
