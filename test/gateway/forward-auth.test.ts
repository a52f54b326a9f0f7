import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../harness/gateway.ts';
import { startTestImageServer, type TestImageServer } from '../harness/image-server.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS } from '../harness/vitrine.ts';

const WITH_TIER = `${ACCESS}  - items: tiered/**
    allow: [{ service: members }]
    otherwise: { maxSize: 200 }
`;
const OPEN = '/iiif/3/open%2Fpyramid.tif';
const LOCKED = '/iiif/3/members%2Fpyramid.tif';
const IMAGE = 'full/max/0/default.jpg';

let imageServer: TestImageServer;
let gateway: TestGateway;
let untrusting: TestGateway;

beforeAll(async () => {
  imageServer = await startTestImageServer('/images/', 3, '%2F');
  const upstream = { url: `http://127.0.0.1:${imageServer.port}/images/`, version: 3 };
  gateway = await startTestGateway(upstream, { access: WITH_TIER, options: { trustedProxies: ['127.0.0.1'] } });
  untrusting = await startTestGateway(upstream, { access: WITH_TIER });
});

afterAll(async () => {
  await Promise.all([gateway.close(), untrusting.close()]);
  await imageServer.stop();
});

type Way = 'auth-request' | 'forward-auth';

function ask(
  way: Way,
  uri: string,
  { visitor = new TestVisitor(gateway), method = 'GET', headers = {} }: Partial<Asking> = {},
): Promise<Response> {
  const [uriName, methodName] =
    way === 'auth-request' ? ['x-original-uri', 'x-original-method'] : ['x-forwarded-uri', 'x-forwarded-method'];
  return visitor.ask(`/gateway/${way}`, { headers: { [uriName]: uri, [methodName]: method, 'x-forwarded-for': '192.0.2.44', ...headers } });
}

interface Asking {
  readonly visitor: TestVisitor;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe.each(['auth-request', 'forward-auth'] as const)('a proxy that asks in the way %s', (way) => {
  it('may let everybody through to what is open, and is told what to ask for and who may keep it', async () => {
    const answer = await ask(way, `${OPEN}/${IMAGE}`, { headers: { origin: VIEWER } });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'vitrine-image': `/images/open%2Fpyramid.tif/${IMAGE}`,
      'vitrine-cache-control': 'public, max-age=3600',
      'vitrine-allow-origin': VIEWER,
      'vitrine-allow-credentials': 'true',
      'remote-user': '',
      'remote-groups': '',
    });
  });

  it('is told who the reader is, and lets the others stay outside', async () => {
    const reader = new TestVisitor(gateway);
    await reader.signIn('reader');
    const answer = await ask(way, `${LOCKED}/${IMAGE}`, { visitor: reader });
    expect([answer.status, answer.headers.get('remote-user'), answer.headers.get('remote-groups')]).toEqual([204, 'reader', 'reader']);
    expect(answer.headers.get('vitrine-cache-control')).toBe('private, no-cache');
    expect((await ask(way, `${LOCKED}/${IMAGE}`)).status).toBe(401);
    expect((await ask(way, `/iiif/3/curators%2Fpyramid.tif/${IMAGE}`, { visitor: reader })).status).toBe(401);
    expect((await ask(way, `/iiif/3/elsewhere%2Fpyramid.tif/${IMAGE}`, { visitor: reader })).status).toBe(403);
  });

  it('is answered at the door the second time, and not beyond a sign-out or a changed access file', async () => {
    const reader = new TestVisitor(gateway);
    await reader.signIn('reader');
    const uri = `${LOCKED}/0,0,256,256/128,/0/default.jpg`;
    await ask(way, uri, { visitor: reader });
    const before = gateway.log.length;
    expect((await ask(way, uri, { visitor: reader })).status).toBe(204);
    // What the door answers takes no time by its log.
    expect(gateway.log.slice(before).find(({ path }) => path === `/gateway/${way}`)).toMatchObject({ status: 204, milliseconds: 0 });
    await reader.submit('/sign-out', {});
    expect((await ask(way, uri, { visitor: reader })).status).toBe(401);
  });

  it('is answered only where it is listed, and the log says who asked', async () => {
    const stranger = new TestVisitor(untrusting);
    const answer = await ask(way, `${OPEN}/${IMAGE}`, { visitor: stranger });
    expect([answer.status, (await answer.json()).code]).toEqual([403, 'access.refused']);
    await ask(way, `${OPEN}/${IMAGE}`, { visitor: stranger });
    expect(untrusting.log.filter(({ msg }) => /only proxies may ask/.test(String(msg)))).toHaveLength(1);
  });

  it('has to say what it asks about', async () => {
    expect((await new TestVisitor(gateway).ask(`/gateway/${way}`)).status).toBe(400);
  });

