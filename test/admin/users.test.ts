import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { User } from '../../src/domain/session.ts';
import { ADMIN_PASSWORD, addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TILE = '/iiif/3/members%2Fletter.jpg/full/100,/0/default.jpg';
const CHOSEN = 'seven green bottles';

let vitrine: TestVitrine;
let keeper: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
  keeper = await signedInAdministrator(vitrine);
});
afterAll(() => vitrine.close());

async function inData<T>(work: (database: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>): Promise<T> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function userNamed(name: string): Promise<User> {
  const user = await inData((database) => database.users.find(name));
  if (user === null) throw new Error(`there is no ${name}`);
  return user;
}

/** Sends one of the forms of a page, with its own token. */
async function send(visitor: TestVisitor, page: string, action: string, fields: Record<string, string> = {}): Promise<Response> {
  const shown = await (await visitor.ask(page)).text();
  const token = new RegExp(`action="${action}"[^>]*>\\s*<input type="hidden" name="form-token" value="([^"]*)"`).exec(shown)?.[1] ?? '';
  return visitor.ask(action, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ ...fields, 'form-token': token }).toString(),
  });
}

const act = async (name: string, action: string, fields: Record<string, string> = {}) => {
  const page = `/admin/users/${(await userNamed(name)).id}`;
  return send(keeper, page, `${page}/${action}`, fields);
};

/** A user who signed in as a viewer sees them. */
async function reader(name: string): Promise<TestVisitor> {
  await send(keeper, '/admin/users/new', '/admin/users/new', { name, roles: 'reader', way: 'password', password: CHOSEN });
  const visitor = new TestVisitor(vitrine);
  expect((await visitor.submit('/sign-in', { user: name, password: CHOSEN })).status).toBe(303);
  expect((await visitor.ask(TILE)).status).toBe(200);
  return visitor;
}

async function linkIn(reply: Response): Promise<string> {
  return /id="link" type="text" value="[^"]*?(\/(?:invitation|reset)\/[\w-]+)"/.exec(await reply.text())?.[1] ?? '';
}

describe('the users', () => {
  it('are listed, searched and filtered', async () => {
    const names = async (query: string) => {
      const page = await (await keeper.ask(`/admin/users${query}`)).text();
      return [...page.matchAll(/<th scope="row"><a href="[^"]+">([^<]+)<\/a>/g)].map(([, name]) => name);
    };
    expect(await names('')).toEqual(expect.arrayContaining(['curator', 'keeper', 'reader']));
    expect(await names('?q=READ')).toEqual(['reader']);
    expect(await names('?role=curator')).toEqual(['curator']);
    expect(await names('?state=disabled')).toEqual([]);
    expect(await names('?state=nonsense&page=-1')).toEqual(expect.arrayContaining(['keeper']));
    expect(await names('?page=2')).toEqual([]);
    expect(await (await keeper.ask('/admin/users?q=%22%3E%3Cscript%3E')).text()).not.toContain('<script>');
  });

  it('are for administrators only', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.submit('/sign-in', { user: 'reader', password: 'correct horse battery' });
    for (const path of ['/admin/users', '/admin/users/new', `/admin/users/${(await userNamed('reader')).id}`, '/admin/roles']) {
      expect((await visitor.ask(path)).headers.get('location'), path).toContain('/admin/sign-in');
    }
  });

  it('who do not exist have a page that says so', async () => {
    const reply = await keeper.ask('/admin/users/usr_nobody');
    expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining('There is no such user')]);
  });
});

