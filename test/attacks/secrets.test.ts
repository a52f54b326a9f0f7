import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator, sendForm, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const WRONG_PASSWORD = 'my other password';
const TYPED_AS_NAME = 'a password in the wrong field';
const MESSAGE_ID = 'message-id-4711';
const QUERY = 'query-secret-4711';

let vitrine: TestVitrine;
/** Everything that nobody but the visitor's browser may know, by what it is. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  vitrine = await startTestVitrine();
  const visitor = new TestVisitor(vitrine);
  await visitor.signIn('reader', WRONG_PASSWORD);
  await visitor.submit('/sign-in', { user: TYPED_AS_NAME, password: WRONG_PASSWORD });
  await visitor.signIn('reader');
  await visitor.agree();
  for (const [name, value] of visitor.cookies) {
    const secret = value.split('.').at(-1) ?? '';
    expect(secret.length).toBeGreaterThan(30);
    secrets.set(name, secret);
  }

  const tokens = [await visitor.token(1, 'members', VIEWER, MESSAGE_ID), await visitor.token(2, 'members', VIEWER, MESSAGE_ID)];
  const direct = (await (await visitor.ask('/auth/token/1/members')).json()) as Record<string, unknown>;
  for (const [at, message] of [...tokens.map((each) => each.message), direct].entries()) {
    const token = String(message['accessToken']);
    expect(token).toMatch(/^[\w-]{43}$/);
    secrets.set(`token ${at}`, token);
    const headers = { authorization: `Bearer ${token}`, origin: VIEWER };
    await visitor.ask('/iiif/3/members%2Fletter.jpg/info.json', { headers });
    await visitor.ask('/auth/probe/members%2Fletter.jpg', { headers });
  }

  await addAdministrator(vitrine);
  const administrator = await signedInAdministrator(vitrine);
  await administrator.submit('/admin/sign-in', { user: 'keeper', password: WRONG_PASSWORD });
  const added = await sendForm(administrator, '/admin/you/app', (page) => {
    const key = /class="key">([^<]+)</.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
    secrets.set('key of an app', key);
    return { code: new TOTP({ secret: key }).generate() };
  });
  const codes = [...(await added.text()).matchAll(/<li><code>([^<]+)</g)].map(([, code = '']) => code);
  expect(codes).toHaveLength(10);
  for (const [at, code] of codes.entries()) secrets.set(`recovery code ${at}`, code);
  secrets.set('cookie of an administrator', administrator.cookies.get('vitrine-admin')?.split('.')[1] ?? '');
  const again = new TestVisitor(vitrine);
  await again.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD });
  secrets.set('first step of a sign-in', again.cookies.get('vitrine-admin-pending')?.split('.')[2] ?? '');
  await sendForm(again, '/admin/sign-in/second-factor', () => ({ code: codes[0] ?? '' }));
  expect(again.cookies.get('vitrine-admin')).toMatch(/^adm_/);
  expect([...secrets.values()]).not.toContain('');

  // What fails is logged with its reason; so much the more must it not bring anything along.
  const authorization = `Bearer ${secrets.get('token 0')}`;
  await visitor.ask(`/iiif/3/open%2Fbroken.jpg/full/max/0/default.jpg?access_token=${QUERY}`, { headers: { authorization } });
  await visitor.ask('/sign-in', { method: 'POST', body: JSON.stringify({ password: WRONG_PASSWORD }) });
  await visitor.ask(`/sign-in?return=${QUERY}`, { method: 'POST', body: new URLSearchParams({ password: 'x'.repeat(70_000) }) });
  await visitor.ask(`/nowhere?code=${QUERY}`);
  await visitor.ask('/auth/logout/members');
});
afterAll(() => vitrine.close());

describe('the log at its most talkative', () => {
  it('has a line for each request, and one for each failure', () => {
    const paths = vitrine.log.filter(({ msg }) => msg === 'request').map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/auth/access/members',
        '/auth/token/1/members',
        '/auth/token/2/members',
        '/sign-in',
        '/auth/logout/members',
      ]),
    );
    expect(vitrine.log.filter(({ msg }) => msg === 'a request failed').length).toBeGreaterThanOrEqual(3);
  });

  it('holds no password, no cookie, no token, and nothing of a query', () => {
    const text = JSON.stringify(vitrine.log);
    const never = [...Object.values(PASSWORDS), ADMIN_PASSWORD, WRONG_PASSWORD, TYPED_AS_NAME, MESSAGE_ID, QUERY, ...secrets.values()];
    expect(secrets.size).toBeGreaterThanOrEqual(6);
    expect(never.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(/messageId|origin=|[Bb]earer|set-cookie/);
  });
});

describe('the data folder', () => {
  it('holds no password, no cookie and no token: only their hashes', async () => {
    const files = await readdir(vitrine.data, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
    );
    const all = texts.join('\n');
    expect(all).toContain('$argon2id$');
    const never = [...Object.values(PASSWORDS), ADMIN_PASSWORD, WRONG_PASSWORD, TYPED_AS_NAME, MESSAGE_ID, ...secrets.values()];
    expect(never.filter((secret) => all.includes(secret))).toEqual([]);
  });
});
