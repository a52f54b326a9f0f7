import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ORIGIN = `origin=${encodeURIComponent(VIEWER)}`;

/** Every page for people, with and without a mistake in the address. */
const PAGES = [
  '/',
  '/browse/open',
  '/browse/missing',
  '/view/openseadragon/open%2Fphoto.jpg',
  '/view/mirador/members%2Fletter.jpg',
  '/view/mirador/nowhere%2Funlisted.jpg',
  '/view/nothing/x',
  '/sign-in',
  '/sign-in?return=/browse/open',
  '/sign-out',
  `/auth/access/members?${ORIGIN}`,
  `/auth/access/terms?${ORIGIN}`,
  '/auth/access/members?origin=evil',
  '/auth/access/nothing',
  '/auth/logout/nothing',
  '/auth/logout/terms',
  '/browser-check',
  '/session',
] as const;

const TOKEN_PAGES = [`/auth/token/1/members?messageId=1&${ORIGIN}`, `/auth/token/2/members?messageId=1&${ORIGIN}`, '/auth/token/2/nothing'];

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
});
afterAll(() => vitrine.close());

/** The policy, directive by directive. */
function policyOf(response: Response): ReadonlyMap<string, string> {
  const directives = (response.headers.get('content-security-policy') ?? '').split(';').map((each) => each.trim());
  return new Map(directives.map((each) => [each.split(' ')[0] ?? '', each.slice(each.indexOf(' ') + 1)]));
}

describe.each(['nobody', 'reader'] as const)('as %s', (who) => {
  let visitor: TestVisitor;
  beforeAll(async () => {
    visitor = new TestVisitor(vitrine);
    if (who === 'reader') await visitor.signIn('reader');
  });

  it.each(PAGES)('%s cannot be framed, runs no foreign script, and is kept by no cache', async (path) => {
    const response = await visitor.ask(path);
    if (response.status === 303) return expect(response.headers.get('location')).toBe('/');
    const policy = policyOf(response);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('form-action')).toBe("'self'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    // The viewer would take the window for closed.
    expect(response.headers.get('cross-origin-opener-policy')).toBeNull();
    expect(response.headers.get('x-powered-by') ?? response.headers.get('server')).toBeNull();
  });

  it.each(TOKEN_PAGES)('%s can be framed by a viewer, and still runs no script but our own', async (path) => {
    const response = await visitor.ask(path);
    const policy = policyOf(response);
    expect(response.status).toBe(200);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe('*');
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });
});

describe('cookies', () => {
  it('are never readable by scripts, never sent without https, and never for a whole domain', async () => {
    const visitor = new TestVisitor(vitrine);
    const shown = await visitor.ask(`/auth/access/members?${ORIGIN}`);
    const signedIn = await visitor.signIn('reader');
    const cookies = [...shown.headers.getSetCookie(), ...signedIn.headers.getSetCookie()];
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['vitrine-form', 'vitrine-session', 'vitrine-access']);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly; Secure; /);
      expect(cookie).not.toMatch(/domain=/i);
      expect(cookie.includes('SameSite=None')).toBe(cookie.startsWith('vitrine-access='));
    }
  });

  it('of before a sign-in are worth nothing after it', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.agree();
    const planted = new Map(visitor.cookies);
    await visitor.signIn('reader');
    const attacker = new TestVisitor(vitrine);
    for (const [name, value] of planted) attacker.cookies.set(name, value);
    expect((await attacker.ask('/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg')).status).toBe(401);
    expect((await attacker.ask('/iiif/3/terms%2Fmap.jpg/full/max/0/default.jpg')).status).toBe(401);
    expect((await visitor.ask('/iiif/3/terms%2Fmap.jpg/full/max/0/default.jpg')).status).toBe(200);
  });
});
