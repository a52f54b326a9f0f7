import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { startMailServer, type TestMailServer, textOf } from '../harness/mail-server.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] } }
policies:
  - { items: open/**, allow: everyone }
  - { items: members/letter.jpg, allow: nobody, requests: true, whenLocked: { label: false } }
  - { items: members/**, allow: nobody, requests: true, whenLocked: { listed: false } }
  - { items: curators/**, allow: [{ service: members, roles: [curator] }], requests: members }
  - { items: terms/**, allow: nobody }
`;

const DIARY = 'curators/diary.jpg';
const asking = (item: string) => `/request-access?item=${encodeURIComponent(item)}`;

let vitrine: TestVitrine;
let keeper: TestVisitor;

beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  await addAdministrator(vitrine);
  keeper = await signedInAdministrator(vitrine);
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

async function reader(): Promise<TestVisitor> {
  const visitor = new TestVisitor(vitrine);
  expect((await visitor.signIn('reader')).status).toBe(200);
  return visitor;
}

const idsIn = (page: string) => [...page.matchAll(/\/admin\/requests\/(req_[\w-]+)"/g)].map(([, id]) => id ?? '');

async function onlyRequest(): Promise<string> {
  const ids = idsIn(await (await keeper.ask('/admin/requests')).text());
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

/** Sends a form of an administrator's page to another address of it. */
async function send(visitor: TestVisitor, page: string, path: string, fields: Record<string, string>, at = vitrine): Promise<Response> {
  const token = [...(await (await visitor.ask(page)).text()).matchAll(/name="form-token" value="([^"]*)"/g)].at(-1)?.[1] ?? '';
  return visitor.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: at.base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ ...fields, 'form-token': token }).toString(),
  });
}

