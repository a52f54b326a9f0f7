import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAdministrator, makeStale, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const PICTURE = '/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg';

let vitrine: TestVitrine;
let keeper: TestVisitor;
let reader: TestVisitor;
let curator: TestVisitor;
beforeEach(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
  [keeper, reader, curator] = [
    await signedInAdministrator(vitrine),
    new TestVisitor(vitrine, { 'user-agent': FIREFOX }),
    new TestVisitor(vitrine),
  ];
  await reader.signIn('reader');
  await curator.signIn('curator');
});
afterEach(() => vitrine.close());

const page = async (path = '/admin/sessions') => (await keeper.ask(path)).text();
const plain = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const seesPicture = async (visitor: TestVisitor) => (await visitor.ask(PICTURE)).status;

/** Presses the button with this name in the row of a person, or the first of the page. */
async function press(name: string, { path = '/admin/sessions', row = '' } = {}): Promise<Response> {
  const html = await page(path);
  const part = html.slice(row === '' ? 0 : html.indexOf(`<bdi>${row}</bdi>`));
  const [, action = '', fields = '', value = ''] =
    new RegExp(`<form method="post" action="([^"]+)">((?:(?!</form>).)*?)<button type="submit" name="${name}" value="([^"]*)"`, 's').exec(
      part,
    ) ?? [];
  const hidden = [...fields.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, field = '', text = '']) => [field, text]);
  return send(action.replaceAll('&#38;', '&'), { ...Object.fromEntries(hidden), [name]: value });
}

function send(path: string, fields: Record<string, string>): Promise<Response> {
  return keeper.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: vitrine.base, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(fields).toString(),
  });
}

const tokenOf = (html: string, action: string) =>
  new RegExp(`action="[^"]*${action}[^"]*"[^>]*>\\s*<input type="hidden" name="form-token" value="([^"]+)"`).exec(html)?.[1] ?? '';

describe('/admin/sessions', () => {
  it('says who, since when, from where, in which browser, for which viewers, and with which tokens', async () => {
    await reader.token(2, 'members');
    const said = plain(await page());
    expect(said).toContain('reader');
    expect(said).toContain('127.0.0.1 Firefox 130 on Linux');
    expect(said).toContain('Sign in to Example Library, for viewer.example');
    expect(said).toContain('1 access token');
    expect(said).toMatch(/Administrators .*keeper this one/);
  });

  it('holds no secret of a session', async () => {
    const html = await page();
    for (const cookie of [...reader.cookies.values()]) expect(html).not.toContain(cookie.split('.')[1] ?? cookie);
  });

  it('finds those of a user and of an address, and of visitors without an account where asked', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.agree();
    expect(await page('/admin/sessions?user=READER')).not.toContain('<bdi>curator</bdi>');
    expect(await page('/admin/sessions?user=nobody')).toContain('There are none.');
    expect(await page('/admin/sessions?address=192.0.2.1')).toContain('There are none.');
    expect(await page('/admin/sessions?address=127.0.0.1')).toContain('<bdi>curator</bdi>');
    expect(await page()).not.toContain('without an account</span>');
    expect(await page('/admin/sessions?everybody=yes')).toContain('without an account</span>');
  });

  it('ends one, and its pictures and tokens with it, on the next request', async () => {
    const { message } = await reader.token(2, 'members');
    const headers = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
    expect([await seesPicture(reader), await seesPicture(curator)]).toEqual([200, 200]);
    const reply = await press('session', { row: 'reader' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/admin/sessions?done=session-ended']);
    expect([await seesPicture(reader), await seesPicture(curator)]).toEqual([401, 200]);
    expect((await new TestVisitor(vitrine).ask('/iiif/3/members%2Fletter.jpg/info.json', { headers })).status).toBe(401);
    expect(await page()).not.toContain('<bdi>reader</bdi>');
    expect(await page()).toContain('<bdi>curator</bdi>');
    expect(plain(await page('/admin/audit?action=session.ended'))).toContain('keeper ended a session of reader');
  });

  it('ends one token, and leaves the session', async () => {
    const { message } = await reader.token(2, 'members');
    const headers = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
    const stranger = new TestVisitor(vitrine);
    const status = async () => (await stranger.ask('/iiif/3/members%2Fletter.jpg/info.json', { headers })).status;
    expect(await status()).toBe(200);
    expect((await press('token')).headers.get('location')).toBe('/admin/sessions?done=token-ended');
    expect([await status(), await seesPicture(reader)]).toEqual([401, 200]);
  });

  it('ends all of a user, as a reader and as an administrator, and goes back to the search', async () => {
    const second = new TestVisitor(vitrine);
    await second.signIn('reader');
    const html = await page('/admin/sessions?user=reader');
    const reply = await send('/admin/sessions/end?user=reader', { user: 'reader', 'form-token': tokenOf(html, 'sessions/end') });
    expect(reply.headers.get('location')).toBe('/admin/sessions?user=reader&done=user-sessions-ended');
    expect([await seesPicture(reader), await seesPicture(second)]).toEqual([401, 401]);
    expect(plain(await page('/admin/audit?action=sessions.ended'))).toContain('keeper ended the sessions of reader 2');
  });

  it('ends one of another administrator', async () => {
    await addAdministrator(vitrine, 'second');
    const second = await signedInAdministrator(vitrine, 'second');
    expect((await second.ask('/admin')).status).toBe(200);
    expect((await press('administrator')).headers.get('location')).toBe('/admin/sessions?done=session-ended');
    expect((await second.ask('/admin')).status).toBe(303);
    expect((await keeper.ask('/admin')).status).toBe(200);
  });

  it('ends everybody’s but the own, after a recent proof of who it is', async () => {
    await makeStale(vitrine);
    const html = await page();
    const endAll = () => send('/admin/sessions/end-all', { 'form-token': tokenOf(html, 'end-all') });
    const asked = await endAll();
    expect([asked.status, await seesPicture(reader)]).toEqual([403, 200]);
    expect(await asked.text()).toContain('Confirm that it is you');
    keeper = await signedInAdministrator(vitrine);
    const fresh = await page();
    const reply = await send('/admin/sessions/end-all', { 'form-token': tokenOf(fresh, 'end-all') });
    expect(reply.headers.get('location')).toBe('/admin/sessions?done=all-sessions-ended');
    expect((await keeper.ask('/admin')).status).toBe(200);
    expect(plain(await page('/admin/audit?action=sessions.all-ended'))).toContain('keeper ended every session');
  });

  it('changes nothing for a form of another site, or what has ended already', async () => {
    const html = await page();
    const other = await keeper.ask('/admin/sessions/end', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      body: new URLSearchParams({ user: 'reader', 'form-token': tokenOf(html, 'sessions/end') }).toString(),
    });
    expect([other.status, await seesPicture(reader)]).toEqual([403, 200]);
    const late = await send('/admin/sessions/end', { session: 'ses_that_is_gone', 'form-token': tokenOf(html, 'sessions/end') });
    expect(late.headers.get('location')).toBe('/admin/sessions?done=no-such-session');
  });
});
