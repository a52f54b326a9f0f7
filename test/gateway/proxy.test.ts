import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, startTestUpstream, type TestGateway } from '../harness/gateway.ts';
import { rawRequest } from '../harness/raw-request.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, type TestVitrine } from '../harness/vitrine.ts';
import { startMisbehavingUpstream } from './misbehaving-upstream.ts';

let upstream: TestVitrine;
let gateways: Record<2 | 3, TestGateway>;

const SMALLER = `${ACCESS}  - items: nowhere/**
    allow: [{ service: members }]
    otherwise: { maxSize: 200 }
`;

beforeAll(async () => {
  upstream = await startTestUpstream();
  const [two, three] = await Promise.all([
    startTestGateway(`${upstream.base}/iiif/2`, { access: SMALLER }),
    startTestGateway(`${upstream.base}/iiif/3`, { access: SMALLER }),
  ]);
  gateways = { 2: two, 3: three };
});

afterAll(async () => {
  await Promise.all([gateways[2].close(), gateways[3].close()]);
  await upstream.close();
});

const identifier = (path: string) => encodeURIComponent(path);

describe.each([2, 3] as const)('a gateway in front of an image server of version %i', (version) => {
  const url = (path: string, rest: string) => `/iiif/${version}/${identifier(path)}/${rest}`;
  const whole = version === 2 ? 'full/full/0/default.jpg' : 'full/max/0/default.jpg';
  const visitor = () => new TestVisitor(gateways[version]);

  it('gives the document of the upstream under its own id', async () => {
    const answer = await visitor().ask(url('open/pyramid.tif', 'info.json'));
    const document = await answer.json();
    const original = await (await fetch(`${upstream.base}${url('open/pyramid.tif', 'info.json')}`)).json();
    const key = version === 2 ? '@id' : 'id';
    expect(answer.status).toBe(200);
    expect(document).toEqual({ ...original, [key]: `${gateways[version].base}/iiif/${version}/open%2Fpyramid.tif` });
    expect(JSON.stringify(document)).not.toContain(upstream.base);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cache-control')).toMatch(/^public/);
  });

  it('gives the pictures of the upstream, to the byte', async () => {
    for (const rest of [whole, '100,50,200,100/100,/90/gray.png']) {
      const answer = await visitor().ask(url('open/photo.jpg', rest));
      const original = await fetch(`${upstream.base}${url('open/photo.jpg', rest)}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe(original.headers.get('content-type'));
      expect(answer.headers.get('etag')).toBe(original.headers.get('etag'));
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(await original.arrayBuffer()));
    }
  });

  it('answers a locked one with 401, the true document and the services of both specifications', async () => {
    const answer = await visitor().ask(url('members/letter.jpg', 'info.json'));
    expect(answer.status).toBe(401);
    const document = await answer.json();
    expect([document.width, document.height]).toEqual([800, 600]);
    expect(JSON.stringify(document.service)).toMatch(/AuthProbeService2.*auth\/1\/login|auth\/1\/login.*AuthProbeService2/s);
    const picture = await visitor().ask(url('members/letter.jpg', whole));
    expect([picture.status, picture.headers.get('cache-control')]).toEqual([401, 'no-store']);
  });

  it('opens it to those who signed in, by cookie and by token', async () => {
    const reader = visitor();
    await reader.signIn('reader');
    const picture = await reader.ask(url('members/letter.jpg', whole));
    expect([picture.status, picture.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    const { message } = await reader.token(2, 'members');
    const headers = { authorization: `Bearer ${message['accessToken']}`, origin: VIEWER };
    expect((await visitor().ask(url('members/letter.jpg', 'info.json'), { headers })).status).toBe(200);
    const probe = await visitor().ask(`/auth/probe/${identifier('members/letter.jpg')}`, { headers });
    expect((await probe.json()).status).toBe(200);
    expect((await visitor().ask(url('members/letter.jpg', whole), { headers })).status).toBe(401);
  });

  it('asks the upstream whether a copy is still good, but only for those who may see it', async () => {
    const reader = visitor();
    await reader.signIn('reader');
    const first = await reader.ask(url('members/letter.jpg', whole));
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await reader.ask(url('members/letter.jpg', whole), { headers })).status).toBe(304);
    expect((await visitor().ask(url('members/letter.jpg', whole), { headers })).status).toBe(401);
  });

  it('answers HEAD as GET, without a body', async () => {
    const answer = await visitor().ask(url('open/photo.jpg', whole), { method: 'HEAD' });
    expect([answer.status, Number(answer.headers.get('content-length')) > 1000, await answer.text()]).toEqual([200, true, '']);
  });

  it.each([
    ['an unknown picture', 'open/none.jpg', 'info.json', 404],
    ['pixels of an unknown one', 'open/none.jpg', whole, 404],
    ['a region that is none', 'open/photo.jpg', 'a,b,c,d/max/0/default.jpg', 400],
    ['a region outside', 'open/photo.jpg', `900,0,10,10/${version === 2 ? 'full' : 'max'}/0/default.jpg`, 400],
    ['what nobody may see', 'open/../members/letter.jpg', whole, 400],
    ['what would be decoded once more', 'open/%2e%2e%2fmembers%2fletter.jpg', whole, 404],
  ] as const)('refuses %s', async (_, path, rest, status) => {
    expect((await visitor().ask(url(path, rest))).status).toBe(status);
  });

  it('gives a smaller version by asking for less, and says its size', async () => {
    const sent = await visitor().ask(url('nowhere/unlisted.jpg', 'info.json'));
    expect(sent.status).toBe(302);
    const location = new URL(sent.headers.get('location') ?? '');
    expect(location.pathname).toContain('~');
    const document = await (await visitor().ask(location.pathname)).json();
    expect([document.width, document.height]).toEqual([200, 150]);
    const base = location.pathname.replace('/info.json', '');
    const picture = await visitor().ask(`${base}/${whole}`);
    const { width, height } = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect([picture.status, width, height]).toEqual([200, 200, 150]);
    const part = await visitor().ask(`${base}/100,75,100,75/100,75/0/default.png`);
    const { dominant } = await sharp(Buffer.from(await part.arrayBuffer())).stats();
    expect([part.status, dominant.r > 200 && dominant.g > 200 && dominant.b > 200]).toEqual([200, true]);
    expect((await visitor().ask(`${base}/full/400,/0/default.jpg`)).status).toBeGreaterThanOrEqual(400);
    expect((await visitor().ask(url('nowhere/unlisted.jpg', whole))).status).toBe(401);
  });
});

describe('probe results', () => {
  it.each([2, 3] as const)('name lesser versions in the version that the image server speaks: %i', async (version) => {
    const answer = await new TestVisitor(gateways[version]).ask(`/auth/probe/${identifier('nowhere/unlisted.jpg')}`);
    const { status, substitute } = (await answer.json()) as { status: number; substitute: { id: string; service: object[] }[] };
    expect([status, substitute.length]).toEqual([401, 1]);
    const [lesser] = substitute;
    const uri = `${gateways[version].base}/iiif/${version}/nowhere%2Funlisted.jpg%2F~1`;
    expect(lesser?.service[0]).toMatchObject(version === 2 ? { '@id': uri, '@type': 'ImageService2' } : { id: uri, type: 'ImageService3' });
    expect((await fetch(lesser?.id ?? '')).status).toBe(200);
    expect((await fetch(`${uri}/info.json`)).status).toBe(200);
  });
});

describe('the page of a picture', () => {
  it('is there for pictures of the image server, and names no manifest', async () => {
    const visitor = new TestVisitor(gateways[2]);
    const answer = await visitor.ask(`/view/openseadragon/${identifier('open/photo.jpg')}`);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain(`data-info="${gateways[2].base}/iiif/2/open%2Fphoto.jpg/info.json"`);
    expect(text).not.toContain('presentation');
    expect((await visitor.ask('/view/openseadragon/open%2F..%2Fx')).status).toBe(404);
  });
});

describe('pages of the gateway', () => {
  it('say what this address is for', async () => {
    const text = await (await new TestVisitor(gateways[3]).ask('/')).text();
    expect(text).toContain('Viewers elsewhere show pictures');
    expect(text).toContain('/sign-in');
  });
});

describe('an image server that reads slashes in other characters', () => {
  it('shows nothing by another spelling of an identifier', async () => {
    const digilib = await startTestUpstream({ slashSubstitute: '!' });
    const gateway = await startTestGateway({ url: `${digilib.base}/iiif/3`, slash: '!' });
    try {
      const visitor = new TestVisitor(gateway);
      const status = async (name: string) => (await visitor.ask(`/iiif/3/${name}/full/max/0/default.jpg`)).status;
      expect(await status('open%2Fphoto.jpg')).toBe(200);
      expect(await status('members%2Fletter.jpg')).toBe(401);
      for (const name of ['open!photo.jpg', 'members!letter.jpg', 'members%21letter.jpg', 'open!..!members!letter.jpg']) {
        expect(await status(name), name).toBe(404);
      }
    } finally {
      await gateway.close();
      await digilib.close();
    }
  });
});

describe('what is not there', () => {
  it('is not there for the probe either', async () => {
    const answer = await new TestVisitor(gateways[3]).ask(`/auth/probe/${identifier('open/none.jpg')}`);
    expect((await answer.json()).status).toBe(404);
  });
});

describe('what is locked, and not there', () => {
  const [gone, there] = ['members/absent.jpg', 'members/letter.jpg'];

  it.each([2, 3] as const)(
    'is locked for strangers, by document, pixels and probe, and missing for those who may see it, version %i',
    async (version) => {
      const gateway = gateways[version];
      const [stranger, reader] = [new TestVisitor(gateway), new TestVisitor(gateway)];
      await reader.signIn('reader');
      const document = `/iiif/${version}/${identifier(gone)}/info.json`;
      const pixels = `/iiif/${version}/${identifier(gone)}/full/!50,50/0/default.jpg`;
      const statuses = async (visitor: TestVisitor) => [(await visitor.ask(document)).status, (await visitor.ask(pixels)).status];
      expect([await statuses(stranger), await statuses(reader)]).toEqual([
        [401, 401],
        [404, 404],
      ]);
      const { width, service } = await (await stranger.ask(document)).json();
      expect([width, JSON.stringify(service).includes('/auth/access/')]).toEqual([undefined, true]);
      expect((await (await stranger.ask(`/auth/probe/${identifier(gone)}`)).json()).status).toBe(401);
    },
  );

  it('is answered with what is there, to the byte, where no dimensions are told, and the image server is not asked', async () => {
    const server = await startMisbehavingUpstream();
    const asked: string[] = [];
    server.behave((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    const access = ACCESS.replace('- items: members/**', '- items: members/**\n    whenLocked: { dimensions: false }');
    const [missing, whole] = await Promise.all([
      startTestGateway({ url: server.url, version: 2 }, { access }),
      startTestGateway(`${upstream.base}/iiif/2`, { access }),
    ]);
    const read = async (gateway: TestGateway, path: string) => {
      const answer = await new TestVisitor(gateway).ask(`/iiif/2/${identifier(path)}/info.json`);
      const text = (await answer.text())
        .replaceAll(gateway.base, '')
        .replaceAll(new URL(gateway.base).host, '')
        .replaceAll(identifier(path), '');
      return {
        status: answer.status,
        headers: [...answer.headers].filter(([name]) => !/^(?:date|x-request-id|content-length)$/.test(name)),
        text,
      };
    };
    expect(await read(whole, gone)).toEqual(await read(whole, there));
    expect(await read(missing, gone)).toEqual(await read(whole, there));
    expect(asked).toEqual([]);
    await Promise.all([missing.close(), whole.close()]);
    await server.close();
  });
});

describe('several image servers behind one gateway', () => {
  it('are told apart by prefix, and keep to themselves', async () => {
    const gateway = await startTestGateway(
      { maps: `${upstream.base}/iiif/3`, prints: { url: `${upstream.base}/iiif/2/`, version: 2 } },
      { access: 'policies:\n  - { items: [maps/open/**, prints/**], allow: everyone }\n' },
    );
    try {
      const visitor = new TestVisitor(gateway);
      const status = async (path: string) => (await visitor.ask(path)).status;
      expect(await status('/iiif/3/maps%2Fopen%2Fphoto.jpg/info.json')).toBe(200);
      expect(await status('/iiif/3/maps%2Fopen%2Fphoto.jpg/full/!50,50/0/default.jpg')).toBe(200);
      expect(await status('/iiif/3/maps%2Fmembers%2Fletter.jpg/info.json')).toBe(403);
      expect(await status('/iiif/2/prints%2Fmembers%2Fletter.jpg/full/,50/0/default.jpg')).toBe(200);
      expect(await status('/iiif/3/prints%2Fopen%2Fphoto.jpg/info.json')).toBe(404);
      expect(await status('/iiif/3/open%2Fphoto.jpg/info.json')).toBe(404);
    } finally {
      await gateway.close();
    }
  });
});

describe('an image server of Image API 1', () => {
  it('is given on as 2.1', async () => {
    const old = await startMisbehavingUpstream();
    const context = 'http://library.stanford.edu/iiif/image-api/1.1/context.json';
    const document = {
      '@context': context,
      '@id': 'http://inner.example/a',
      width: 800,
      height: 600,
      scale_factors: [1, 2],
      tile_width: 256,
    };
    old.behave((request, response) => {
      const isDocument = request.url?.endsWith('/info.json') === true;
      response.writeHead(200, { 'content-type': isDocument ? 'application/json' : 'image/jpeg' });
      response.end(isDocument ? JSON.stringify(document) : request.url);
    });
    const gateway = await startTestGateway({ url: old.url.replace('/3', '/1'), version: 1 });
    try {
      const visitor = new TestVisitor(gateway);
      const locked = await visitor.ask('/iiif/2/members%2Fa/info.json');
      const told = await locked.json();
      expect([locked.status, told['@id'], told.width]).toEqual([401, `${gateway.base}/iiif/2/members%2Fa`, 800]);
      expect(told.tiles).toEqual([{ width: 256, height: 256, scaleFactors: [1, 2] }]);
      expect(JSON.stringify(told.service)).toContain('auth/1/login');
      expect(await (await visitor.ask('/iiif/2/open%2Fa/0,0,256,256/256,/0/gray.jpg')).text()).toBe(
        '/iiif/1/open%2Fa/0,0,256,256/256,/0/grey.jpg',
      );
      expect((await visitor.ask('/iiif/3/open%2Fa/info.json')).status).toBe(404);
    } finally {
      await gateway.close();
      await old.close();
    }
  });
});

describe('hostile identifiers', () => {
  it('are refused, or go on as what they are: one name below the address of the image server', async () => {
    const lines = readFileSync(new URL('../attacks/hostile-identifiers.txt', import.meta.url), 'utf8').split('\n');
    const seen = await startMisbehavingUpstream();
    const gateway = await startTestGateway(seen.url, { access: null });
    seen.behave((request, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(request.url));
    try {
      for (const identifier of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
        for (const written of [identifier, identifier.replaceAll('/', '%2F')]) {
          await rawRequest(gateway.base, `/iiif/3/${written}/full/max/0/default.jpg`);
        }
      }
      expect(seen.asked.length).toBeGreaterThan(0);
      for (const { url = '' } of seen.asked) {
        const [, name = '', ...rest] = /^\/iiif\/3\/([^/]+)\/full\/max\/0\/default\.jpg$/.exec(url) ?? [];
        expect([url, name === '', rest]).toEqual([url, false, []]);
        const decoded = decodeURIComponent(name);
        expect(
          decoded.split('/').filter((part) => part === '' || part === '.' || part === '..'),
          url,
        ).toEqual([]);
        expect(decoded, url).not.toMatch(/[\\\p{Cc}]|%[0-9a-f]{2}/iu);
      }
    } finally {
      await gateway.close();
      await seen.close();
    }
  });
});
