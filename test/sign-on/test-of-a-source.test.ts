import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { addAdministrator, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { runVitrine } from '../house/run-vitrine.ts';
import { type CasServer, startCasServer } from '../identity/cas-server.ts';
import { type CampusVitrine, leaveByLink, OTHER, pathOf, planCampus, WINDOW } from './campus.ts';

let cas: CasServer;
let vitrine: CampusVitrine;
let admin: TestVisitor;
let stranger: TestVisitor;

beforeAll(async () => {
  cas = await startCasServer();
  vitrine = await (await planCampus()).start({
    campus: {
      type: 'cas',
      label: 'Example University',
      url: cas.url,
      roles: [
        { roles: 'reader', when: { attribute: 'memberOf', is: 'library' } },
        { roles: 'administrator', when: { attribute: 'memberOf', is: 'keepers' } },
      ],
    },
    other: OTHER,
    directory: { type: 'ldap', label: 'Staff account', url: 'ldap://127.0.0.1:1', base: 'dc=example' },
  });
  await addAdministrator(vitrine);
});

afterAll(async () => {
  await vitrine?.close();
  await cas?.close();
});

beforeEach(async () => {
  cas.user = 'anna';
  cas.attributes = { memberOf: ['library', 'choir'] };
  admin = await signedInAdministrator(vitrine);
  stranger = new TestVisitor(vitrine);
});

async function goThrough(who: TestVisitor, path: string): Promise<Response> {
  const left = await who.ask(path, { headers: WINDOW });
  const answer = await fetch(left.headers.get('location') ?? '', { redirect: 'manual' });
  return who.ask(pathOf(answer.headers.get('location')), { headers: WINDOW });
}

async function linkOf(name: string): Promise<string> {
  const html = await (await admin.ask('/admin/identity')).text();
  return new RegExp(`href="(/identity/${name}/start[?]test=[^"]*)"`).exec(html)?.[1] ?? '';
}

async function userNames(): Promise<readonly string[]> {
  const people = await openSqlite(`${vitrine.data}/vitrine.db`);
  const users = await people.users.list();
  await people.close();
  return users.map(({ name }) => name);
}

describe('the page of the roles', () => {
  it('names the rules of sources that give a role, also one that nobody has', async () => {
    const html = await (await admin.ask('/admin/roles')).text();
    expect(html).toMatch(/<th scope="row">reader<\/th>[\s\S]*?rule 1 of campus \(identity file, line \d+\)/);
    expect(html).toMatch(/<th scope="row">administrator<\/th>[\s\S]*?rule 2 of campus/);
  });
});

describe('the test of a source', () => {
  it('shows what came and what would become of it, signs nobody in and keeps nothing', async () => {
    const shown = await goThrough(stranger, await linkOf('campus'));
    const page = await shown.text();
    expect(shown.status).toBe(200);
    for (const part of [
      'Subject</dt><dd>anna',
      'choir',
      'Rule 1 (line 1) gives reader: memberOf is &#34;library&#34;',
      'is not a user here yet',
    ]) {
      expect(page).toContain(part);
    }
    expect(stranger.cookies.has('vitrine-session')).toBe(false);
    expect(await userNames()).not.toContain('anna');
  });

  it('says exactly why a source is not believed', async () => {
    cas.answer = (response) => response.writeHead(200).end('<what/>');
    const page = await (await goThrough(stranger, await linkOf('campus'))).text();
    cas.answer = null;
    expect(page).toContain('identity.message');
    expect(page).toContain('no single serviceResponse');
  });

  it('is done once with its address, and only at its source', async () => {
    const link = await linkOf('campus');
    await goThrough(stranger, link);
    const again = await goThrough(stranger, link);
    expect([again.status, (await again.text()).includes('identity.replayed')]).toEqual([403, true]);
    expect((await stranger.ask((await linkOf('campus')).replace('/campus/', '/other/'), { headers: WINDOW })).status).toBe(404);
    const forged = `/identity/campus/start?test=campus.${Date.now() + 60_000}.${'a'.repeat(24)}.${'a'.repeat(43)}`;
    expect((await stranger.ask(forged, { headers: WINDOW })).status).toBe(404);
  });

  it('of a source that takes passwords is a form, for administrators alone', async () => {
    const fields = { source: 'directory', user: 'anna', password: 'secret word' };
    const shown = await (await admin.ask('/admin/identity')).text();
    const token = /action="\/admin\/identity"><input type="hidden" name="form-token" value="([^"]*)"/.exec(shown)?.[1] ?? '';
    const sent = { method: 'POST', headers: { origin: vitrine.base, 'content-type': 'application/x-www-form-urlencoded' } };
    const page = await (
      await admin.ask('/admin/identity', { ...sent, body: `${new URLSearchParams({ ...fields, 'form-token': token })}` })
    ).text();
    expect(page).toContain('unavailable');
    expect(page).not.toContain('secret word');
    const refused = await stranger.ask('/admin/identity');
    expect([refused.status, refused.headers.get('location')]).toEqual([303, '/admin/sign-in?return=%2Fadmin%2Fidentity']);
  });

  it('is begun at the command line too: an address for the running server, or name and password', async () => {
    const file = ['--identity', vitrine.identityFile, '--data', vitrine.data];
    const printed = await runVitrine(['identity', 'test', 'campus', ...file, '--public-url', vitrine.base], { folder: vitrine.data });
    const link = printed.out.split('\n').find((line) => line.startsWith(vitrine.base)) ?? '';
    expect(await (await goThrough(stranger, pathOf(link))).text()).toContain('Test of campus');
    const asked = await runVitrine(['identity', 'test', 'directory', '--user', 'anna', '--password-stdin', ...file], {
      folder: vitrine.data,
      input: 'secret word',
    });
    expect([asked.code, asked.out]).toEqual([1, expect.stringContaining('directory (ldap): unavailable: ')]);
    expect((await runVitrine(['identity', 'test', 'nobody', ...file], { folder: vitrine.data })).code).toBe(1);
  }, 30_000);
});

