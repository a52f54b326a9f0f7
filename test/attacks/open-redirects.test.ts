import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { returnPath } from '../../src/http/access/return-path.ts';
import { readTarget } from '../../src/http/identity/sign-on-target.ts';
import { fakePeople } from '../fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN } from '../fakes/browser.ts';
import { readList } from './read-list.ts';

const HOSTILE = readList('open-redirects.txt');

describe('the way back after a sign-in', () => {
  it('is tried with four hundred hostile addresses', () => expect(HOSTILE.length).toBeGreaterThan(400));

  it.each(HOSTILE)('never follows %j', async (hostile) => {
    const access = createAccess({ ...fakePeople(), signingKey: 'key', cookiePath: '/', slashSubstitute: null });
    const browser = new FakeBrowser();
    const query = { return: hostile };
    const shown = await browser.get(access.handlers.signIn, { query });
    expect(shown.body).toContain('action="/sign-in"');
    const reply = await browser.post(access.handlers.submitSignIn, { query, form: { user: 'ada', password: 'lovelace' } });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/' } });
  });

  it.each(HOSTILE)('through an account elsewhere never follows %j', (hostile) => {
    expect(readTarget(new URLSearchParams({ return: hostile }))).toEqual({ kind: 'page', path: '/' });
  });

  it.each(HOSTILE)('from an access service is closing the window, whatever origin is given: %j', async (hostile) => {
    const access = createAccess({ ...fakePeople(), signingKey: 'key', cookiePath: '/', slashSubstitute: null });
    const browser = new FakeBrowser();
    const ask = { params: { service: 'members' }, query: { origin: hostile } };
    await browser.get(access.handlers.accessService, ask);
    const reply = await browser.post(access.handlers.submitAccessService, { ...ask, form: { user: 'ada', password: 'lovelace' } });
    expect(reply.headers).not.toHaveProperty('location');
    expect(reply.headers).not.toHaveProperty('refresh');
    expect([200, 400]).toContain(reply.status);
    expect(String(reply.body)).not.toMatch(/evil|http-equiv/i);
  });

  it.each([
    '/',
    '/browse/',
    '/browse/maps',
    '/browse/maps/north?page=2',
    '/view/openseadragon/maps%2Fnorth%20sea.tif',
    '/view/mirador/letters%2F1850%2Fa%26b.jpg',
    '/view/mirador/%C3%BCml%C3%A4ut.jpg',
    '/view/openseadragon/book.tif%2F2?canvas=1&x=(1)',
  ])('leads to our page %s', (path) => {
    expect(returnPath(path)).toBe(path);
    expect(new URL(path, OWN_ORIGIN).origin).toBe(OWN_ORIGIN);
  });

  it('is short', () => expect(returnPath(`/view/${'a'.repeat(2000)}`)).toBe('/'));
});
