import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Options } from '../../src/config/options.ts';
import { startNginx } from '../harness/nginx.ts';
import { freePort } from '../harness/process.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine } from '../harness/vitrine.ts';
import { findRealPart, NGINX } from '../setup/real-parts.ts';

const LETTER = '/iiif/3/members%2Fletter.jpg';
const BLOCKS = [...(await readFile('docs/guides/behind-a-proxy.md', 'utf8')).matchAll(/```nginx\n(.*?)```/gs)].map(
  ([, block = '']) => block,
);

/** The block of the guide that begins so. */
function fromTheGuide(begin: string): string {
  const block = BLOCKS.find((each) => each.trimStart().startsWith(begin));
  if (block === undefined) throw new Error(`The guide has no block with ${begin}.`);
  return block;
}

/** As in the guide, but for ports, and for the certificate. */
function adapt(block: string, to: string, listen: number): string {
  return block
    .replace('listen 443 ssl;', `listen 127.0.0.1:${listen};`)
    .replace(/ *ssl_certificate.*\n/g, '')
    .replaceAll('http://127.0.0.1:8080', to);
}

async function start(options: Partial<Options>, configuration: (listen: number, port: number) => string, path = '') {
  const [listen, port] = [await freePort(), await freePort()];
  const publicUrl = `http://localhost:${listen}${path}`;
  const vitrine = await startTestVitrine({ options: { port, publicUrl, ...options } });
  onTestFinished(() => vitrine.close());
  const nginx = await startNginx(configuration(listen, port), `http://127.0.0.1:${listen}/`);
  onTestFinished(() => nginx.stop());
  return { vitrine, publicUrl };
}

/** What a reader and a viewer do: each answer has to come through, and to name us as visitors do. */
async function useIt(publicUrl: string): Promise<void> {
  const reader = new TestVisitor({ base: publicUrl });
  const locked = await reader.ask(`${LETTER}/info.json`);
  expect([locked.status, ((await locked.json()) as { id: string }).id]).toEqual([401, `${publicUrl}${LETTER}`]);
  expect((await reader.ask(`${LETTER}/0,0,200,200/100,/0/default.jpg`)).status).toBe(401);
  expect((await reader.signIn('reader')).status).toBe(200);
  const tile = await reader.ask(`${LETTER}/0,0,200,200/100,/0/default.jpg`);
  expect([tile.status, tile.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(tile.headers.get('link')).toContain(`<${publicUrl}${LETTER}/`);
  const redirect = await reader.ask('/iiif/3/open%2Fphoto.jpg');
  expect([redirect.status, redirect.headers.get('location')]).toEqual([303, `${publicUrl}/iiif/3/open%2Fphoto.jpg/info.json`]);
  const manifest = await (await reader.ask('/presentation/3/members%2Fletter.jpg/manifest')).text();
  const ours = [...manifest.matchAll(/"(?:@id|id)": "(http:\/\/localhost[^"]*)"/g)].map(([, id = '']) => id);
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((id) => !id.startsWith(`${publicUrl}/`))).toEqual([]);
}

describe.skipIf(findRealPart(NGINX) === null)('behind nginx, as the guide says', () => {
  it('everything is what it is without a proxy', async () => {
    const server = fromTheGuide('server {');
    const trusted = { trustedProxies: ['127.0.0.1'] };
    const { publicUrl } = await start(trusted, (listen, port) => adapt(server, `http://127.0.0.1:${port}`, listen));
    await useIt(publicUrl);
  });

  it('below a path every page, link, cookie and document stays below it', async () => {
    const location = fromTheGuide('location /pictures/');
    const below = (listen: number, port: number) =>
      `server { listen 127.0.0.1:${listen};\n${adapt(location, `http://127.0.0.1:${port}`, listen)} }`;
    const { vitrine, publicUrl } = await start({ trustedProxies: ['127.0.0.1'] }, below, '/pictures');
    await useIt(publicUrl);

    const reader = new TestVisitor({ base: publicUrl });
    const signedIn = await reader.signIn('reader');
    const cookies = signedIn.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) expect(cookie).toContain('Path=/pictures;');

    const seen = new Set<string>();
    for (const path of [
      '/',
      '/sign-in',
      '/session',
      '/view/openseadragon/open%2Fphoto.jpg',
      new URL(vitrine.firstAdministrator ?? '').pathname.slice(9),
    ]) {
      const answer = await reader.ask(path);
      expect(answer.status, path).toBe(200);
      for (const [, link = ''] of (await answer.text()).matchAll(/(?:href|src|action)="([^"#]+)"/g))
        seen.add(link.replaceAll('&amp;', '&'));
    }
    const local = [...seen].map((link) => new URL(link, publicUrl)).filter(({ origin }) => origin === new URL(publicUrl).origin);
    expect(local.length).toBeGreaterThan(10);
    expect(local.filter(({ pathname }) => pathname !== '/pictures' && !pathname.startsWith('/pictures/')).map(String)).toEqual([]);
    for (const { pathname, search } of local) {
      const status = (await reader.ask(`${pathname.slice('/pictures'.length)}${search}`)).status;
      expect(status, pathname).not.toBe(404);
    }
  });

  it('over a Unix socket the visitor is known by what nginx says, and nobody is who he claims to be', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-socket-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
    const socket = join(folder, 'vitrine.sock');
    const server = fromTheGuide('server {');
    const options = { socket, trustedProxies: ['unix'] };
    const { vitrine, publicUrl } = await start(options, (listen) => adapt(server, `http://unix:${socket}`, listen));
    await useIt(publicUrl);
    await fetch(`${publicUrl}/livez`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    await expect.poll(() => vitrine.log.find(({ path }) => path === '/livez')).toMatchObject({ address: '127.0.0.1' });
  });
});
