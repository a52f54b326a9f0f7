import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const OTHER_VIEWER = 'https://other.example';
const IMAGE = '/full/80,/0/default.jpg';

/** An answer of each kind that viewers read: what is asked, and the status. */
const ANSWERS: ReadonlyArray<readonly [string, number, RequestInit]> = [
  [`/iiif/3/open%2Fphoto.jpg${IMAGE}`, 200, {}],
  [`/iiif/2/open%2Fphoto.jpg${IMAGE}`, 200, { method: 'HEAD' }],
  ['/iiif/3/open%2Fphoto.jpg/info.json', 200, {}],
  ['/iiif/2/open%2Fphoto.jpg/info.json', 200, {}],
  ['/presentation/3/open%2Fphoto.jpg/manifest', 200, {}],
  ['/presentation/2/members%2Fletter.jpg/manifest', 200, {}],
  ['/auth/probe/members%2Fletter.jpg', 200, {}],
  ['/iiif/3/open%2Fphoto.jpg/info.json', 204, { method: 'OPTIONS' }],
  ['/iiif/3/open%2Fphoto.jpg', 303, {}],
  [`/iiif/3/open%2Fphoto.jpg${IMAGE}`, 304, { headers: { 'if-none-match': '*' } }],
  ['/iiif/3/open%2Fphoto.jpg/info.json', 304, { headers: { 'if-none-match': '*' } }],
  ['/iiif/3/open%2Fphoto.jpg/full/max/0/default.xyz', 400, {}],
  [`/iiif/3/members%2Fletter.jpg${IMAGE}`, 401, {}],
  ['/iiif/3/members%2Fletter.jpg/info.json', 401, {}],
  [`/iiif/3/nowhere%2Funlisted.jpg${IMAGE}`, 403, {}],
  ['/iiif/2/nowhere%2Funlisted.jpg/info.json', 403, {}],
  ['/presentation/3/nowhere%2Funlisted.jpg/manifest', 403, {}],
  [`/iiif/3/nothing.jpg${IMAGE}`, 404, {}],
  ['/presentation/2/nothing.jpg/manifest', 404, {}],
  ['/media/nothing.wav', 404, {}],
  ['/media/nothing.wav', 204, { method: 'OPTIONS' }],
  ['/media/stream/nothing/1.ts', 404, {}],
  ['/iiif/4/nothing.jpg/info.json', 404, {}],
  ['/iiif/3/open%2Fphoto.jpg/info.json', 405, { method: 'DELETE' }],
  ['/iiif/3/open%2Fbroken.jpg/full/max/0/default.jpg', 500, {}],
  ['/iiif/3/open%2Flying.png/info.json', 501, {}],
];

let vitrine: TestVitrine;
let nobody: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  nobody = new TestVisitor(vitrine);
});
afterAll(() => vitrine.close());

/** Who may read the answer, as a browser sees it. */
async function readers(visitor: TestVisitor, path: string, origin: string | null, init: RequestInit = {}) {
  const headers = new Headers(init.headers);
  if (origin !== null) headers.set('origin', origin);
  const response = await visitor.ask(path, { ...init, headers });
  await response.arrayBuffer();
  return {
    status: response.status,
    origin: response.headers.get('access-control-allow-origin'),
    credentials: response.headers.get('access-control-allow-credentials'),
    vary: response.headers.get('vary') ?? '',
  };
}

describe.each(ANSWERS)('the answer of %s with status %d', (path, status, init) => {
  it('may be read by everyone', async () => {
    expect(await readers(nobody, path, null, init)).toMatchObject({ status, origin: '*', credentials: null });
  });

  it('may be read by a viewer that sends credentials, of which there are none yet', async () => {
    const read = await readers(nobody, path, VIEWER, init);
    expect(read).toMatchObject({ status, origin: VIEWER, credentials: 'true' });
    expect(read.vary).toMatch(/\bOrigin\b/);
  });

  it.each(['null', 'https://viewer.example/path', 'https://viewer.example/', 'VIEWER'])(
    'names no origin where the header holds %s',
    async (origin) => {
      expect(await readers(nobody, path, origin, init)).toMatchObject({ status, origin: '*', credentials: null });
    },
  );
});

describe('a reader who signed in', () => {
  let reader: TestVisitor;
  beforeAll(async () => {
    reader = new TestVisitor(vitrine);
    await reader.signIn('reader');
  });

  it.each(ANSWERS.filter(([path]) => /open%2F/.test(path)))(
    'looks at %s, which is open, in any viewer that sends credentials (%d)',
    async (path, status, init) => {
      expect(await readers(reader, path, OTHER_VIEWER, init)).toMatchObject({ status, origin: OTHER_VIEWER, credentials: 'true' });
    },
  );

  it.each([
    [`/iiif/3/members%2Fletter.jpg${IMAGE}`, 200, {}],
    [`/iiif/3/members%2Fletter.jpg${IMAGE}`, 304, { headers: { 'if-none-match': '*' } }],
    ['/iiif/3/members%2Fletter.jpg/full/99999,/0/default.jpg', 400, {}],
    ['/iiif/3/members%2Fletter.jpg/info.json', 200, {}],
    [`/iiif/3/curators%2Fdiary.jpg${IMAGE}`, 401, {}],
    ['/iiif/3/curators%2Fdiary.jpg/info.json', 401, {}],
    ['/auth/probe/curators%2Fdiary.jpg', 200, {}],
  ])(
    'looks at %s in the viewer that sent them to sign in, and any other reads what it may without cookies (%d)',
    async (path, status, init) => {
      expect(await readers(reader, path, VIEWER, init)).toMatchObject({ status, origin: VIEWER, credentials: 'true' });
      const other = await readers(reader, path, OTHER_VIEWER, init);
      expect(other).toEqual(await readers(nobody, path, OTHER_VIEWER, init));
      expect(other).toMatchObject({ origin: OTHER_VIEWER, credentials: 'true', vary: expect.stringMatching(/\bOrigin\b/) });
    },
  );
});