describe('a reader who is refused', () => {
  beforeEach(async () => {
    await inDatabase(async (db) => {
      for (const { id } of await db.accessRequests.list({ state: 'open' }, { offset: 0, limit: 100 })) {
        await db.accessRequests.decide(id, { kind: 'withdrawn', at: new Date(0) });
      }
      await db.accessRequests.removeDecided(new Date());
      for (const { id } of await db.itemGrants.list({})) await db.itemGrants.remove(id);
    });
  });

  it('asks with a reason, is granted the folder, and sees the item in the next request; both see the state', async () => {
    const visitor = await reader();
    expect(await (await visitor.ask(`/view/openseadragon/${encodeURIComponent(DIARY)}`)).text()).toContain(
      '/request-access?item=curators%2Fdiary.jpg',
    );
    const probe = (await (await visitor.ask(`/auth/probe/${encodeURIComponent(DIARY)}`)).json()) as { note: Record<string, string[]> };
    expect(probe.note['en']?.[0]).toBe(`You can ask the institution for access: ${vitrine.base}${asking(DIARY)}`);

    const sent = await visitor.submit(asking(DIARY), { reason: 'I write about <b>diaries</b>.\r\nThank you.' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/requests?done=made']);
    const waiting = await (await visitor.ask('/requests?done=made')).text();
    expect(waiting).toContain('Your request has been sent.');
    expect(waiting).toContain('Waits for an answer');
    expect(waiting).not.toContain('<b>diaries');
    expect(await (await keeper.ask('/admin')).text()).toContain('1 reader’s request for access waits.');

    const id = await onlyRequest();
    const path = `/admin/requests/${id}`;
    const page = await (await keeper.ask(path)).text();
    expect(page).toContain('I write about &#60;b&#62;diaries');
    const tile = `/iiif/3/${encodeURIComponent(DIARY)}/full/80,/0/default.jpg`;
    expect((await visitor.ask(tile)).status).toBe(401);
    const granted = await send(keeper, path, `${path}/grant`, { items: 'curators/**', until: '2999-01-31', answer: '' });
    expect(granted.status).toBe(422);
    expect(await granted.text()).toContain('more than 50 years away');
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const again = await send(keeper, path, `${path}/grant`, { items: 'curators/**', until, answer: 'With pleasure.' });
    expect([again.status, again.headers.get('location')]).toEqual([303, '/admin/requests?done=request-granted']);
    expect((await visitor.ask(tile)).status).toBe(200);

    const told = await (await visitor.ask('/requests')).text();
    expect(told).toContain('Granted until');
    expect(told).toContain('With pleasure.');
    expect(told).toContain('curators/**');
    expect(await (await keeper.ask('/admin/requests?state=decided')).text()).toContain('Granted by keeper: curators/** until');
    expect((await visitor.ask(asking(DIARY))).headers.get('location')).toBe(`/view/openseadragon/${encodeURIComponent(DIARY)}`);
    const events = await inDatabase((db) => db.audit.list({ person: 'reader' }, { limit: 5 }));
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['request.made', 'request.granted']));

    // Two who decide at once: the second is told, and nothing is granted twice.
    expect((await send(keeper, '/admin/grants', `${path}/decline`, { sentence: 'No.' })).status).toBe(403);
    const grants = await (await keeper.ask('/admin/grants')).text();
    const grant = /\/admin\/grants\/(grt_[\w-]+)/.exec(grants)?.[1] ?? '';
    const ended = await send(keeper, `/admin/grants/${grant}`, `/admin/grants/${grant}/end`, {});
    expect(ended.headers.get('location')).toBe('/admin/grants?done=item-grant-ended');
    expect((await visitor.ask(tile)).status).toBe(401);
  });

  it('is declined with a sentence, and a reason is asked for on both sides', async () => {
    const visitor = await reader();
    const empty = await visitor.submit(asking(DIARY), { reason: ' ' });
    expect(empty.status).toBe(422);
    expect(await empty.text()).toContain('<strong>Not sent yet:</strong> Please say why you need it.');
    expect((await visitor.submit(asking(DIARY), { reason: 'x'.repeat(2_001) })).status).toBe(422);
    await visitor.submit(asking(DIARY), { reason: 'Please.' });
    expect(await (await visitor.submit(asking(DIARY), { reason: 'Please, please.' })).text()).toContain('You have asked for this already.');
    const path = `/admin/requests/${await onlyRequest()}`;
    const silent = await send(keeper, path, `${path}/decline`, { sentence: '' });
    expect(await silent.text()).toContain('Tell them why.');
    expect((await send(keeper, path, `${path}/decline`, { sentence: 'It is being restored.' })).status).toBe(303);
    expect(await (await visitor.ask('/requests')).text()).toContain('It is being restored.');
    const late = await send(keeper, path, `${path}/decline`, { sentence: 'Once more.' });
    expect(late.status).toBe(403);
    expect((await visitor.submit(asking(DIARY), { reason: 'Again, later.' })).status).toBe(303);
  });

  it('may withdraw the own request, and nobody else’s', async () => {
    const visitor = await reader();
    await visitor.submit(asking(DIARY), { reason: 'Please.' });
    const id = await onlyRequest();
    const other = new TestVisitor(vitrine);
    await other.signIn('curator');
    await other.submit(asking('members/pyramid.tif'), { reason: 'For a catalogue.' });
    expect((await other.submit('/requests', { withdraw: id })).headers.get('location')).toBe('/requests');
    expect(await (await visitor.ask('/requests')).text()).toContain('Waits for an answer');
    expect((await visitor.submit('/requests', { withdraw: id })).headers.get('location')).toBe('/requests?done=withdrawn');
    expect(await (await visitor.ask('/requests')).text()).toContain('Withdrawn on');
  });

  it('is granted nothing but the item and folders that hold it', async () => {
    const visitor = await reader();
    await visitor.submit(asking(DIARY), { reason: 'Please.' });
    const path = `/admin/requests/${await onlyRequest()}`;
    const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    for (const items of ['**', 'terms/**', '', 'curators/other.jpg']) {
      expect((await send(keeper, path, `${path}/grant`, { items, until })).status, items).toBe(422);
    }
    expect(await (await keeper.ask('/admin/grants')).text()).toContain('There are none.');
  });
});