describe('the sign-in to the administration through a source', () => {
  it('opens it for an administrator by the rules, and nothing else', async () => {
    cas.attributes = { memberOf: ['keepers'] };
    const answer = await fetch(await leaveByLink(stranger, '/admin/sign-in?return=%2Fadmin%2Fidentity'), { redirect: 'manual' });
    const back = await stranger.ask(pathOf(answer.headers.get('location')), { headers: WINDOW });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/admin/identity']);
    expect(await (await stranger.ask('/admin/identity')).text()).toContain('Administration: <strong>anna');
    expect(stranger.cookies.has('vitrine-session')).toBe(false);
  });

  it('is refused to everybody else, and not begun without a click on our page', async () => {
    const answer = await fetch(await leaveByLink(stranger, '/admin/sign-in'), { redirect: 'manual' });
    const back = await stranger.ask(pathOf(answer.headers.get('location')), { headers: WINDOW });
    expect([back.status, (await back.text()).includes('You are no administrator')]).toEqual([403, true]);
    const unclicked = await stranger.ask('/identity/campus/start?admin=%2Fadmin', { headers: WINDOW });
    expect(unclicked.headers.get('location')).toBe('/admin/sign-in');
  });

  it('ends when the source says so', async () => {
    cas.attributes = { memberOf: ['keepers'] };
    cas.user = 'keeper-of-keys';
    const answer = await fetch(await leaveByLink(stranger, '/admin/sign-in'), { redirect: 'manual' });
    await stranger.ask(pathOf(answer.headers.get('location')), { headers: WINDOW });
    expect((await stranger.ask('/admin')).status).toBe(200);
    const reader = await fetch(await leaveByLink(stranger, '/sign-in'), { redirect: 'manual' });
    const back = pathOf(reader.headers.get('location'));
    await stranger.ask(back, { headers: WINDOW });
    const index = new URLSearchParams(back.split('?')[1]).get('ticket') ?? '';
    const logoutRequest = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x"><samlp:SessionIndex>${index}</samlp:SessionIndex></samlp:LogoutRequest>`;
    await fetch(vitrine.address('callback'), { method: 'POST', body: new URLSearchParams({ logoutRequest }) });
    expect((await stranger.ask('/admin')).status).toBe(303);
  });
});
