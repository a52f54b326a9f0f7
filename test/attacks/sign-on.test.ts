import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { type CasServer, startCasServer } from '../identity/cas-server.ts';
import { IDP, type KeyPair, makeKeyPair, requestIdOf, rightFacts, sign, writeResponse } from '../identity/saml-idp.ts';
import {
  type CampusVitrine,
  leaveByLink,
  leaveByWindow,
  pathOf,
  picture,
  planCampus,
  postFromElsewhere,
  READERS,
  WINDOW,
} from '../sign-on/campus.ts';
import { readList } from './read-list.ts';

let cas: CasServer;
let otherCas: CasServer;
let idp: KeyPair;
let vitrine: CampusVitrine;
let victim: TestVisitor;
let attacker: TestVisitor;

const ACCESS = `accessServices:
  members: { pattern: login, label: Members, identity: [campus] }
  both: { pattern: login, label: Both, identity: [local, campus, other, saml] }
policies:
  - { items: members/**, allow: [{ service: members, roles: [reader] }] }
  - { items: '**', allow: [{ service: both, roles: [reader] }] }
`;

beforeAll(async () => {
  [cas, otherCas] = await Promise.all([startCasServer(), startCasServer()]);
  idp = await makeKeyPair('idp.example.edu');
  const saml = {
    type: 'saml',
    label: 'SAML',
    issuer: IDP.entityId,
    signOnUrl: IDP.signOnUrl,
    certificates: idp.certificate,
    roles: READERS,
  };
  vitrine = await (await planCampus()).start(
    {
      campus: { type: 'cas', label: 'Campus', url: cas.url, roles: READERS },
      other: { type: 'cas', label: 'Other', url: otherCas.url, roles: READERS },
      saml,
    },
    ACCESS,
  );
});

afterAll(async () => {
  await vitrine?.close();
  await Promise.all([cas?.close(), otherCas?.close()]);
});

beforeEach(() => {
  victim = new TestVisitor(vitrine);
  attacker = new TestVisitor(vitrine);
  cas.user = 'mallory';
  otherCas.user = 'mallory';
});

/** The address with which the CAS server sends the browser back. */
async function answerOf(leftFor: string): Promise<string> {
  return pathOf((await fetch(leftFor, { redirect: 'manual' })).headers.get('location'));
}

async function isRefused(reply: Response, code: string, who: TestVisitor): Promise<void> {
  expect([reply.status, (await reply.text()).includes(code), who.cookies.has('vitrine-session')]).toEqual([403, true, false]);
}

describe('an answer of a source', () => {
  it('that is somebody else’s signs nobody in: not without our cookie, and not with the cookie of another sign-in', async () => {
    const answer = await answerOf(await leaveByLink(attacker, '/sign-in'));
    await isRefused(await victim.ask(answer, { headers: WINDOW }), 'identity.state', victim);
    await leaveByLink(victim, '/sign-in');
    await isRefused(await victim.ask(answer, { headers: WINDOW }), 'identity.state', victim);
    // It is still the attacker's own, who gains nothing by it.
    expect((await attacker.ask(answer, { headers: WINDOW })).status).toBe(303);
  });

  it('that somebody else posts signs nobody in either', async () => {
    const left = await leaveByLink(attacker, '/sign-in', 'saml');
    const facts = {
      ...rightFacts(requestIdOf(left)),
      recipient: vitrine.address('callback', 'saml'),
      destination: vitrine.address('callback', 'saml'),
    };
    const response = sign(writeResponse({ ...facts, audience: vitrine.address('metadata', 'saml') }), idp);
    const form = { SAMLResponse: Buffer.from(response).toString('base64'), RelayState: new URL(left).searchParams.get('RelayState') ?? '' };
    await leaveByLink(victim, '/sign-in', 'saml');
    await isRefused(await postFromElsewhere(victim, '/identity/saml/callback', form), 'identity.state', victim);
    expect((await postFromElsewhere(attacker, '/identity/saml/callback', form)).status).toBe(303);
  });

  it.each(readList('open-redirects.txt').slice(0, 40))('leads nowhere by its relay state: %j', async (payload) => {
    const form = { SAMLResponse: 'x', RelayState: payload };
    const reply = await postFromElsewhere(victim, '/identity/saml/callback', form);
    expect([reply.status, reply.headers.get('location')]).toEqual([403, null]);
    expect(await reply.text()).toContain('<a class="button primary" href="/">');
  });

  it('counts once, also when it comes twice at the same moment', async () => {
    const answer = await answerOf(await leaveByLink(attacker, '/sign-in'));
    const replies = await Promise.all(Array.from({ length: 8 }, () => attacker.ask(answer, { headers: WINDOW })));
    expect(replies.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(403)]);
  });

  it('that is refused is a page that cannot be framed, runs no foreign script, and is kept by no cache', async () => {
    const reply = await victim.ask('/identity/campus/callback?state=<script>&ticket="><script>', { headers: WINDOW });
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect([reply.status, reply.headers.get('cache-control'), reply.headers.get('referrer-policy')]).toEqual([
      403,
      'no-store',
      'same-origin',
    ]);
    expect(await reply.text()).not.toContain('<script>');
  });

  it('of one source is none of another', async () => {
    const answer = await answerOf(await leaveByLink(victim, '/sign-in', 'campus'));
    await isRefused(
      await victim.ask(answer.replace('/identity/campus/', '/identity/other/'), { headers: WINDOW }),
      'identity.state',
      victim,
    );
    expect((await victim.ask(answer, { headers: WINDOW })).status).toBe(303);
  });

  it('is over after ten minutes, whatever the browser still has', async () => {
    const answer = await answerOf(await leaveByLink(victim, '/sign-in'));
    const kept = await openSqlite(`${vitrine.data}/vitrine.db`);
    await kept.pendingSignIns.removeEnded(new Date(Date.now() + 10 * 60_000 + 1_000), 1_000);
    await kept.close();
    await isRefused(await victim.ask(answer, { headers: WINDOW }), 'identity.state', victim);
  });
});

