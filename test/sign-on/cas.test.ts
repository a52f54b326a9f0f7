import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { type CasServer, startCasServer } from '../identity/cas-server.ts';
import { type CampusVitrine, leaveByLink, leaveByWindow, OTHER, pathOf, picture, planCampus, READERS, WINDOW } from './campus.ts';

let cas: CasServer;
let vitrine: CampusVitrine;
let visitor: TestVisitor;

beforeAll(async () => {
  cas = await startCasServer();
  vitrine = await (await planCampus()).start({
    campus: { type: 'cas', label: 'Example University', url: cas.url, roles: READERS },
    other: OTHER,
  });
});

afterAll(async () => {
  await vitrine?.close();
  await cas?.close();
});

beforeEach(() => {
  visitor = new TestVisitor(vitrine);
  cas.user = 'anna';
});

/** Signs in at the CAS server, and is back with a ticket. */
async function comeBack(leftFor: string, who = visitor): Promise<string> {
  const answer = await fetch(leftFor, { redirect: 'manual' });
  const back = pathOf(answer.headers.get('location'));
  await who.ask(back, { headers: WINDOW });
  return new URLSearchParams(back.split('?')[1]).get('ticket') ?? '';
}

describe('a sign-in through CAS', () => {
  it('opens what the account may see, after a click on our page', async () => {
    await comeBack(await leaveByWindow(visitor));
    expect(await picture(visitor)).toBe(401);
    await visitor.submit(`/auth/access/members?origin=${encodeURIComponent('https://viewer.example')}`, { answer: 'continue' });
    expect(await picture(visitor)).toBe(200);
  });

  it('is ended by the server with its ticket, and by nobody without', async () => {
    const ticket = await comeBack(await leaveByLink(visitor, '/sign-in'));
    const tell = (index: string) =>
      fetch(vitrine.address('callback'), {
        method: 'POST',
        body: new URLSearchParams({
          logoutRequest: `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x"><samlp:SessionIndex>${index}</samlp:SessionIndex></samlp:LogoutRequest>`,
        }),
      });
    expect((await tell('ST-1-of-somebody-else')).status).toBe(200);
    expect((await tell('anna')).status).toBe(400);
    expect(await picture(visitor)).toBe(200);
    expect((await tell(ticket)).status).toBe(200);
    expect(await picture(visitor)).toBe(401);
  });

  it('leaves no ticket and no secret of a sign-in in the data folder', async () => {
    const left = await leaveByLink(visitor, '/sign-in');
    const state = new URL(new URL(left).searchParams.get('service') ?? '').searchParams.get('state') ?? '';
    const key = visitor.cookies.get('vitrine-sign-on') ?? '';
    const ticket = await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect([state.length, key.length, ticket.length].every((length) => length > 20)).toBe(true);
    for (const name of ['vitrine.db', 'vitrine.db-wal']) {
      const bytes = await readFile(`${vitrine.data}/${name}`, 'latin1');
      for (const secret of [state, key, ticket]) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('is a user of that source, in the list of users', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect(await (await visitor.ask('/')).text()).toContain('anna');
  });
});

describe('a sign-in below a path', () => {
  it('goes out and comes back there, and its cookie is for that path alone', async () => {
    const plan = await planCampus();
    const sources = { campus: { type: 'cas', label: 'Example University', url: cas.url, roles: READERS }, other: OTHER };
    const below = await plan.start(sources, undefined, { publicUrl: `${plan.base}/library` });
    const reader = new TestVisitor(plan);
    const opened = await reader.ask('/library/auth/access/members?origin=https%3A%2F%2Fviewer.example', { headers: WINDOW });
    const started = await reader.ask(pathOf(opened.headers.get('location')), { headers: WINDOW });
    const [cookie = ''] = started.headers.getSetCookie();
    expect(cookie).toMatch(/^vitrine-sign-on=[^;]+; Path=\/library\/identity; Max-Age=600; HttpOnly; Secure; SameSite=None$/);
    const left = new URL(started.headers.get('location') ?? '');
    expect(left.searchParams.get('service')?.startsWith(`${plan.base}/library/identity/campus/callback?state=`)).toBe(true);
    const answer = await fetch(left, { redirect: 'manual' });
    const back = await reader.ask(pathOf(answer.headers.get('location')), { headers: WINDOW });
    expect(back.headers.get('location')).toBe('/library/auth/access/members?origin=https%3A%2F%2Fviewer.example');
    await below.close();
  });
});

describe('a changed identity file', () => {
  it('is taken over, a broken one leaves the old one in force, and a source that is gone is offered no more', async () => {
    const text = await readFile(vitrine.identityFile, 'utf8');
    const page = async () => (await visitor.ask('/auth/access/both')).text();
    await writeFile(vitrine.identityFile, text.replace('Example University', 'Renamed University'));
    await expect.poll(page, { timeout: 20_000 }).toContain('Renamed University');
    await writeFile(vitrine.identityFile, '{ sources: nothing }');
    const broken = () => vitrine.log.some(({ msg }) => String(msg).includes('the last valid version stays in force'));
    await expect.poll(broken, { timeout: 20_000 }).toBe(true);
    expect(await page()).toContain('Renamed University');
    await writeFile(vitrine.identityFile, JSON.stringify({ sources: { other: OTHER } }));
    await expect.poll(page, { timeout: 20_000 }).not.toContain('Renamed University');
    expect((await visitor.ask('/identity/campus/start?service=members')).status).toBe(404);
    await expect
      .poll(() => vitrine.log.some(({ msg }) => String(msg).includes('There is no identity source "campus"')), { timeout: 20_000 })
      .toBe(true);
  });
});
