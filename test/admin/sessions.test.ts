import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { UserStore } from '../../src/domain/ports.ts';
import type { UserId } from '../../src/domain/session.ts';
import { ADMIN_PASSWORD, addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
});
afterAll(() => vitrine.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ours = () => ({ ...FORM, origin: vitrine.base, 'sec-fetch-site': 'same-origin' });
const body = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

async function change(work: (database: Awaited<ReturnType<typeof openSqlite>>) => Promise<unknown>): Promise<void> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  await work(database);
  await database.close();
}

async function idOf(users: UserStore, name: string): Promise<UserId> {
  const user = await users.find(name);
  if (user === null) throw new Error(`there is no ${name}`);
  return user.id;
}

/** What another process changed is believed for seconds. */
const until = (done: () => Promise<boolean>) => expect.poll(done, { timeout: 10_000, interval: 200 }).toBe(true);

/** The token of one form on the administrator's own page. */
async function tokenOf(visitor: TestVisitor, action: string): Promise<string> {
  const page = await (await visitor.ask('/admin/you')).text();
  return new RegExp(`action="${action}"[^>]*>\\s*<input type="hidden" name="form-token" value="([^"]*)"`).exec(page)?.[1] ?? '';
}

describe('signing in to the administration', () => {
  it('is asked of whoever opens a page, and leads back there', async () => {
    const visitor = new TestVisitor(vitrine);
    const asked = await visitor.ask('/admin/you');
    expect(asked.status).toBe(303);
    expect(asked.headers.get('location')).toBe('/admin/sign-in?return=%2Fadmin%2Fyou');
    const reply = await visitor.submit('/admin/sign-in?return=%2Fadmin%2Fyou', { user: 'keeper', password: ADMIN_PASSWORD });
    expect(reply.status).toBe(303);
    expect(reply.headers.get('location')).toBe('/admin/you');
    expect(await (await visitor.ask('/admin/you')).text()).toContain('You are <strong>keeper</strong>');
    expect((await visitor.ask('/admin/sign-in')).headers.get('location')).toBe('/admin');
  });

  it('gives one cookie, for these pages alone, that no script reads', async () => {
    const visitor = new TestVisitor(vitrine);
    const reply = await visitor.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD });
    const cookies = reply.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^vitrine-admin=adm_[^;]+; Path=\/admin; Max-Age=4(3200|3199); HttpOnly; Secure; SameSite=Lax$/);
  });

  it('fails with the same words for a wrong password and for nobody', async () => {
    const answers = [];
    for (const user of ['keeper', 'nobody']) {
      const reply = await new TestVisitor(vitrine).submit('/admin/sign-in', { user, password: 'wrong wrong wrong' });
      expect(reply.status).toBe(401);
      answers.push((await reply.text()).replaceAll(user, 'NAME').replaceAll(/[A-Za-z0-9_.-]{40,}/g, ''));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('do not belong together');
  });

  it('is refused to a reader, who has no session of an administrator afterwards', async () => {
    const visitor = new TestVisitor(vitrine);
    const reply = await visitor.submit('/admin/sign-in', { user: 'reader', password: PASSWORDS.reader });
    expect(reply.status).toBe(403);
    expect(await reply.text()).toContain('You are no administrator');
    expect(reply.headers.getSetCookie()).toEqual([]);
    expect((await visitor.ask('/admin')).status).toBe(303);
  });

  it('gives a new session each time, and ends the one that the browser had', async () => {
    const visitor = await signedInAdministrator(vitrine);
    const before = visitor.cookies.get('vitrine-admin') ?? '';
    const other = new TestVisitor(vitrine);
    other.cookies.set('vitrine-form', visitor.cookies.get('vitrine-form') ?? '');
    other.cookies.set('vitrine-admin', before);
    expect((await other.ask('/admin')).status).toBe(200);
    const page = await (await new TestVisitor(vitrine).ask('/admin/sign-in')).text();
    expect(page).toContain('name="form-token"');
    const token = await freshSignInToken(visitor);
    const reply = await visitor.ask('/admin/sign-in', {
      method: 'POST',
      headers: ours(),
      body: body({ user: 'keeper', password: ADMIN_PASSWORD, 'form-token': token }),
    });
    expect(reply.status).toBe(303);
    expect(visitor.cookies.get('vitrine-admin')).not.toBe(before);
    expect((await other.ask('/admin')).status).toBe(303);
    expect((await visitor.ask('/admin')).status).toBe(200);
  });

  it('slows whoever guesses, and counts what was guessed at the readers’ sign-in', async () => {
    await addAdministrator(vitrine, 'guessed');
    const visitor = new TestVisitor(vitrine);
    for (let attempt = 0; attempt < 3; attempt += 1) await visitor.submit('/sign-in', { user: 'guessed', password: 'wrong wrong' });
    for (let attempt = 0; attempt < 2; attempt += 1) await visitor.submit('/admin/sign-in', { user: 'guessed', password: 'wrong wrong' });
    const reply = await visitor.submit('/admin/sign-in', { user: 'guessed', password: ADMIN_PASSWORD });
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(visitor.cookies.has('vitrine-admin')).toBe(false);
  });
});

