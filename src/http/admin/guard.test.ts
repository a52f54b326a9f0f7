import { beforeEach, describe, expect, it } from 'vitest';
import { fakePeople } from '../../../test/fakes/access.ts';
import { fakeAdmin } from '../../../test/fakes/admin.ts';
import { FakeBrowser } from '../../../test/fakes/browser.ts';
import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import { html } from '../../ui/html.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminForm, adminPage, done, formToken } from './guard.ts';
import { createAdminSignIn, createSubmitAdminSignIn } from './sign-in.ts';

const PURPOSE = 'dangerous';

let people: ReturnType<typeof fakePeople>;
let deps: AdminDeps;
let browser: FakeBrowser;
let received: string[];
let show: Handler;
let submit: Handler;

beforeEach(async () => {
  people = fakePeople();
  people.stores.addUser('keeper', 'keys', [ADMINISTRATOR_ROLE]);
  deps = fakeAdmin(people);
  received = [];
  show = adminPage(deps, async (request) => {
    const token = html`<input type="hidden" name="form-token" value="${formToken(deps, request, PURPOSE)}">`;
    return page(200, token.toString());
  });
  submit = adminForm(deps, { purpose: PURPOSE, recent: true }, async (request, _admin, form) => {
    received.push(form.toString());
    return done(request, '/admin/things', 'session-ended');
  });
  browser = new FakeBrowser();
  await signIn();
  await browser.get(show);
});

async function signIn(): Promise<void> {
  await browser.get(createAdminSignIn(deps));
  await browser.post(createSubmitAdminSignIn(deps), { form: { user: 'keeper', password: 'keys' } });
}

const typed = { thing: 'first', more: 'a & "b"\nc' };

describe('a recent proof of who it is', () => {
  it('is the sign-in, for ten minutes', async () => {
    people.clock.forward({ minutes: 9 });
    const reply = await browser.post(submit, { form: typed });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/admin/things?done=session-ended' } });
  });

  it('is asked for by a form that matters once the last proof is ten minutes old, and what was typed goes on', async () => {
    people.clock.forward({ minutes: 10 });
    const asked = await browser.post(submit, { path: '/admin/things', query: { q: '1 2' }, form: typed });
    expect(asked.status).toBe(403);
    const body = String(asked.body);
    expect(body).toContain('Confirm that it is you');
    expect(body).toContain('action="/admin/things?q=1+2"');
    expect(received).toEqual([]);
    const hidden = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    ]);
    const before = browser.jar.get('vitrine-admin');
    const reply = await browser.post(submit, { form: { ...Object.fromEntries(hidden), 'confirm-password': 'keys' } });
    expect(reply.status).toBe(303);
    expect(received.map((each) => new URLSearchParams(each)).map((form) => Object.fromEntries(form))).toEqual([typed]);
    expect(browser.jar.get('vitrine-admin')).not.toBe(before);
    expect((await browser.get(show)).status).toBe(200);
    expect(await browser.post(submit, { form: typed })).toMatchObject({ status: 303 });
  });

  it('is not given by a wrong password, and guesses are slowed', async () => {
    people.clock.forward({ minutes: 10 });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const reply = await browser.post(submit, { form: { ...typed, 'confirm-password': 'wrong' } });
      expect(reply.status).toBe(403);
      expect(String(reply.body)).toContain('That is not your password.');
    }
    const reply = await browser.post(submit, { form: { ...typed, 'confirm-password': 'keys' } });
    expect(reply.status).toBe(429);
    expect(received).toEqual([]);
  });
});

describe('a form', () => {
  it('of a session that has ended waits with what was typed, until somebody has signed in', async () => {
    people.clock.forward({ minutes: 30 });
    const referer = 'https://iiif.example.org/library/admin/things?page=2';
    const ask = { basePath: '/library', path: '/admin/things', headers: { referer } };
    const waiting = await browser.post(submit, { ...ask, form: typed });
    expect(waiting.status).toBe(401);
    const body = String(waiting.body);
    expect(body).toContain('href="/library/admin/sign-in?return=%2Fadmin%2Fthings%3Fpage%3D2"');
    expect(body).toContain('action="/library/admin/things"');
    const token = /name="form-token" value="([^"]*)"/.exec(body)?.[1] ?? '';
    const fields = { ...typed, 'form-token': token };
    expect((await browser.post(submit, { ...ask, form: fields })).status).toBe(401);
    expect(received).toEqual([]);
    await signIn();
    expect((await browser.post(submit, { ...ask, form: fields })).status).toBe(303);
    expect(received.map((form) => new URLSearchParams(form).get('more'))).toEqual([typed.more]);
  });

  it('that is not ours does not wait: its sender goes to the sign-in, and from there to a page of ours', async () => {
    people.clock.forward({ minutes: 30 });
    const other = 'https://evil.example';
    const referer = 'https://iiif.example.org.evil.example/admin/x';
    for (const headers of [
      { origin: other, referer },
      { 'sec-fetch-site': 'cross-site', referer },
    ]) {
      const reply = await browser.post(submit, { headers, form: typed });
      expect(reply).toMatchObject({ status: 303, headers: { location: '/admin/sign-in' } });
    }
    const reply = await browser.post(submit, { headers: { referer }, form: { ...typed, 'form-token': 'x' } });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/admin/sign-in' } });
    expect(received).toEqual([]);
  });

  it('that waited for one purpose is none for another', async () => {
    const other = adminForm(deps, { purpose: 'something else' }, async () => page(200, 'done'));
    people.clock.forward({ minutes: 30 });
    const waiting = await browser.post(submit, { form: typed });
    const token = /name="form-token" value="([^"]*)"/.exec(String(waiting.body))?.[1] ?? '';
    await signIn();
    expect((await browser.post(other, { form: { 'form-token': token } })).status).toBe(403);
    expect((await browser.post(submit, { form: { 'form-token': token } })).status).toBe(303);
  });

  it('with the token of another purpose is refused with a page', async () => {
    const reply = await browser.post(submit, { form: { ...typed, 'form-token': 'of something else' } });
    expect(reply.status).toBe(403);
    expect(String(reply.body)).toContain('The form was not accepted');
    expect(received).toEqual([]);
  });
});

it('is used: a session goes on as long as somebody works, up to twelve hours', async () => {
  for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
    expect((await browser.get(show)).status).toBe(200);
    people.clock.forward({ minutes: 20 });
  }
  expect((await browser.get(show)).status).toBe(303);
});
