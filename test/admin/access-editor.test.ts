import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const OPENED = ACCESS.replace('roles: [reader, curator] }', 'roles: [reader, curator] }\n  - items: nowhere/**\n    allow: everyone');
const CLOSED = ACCESS.replace('allow: everyone', 'allow: nobody');

let vitrine: TestVitrine;
let admin: TestVisitor;

beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
});
afterAll(() => vitrine.close());
beforeEach(async () => {
  await writeFile(vitrine.accessFile, ACCESS);
  admin = await signedInAdministrator(vitrine);
});

/** The hidden fields of the form that leads to an address. */
function fieldsOf(html: string, action: string): Record<string, string> {
  const [form = ''] = new RegExp(`<form method="post" action="${action}".*?</form>`, 's').exec(html) ?? [];
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

async function post(path: string, fields: Record<string, string>): Promise<Response> {
  return admin.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(fields).toString(),
  });
}

const editor = async () => fieldsOf(await (await admin.ask('/admin/access')).text(), '/admin/access/preview');

/** What a browser sends of a text. */
const typed = (text: string) => text.replaceAll('\n', '\r\n');

async function preview(text: string, fields?: Record<string, string>): Promise<{ status: number; html: string }> {
  const reply = await post('/admin/access/preview', { ...(fields ?? (await editor())), text: typed(text), comment: '' });
  return { status: reply.status, html: await reply.text() };
}

const textOf = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

const kept = async () => {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  const versions = await database.accessVersions.list({ limit: 100 });
  await database.close();
  return versions.map(({ number }) => number);
};

const events = async () => {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  const found = await database.audit.list({}, { limit: 100 });
  await database.close();
  return found.filter(({ action }) => action.startsWith('access.')).map(({ action, actor, target }) => `${actor} ${action} ${target}`);
};

describe('the page of the access file', () => {
  it('shows policies and services in words, with their lines, and the text', async () => {
    const html = await (await admin.ask('/admin/access')).text();
    const text = textOf(html);
    expect(text).toContain('4 policies, 2 access services');
    expect(text).toContain('sign in with the role reader or curator');
    expect(text).toContain('agree to the terms');
    expect(html).toContain('/admin/access?line=15#text');
    expect(html).toContain('label: { en: [Sign in to Example Library]');
    expect(html).not.toContain(vitrine.data);
    expect(html).not.toContain(vitrine.accessFile);
  });

  it('is for administrators alone, and so are its versions and forms', async () => {
    const stranger = new TestVisitor(vitrine);
    for (const path of ['/admin/access', '/admin/access/versions', '/admin/access/versions/1']) {
      expect((await stranger.ask(path)).headers.get('location')).toContain('/admin/sign-in');
    }
    const fields = await editor();
    for (const path of ['/admin/access/preview', '/admin/access/save']) {
      const reply = await stranger.ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base },
        body: new URLSearchParams({ ...fields, text: OPENED }).toString(),
      });
      expect(reply.headers.get('location')).toContain('/admin/sign-in');
      expect((await post(path, { ...fields, 'form-token': 'wrong', text: OPENED })).status).toBe(403);
    }
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(ACCESS);
  });

  it('says of a file with mistakes on the server that the last valid one is in force', async () => {
    await writeFile(vitrine.accessFile, 'policies: []\n');
    const text = textOf(await (await admin.ask('/admin/access')).text());
    expect(text).toContain('the last valid version is in force');
    expect(text).toContain('&quot;policies&quot; is empty'.replaceAll('&quot;', '&#34;'));
  });

  it('says of a file that is gone that it is', async () => {
    await rm(vitrine.accessFile);
    expect(textOf(await (await admin.ask('/admin/access')).text())).toContain('access.yaml is not there any more');
  });
});