describe('an invited person', () => {
  it('sets a password by a link that works once, and signs in', async () => {
    const made = await send(keeper, '/admin/users/new', '/admin/users/new', {
      name: 'Zoë',
      email: 'zoe@example.org',
      role: 'reader',
      way: 'invite',
    });
    expect(made.status).toBe(200);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const link = await linkIn(made);
    expect(link).toMatch(/^\/invitation\/[\w-]{43}$/);
    const zoe = new TestVisitor(vitrine);
    const shown = await zoe.ask(link, { headers: { 'accept-language': 'de' } });
    expect(await shown.text()).toContain('Wählen Sie das Passwort');
    const weak = await zoe.submit(link, { password: 'passwort12', again: 'passwort12' });
    expect([weak.status, await weak.text()]).toEqual([400, expect.stringContaining('tried first')]);
    expect((await zoe.submit(link, { password: CHOSEN, again: CHOSEN })).status).toBe(200);
    expect((await zoe.submit('/sign-in', { user: 'zoë', password: CHOSEN })).status).toBe(303);
    expect((await zoe.ask(TILE)).status).toBe(200);
    for (const again of [await zoe.ask(link), await zoe.submit(link, { password: 'x', again: 'x' })]) expect(again.status).not.toBe(200);
    expect((await zoe.ask(link)).status).toBe(404);
  });

  it('sets none by a form of another site, or without the form’s cookie', async () => {
    const link = await linkIn(await send(keeper, '/admin/users/new', '/admin/users/new', { name: 'yves', way: 'invite' }));
    const body = new URLSearchParams({ password: CHOSEN, again: CHOSEN, 'form-token': 'x'.repeat(43) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
    expect((await new TestVisitor(vitrine).ask(link, { method: 'POST', headers, body })).status).toBe(403);
    expect((await userNamed('yves')).isInvited).toBe(true);
  });

  it('has a link that is in no line of the log', async () => {
    const link = await linkIn(await send(keeper, '/admin/users/new', '/admin/users/new', { name: 'xenia', way: 'invite' }));
    await new TestVisitor(vitrine).ask(link);
    const paths = vitrine.log.map((line) => JSON.stringify(line)).join('\n');
    expect(paths).toContain('/invitation/…');
    expect(paths).not.toContain(link);
  });
});

describe('a change of an administrator counts on the next request', () => {
  it.each([
    ['disabling', 'disable', {}],
    ['ending the sessions', 'sessions', {}],
    ['taking the role', 'roles', { roles: 'nothing' }],
    ['removing', 'remove', {}],
  ])('%s', async (_what, action, fields) => {
    const name = `someone-${action}`;
    const visitor = await reader(name);
    const etag = (await visitor.ask(TILE)).headers.get('etag') ?? '';
    const token = (await (await visitor.ask('/auth/token/1/members')).json()) as { accessToken: string };
    expect((await act(name, action, fields)).status).toBe(303);
    expect((await visitor.ask(TILE)).status).toBe(401);
    expect((await visitor.ask(TILE, { headers: { 'if-none-match': etag } })).status).toBe(401);
    const headers = { authorization: `Bearer ${token.accessToken}` };
    expect((await new TestVisitor(vitrine).ask('/iiif/3/members%2Fletter.jpg/info.json', { headers })).status).toBe(401);
  });

  it('enabling lets the person sign in again, but brings no session back', async () => {
    const visitor = await reader('returning');
    await act('returning', 'disable');
    expect((await visitor.submit('/sign-in', { user: 'returning', password: CHOSEN })).status).toBe(401);
    await act('returning', 'enable');
    expect((await visitor.ask(TILE)).status).toBe(401);
    expect((await visitor.submit('/sign-in', { user: 'returning', password: CHOSEN })).status).toBe(303);
  });

  it('a link for a new password ends the sessions when it is used', async () => {
    const visitor = await reader('forgetful');
    const link = await linkIn(await act('forgetful', 'link'));
    expect(link).toMatch(/^\/reset\//);
    expect((await visitor.ask(TILE)).status).toBe(200);
    await new TestVisitor(vitrine).submit(link, { password: 'nine red lanterns', again: 'nine red lanterns' });
    expect((await visitor.ask(TILE)).status).toBe(401);
    expect((await visitor.submit('/sign-in', { user: 'forgetful', password: CHOSEN })).status).toBe(401);
    expect((await visitor.submit('/sign-in', { user: 'forgetful', password: 'nine red lanterns' })).status).toBe(303);
  });
});

describe('the forms about a user', () => {
  it('ask who it is where that is long ago, and do it then', async () => {
    await reader('stale');
    const page = `/admin/users/${(await userNamed('stale')).id}`;
    await makeStale(vitrine);
    const asked = await send(keeper, page, `${page}/disable`);
    expect([asked.status, await asked.text()]).toEqual([403, expect.stringContaining('Confirm that it is you')]);
    expect((await userNamed('stale')).disabledAt).toBeNull();
    expect((await send(keeper, page, `${page}/disable`, { 'confirm-password': ADMIN_PASSWORD })).status).toBe(303);
    expect((await userNamed('stale')).disabledAt).not.toBeNull();
  });

  it('are refused without their own token', async () => {
    await reader('guarded');
    const page = `/admin/users/${(await userNamed('guarded')).id}`;
    const shown = await (await keeper.ask(page)).text();
    const other = /action="[^"]*\/disable"[^>]*>\s*<input type="hidden" name="form-token" value="([^"]*)"/.exec(shown)?.[1] ?? '';
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' };
    const reply = await keeper.ask(`${page}/remove`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ 'form-token': other }).toString(),
    });
    expect(reply.status).toBe(403);
    expect((await userNamed('guarded')).disabledAt).toBeNull();
  });

  it('never take the last administrator away, and say why', async () => {
    const refused = await act('keeper', 'roles', { roles: 'reader' });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('keeper is the only administrator who can sign in'),
    ]);
    expect((await userNamed('keeper')).roles).toEqual(['administrator']);
  });

  it('show what was typed beside what is wrong with it', async () => {
    const reply = await send(keeper, '/admin/users/new', '/admin/users/new', {
      name: 'READER',
      email: 'r@example.org',
      role: 'curator',
      way: 'invite',
    });
    const page = await reply.text();
    expect(reply.status).toBe(400);
    expect(page).toContain('There is already a user &#34;READER&#34;.');
    expect(page).toContain('value="r@example.org"');
    expect(page).toMatch(/value="curator" checked/);
  });
});

