import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** More than anybody may fail without a wait. */
const ATTEMPTS = 8;

describe.each([
  ['without a proxy', [], (at: number) => `198.51.100.${at}`],
  ['behind a proxy that adds the true address at the right', ['127.0.0.0/8', '::1'], (at: number) => `198.51.100.${at}, 203.0.113.9`],
] as const)('a visitor who claims to be elsewhere, %s', (_where, trustedProxies, forwardedFor) => {
  let vitrine: TestVitrine;
  beforeAll(async () => {
    vitrine = await startTestVitrine({ options: { trustedProxies } });
  });
  afterAll(() => vitrine.close());

  it('guesses no more passwords for that', async () => {
    const visitor = new TestVisitor(vitrine);
    const page = await (await visitor.ask('/sign-in')).text();
    const formToken = /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
    const statuses: number[] = [];
    for (let at = 1; at <= ATTEMPTS; at += 1) {
      const response = await visitor.ask('/sign-in', {
        method: 'POST',
        headers: { ...FORM, 'x-forwarded-for': forwardedFor(at), 'x-real-ip': `198.51.100.${at}`, forwarded: `for=198.51.100.${at}` },
        body: new URLSearchParams({ user: 'reader', password: `guess ${at}`, 'form-token': formToken }).toString(),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('changes no address that we publish', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example;proto=https' };
    for (const path of [
      '/iiif/3/members%2Fletter.jpg/info.json',
      '/presentation/3/open%2Fphoto.jpg/manifest',
      '/iiif/2/open%2Fphoto.jpg',
      '/',
    ]) {
      const response = await fetch(`${vitrine.base}${path}`, { headers, redirect: 'manual' });
      expect(`${await response.text()}${response.headers.get('location')}`, path).not.toContain('evil.example');
      expect(response.headers.get('link') ?? '', path).not.toContain('evil.example');
    }
  });
});
