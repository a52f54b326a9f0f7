import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminReturn } from '../../src/http/admin/admin-return.ts';
import { ADMIN_PASSWORD, addAdministrator, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { readList } from './read-list.ts';

let vitrine: TestVitrine;
let administrator: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
  administrator = await signedInAdministrator(vitrine);
});
afterAll(() => vitrine.close());

/** Posts a form of the own account with the administrator's cookies. */
async function changePassword(headers: Record<string, string>, token: string): Promise<Response> {
  const fields = { current: ADMIN_PASSWORD, next: 'chosen by an attacker', again: 'chosen by an attacker', 'form-token': token };
  const body = new URLSearchParams(fields).toString();
  return administrator.ask('/admin/you/password', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
}

async function tokenFor(action: string): Promise<string> {
  const page = await (await administrator.ask('/admin/you')).text();
  const token = new RegExp(`action="${action}"[^>]*>\\s*<input type="hidden" name="form-token" value="([^"]+)"`).exec(page)?.[1];
  if (token === undefined) throw new Error(`there is no form for ${action}`);
  return token;
}

describe('a form of the administration', () => {
  const ours = () => ({ origin: vitrine.base, 'sec-fetch-site': 'same-origin' });

  it('is refused from another site, whatever it carries', async () => {
    const token = await tokenFor('/admin/you/password');
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      expect((await changePassword(headers, token)).status).toBe(403);
    }
  });

  it('is refused without its token, with the token of another form, and with that of another session', async () => {
    const other = await signedInAdministrator(vitrine);
    const page = await (await other.ask('/admin/you')).text();
    const foreign = /action="\/admin\/you\/password"[^>]*>\s*<input type="hidden" name="form-token" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(foreign).not.toBe('');
    for (const token of ['', 'x'.repeat(43), await tokenFor('/admin/you/sessions'), foreign]) {
      expect((await changePassword(ours(), token)).status).toBe(403);
    }
    expect((await administrator.ask('/admin')).status).toBe(200);
  });
});

describe('the administration is not opened', () => {
  it('by the cookies of a reader, whoever it is, nor by their values under its own name', async () => {
    await addAdministrator(vitrine, 'reading-keeper');
    for (const [user, password] of [
      ['reader', PASSWORDS.reader],
      ['reading-keeper', ADMIN_PASSWORD],
    ] as const) {
      const visitor = new TestVisitor(vitrine);
      await visitor.submit('/sign-in', { user, password });
      const [session, access] = [visitor.cookies.get('vitrine-session') ?? '', visitor.cookies.get('vitrine-access') ?? ''];
      expect(session).not.toBe('');
      expect((await visitor.ask('/admin')).status).toBe(303);
      for (const value of [session, access, session.replace(/^ses_/, 'adm_'), access.replace(/^ses_/, 'adm_')]) {
        visitor.cookies.set('vitrine-admin', value);
        expect((await visitor.ask('/admin')).status).toBe(303);
      }
    }
  });

  it('by a token, and its cookie opens no item', async () => {
    const value = administrator.cookies.get('vitrine-admin') ?? '';
    const visitor = new TestVisitor(vitrine);
    expect((await visitor.ask('/admin', { headers: { authorization: `Bearer ${value}` } })).status).toBe(303);
    for (const name of ['vitrine-admin', 'vitrine-session', 'vitrine-access']) visitor.cookies.set(name, value);
    expect((await visitor.ask('/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg')).status).toBe(401);
  });

  it('by a session with another secret', async () => {
    const [id] = (administrator.cookies.get('vitrine-admin') ?? '').split('.');
    const visitor = new TestVisitor(vitrine);
    visitor.cookies.set('vitrine-admin', `${id}.${'A'.repeat(43)}`);
    expect((await visitor.ask('/admin')).status).toBe(303);
  });

  it('by a cookie that was planted before the sign-in', async () => {
    const planted = `adm_${'p'.repeat(22)}.${'q'.repeat(43)}`;
    const [victim, attacker] = [new TestVisitor(vitrine), new TestVisitor(vitrine)];
    for (const visitor of [victim, attacker]) visitor.cookies.set('vitrine-admin', planted);
    const reply = await victim.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD });
    expect(reply.status).toBe(303);
    expect(victim.cookies.get('vitrine-admin')).not.toBe(planted);
    expect((await victim.ask('/admin')).status).toBe(200);
    expect((await attacker.ask('/admin')).status).toBe(303);
  });
});

describe('a page of the administration', () => {
  const PAGES = [
    '/admin',
    '/admin/you',
    '/admin/you/app',
    '/admin/you/passkey',
    '/admin/second-factors',
    '/admin/users',
    '/admin/sessions',
  ];

  it.each([...PAGES, '/admin/audit', '/admin/access', '/admin/sign-in?return=/admin/you', '/admin/first/over'])(
    '%s cannot be framed, runs no script but our own, is kept by no cache, and is read by no other site',
    async (path) => {
      const visitor = /sign-in|first/.test(path) ? new TestVisitor(vitrine) : administrator;
      const response = await visitor.ask(path, { headers: { origin: 'https://evil.example' } });
      expect([200, 404]).toContain(response.status);
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]) {
        expect(policy.split('; ')).toContain(rule);
      }
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('referrer-policy')).toBe('same-origin');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    },
  );
});

describe('the way back to the administration', () => {
  const hostile = readList('open-redirects.txt');

  it.each(hostile)('never follows %j', (address) => {
    expect(adminReturn(address)).toBe('/admin');
  });

  it.each(hostile)('never follows %j behind a page of ours', (address) => {
    const followed = adminReturn(`/admin/you${address}`);
    expect(new URL(followed, 'https://iiif.example.org').href).toMatch(/^https:\/\/iiif\.example\.org\/admin/);
  });

  it.each(['/', '/browse/x', '/administrator', '/admin/sign-in', '/admin/sign-out', '/admin/first/x', '/admin/sign-in?return=/x', null])(
    'is the overview, not %j',
    (path) => expect(adminReturn(path)).toBe('/admin'),
  );

  it.each(['/admin', '/admin/you', '/admin/users?page=2&search=a%20b', '/admin/items/maps%2Fnorth'])('is our page %s', (path) => {
    expect(adminReturn(path)).toBe(path);
  });

  it('is asked for and followed with the same care over the wire', async () => {
    const visitor = new TestVisitor(vitrine);
    const path = `/admin/sign-in?return=${encodeURIComponent('//evil.example/admin')}`;
    const reply = await visitor.submit(path, { user: 'keeper', password: ADMIN_PASSWORD });
    expect(reply.headers.get('location')).toBe('/admin');
  });
});
