import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { returnPath } from '../../src/http/access/return-path.ts';
import { fakePeople } from '../fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN } from '../fakes/browser.ts';
import { readList } from './read-list.ts';

const HOSTILE = readList('open-redirects.txt');

describe('the way back after a sign-in', () => {
  it('is tried with a good hundred hostile addresses', () => expect(HOSTILE.length).toBeGreaterThan(100));

  it.each(HOSTILE)('never follows %j', async (hostile) => {
    const access = createAccess({ ...fakePeople(), signingKey: 'key', cookiePath: '/', slashSubstitute: null });
    const browser = new FakeBrowser();
    const query = { return: hostile };
    const shown = await browser.get(access.handlers.signIn, { query });
    expect(shown.body).toContain('action="/sign-in"');
    const reply = await browser.post(access.handlers.submitSignIn, { query, form: { user: 'ada', password: 'lovelace' } });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/' } });
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
