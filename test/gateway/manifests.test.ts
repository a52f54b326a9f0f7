import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../harness/gateway.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { type MisbehavingUpstream, startMisbehavingUpstream } from './misbehaving-upstream.ts';

const PUBLIC = 'https://images.example.org/iiif/3';

let upstream: MisbehavingUpstream;
let gateway: TestGateway;
let visitor: TestVisitor;

/** As an image server, or whatever stands beside it, writes them. */
function manifest(image: string, id: string): object {
  const painted = {
    id: `${image}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: 800,
    height: 600,
    service: [{ id: image, type: 'ImageService3', profile: 'level2' }],
  };
  return {
    '@context': 'http://iiif.io/api/presentation/3/context.json',
    id,
    type: 'Manifest',
    label: { en: ['A letter'] },
    items: [
      {
        id: `${id}/canvas/1`,
        type: 'Canvas',
        width: 800,
        height: 600,
        items: [
          {
            id: `${id}/page/1`,
            type: 'AnnotationPage',
            items: [{ id: `${id}/annotation/1`, type: 'Annotation', motivation: 'painting', target: `${id}/canvas/1`, body: painted }],
          },
        ],
      },
    ],
  };
}

beforeAll(async () => {
  upstream = await startMisbehavingUpstream();
  const origin = new URL(upstream.url).origin;
  const documents: Record<string, object> = {
    '/manifests/letter/manifest.json': manifest(`${PUBLIC}/members%2fletter.jpg`, `${origin}/manifests/letter/manifest.json`),
    '/manifests/map.json': manifest(`${upstream.url}/open%2Fmap.jpg`, `${origin}/manifests/map.json`),
    '/manifests/all.json': {
      '@context': 'http://iiif.io/api/presentation/3/context.json',
      id: `${origin}/manifests/all.json`,
      type: 'Collection',
      label: { en: ['All'] },
      items: [{ id: `${origin}/manifests/map.json`, type: 'Manifest', label: { en: ['A map'] } }],
    },
    '/manifests/wrong.json': { hello: 'world' },
  };
  upstream.behave((request, response) => {
    const found = documents[request.url ?? ''];
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  });
  gateway = await startTestGateway(
    { old: { url: upstream.url, knownAs: PUBLIC, manifests: `${origin}/manifests` } },
    {
      access: `accessServices:
  members: { pattern: login, label: { en: [Sign in] } }
policies:
  - { items: old/open/**, allow: everyone }
  - { items: old/members/**, allow: [{ service: members }] }
`,
    },
  );
  visitor = new TestVisitor(gateway);
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const read = async (name: string) => {
  const answer = await visitor.ask(`/presentation/manifests/${encodeURIComponent(name)}`);
  const text = await answer.text();
  return { status: answer.status, cors: answer.headers.get('access-control-allow-origin'), text };
};

describe('a manifest of an upstream', () => {
  it('has our addresses, and access services where a picture in it is locked', async () => {
    const { status, cors, text } = await read('old/letter/manifest.json');
    expect([status, cors]).toEqual([200, '*']);
    const service = `${gateway.base}/iiif/3/old%2Fmembers%2Fletter.jpg`;
    const document = JSON.parse(text);
    const { body } = document.items[0].items[0].items[0];
    expect(document.id).toBe(`${gateway.base}/presentation/manifests/old%2Fletter%2Fmanifest.json`);
    expect([body.id, body.service[0].id]).toEqual([`${service}/full/max/0/default.jpg`, service]);
    const probe = { type: 'AuthProbeService2', id: `${gateway.base}/auth/probe/old%2Fmembers%2Fletter.jpg` };
    expect(body.service[0].service).toContainEqual(expect.objectContaining(probe));
    expect(JSON.stringify(document.services)).toContain('AuthAccessService2');
    expect(text).not.toContain(PUBLIC);
  });

  it('has none where the picture is open', async () => {
    const { status, text } = await read('old/map.json');
    expect([status, /Auth[A-Z]/.test(text)]).toEqual([200, false]);
    expect(text).toContain(`${gateway.base}/iiif/3/old%2Fopen%2Fmap.jpg`);
    expect(text).not.toContain(new URL(upstream.url).host);
  });

  it('is named by its address here in a collection', async () => {
    const { text } = await read('old/all.json');
    expect(JSON.parse(text).items[0].id).toBe(`${gateway.base}/presentation/manifests/old%2Fmap.json`);
  });

  it.each([
    ['that is not there', 'old/none.json', 404],
    ['of no upstream', 'map.json', 404],
    ['that is none', 'old/wrong.json', 502],
    ['outside', 'old/../x.json', 400],
    ['that would be decoded once more', 'old/%2e%2e/x.json', 404],
  ])('is refused %s', async (_, name, status) => {
    expect((await read(name)).status).toBe(status);
  });
});
