import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { IDP, type KeyPair, makeKeyPair, type ResponseFacts, realIdp, redirectQuery, writeLogoutRequest } from '../identity/saml-idp.ts';
import {
  type CampusVitrine,
  leaveByLink,
  leaveByWindow,
  OTHER,
  picture,
  planCampus,
  postFromElsewhere,
  READERS,
  WINDOW,
} from './campus.ts';

let idp: KeyPair;
let provider: ReturnType<typeof realIdp>;
let vitrine: CampusVitrine;
let visitor: TestVisitor;

beforeAll(async () => {
  const own = await makeKeyPair('localhost');
  idp = await makeKeyPair('idp.example.edu');
  vitrine = await (await planCampus()).start({
    campus: {
      type: 'saml',
      label: 'Example University',
      issuer: IDP.entityId,
      signOnUrl: IDP.signOnUrl,
      signOutUrl: IDP.signOutUrl,
      certificates: idp.certificate,
      key: own.key,
      certificate: own.certificate,
      roles: READERS,
    },
    other: OTHER,
  });
  provider = realIdp(idp, await (await fetch(vitrine.address('metadata'))).text(), false);
});

afterAll(() => vitrine?.close());

beforeEach(() => {
  visitor = new TestVisitor(vitrine);
});

/** The form that the provider has the browser post to us. */
async function answer(leftFor: string, over: Partial<ResponseFacts> = {}): Promise<Record<string, string>> {
  const ours = { destination: vitrine.address('callback'), recipient: vitrine.address('callback'), audience: vitrine.address('metadata') };
  const { SAMLResponse } = await provider.answer(leftFor, (facts) => ({ ...facts, ...ours, ...over }));
  return { SAMLResponse, RelayState: new URL(leftFor).searchParams.get('RelayState') ?? '' };
}

async function comeBack(leftFor: string, who = visitor): Promise<Response> {
  return postFromElsewhere(who, '/identity/campus/callback', await answer(leftFor));
}

describe('a sign-in through SAML (samlify)', () => {
  it('is told of us by our metadata', async () => {
    const metadata = await fetch(vitrine.address('metadata'));
    expect(metadata.headers.get('content-type')).toBe('application/samlmetadata+xml; charset=utf-8');
    expect(await metadata.text()).toContain(vitrine.address('callback'));
    expect((await fetch(vitrine.address('metadata', 'other'))).status).toBe(404);
    expect((await fetch(vitrine.address('metadata', 'nobody'))).status).toBe(404);
  });

  it('comes back by a form of another site, without the cookies of our pages, and asks for a click', async () => {
    const back = await comeBack(await leaveByWindow(visitor));
    expect([back.status, back.headers.get('location')]).toEqual([303, `/auth/access/members?origin=${encodeURIComponent(VIEWER)}`]);
    expect(await picture(visitor)).toBe(401);
    const done = await visitor.submit(back.headers.get('location') ?? '', { answer: 'continue' });
    expect(await done.text()).toContain('You are signed in');
    expect(await picture(visitor)).toBe(200);
  });

  it('ends where the viewer waits for one that was chosen on our page', async () => {
    const back = await comeBack(await leaveByLink(visitor, `/auth/access/both?origin=${encodeURIComponent(VIEWER)}`));
    expect([back.status, (await back.text()).includes('close-window.js')]).toEqual([200, true]);
    expect(await picture(visitor, 'curators%2Fdiary.jpg')).toBe(200);
  });

  it('keeps the terms that were agreed to before, and makes the session of before worth nothing', async () => {
    await visitor.agree();
    const before = new Map(visitor.cookies);
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    expect([await picture(visitor), await picture(visitor, 'terms%2Fmap.jpg')]).toEqual([200, 200]);
    const old = new TestVisitor(vitrine);
    for (const [name, value] of before) old.cookies.set(name, value);
    expect(await picture(old, 'terms%2Fmap.jpg')).toBe(401);
  });

  it('takes an answer of half a megabyte, and none larger', async () => {
    const form = await answer(await leaveByLink(visitor, '/sign-in'));
    const large = await postFromElsewhere(visitor, '/identity/campus/callback', { ...form, padding: 'x'.repeat(100_000) });
    expect(large.status).toBe(303);
    const larger = await postFromElsewhere(visitor, '/identity/campus/callback', { ...form, padding: 'x'.repeat(530_000) });
    expect(larger.status).toBe(413);
  });

  it('is ended by a signed request of the provider, which the browser brings and goes back with', async () => {
    const other = new TestVisitor(vitrine);
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    await postFromElsewhere(other, '/identity/campus/callback', await answer(await leaveByLink(other, '/sign-in'), { nameId: 'p-2' }));
    expect([await picture(visitor), await picture(other)]).toEqual([200, 200]);
    const request = writeLogoutRequest({ destination: vitrine.address('logout') });
    const forged = await visitor.ask(`/identity/campus/logout?${redirectQuery(request, null)}`, { headers: WINDOW });
    expect([forged.status, await picture(visitor)]).toEqual([403, 200]);
    const told = await new TestVisitor(vitrine).ask(`/identity/campus/logout?${redirectQuery(request, idp.key)}`, { headers: WINDOW });
    expect(told.status).toBe(303);
    expect(told.headers.get('location')?.startsWith(`${IDP.signOutUrl}?SAMLResponse=`)).toBe(true);
    expect([await picture(visitor), await picture(other)]).toEqual([401, 200]);
  });

  it('can be ended at the provider too, and leads home from there', async () => {
    await comeBack(await leaveByLink(visitor, '/sign-in'));
    const page = await (await visitor.submit('/sign-out', {})).text();
    expect(page).toContain(`href="${IDP.signOutUrl}?SAMLRequest=`);
    const home = await visitor.ask('/identity/campus/logout?SAMLResponse=x', { headers: WINDOW });
    expect([home.status, home.headers.get('location')]).toEqual([303, '/']);
  });
});
