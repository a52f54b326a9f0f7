import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ImageServerName } from '../../src/cli/gateway-config/facts.ts';
import { gatewayFacts } from '../../src/cli/gateway-config/gateway-facts.ts';
import { IMAGE_SERVERS } from '../../src/cli/gateway-config/image-servers.ts';
import { writeConfiguration } from '../../src/cli/gateway-config/write-configuration.ts';
import { startApache } from '../harness/apache.ts';
import { startCaddy } from '../harness/caddy.ts';
import { startTestGateway, type TestGateway } from '../harness/gateway.ts';
import { startIipimage } from '../harness/iipimage.ts';
import { startTestImageServer } from '../harness/image-server.ts';
import { freePort } from '../harness/process.ts';
import { rawRequest } from '../harness/raw-request.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS } from '../harness/vitrine.ts';
import { APACHE, CADDY, findRealPart, IIPIMAGE } from '../setup/real-parts.ts';

const WITH_TIER = `${ACCESS}  - items: tiered/**
    allow: [{ service: members }]
    otherwise: { maxSize: 200 }
`;

interface Setting {
  readonly base: string;
  readonly gateway: TestGateway;
  close(): Promise<void>;
}

const START = { caddy: startCaddy, apache: startApache } as const;

/** The printed configuration, as it is. `prefix`: what identifiers of the image server begin with. */
async function startSetting(proxy: 'caddy' | 'apache', name: ImageServerName, prefix = ''): Promise<Setting> {
  const { version, upstream, slash } = IMAGE_SERVERS[name];
  const [port, gatewayPort, innerPort] = [await freePort(), await freePort(), await freePort()];
  const base = `http://localhost:${port}`;
  const start = new URL(upstream).pathname;
  const imageServer = name === 'iipimage' ? null : await startTestImageServer(start, version, slash);
  const one = { url: `http://127.0.0.1:${imageServer?.port ?? innerPort}${start}`, version, slash };
  const gateway = await startTestGateway(prefix === '' ? one : { [prefix]: one }, {
    access: WITH_TIER.replaceAll('items: ', `items: ${prefix === '' ? '' : `${prefix}/`}`),
    options: { port: gatewayPort, publicUrl: base, trustedProxies: ['127.0.0.1'], slashSubstitute: slash === '%2F' ? null : slash },
  });
  const images = join(dirname(gateway.accessFile), 'images');
  await cp(join(images, 'members'), join(images, 'tiered'), { recursive: true });
  const iipimage = imageServer === null ? await startIipimage(images) : null;
  const running = await START[proxy](writeConfiguration(proxy, gatewayFacts(gateway.options, name, iipimage?.fastcgi ?? '')), base);
  return {
    base,
    gateway,
    async close() {
      await running.stop();
      await gateway.close();
      await imageServer?.stop();
      await iipimage?.stop();
    },
  };
}

const isMissing = [CADDY, APACHE, IIPIMAGE].some((part) => findRealPart(part) === null);