describe('a preview', () => {
  it('says who gains and who loses what, and changes nothing', async () => {
    const { status, html } = await preview(CLOSED);
    expect(status).toBe(200);
    const text = textOf(html);
    expect(text).toMatch(/Everyone loses open\/\*\* \(\d+ items\)/);
    expect(text).toMatch(/Looked at all \d+ items/);
    expect(html).toMatch(/class="removed".*allow: everyone/);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(ACCESS);
    expect((await fetch(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/info.json`)).status).toBe(200);
  });

  it('says that nobody does where only words change', async () => {
    expect(textOf((await preview(ACCESS.replace('Members only', 'For members'))).html)).toContain('Nobody gains or loses anything.');
    expect(textOf((await preview(ACCESS.replace('Members only', 'For members'))).html)).toContain('Service members: another heading.');
  });

  it('of a text with mistakes names each with its line, and keeps what was typed', async () => {
    const { status, html } = await preview(ACCESS.replace('service: terms', 'service: therms'));
    expect(status).toBe(400);
    expect(html).toMatch(/<li data-line="23"><a href="#text">Line 23, column \d+<\/a>: There is no access service &#34;therms&#34;/);
    expect(html).toContain('23        - { service: therms }');
    expect(html).not.toContain('/admin/access/save');
  });

  it('takes a file that is larger than other forms', async () => {
    const large = `${ACCESS}# ${'x'.repeat(200_000)}\n`;
    expect((await preview(large)).status).toBe(200);
  });
});

describe('saving', () => {
  async function save(text: string, more: Record<string, string> = {}): Promise<Response> {
    const { html } = await preview(text);
    return post('/admin/access/save', { ...fieldsOf(html, '/admin/access/preview'), text: typed(text), comment: 'open the rest', ...more });
  }

  it('writes the file as it was typed, is in force at once, and kept with who and why', async () => {
    const path = `${vitrine.base}/iiif/3/nowhere%2Funlisted.jpg/info.json`;
    expect((await fetch(path)).status).toBe(403);
    const reply = await save(OPENED);
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/admin/access?done=access-saved']);
    expect((await fetch(path)).status).toBe(200);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(OPENED);
    const versions = textOf(await (await admin.ask('/admin/access/versions')).text());
    expect(versions).toMatch(/Version \d+ [^V]* keeper open the rest/);
    expect(versions).toContain('on the server');
    expect(await events()).toContain('keeper access.saved access.yaml');
  });

  it('saves what was previewed and nothing else', async () => {
    const reply = await save(OPENED, { text: typed(CLOSED) });
    expect(reply.status).toBe(409);
    expect(textOf(await reply.text())).toContain('You have changed the text since the preview.');
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(ACCESS);
  });

  it('refuses where the file was changed meanwhile, and shows the difference', async () => {
    const { html } = await preview(OPENED);
    const theirs = `${ACCESS}# theirs\n`;
    await writeFile(vitrine.accessFile, theirs);
    const reply = await post('/admin/access/save', { ...fieldsOf(html, '/admin/access/preview'), text: typed(OPENED), comment: '' });
    expect(reply.status).toBe(409);
    const page = await reply.text();
    expect(textOf(page)).toContain('Somebody has changed the file since you opened it.');
    expect(page).toMatch(/class="removed".*# theirs/);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(theirs);
    // Once the difference was seen, it can be saved over theirs.
    const again = await post('/admin/access/save', { ...fieldsOf(page, '/admin/access/preview'), text: typed(OPENED), comment: '' });
    expect(again.status).toBe(303);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(OPENED);
  });

  it('asks again who it is after a while, and loses nothing of what was typed', async () => {
    const { html } = await preview(OPENED);
    await makeStale(vitrine);
    const fields = fieldsOf(html, '/admin/access/preview');
    const asked = await post('/admin/access/save', { ...fields, text: typed(OPENED), comment: 'why' });
    expect(asked.status).toBe(403);
    const page = await asked.text();
    expect(page).toContain('name="confirm-password"');
    expect(page).toContain('nowhere/**');
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(ACCESS);
  });

  it('keeps lines that end as they did before', async () => {
    await writeFile(vitrine.accessFile, ACCESS.replaceAll('\n', '\r\n'));
    expect((await save(OPENED)).status).toBe(303);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(OPENED.replaceAll('\n', '\r\n'));
  });
});

describe('versions', () => {
  it('are kept of changes on the server, compared, and brought back by way of the preview', async () => {
    const newest = async () => Number(/versions\/(\d+)"/.exec(await (await admin.ask('/admin/access/versions')).text())?.[1]);
    await admin.ask('/admin/access');
    const first = await newest();
    await writeFile(vitrine.accessFile, CLOSED);
    expect(await newest()).toBe(first + 1);
    const page = await (await admin.ask(`/admin/access/versions/${first}?against=now`)).text();
    expect(textOf(page)).toContain('What changed from the file as it is now');
    expect(page).toMatch(/class="added".*allow: everyone/);

    const back = await post('/admin/access/preview', fieldsOf(page, '/admin/access/preview'));
    const html = await back.text();
    expect(textOf(html)).toMatch(/Everyone gains open\/\*\*/);
    expect(html).toContain(`value="Version ${first} brought back"`);
    const saved = await post('/admin/access/save', { ...fieldsOf(html, '/admin/access/preview'), text: typed(ACCESS), comment: 'back' });
    expect(saved.status).toBe(303);
    expect(await readFile(vitrine.accessFile, 'utf8')).toBe(ACCESS);
    expect(await events()).toContain('keeper access.restored access.yaml');
  });

  it('are kept of every change on the server, also while nobody looks', async () => {
    const [first] = (await kept()) as [number];
    const status = async () => (await fetch(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/info.json`)).status;
    await writeFile(vitrine.accessFile, CLOSED);
    await expect.poll(status, { timeout: 10_000 }).toBe(403);
    await expect.poll(async () => (await kept()).length, { timeout: 10_000 }).toBe(first + 1);
    await writeFile(vitrine.accessFile, ACCESS);
    await expect.poll(async () => (await kept()).length, { timeout: 10_000 }).toBe(first + 2);
  });

  it('that are not there are not found', async () => {
    expect((await admin.ask('/admin/access/versions/999')).status).toBe(404);
    expect((await admin.ask('/admin/access/versions/one')).status).toBe(404);
  });
});

it('a server without an access file says that all is open, and how to begin', async () => {
  const open = await startTestVitrine({ access: null });
  await addAdministrator(open);
  const visitor = await signedInAdministrator(open);
  const text = textOf(await (await visitor.ask('/admin/access')).text());
  expect(text).toContain('everything is open to everybody.');
  expect(text).toContain('--access access.yaml');
  await open.close();
});
