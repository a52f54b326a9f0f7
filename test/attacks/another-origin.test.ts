import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** Each looks like the viewer that the visitor was sent by, in one way or another, and is somebody else. */
const LOOKALIKES = [
  'https://viewer.example.evil.example',
  'https://evil-viewer.example',
  'https://evil.viewer.example',
  'https://viewer.exampl',
  'https://viewer.example.',
  'https://viewer.example:444',
  'http://viewer.example',
  'http://viewer.example:443',
  'https://other.example',
];

let vitrine: TestVitrine;
let visitor: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  visitor = new TestVisitor(vitrine);
  await visitor.signIn('reader');
});
afterAll(() => vitrine.close());

describe.each(LOOKALIKES)('the viewer %s', (origin) => {
  it('gets no token of somebody who signed in for another viewer', async () => {
    expect(await visitor.token(2, 'members', origin)).toMatchObject({ message: { profile: 'invalidOrigin' }, target: origin });
    expect(await visitor.token(1, 'members', origin)).toMatchObject({ message: { error: 'invalidOrigin' }, target: origin });
  });

  it('cannot use the token of another viewer, not even beside the cookie', async () => {
    const token = String((await visitor.token(2, 'members')).message['accessToken']);
    const headers = { authorization: `Bearer ${token}`, origin };
    expect((await visitor.ask('/iiif/3/members%2Fletter.jpg/info.json', { headers })).status).toBe(401);
    expect(await (await visitor.ask('/auth/probe/members%2Fletter.jpg', { headers })).json()).toMatchObject({ status: 401 });
  });

  it.each([
    '/iiif/3/members%2Fletter.jpg/info.json',
    '/iiif/3/members%2Fletter.jpg/full/max/0/default.jpg',
    '/auth/probe/members%2Fletter.jpg',
  ])('may not read what the cookie opens at %s: it gets what it gets without', async (path) => {
    const response = await visitor.ask(path, { headers: { origin } });
    const without = await new TestVisitor(vitrine).ask(path, { headers: { origin } });
    expect([response.status, await response.text()]).toEqual([without.status, await without.text()]);
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
    const own = await visitor.ask(path, { headers: { origin: VIEWER } });
    expect(own.status).toBe(200);
    expect(Buffer.from(await own.arrayBuffer()).toString()).not.toContain('"status": 401');
    expect(own.headers.get('access-control-allow-origin')).toBe(VIEWER);
    expect(own.headers.get('access-control-allow-credentials')).toBe('true');
  });
});

describe('a form', () => {
  it.each([...LOOKALIKES, VIEWER, 'null'])('that %s sends is refused, and nobody is signed in', async (origin) => {
    const stranger = new TestVisitor(vitrine);
    const page = await (await stranger.ask('/sign-in')).text();
    const formToken = /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(formToken).not.toBe('');
    const response = await stranger.ask('/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: new URLSearchParams({ user: 'reader', password: 'correct horse battery', 'form-token': formToken }).toString(),
    });
    expect(response.status).toBe(403);
    expect(stranger.cookies.has('vitrine-session')).toBe(false);
  });
});