describe.skipIf(isMissing).each([
  ['caddy', 'cantaloupe', ''],
  ['caddy', 'sipi', ''],
  ['caddy', 'loris', 'prints'],
  ['caddy', 'digilib', ''],
  ['apache', 'cantaloupe', ''],
  ['apache', 'iipimage', ''],
] as const)('%s in front of %s, as it is printed, with the prefix "%s"', (proxy, name, prefix) => {
  const { version, slash } = IMAGE_SERVERS[name];
  const whole = version === 3 ? 'full/max/0/default.jpg' : 'full/full/0/default.jpg';
  let setting: Setting;
  const visitor = () => new TestVisitor(setting, { origin: VIEWER });
  const path = (identifier: string, rest: string) =>
    `/iiif/${version}/${prefix === '' ? '' : `${prefix}%2F`}${identifier.replaceAll('%2F', slash)}/${rest}`;

  beforeAll(async () => {
    setting = await startSetting(proxy, name, prefix);
  });
  afterAll(() => setting.close());

  it('gives what is open to everybody, with the headers of the gateway, each once', async () => {
    const answer = await visitor().ask(path('open%2Fpyramid.tif', whole));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(answer.headers.get('access-control-allow-origin')).toBe(VIEWER);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const information = await visitor().ask(path('open%2Fpyramid.tif', 'info.json'));
    expect((await information.json())[version === 3 ? 'id' : '@id']).toBe(`${setting.base}${path('open%2Fpyramid.tif', '').slice(0, -1)}`);
  });

  it('locks what is locked, and opens it to those who signed in, until they sign out', async () => {
    const reader = visitor();
    const image = await reader.ask(path('members%2Fpyramid.tif', whole));
    expect([image.status, image.headers.get('access-control-allow-origin')]).toEqual([401, VIEWER]);
    const information = await reader.ask(path('members%2Fpyramid.tif', 'info.json'));
    expect([information.status, (await information.json()).width]).toEqual([401, 800]);
    await reader.signIn('reader');
    const opened = await reader.ask(path('members%2Fpyramid.tif', whole));
    expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    await reader.submit('/sign-out', {});
    expect((await reader.ask(path('members%2Fpyramid.tif', whole))).status).toBe(401);
  });

  it('gives lesser versions, answers preflights, and believes nobody', async () => {
    for (const address of ['/gateway/auth-request', '/gateway/forward-auth']) expect((await visitor().ask(address)).status).toBe(404);
    expect((await visitor().ask(path('tiered%2Fpyramid.tif', 'info.json'))).status).toBe(302);
    expect((await visitor().ask(path('tiered%2Fpyramid.tif%2F~1', '0,0,200,150/100,/0/default.jpg'))).status).toBe(200);
    const headers = { 'access-control-request-method': 'GET' };
    expect((await visitor().ask(path('members%2Fpyramid.tif', whole), { method: 'OPTIONS', headers })).status).toBe(204);
    const forged = { 'remote-user': 'curator', 'x-forwarded-uri': path('open%2Fpyramid.tif', whole), 'x-forwarded-method': 'GET' };
    expect((await visitor().ask(path('members%2Fpyramid.tif', whole), { headers: forged })).status).toBe(401);
  });

  it.each([
    'open%2F..%2Fmembers%2Fpyramid.tif',
    'open/../members%2Fpyramid.tif',
    'members%252Fpyramid.tif',
    'members/pyramid.tif',
    'members%2F%2Fpyramid.tif',
    './members%2Fpyramid.tif',
    'open&FIF=members%2Fpyramid.tif&CVT=jpeg',
    'members%2Fpyramid.tif;1',
  ])('gives nothing locked to nobody by the identifier %s', async (identifier) => {
    const answer = await rawRequest(setting.base, path(identifier, whole));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('JFIF');
  });
});

describe('the configuration for Traefik', () => {
  it('is YAML in which every router has its middlewares and services, and pictures are asked about first', () => {
    const options = {
      publicUrl: 'https://iiif.example.org/library',
      host: '0.0.0.0',
      port: 8090,
      socket: null,
      proxyHeaders: 'x-forwarded',
      upstream: [
        {
          prefix: 'maps',
          url: 'http://192.0.2.5:8182/iiif/3/',
          version: 3,
          slash: '%2F',
          headers: { 'X-Api-Key': 'not to be seen' },
          knownAs: [],
          manifests: null,
        },
        { prefix: 'prints', url: 'http://192.0.2.6/iiif/2/', version: 2, slash: '%2F', headers: {}, knownAs: [], manifests: null },
      ],
    } as const;
    const text = writeConfiguration('traefik', gatewayFacts(options, 'cantaloupe', ''));
    expect(text).toContain('# - The gateway sends it X-Api-Key. Traefik has to send the same');
    expect(text).not.toContain('not to be seen');
    const { http } = parse(text);
    for (const router of Object.values<{ middlewares: string[]; service: string }>(http.routers)) {
      for (const name of router.middlewares) expect(Object.keys(http.middlewares)).toContain(name);
      expect(Object.keys(http.services)).toContain(router.service);
    }
    expect(http.middlewares['ask-vitrine'].forwardAuth).toMatchObject({
      address: 'http://127.0.0.1:8090/gateway/forward-auth',
      trustForwardHeader: false,
    });
    expect(http.routers['pictures'].middlewares).toEqual(['no-names', 'ask-vitrine', 'move', 'said-by-vitrine']);
    const { regex, replacement } = http.middlewares['move'].replacePathRegex;
    expect('/library/iiif/3/maps%2Fa%2Fb.tif/full/max/0/default.jpg'.replace(new RegExp(regex), replacement)).toBe(
      '/iiif/3/a%2Fb.tif/full/max/0/default.jpg',
    );
  });
});