describe('a sign-in through a source', () => {
  it.each(readList('open-redirects.txt'))('never leads to %j', async (payload) => {
    const query = new URLSearchParams({ return: payload });
    const page = await (await victim.ask(`/sign-in?${query}`)).text();
    const href = /href="(\/identity\/campus\/start[^"]*)"/.exec(page)?.[1] ?? '';
    expect(new URL(href.replaceAll('&#38;', '&'), vitrine.base).searchParams.get('return')).toBe('/');
    const started = await victim.ask(`/identity/campus/start?${query}`, { headers: WINDOW });
    expect([started.status, started.headers.get('location')]).toEqual([303, '/sign-in']);
  });

  it('that another site begins gives that site nothing without a click on our page', async () => {
    cas.user = 'anna';
    const back = await victim.ask(await answerOf(await leaveByWindow(victim, 'members', 'https://evil.example')), { headers: WINDOW });
    expect(back.headers.get('location')).toBe('/auth/access/members?origin=https%3A%2F%2Fevil.example');
    expect(await picture(victim)).toBe(401);
    expect((await victim.token(2, 'members', 'https://evil.example')).message).toMatchObject({ type: 'AuthAccessTokenError2' });
  });

  it.each(['image', 'iframe', 'empty'])('is not begun in the %s of a page elsewhere', async (destination) => {
    const headers = { 'sec-fetch-dest': destination, 'sec-fetch-site': 'cross-site' };
    const opened = await victim.ask('/auth/access/members?origin=https://evil.example', { headers });
    expect([opened.status, opened.headers.get('location')]).toEqual([200, null]);
    const started = await victim.ask('/identity/campus/start?service=members&origin=https://evil.example', { headers });
    expect(started.headers.get('location')).toBe('/auth/access/members?origin=https%3A%2F%2Fevil.example');
  });

  it('that is begun with the link of another browser is none that was clicked', async () => {
    const page = await (await attacker.ask('/auth/access/both?origin=https://evil.example')).text();
    const href = (/href="(\/identity\/campus\/start[^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&#38;', '&');
    const started = await victim.ask(href, { headers: WINDOW });
    expect(started.headers.get('location')).toBe('/auth/access/both?origin=https%3A%2F%2Fevil.example');
  });

  it('makes a session that was planted worth nothing', async () => {
    cas.user = 'anna';
    await attacker.ask(await answerOf(await leaveByLink(attacker, '/sign-in')), { headers: WINDOW });
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    cas.user = 'victim';
    await victim.ask(await answerOf(await leaveByLink(victim, '/sign-in')), { headers: WINDOW });
    expect([await picture(victim), await picture(attacker)]).toEqual([200, 401]);
    expect(await (await victim.ask('/')).text()).toContain('victim');
  });

  it('is refused to a user who is disabled here, whose sessions have ended', async () => {
    cas.user = 'dismissed';
    await victim.ask(await answerOf(await leaveByLink(victim, '/sign-in')), { headers: WINDOW });
    expect(await picture(victim)).toBe(200);
    const people = await openSqlite(`${vitrine.data}/vitrine.db`);
    const user = await people.users.find('dismissed');
    if (user === null) throw new Error('the user is not kept');
    await people.users.disable(user.id, new Date());
    await people.close();
    const again = new TestVisitor(vitrine);
    const reply = await again.ask(await answerOf(await leaveByLink(again, '/sign-in')), { headers: WINDOW });
    await isRefused(reply, 'your account here is closed', again);
    await expect.poll(() => picture(victim), { timeout: 10_000 }).toBe(401);
  });

  it('never becomes an account of ours that has the same name', async () => {
    cas.user = 'curator';
    await victim.ask(await answerOf(await leaveByLink(victim, '/sign-in')), { headers: WINDOW });
    const people = await openSqlite(`${vitrine.data}/vitrine.db`);
    const [own, all] = [await people.users.find('curator'), await people.users.list()];
    await people.close();
    expect(own).toMatchObject({ source: 'local', roles: ['curator'] });
    const outside = all.filter(({ source, subject }) => source === 'campus' && subject === 'curator');
    expect(outside).toEqual([expect.objectContaining({ roles: ['reader'] })]);
    expect(outside[0]?.name).not.toBe('curator');
  });

  it('is slowed where one address begins, or answers, without end', async () => {
    const access = ACCESS.replace('campus, other, saml', 'campus');
    const alone = await (await planCampus()).start({ campus: { type: 'cas', label: 'Campus', url: cas.url, roles: READERS } }, access);
    const flood = (path: string) => Promise.all(Array.from({ length: 320 }, () => new TestVisitor(alone).ask(path, { headers: WINDOW })));
    const statuses = new Set((await flood('/identity/campus/start?service=members')).map(({ status }) => status));
    expect(statuses).toEqual(new Set([303, 429]));
    const answers = await flood('/identity/campus/callback?state=x&ticket=ST-1');
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(300);
    await alone.close();
  });

  it('that was refused is written down with the reason, which the visitor is not told', async () => {
    const reply = await victim.ask('/identity/campus/callback?state=none&ticket=ST-1', { headers: WINDOW });
    expect(await reply.text()).not.toContain('pending');
    const people = await openSqlite(`${vitrine.data}/vitrine.db`);
    const [last] = await people.audit.list({ action: 'sign-in.failed' }, { limit: 1 });
    await people.close();
    expect(last).toMatchObject({ actor: null, detail: 'campus: identity.state: no sign-in is pending' });
  });
});