  it.each([
    ['POST', `${OPEN}/${IMAGE}`],
    ['OPTIONS', `${OPEN}/${IMAGE}`],
    ['GET', '/iiif/3/open%2Fpyramid.tif/max/full/0/default.jpg'],
    ['GET', '/admin'],
    ['GET', `/iiif/2/open%2Fpyramid.tif/${IMAGE}`],
    ['GET', '/iiif/3/open%2Fpyramid.tif'],
    ['GET', `/iiif/3/open%252Fpyramid.tif/${IMAGE}`],
    ['GET', '/iiif/3/tiered%2Fpyramid.tif%2F~1/full/max/0/default.jpg'],
    ['GET', `${OPEN}/9000,0,10,10/10,/0/default.jpg`],
  ])('lets nobody through with %s %s', async (method, uri) => {
    const { status } = await ask(way, uri, { method });
    // Of other statuses nginx makes a failure.
    if (way === 'auth-request') expect([401, 403]).toContain(status);
    else expect(status).toBeGreaterThanOrEqual(300);
  });
});

describe('what visitors get from Traefik and Caddy where they may not go on', () => {
  it('is the information document with its services, as the gateway gives it itself', async () => {
    const answer = await ask('forward-auth', `${LOCKED}/info.json`, { headers: { origin: VIEWER } });
    const own = await new TestVisitor(gateway, { origin: VIEWER }).ask(`${LOCKED}/info.json`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe(await own.text());
    for (const name of ['content-type', 'access-control-allow-origin', 'www-authenticate', 'vary', 'cache-control']) {
      expect([name, answer.headers.get(name)]).toEqual([name, own.headers.get(name)]);
    }
  });

  it('is the redirect to a lesser version', async () => {
    const answer = await ask('forward-auth', '/iiif/3/tiered%2Fpyramid.tif/info.json');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${gateway.base}/iiif/3/tiered%2Fpyramid.tif%2F~1/info.json`]);
  });

  it('is a redirect to the one spelling of the request, because these proxies pass on what they got', async () => {
    for (const uri of [`/iiif/3/open%2fpyramid.tif/${IMAGE}`, `${OPEN}/full/%6dax/0/default.jpg`, `${OPEN}/${IMAGE}?FIF=/etc/passwd`]) {
      const answer = await ask('forward-auth', uri);
      expect([answer.status, answer.headers.get('location')]).toEqual([307, `${gateway.base}${OPEN}/${IMAGE}`]);
    }
  });

  it('counts a token for the document, and not for pixels', async () => {
    const reader = new TestVisitor(gateway);
    await reader.signIn('reader');
    const { message } = await reader.token(2, 'members');
    const headers = { authorization: `Bearer ${message['accessToken']}`, origin: VIEWER };
    expect((await ask('forward-auth', `${LOCKED}/info.json`, { headers })).status).toBe(204);
    expect((await ask('forward-auth', `${LOCKED}/${IMAGE}`, { headers })).status).toBe(401);
  });
});

describe('where a locked document is answered 200', () => {
  it('is no leave to go on', async () => {
    const upstream = { url: `http://127.0.0.1:${imageServer.port}/images/`, version: 3 };
    const kind = await startTestGateway(upstream, { options: { trustedProxies: ['127.0.0.1'], lockedInformationStatus: 200 } });
    const answer = await ask('forward-auth', `${LOCKED}/info.json`, { visitor: new TestVisitor(kind) });
    expect([answer.status, (await answer.json()).width]).toEqual([401, 800]);
    await kind.close();
  });
});

describe('shadow mode', () => {
  it('lets everybody through, and no cache keeps it for later', async () => {
    const upstream = { url: `http://127.0.0.1:${imageServer.port}/images/`, version: 3 };
    const shadowUntil = new Date(Date.now() + 3_600_000);
    const lenient = await startTestGateway(upstream, { options: { trustedProxies: ['127.0.0.1'], shadowUntil } });
    const answer = await ask('auth-request', `${LOCKED}/${IMAGE}`, { visitor: new TestVisitor(lenient) });
    expect([answer.status, answer.headers.get('vitrine-cache-control')]).toEqual([204, 'private, no-cache']);
    await lenient.close();
  });
});

describe('a changed access file', () => {
  it('counts for what was answered a moment ago', async () => {
    const uri = `${OPEN}/10,0,256,256/128,/0/default.jpg`;
    await ask('auth-request', uri);
    expect((await ask('auth-request', uri)).status).toBe(204);
    await writeFile(gateway.accessFile, WITH_TIER.replace('open/**', 'elsewhere/**'));
    await expect.poll(async () => (await ask('auth-request', uri)).status, { timeout: 10_000 }).toBe(403);
  });
});