describe('the roles', () => {
  it('are shown with who has them and the policies that name them', async () => {
    const page = await (await keeper.ask('/admin/roles')).text();
    expect(page).toContain('href="/admin/users?role=curator"');
    expect(page).toMatch(/Policy \d+ \(curators\/\*\*\)/);
    expect(page).toContain('administrator');
  });
});

describe('a CSV file', () => {
  const upload = async (csv: string | Uint8Array<ArrayBuffer>) => {
    const token =
      /name="form-token" value="([^"]*)">\s*<p class="field"><label for="file"/.exec(
        await (await keeper.ask('/admin/users/import')).text(),
      )?.[1] ?? '';
    const body = new FormData();
    body.append('form-token', token);
    body.append('file', new Blob([csv], { type: 'text/csv' }), 'people.csv');
    return keeper.ask('/admin/users/import', { method: 'POST', headers: { origin: vitrine.base, 'sec-fetch-site': 'same-origin' }, body });
  };
  const apply = async (shown: string, changes: Record<string, string> = {}) => {
    const read = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown.slice(shown.indexOf('import/apply')))?.[1] ?? '';
    const text = read('csv').replaceAll(/&#(\d+);/g, (_whole, code) => String.fromCodePoint(Number(code)));
    const fields = { 'form-token': read('form-token'), csv: text, digest: read('digest'), ...changes };
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' };
    return keeper.ask('/admin/users/import/apply', { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  };

  it('is shown line by line, and then done exactly so', async () => {
    const shown = await upload('\ufeffname;email;roles;state\r\nUrsula;u@example.org;reader;active\r\n"Quotes ""&"" <b>";;;\r\n');
    const page = await shown.text();
    expect([shown.status, page]).toEqual([200, expect.stringContaining('is added, role reader, u@example.org; is invited')]);
    expect(await inData((database) => database.users.find('ursula'))).toBeNull();
    const done = await apply(page);
    const text = await done.text();
    expect([done.status, text]).toEqual([200, expect.stringContaining('<strong>2</strong> added')]);
    expect(await userNamed('Quotes "&" <b>')).toMatchObject({ isInvited: true });
    const link = /\/invitation\/[\w-]{43}/.exec(text.slice(text.indexOf('Ursula')))?.[0] ?? '';
    expect((await new TestVisitor(vitrine).submit(link, { password: CHOSEN, again: CHOSEN })).status).toBe(200);
    expect((await new TestVisitor(vitrine).submit('/sign-in', { user: 'ursula', password: CHOSEN })).status).toBe(303);
  });

  it('is shown again, and nothing is done, where somebody changed what it is about', async () => {
    await reader('busy');
    const page = await (await upload('name,roles\nbusy,staff\n')).text();
    await act('busy', 'roles', { roles: 'curator' });
    const again = await apply(page);
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('before: role curator')]);
    expect((await userNamed('busy')).roles).toEqual(['curator']);
    expect((await apply(page, { digest: '' })).status).toBe(409);
  });

  it('with mistakes says them by line, and does nothing', async () => {
    const reply = await upload('name,state\nwendy,active\nkeeper,disabled\n,active\n');
    const page = await reply.text();
    expect(reply.status).toBe(400);
    expect(page).toContain('Line 3: You cannot disable yourself.');
    expect(page).toContain('Line 4: A user needs a name.');
    expect(await inData((database) => database.users.find('wendy'))).toBeNull();
  });

  it.each([
    ['is too large', 'name\n'.padEnd(5_000_000, 'x'), 413],
    ['is no UTF-8', Uint8Array.of(0x6e, 0xff, 0xfe), 400],
  ])('that %s is refused', async (_what, csv, status) => {
    expect((await upload(csv)).status).toBe(status);
  });

  it('has everybody who was searched for, and only administrators get it', async () => {
    const reply = await keeper.ask('/admin/users/export.csv?role=administrator');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="users.csv"');
    expect(await reply.text()).toBe('name,email,roles,state\r\nkeeper,,administrator,active\r\n');
    expect((await new TestVisitor(vitrine).ask('/admin/users/export.csv')).status).toBe(303);
  });
});