describe('asking', () => {
  it('tells nobody whether an item exists that cannot be asked for', async () => {
    const visitor = await reader();
    const pages = await Promise.all(
      ['terms/map.jpg', 'terms/none.jpg', 'nowhere/unlisted.jpg', '../data', ''].map((item) => visitor.ask(asking(item))),
    );
    expect(pages.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    const texts = await Promise.all(pages.map((page) => page.text()));
    expect(new Set(texts).size).toBe(1);
    const stranger = new TestVisitor(vitrine);
    for (const item of [DIARY, 'terms/map.jpg', 'terms/none.jpg']) {
      const reply = await stranger.ask(asking(item));
      expect(reply.headers.get('location')).toBe(`/sign-in?return=${encodeURIComponent(asking(item))}`);
    }
  });

  it('tells no label of an item whose label is not told, and comes back after the sign-in', async () => {
    const visitor = new TestVisitor(vitrine);
    const signIn = (await visitor.ask(asking('members/letter.jpg'))).headers.get('location') ?? '';
    const back = await visitor.submit(signIn, { user: 'reader', password: 'correct horse battery' });
    expect(back.headers.get('location')).toBe(asking('members/letter.jpg'));
    const page = await (await visitor.ask(asking('members/letter.jpg'))).text();
    expect(page).toContain('Locked item');
    expect(page.replaceAll(/item=[^"]*"/g, '')).not.toContain('letter.jpg');
    for (const [language, words] of [
      ['de', 'Zugang anfragen'],
      ['fr', 'Demander l’accès'],
    ] as const) {
      const reply = await visitor.ask(asking('members/letter.jpg'), { headers: { 'accept-language': language } });
      expect(await reply.text()).toContain(words);
    }
  });

  it('is offered by a sign-in where nobody is allowed, and the item stays out of lists that it is kept out of', async () => {
    const stranger = new TestVisitor(vitrine);
    const reply = await stranger.ask('/iiif/3/members%2Fpyramid.tif/info.json', { headers: { origin: VIEWER } });
    expect(reply.status).toBe(401);
    expect(await reply.text()).toContain('/auth/access/members');
    expect(await (await stranger.ask('/browse/members')).text()).not.toContain('pyramid.tif');
    expect((await stranger.ask('/iiif/3/terms%2Fmap.jpg/info.json')).status).toBe(403);
  });

  it('refuses a form of another site', async () => {
    const visitor = await reader();
    const reply = await visitor.ask(asking(DIARY), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      body: 'reason=please',
    });
    expect(reply.status).toBe(403);
  });
});

describe('grants of administrators', () => {
  it('ask for the password again where the sign-in is long ago, and lose nothing that was typed', async () => {
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    await makeStale(vitrine);
    const fields = { 'new-user': 'reader', 'new-items': 'terms/**', 'new-until': until, 'new-note': 'loan 8' };
    const asked = await send(keeper, '/admin/grants', '/admin/grants', fields);
    const page = await asked.text();
    expect(asked.status).toBe(403);
    expect(page).toContain('confirm-password');
    expect(page).toContain('value="loan 8"');
    expect(await (await keeper.ask('/admin/grants?q=loan')).text()).toContain('There are none.');
    keeper = await signedInAdministrator(vitrine);
  });

  it('are given, found by person and item, changed and ended', async () => {
    const visitor = await reader();
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const wrong = await send(keeper, '/admin/grants', '/admin/grants', { 'new-user': 'bert', 'new-items': '/x', 'new-until': 'soon' });
    expect(wrong.status).toBe(422);
    const text = await wrong.text();
    for (const sentence of ['There is no such user.', 'It begins with a slash', 'The end is a day']) expect(text).toContain(sentence);
    const fields = { 'new-user': 'READER', 'new-items': 'terms/**', 'new-until': until, 'new-note': 'loan 7' };
    expect((await send(keeper, '/admin/grants', '/admin/grants', fields)).headers.get('location')).toBe('/admin/grants?done=item-granted');
    expect((await visitor.ask('/iiif/3/terms%2Fmap.jpg/full/80,/0/default.jpg')).status).toBe(200);
    const found = async (query: string) => (await (await keeper.ask(`/admin/grants?${query}`)).text()).includes('terms/**</td>');
    expect(await Promise.all(['q=reader', 'q=loan', 'item=terms/map.jpg', 'which=soon'].map(found))).toEqual([true, true, true, true]);
    expect(await Promise.all(['q=curator', 'item=open/photo.jpg', 'which=ended'].map(found))).toEqual([false, false, false]);
    const path = `/admin/grants/${/\/admin\/grants\/(grt_[\w-]+)/.exec(await (await keeper.ask('/admin/grants?q=loan')).text())?.[1] ?? ''}`;
    expect((await send(keeper, path, `${path}/until`, { until: '2020-01-01' })).status).toBe(422);
    const later = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    expect((await send(keeper, path, `${path}/until`, { until: later })).status).toBe(303);
    expect(await found('which=soon')).toBe(false);
    expect((await send(keeper, path, `${path}/end`, {})).status).toBe(303);
    expect((await visitor.ask('/iiif/3/terms%2Fmap.jpg/full/80,/0/default.jpg')).status).toBe(403);
    expect((await keeper.ask(path)).status).toBe(404);
    const events = await inDatabase((db) => db.audit.list({ item: 'terms/**' }, { limit: 5 }));
    expect(events.map(({ action }) => action)).toEqual(['item-grant.removed', 'item-grant.changed', 'item-grant.created']);
  });

  it('are for administrators alone', async () => {
    const visitor = await reader();
    for (const path of ['/admin/grants', '/admin/requests', '/admin/requests/req_x', '/admin/grants/grt_x']) {
      expect((await visitor.ask(path)).headers.get('location'), path).toMatch(/^\/admin\/sign-in/);
    }
    expect((await visitor.ask('/admin/requests/req_x/grant', { method: 'POST', body: new URLSearchParams() })).status).toBe(303);
    expect((await keeper.ask('/admin/requests/req_x/grant', { method: 'POST', body: new URLSearchParams() })).status).toBe(403);
  });
});

describe('mail about requests', () => {
  let mail: TestMailServer;
  let mailing: TestVitrine;

  beforeAll(async () => {
    mail = await startMailServer();
    const port = await freePort();
    const smtp = { smtpUrl: `smtp://127.0.0.1:${mail.port}`, mailFrom: 'Example Library <iiif@example.org>' };
    const publicUrl = `http://127.0.0.1:${port}`;
    mailing = await startTestVitrine({ access: ACCESS, options: { ...smtp, requestsMailTo: 'desk@example.org', publicUrl, port } });
    await addAdministrator(mailing);
    const db = await openSqlite(join(mailing.data, 'vitrine.db'));
    const user = await db.users.find('reader');
    await db.users.change(user?.id ?? 'usr_', { name: 'reader', email: 'reader@example.org' });
    await db.close();
  });
  afterAll(async () => {
    await mailing.close();
    await mail.close();
  });

  const received = (count: number) => vi.waitFor(() => expect(mail.received).toHaveLength(count), { timeout: 10_000 });
  const lastText = () => textOf(mail.received.at(-1) ?? { from: '', to: [], raw: '', encrypted: false, user: null });

  it('goes to administrators, and with the answer to the reader, in their language', async () => {
    const visitor = new TestVisitor(mailing);
    await visitor.signIn('reader');
    const german = { 'accept-language': 'de' };
    const page = await (await visitor.ask(asking(DIARY), { headers: german })).text();
    expect(page).toContain('reader@example.org');
    const token = /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
    const headers = {
      ...german,
      'content-type': 'application/x-www-form-urlencoded',
      origin: mailing.base,
      'sec-fetch-site': 'same-origin',
    };
    const reason = 'Bitte.\r\nBcc: all@example.org';
    await visitor.ask(asking(DIARY), { method: 'POST', headers, body: new URLSearchParams({ reason, 'form-token': token }).toString() });
    await received(1);
    expect(mail.received[0]?.to).toEqual(['desk@example.org']);
    expect(mail.received[0]?.raw).toMatch(/^Subject: Request for access: curators\/diary\.jpg\r$/m);
    for (const part of ['reader asks to see curators/diary.jpg.', 'Bitte.', `${mailing.base}/admin/requests`])
      expect(lastText()).toContain(part);

    const administrator = await signedInAdministrator(mailing);
    const id = idsIn(await (await administrator.ask('/admin/requests')).text())[0] ?? '';
    const path = `/admin/requests/${id}`;
    expect(await (await administrator.ask(path)).text()).toContain('reader@example.org');
    expect((await send(administrator, path, `${path}/decline`, { sentence: 'Leider nein.' }, mailing)).status).toBe(303);
    await received(2);
    expect(mail.received[1]?.to).toEqual(['reader@example.org']);
    for (const part of ['Die Anfrage wurde abgelehnt.', 'Leider nein.', `${mailing.base}/requests`]) expect(lastText()).toContain(part);
  });

  it('that fails is said on the overview, without an address', async () => {
    mail.refuse = { status: 451, text: 'later, desk@example.org' };
    const visitor = new TestVisitor(mailing);
    await visitor.signIn('reader');
    expect((await visitor.submit(asking(DIARY), { reason: 'Please.' })).status).toBe(303);
    const administrator = await signedInAdministrator(mailing);
    await vi.waitFor(async () => {
      const overview = await (await administrator.ask('/admin')).text();
      expect(overview).toContain(
        'Mail fails: the mail server did not take the sender or the recipient (451). Mails that wait to be tried again: 1.',
      );
    });
    expect(JSON.stringify(mailing.log)).toContain('a mail could not be sent');
    expect(JSON.stringify(mailing.log)).not.toContain('desk@example.org');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