/** The sign-in page sends those away who are signed in; its token hangs on the form cookie alone. */
async function freshSignInToken(visitor: TestVisitor): Promise<string> {
  const signedOut = new TestVisitor(vitrine);
  signedOut.cookies.set('vitrine-form', visitor.cookies.get('vitrine-form') ?? '');
  const page = await (await signedOut.ask('/admin/sign-in')).text();
  return /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
}

describe('a session of an administrator', () => {
  it('ends with the button', async () => {
    const visitor = await signedInAdministrator(vitrine);
    const cookie = visitor.cookies.get('vitrine-admin') ?? '';
    const reply = await visitor.submit('/admin', {});
    expect(reply.status).toBe(405);
    const token = /action="\/admin\/sign-out"><input type="hidden" name="form-token" value="([^"]*)"/.exec(
      await (await visitor.ask('/admin')).text(),
    )?.[1];
    const ended = await visitor.ask('/admin/sign-out', { method: 'POST', headers: ours(), body: body({ 'form-token': token ?? '' }) });
    expect(ended.headers.get('location')).toBe('/admin/sign-in');
    visitor.cookies.set('vitrine-admin', cookie);
    expect((await visitor.ask('/admin')).status).toBe(303);
  });

  it('ends for good when the role is taken away, and does not come back with it', async () => {
    await addAdministrator(vitrine, 'demoted');
    const visitor = await signedInAdministrator(vitrine, 'demoted');
    await change(async ({ users }) => users.setRoles(await idOf(users, 'demoted'), ['reader']));
    await until(async () => (await visitor.ask('/admin')).status === 303);
    await change(async ({ users }) => users.setRoles(await idOf(users, 'demoted'), ['administrator']));
    await until(async () => (await (await signedInAdministrator(vitrine, 'demoted')).ask('/admin')).status === 200);
    expect((await visitor.ask('/admin')).status).toBe(303);
  });

  it('ends at once when the user is removed, or gets another password elsewhere', async () => {
    await addAdministrator(vitrine, 'leaving');
    const visitor = await signedInAdministrator(vitrine, 'leaving');
    await change(async ({ users }) => users.setPasswordHash(await idOf(users, 'leaving'), 'another hash'));
    expect((await visitor.ask('/admin')).status).toBe(303);
    await addAdministrator(vitrine, 'gone');
    const gone = await signedInAdministrator(vitrine, 'gone');
    await change(async ({ users }) => users.remove(await idOf(users, 'gone')));
    expect((await gone.ask('/admin')).status).toBe(303);
  });

  it('ends after half an hour without use', async () => {
    const visitor = await signedInAdministrator(vitrine);
    await change(async ({ adminSessions }) => {
      const id = (visitor.cookies.get('vitrine-admin') ?? '').split('.')[0] as `adm_${string}`;
      const found = await adminSessions.find(id);
      if (found === null) throw new Error('there is no session');
      await adminSessions.remove(id);
      const hoursAgo = new Date(Date.now() - 31 * 60_000);
      await adminSessions.create({ ...found, usedAt: hoursAgo });
    });
    expect((await visitor.ask('/admin')).status).toBe(303);
  });
});

describe('the own account', () => {
  it('changes the password: every other session ends, this browser gets a new one', async () => {
    await addAdministrator(vitrine, 'changer');
    const visitor = await signedInAdministrator(vitrine, 'changer');
    const other = await signedInAdministrator(vitrine, 'changer');
    const token = await tokenOf(visitor, '/admin/you/password');
    const fields = { current: ADMIN_PASSWORD, next: 'another set of keys', again: 'another set of keys', 'form-token': token };
    const wrong = await visitor.ask('/admin/you/password', {
      method: 'POST',
      headers: ours(),
      body: body({ ...fields, current: 'not my password' }),
    });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('That is not your password.');
    const reply = await visitor.ask('/admin/you/password', { method: 'POST', headers: ours(), body: body(fields) });
    expect(reply.headers.get('location')).toBe('/admin/you?done=password-changed');
    expect(await (await visitor.ask('/admin/you?done=password-changed')).text()).toContain('Your password is changed.');
    expect((await other.ask('/admin')).status).toBe(303);
  });

  it('shows where one is signed in, and ends one of these, never another person’s', async () => {
    await addAdministrator(vitrine, 'two');
    const [here, there, somebody] = [
      await signedInAdministrator(vitrine, 'two'),
      await signedInAdministrator(vitrine, 'two'),
      await signedInAdministrator(vitrine),
    ];
    const sessionOf = (visitor: TestVisitor) => (visitor.cookies.get('vitrine-admin') ?? '').split('.')[0] ?? '';
    const token = await tokenOf(here, '/admin/you/sessions');
    for (const whose of [there, somebody]) {
      const fields = body({ session: sessionOf(whose), 'form-token': token });
      await here.ask('/admin/you/sessions', { method: 'POST', headers: ours(), body: fields });
    }
    expect((await there.ask('/admin')).status).toBe(303);
    expect((await somebody.ask('/admin')).status).toBe(200);
  });
});

it('makeStale leaves a session in force', async () => {
  const visitor = await signedInAdministrator(vitrine);
  await makeStale(vitrine);
  expect((await visitor.ask('/admin')).status).toBe(200);
});
