import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGE_SERVER_NAMES } from '../../src/cli/gateway-config/facts.ts';
import { gatewayFacts } from '../../src/cli/gateway-config/gateway-facts.ts';
import { IMAGE_SERVERS } from '../../src/cli/gateway-config/image-servers.ts';
import { writeConfiguration } from '../../src/cli/gateway-config/write-configuration.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import { startTestGateway } from '../harness/gateway.ts';
import { startTestImageServer, type TestImageServer } from '../harness/image-server.ts';
import { startNginx } from '../harness/nginx.ts';
import { type NginxSetting, startNginxSetting } from '../harness/nginx-setting.ts';
import { freePort } from '../harness/process.ts';
import { rawRequest } from '../harness/raw-request.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { findRealPart, IIPIMAGE, NGINX } from '../setup/real-parts.ts';

const VIEWER_SITE = 'https://viewer.example';

describe.skipIf(findRealPart(NGINX) === null || findRealPart(IIPIMAGE) === null).each(IMAGE_SERVER_NAMES)(
  'nginx in front of %s, as it is printed',
  (name) => {
    const { version } = IMAGE_SERVERS[name];
    const whole = version === 3 ? 'full/max/0/default.jpg' : 'full/full/0/default.jpg';
    let setting: NginxSetting;
    const visitor = () => new TestVisitor(setting, { origin: VIEWER_SITE });
    const path = (identifier: string, rest: string) => `/iiif/${version}/${identifier}/${rest}`;

    beforeAll(async () => {
      setting = await startNginxSetting(name);
    });
    afterAll(() => setting.close());

    it('gives what is open to everybody, with the headers of the gateway, each once', async () => {
      const answer = await visitor().ask(path('open%2Fpyramid.tif', whole));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
      expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
      // Joined where a header is there twice.
      expect(answer.headers.get('access-control-allow-origin')).toBe(VIEWER_SITE);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toBe('Origin');
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    it('gives the information document of the image server, under the public address', async () => {
      const answer = await visitor().ask(path('open%2Fpyramid.tif', 'info.json'));
      const document = await answer.json();
      expect(answer.status).toBe(200);
      expect(document[version === 3 ? 'id' : '@id']).toBe(`${setting.base}/iiif/${version}/open%2Fpyramid.tif`);
      expect([document.width, document.height]).toEqual([800, 600]);
      expect(answer.headers.get('access-control-allow-origin')).toBe(VIEWER_SITE);
    });

    it('answers for what is locked what the gateway says: 401, the true document, the services', async () => {
      const image = await visitor().ask(path('members%2Fpyramid.tif', whole));
      expect([image.status, image.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
      expect(image.headers.get('access-control-allow-origin')).toBe(VIEWER_SITE);
      expect(image.headers.get('www-authenticate')).toBe('Cookie realm="IIIF"');
      expect(image.headers.get('cache-control')).toBe('no-store');
      const information = await visitor().ask(path('members%2Fpyramid.tif', 'info.json'));
      const document = await information.json();
      expect([information.status, document.width]).toEqual([401, 800]);
      expect(JSON.stringify(document.service)).toContain(`${setting.base}/auth/access/`);
      const refused = await visitor().ask(path('elsewhere%2Fx.tif', whole));
      expect(refused.status).toBe(403);
    });

    it('opens it to those who signed in, until they sign out', async () => {
      const reader = visitor();
      await reader.signIn('reader', undefined, VIEWER_SITE);
      const answer = await reader.ask(path('members%2Fpyramid.tif', whole));
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
      expect(answer.headers.get('access-control-allow-origin')).toBe(VIEWER_SITE);
      const elsewhere = await reader.ask(path('members%2Fpyramid.tif', whole), { headers: { origin: 'https://other.example' } });
      expect(elsewhere.status).toBe(401);
      expect((await reader.ask(path('curators%2Fdiary.jpg', whole))).status).toBe(401);
      await reader.ask(`/auth/logout/members`);
      await reader.submit('/sign-out', {});
      expect((await reader.ask(path('members%2Fpyramid.tif', whole))).status).toBe(401);
    });

    it('redirects to the lesser version, and gives it', async () => {
      const information = await visitor().ask(path('tiered%2Fpyramid.tif', 'info.json'));
      expect([information.status, information.headers.get('location')]).toEqual([
        302,
        `${setting.base}${path('tiered%2Fpyramid.tif%2F~1', 'info.json')}`,
      ]);
      const image = await visitor().ask(path('tiered%2Fpyramid.tif%2F~1', '0,0,200,150/100,/0/default.jpg'));
      expect([image.status, image.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
      expect((await visitor().ask(path('tiered%2Fpyramid.tif', whole))).status).toBe(401);
    });

    it('answers preflights, HEAD and conditions', async () => {
      const headers = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
      const preflight = await visitor().ask(path('members%2Fpyramid.tif', whole), { method: 'OPTIONS', headers });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, VIEWER_SITE]);
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
      const head = await visitor().ask(path('open%2Fpyramid.tif', whole), { method: 'HEAD' });
      expect([head.status, head.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      const etag = head.headers.get('etag');
      // IIPImage takes the hour of a date for summer time now and then, so that only a later day is later in any case.
      const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
      const condition = etag === null ? { 'if-modified-since': tomorrow } : { 'if-none-match': etag };
      const again = await visitor().ask(path('open%2Fpyramid.tif', whole), { headers: condition });
      expect([again.status, again.headers.get('access-control-allow-origin')]).toEqual([304, VIEWER_SITE]);
      const other = await visitor().ask(path('open%2Fpyramid.tif', whole), { method: 'POST' });
      expect(other.status).toBe(405);
    });

    it('lets nobody say who they are, where they come from, or what is asked about', async () => {
      for (const headers of [
        { 'remote-user': 'curator' },
        { 'x-original-uri': path('open%2Fpyramid.tif', whole), 'x-original-method': 'GET' },
        { 'x-forwarded-uri': path('open%2Fpyramid.tif', whole), 'x-forwarded-method': 'GET' },
      ]) {
        expect((await visitor().ask(path('members%2Fpyramid.tif', whole), { headers })).status).toBe(401);
      }
      for (const address of ['/.vitrine-auth-request', '/gateway/auth-request', '/gateway/forward-auth']) {
        expect((await visitor().ask(address)).status).toBe(404);
      }
    });

    // As they go over the wire: a client that tidies up would send something else.
    it.each([
      'open%2F..%2Fmembers%2Fpyramid.tif',
      'open/../members%2Fpyramid.tif',
      'open%252F..%252Fmembers%252Fpyramid.tif',
      'members%252Fpyramid.tif',
      'members!pyramid.tif',
      'members%21pyramid.tif',
      'members/pyramid.tif',
      'members%5Cpyramid.tif',
      'members%2F%2Fpyramid.tif',
      'members%2F.%2Fpyramid.tif',
      './members%2Fpyramid.tif',
      '%2Fmembers%2Fpyramid.tif',
      'open%2Fpyramid.tif%00',
      'open&FIF=members%2Fpyramid.tif&CVT=jpeg',
      'open%26FIF%3Dmembers%2Fpyramid.tif%26CVT%3Djpeg',
      'members%2Fpyramid.tif;1',
      'open%2Fx%3FFIF=members%2Fpyramid.tif',
    ])('gives nothing locked to nobody by the identifier %s', async (identifier) => {
      const answer = await rawRequest(setting.base, path(identifier, whole));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.head + answer.body).not.toMatch(/image\/jpeg|JFIF|srv\/secret|vitrine-test/);
    });

    it('does not pass on a region outside of the image, which ends some image servers', async () => {
      const outside = await visitor().ask(path('open%2Fpyramid.tif', '9000,9000,10,10/10,/0/default.jpg'));
      expect(outside.status).toBe(400);
      expect((await visitor().ask(path('open%2Fpyramid.tif', whole))).status).toBe(200);
    });

    // The stand-ins keep what they were asked.
    if (name !== 'iipimage') {
      it('asks the image server in one spelling, with the name of the reader, and without cookies, tokens and queries', async () => {
        const reader = visitor();
        await reader.signIn('reader');
        setting.imageServer?.asked.splice(0);
        await reader.ask(`${path('members%2fpyramid.tif', '0,0,0256,256/%32%35%36,/0/default.jpg')}?FIF=/etc/passwd`, {
          headers: { authorization: 'Bearer x' },
        });
        const [asked, ...others] = setting.imageServer?.asked.filter(({ url }) => !url.endsWith('info.json')) ?? [];
        const slash = name === 'digilib' ? '!' : '%2F';
        expect(others).toEqual([]);
        expect(asked?.url).toBe(
          `${new URL(IMAGE_SERVERS[name].upstream).pathname}members${slash}pyramid.tif/0,0,256,256/256,/0/default.jpg`,
        );
        expect([asked?.headers['cookie'], asked?.headers['authorization']]).toEqual([undefined, undefined]);
        expect(asked?.headers['remote-user']).toBe('reader');
      });
    }
  },
);

describe.skipIf(findRealPart(NGINX) === null)('nginx in front of a gateway that visitors find below a path', () => {
  it('is asked about the address as it is there', async () => {
    const setting = await startNginxSetting('cantaloupe', '/library');
    const reader = new TestVisitor({ base: setting.base });
    const image = '/iiif/3/members%2Fpyramid.tif/full/max/0/default.jpg';
    expect((await reader.ask(image)).status).toBe(401);
    await reader.signIn('reader');
    expect((await reader.ask(image)).status).toBe(200);
    const document = await (await reader.ask('/iiif/3/members%2Fpyramid.tif/info.json')).json();
    expect(document.id).toBe(`${setting.base}/iiif/3/members%2Fpyramid.tif`);
    expect((await reader.ask('/gateway/forward-auth')).status).toBe(404);
    await setting.close();
  });
});

describe.skipIf(findRealPart(NGINX) === null)('nginx in front of several image servers, as it is printed', () => {
  it('asks each for what is behind its prefix', async () => {
    const [maps, prints] = await Promise.all([startTestImageServer('/iiif/3/', 3, '%2F'), startTestImageServer('/maps/', 2, '%2F')]);
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const base = `http://localhost:${port}`;
    const gateway = await startTestGateway(
      { maps: `http://127.0.0.1:${maps.port}/iiif/3`, 'maps.old': `http://127.0.0.1:${prints.port}/maps` },
      { access: SEVERAL, options: { port: gatewayPort, publicUrl: base, trustedProxies: ['127.0.0.1'] } },
    );
    const nginx = await startNginx(writeConfiguration('nginx', gatewayFacts(gateway.options, 'cantaloupe', '')), base);
    const reader = new TestVisitor({ base }, { origin: VIEWER_SITE });
    const pixels = async (path: string) => {
      const answer = await reader.ask(path);
      return `${answer.status} ${answer.headers.get('content-type')} ${answer.headers.get('cache-control')}`;
    };
    const askedFor = ({ asked }: TestImageServer) => asked.splice(0).flatMap(({ url }) => (url.endsWith('info.json') ? [] : [url]));
    const [map, print] = ['/iiif/3/maps%2Fmembers%2Fpyramid.tif', '/iiif/2/maps.old%2Fopen%2Fpyramid.tif'];

    expect(await pixels(`${map}/full/max/0/default.jpg`)).toBe('401 application/problem+json; charset=utf-8 no-store');
    expect(await pixels(`${print}/full/full/0/default.jpg`)).toBe('200 image/jpeg public, max-age=3600');
    expect([askedFor(maps), askedFor(prints)]).toEqual([[], ['/maps/open%2Fpyramid.tif/full/full/0/default.jpg']]);
    await reader.signIn('reader');
    expect(await pixels(`${map}/full/max/0/default.jpg`)).toBe('200 image/jpeg private, no-cache');
    expect([askedFor(maps), askedFor(prints)]).toEqual([['/iiif/3/members%2Fpyramid.tif/full/max/0/default.jpg'], []]);
    const document = await (await reader.ask(`${print}/info.json`)).json();
    expect(document['@id']).toBe(`${base}${print}`);
    // By the path of one, in the version of the other; behind no prefix; behind none that there is.
    for (const wrong of [
      '/iiif/2/maps%2Fopen',
      '/iiif/3/maps.old%2Fopen',
      '/iiif/3/open',
      '/iiif/3/mapsxold%2Fopen',
      '/iiif/2/mapsxold%2Fopen',
    ]) {
      expect((await reader.ask(`${wrong}%2Fpyramid.tif/full/200,/0/default.jpg`)).status).toBe(404);
    }
    expect([askedFor(maps), askedFor(prints)]).toEqual([[], []]);
    await nginx.stop();
    await gateway.close();
    await Promise.all([maps.stop(), prints.stop()]);
  });

  it('listens once for IIPImage where two prefixes have it, and asks for nothing by a query', () => {
    const facts = (upstream: unknown) => {
      const disk = { ...realDisk, read: (name: string) => (name === '/v.yaml' ? JSON.stringify({ upstream }) : realDisk.read(name)) };
      const loaded = loadOptions({ command: 'gateway', flags: { port: '8090', config: '/v.yaml' }, environment: {}, folder: '/', disk });
      if (!loaded.ok) throw new Error(loaded.errors.join());
      return gatewayFacts(loaded.options, 'iipimage', '127.0.0.1:9000');
    };
    const two = facts({ maps: 'http://127.0.0.1:8182/iiif/', prints: 'http://127.0.0.1:8182/iiif/prints/' });
    const nginx = writeConfiguration('nginx', two);
    expect([
      nginx.split('listen 127.0.0.1:8182;').length,
      nginx.split('location /iiif/ {').length,
      nginx.split('location /iiif/prints/ {').length,
    ]).toEqual([2, 2, 2]);
    const apache = writeConfiguration('apache', two);
    expect(apache.split('Listen 127.0.0.1:8182').length).toBe(2);
    expect(apache.indexOf('"/iiif/prints/"')).toBeLessThan(apache.indexOf('"/iiif/"'));
    expect(() => facts('http://127.0.0.1/fcgi-bin/iipsrv.fcgi?IIIF=')).toThrow(/ends in a query.*http:\/\/127\.0\.0\.1:8182\/iiif\//);
  });
});

const SEVERAL = `accessServices:
  members: { pattern: login, label: { en: [Sign in] } }
policies:
  - { items: [maps/members/**, maps.old/members/**], allow: [{ service: members }] }
  - { items: ['**'], allow: everyone }
`;
