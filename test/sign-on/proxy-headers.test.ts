import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { type CampusVitrine, picture, planCampus, WINDOW } from './campus.ts';

const SHIBBOLETH = {
  type: 'proxy-headers',
  label: 'Sign in through your institution',
  userName: 'X-Remote-User',
  attributes: { affiliation: 'X-Affiliation' },
  signOutPath: '/Shibboleth.sso/Logout',
  roles: [{ roles: 'reader', when: { attribute: 'affiliation', affiliation: 'member', scope: 'example.edu' } }],
};

let vitrine: CampusVitrine;
let visitor: TestVisitor;

beforeAll(async () => {
  vitrine = await (await planCampus()).start({
    campus: { ...SHIBBOLETH, from: ['127.0.0.1', '::1'] },
    other: { ...SHIBBOLETH, from: ['192.0.2.1'] },
  });
});

afterAll(() => vitrine?.close());

beforeEach(() => {
  visitor = new TestVisitor(vitrine);
});

/** As the proxy passes it on: this test is at an address that counts. */
const NAMED = { ...WINDOW, 'x-remote-user': 'anna', 'x-affiliation': 'member@example.edu' };

function begin(source: string, service: string, headers: Record<string, string>): Promise<Response> {
  return visitor.ask(`/identity/${source}/start?service=${service}&origin=${encodeURIComponent(VIEWER)}`, { headers });
}

describe('a sign-in by the headers of a proxy', () => {
  it('is done where the proxy names somebody, and asks for a click before the viewer gets anything', async () => {
    const opened = await visitor.ask(`/auth/access/members?origin=${encodeURIComponent(VIEWER)}`, { headers: WINDOW });
    expect(opened.headers.get('location')).toContain('/identity/campus/start?service=members');
    const begun = await begin('campus', 'members', NAMED);
    expect([begun.status, begun.headers.get('location')]).toEqual([303, `/auth/access/members?origin=${encodeURIComponent(VIEWER)}`]);
    await visitor.submit(begun.headers.get('location') ?? '', { answer: 'continue' });
    expect(await picture(visitor)).toBe(200);
  });

  it('is refused from any other address, whatever address the request claims', async () => {
    const refused = await begin('other', 'elsewhere', { ...NAMED, 'x-forwarded-for': '192.0.2.1' });
    expect([refused.status, (await refused.text()).includes('identity.proxy')]).toEqual([403, true]);
    expect(visitor.cookies.has('vitrine-session')).toBe(false);
  });

  it('is refused where the proxy names nobody', async () => {
    const refused = await begin('campus', 'members', WINDOW);
    expect([refused.status, (await refused.text()).includes('identity.proxy')]).toEqual([403, true]);
  });

  it('counts on the way in, and nowhere else: headers of other requests are nobody’s', async () => {
    const headers = { 'x-remote-user': 'anna', 'x-affiliation': 'member@example.edu' };
    expect((await visitor.ask('/iiif/3/members%2Fletter.jpg/full/50,/0/default.jpg', { headers })).status).toBe(401);
  });

  it('can be ended at the proxy too', async () => {
    await begin('campus', 'members', NAMED);
    const page = await (await visitor.submit('/sign-out', {})).text();
    expect(page).toContain('href="/Shibboleth.sso/Logout"');
  });
});
