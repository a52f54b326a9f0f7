import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const PLAIN = 'application/json';
const LINKED = 'application/ld+json';

/** Documents that there are in two media types. */
const DOCUMENTS = [2, 3].flatMap((version) => [
  `/iiif/${version}/open%2Fphoto.jpg/info.json`,
  `/iiif/${version}/members%2Fletter.jpg/info.json`,
  `/presentation/${version}/open%2Fphoto.jpg/manifest`,
  `/presentation/${version}/members%2Fletter.jpg/manifest`,
]);

const IMAGES = [
  '/iiif/3/open%2Fphoto.jpg/full/80,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/0/color.jpg',
  '/iiif/2/open%2Fphoto.jpg/full/80,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/81,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/^1600,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/square/80,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/0,0,400,300/80,/0/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/180/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/!180/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/0.5/default.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/0/gray.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/0/bitonal.jpg',
  '/iiif/3/open%2Fphoto.jpg/full/80,/0/default.png',
  '/iiif/3/open%2Fquarters.png/full/80,/0/default.jpg',
  '/iiif/3/members%2Fletter.jpg/full/80,/0/default.jpg',
];

let vitrine: TestVitrine;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await reader.ask(path, { headers, method });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, etag: response.headers.get('etag') ?? '' };
}

describe.each(DOCUMENTS)('%s', (path) => {
  it('comes in the media type that is asked for, says so in Vary, and has an ETag for each', async () => {
    const plain = await ask(path, { accept: PLAIN });
    const linked = await ask(path, { accept: LINKED });
    expect(plain.headers.get('content-type')).toBe(PLAIN);
    expect(linked.headers.get('content-type')).toContain(LINKED);
    for (const { headers } of [plain, linked]) expect(headers.get('vary')).toMatch(/(^|, )Accept(,|$)/);
    expect(plain.etag).toMatch(/^"[^"]+"$/);
    expect(linked.etag).not.toBe(plain.etag);
  });

  it('is in its default media type where nothing is asked for', async () => {
    const type = (await ask(path, { accept: '*/*' })).headers.get('content-type');
    const api = path.startsWith('/iiif') ? 'image' : 'presentation';
    expect(type).toBe(/\/2\//.test(path) ? PLAIN : `${LINKED};profile="http://iiif.io/api/${api}/3/context.json"`);
  });

  it('is not sent again to whoever has it, in this media type', async () => {
    const { etag, headers } = await ask(path, { accept: PLAIN });
    const again = await ask(path, { accept: PLAIN, 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    for (const name of ['etag', 'vary', 'cache-control']) expect(again.headers.get(name)).toBe(headers.get(name));
    expect((await ask(path, { accept: LINKED, 'if-none-match': etag })).status).toBe(200);
  });
});

describe('an ETag', () => {
  it('is never the same for two bodies', async () => {
    const seen = new Map<string, string>();
    for (const [path, accept] of [
      ...IMAGES.map((image) => [image, '*/*'] as const),
      ...DOCUMENTS.flatMap((document) => [[document, PLAIN] as const, [document, LINKED] as const]),
    ]) {
      const { etag, body } = await ask(path, { accept });
      const digest = createHash('sha256').update(body).digest('hex');
      expect(seen.get(etag) ?? digest, path).toBe(digest);
      seen.set(etag, digest);
    }
    expect(seen.size).toBe(IMAGES.length - 2 + 2 * DOCUMENTS.length);
  });

  it('is a new one where an option changes how pictures look', async () => {
    const path = '/iiif/3/open%2Fphoto.jpg/full/80,/45/default.jpg';
    const before = await ask(path);
    for (const change of [{ jpegQuality: 40 }, { backgroundColour: '#000000' }, { colour: 'keep-profile' as const }]) {
      const changed = await startTestVitrine({ options: { images: vitrine.images, ...change } });
      try {
        const response = await fetch(`${changed.base}${path}`, { headers: { 'if-none-match': before.etag } });
        expect(response.status, JSON.stringify(change)).toBe(200);
        await response.arrayBuffer();
      } finally {
        await changed.close();
      }
    }
    const same = await startTestVitrine({ options: { images: vitrine.images } });
    expect((await fetch(`${same.base}${path}`, { headers: { 'if-none-match': before.etag } })).status).toBe(304);
    await same.close();
  });
});

describe('HEAD', () => {
  it.each([
    ...IMAGES,
    ...DOCUMENTS,
    '/iiif/3/open%2Fphoto.jpg',
    '/iiif/3/nothing.jpg/info.json',
    '/iiif/3/curators%2Fdiary.jpg/info.json',
    '/iiif/3/curators%2Fdiary.jpg/full/max/0/default.jpg',
    '/iiif/3/nowhere%2Funlisted.jpg/info.json',
    '/iiif/3/open%2Fphoto.jpg/full/max/0/default.xyz',
    '/iiif/3/open%2Fbroken.jpg/full/max/0/default.jpg',
    '/auth/probe/members%2Fletter.jpg',
  ])('of %s has the headers of GET, and no body', async (path) => {
    const head = await ask(path, {}, 'HEAD');
    const got = await ask(path);
    expect(head.body).toHaveLength(0);
    expect(head.status).toBe(got.status);
    expect(comparable(head.headers)).toEqual(comparable(got.headers));
    expect(Number(head.headers.get('content-length'))).toBe(got.body.length);
  });
});

/** What may differ says nothing of the document. */
function comparable(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !['date', 'connection', 'keep-alive', 'x-request-id'].includes(name)));
}
