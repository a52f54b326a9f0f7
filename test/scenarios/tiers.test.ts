import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';

/** `members/**` has a small preview for everyone; `curators/**` one for readers, and a smaller one for everyone. */
const TIERED = ACCESS.replace(
  '  - items: curators/**',
  `    otherwise: { name: preview, label: { en: [A small preview] }, maxSize: 200, gray: true }
  - items: curators/**`,
).replace(
  '  - items: terms/**',
  `    otherwise:
      - { name: reading, maxSize: 400, for: [{ service: members, roles: [reader] }] }
      - { maxSize: 100, watermark: Example Library }
  - items: nowhere/**
    allow: nobody
    otherwise: { blackout: ["pct:0,0,50,100"] }
  - items: sealed/**
    allow: nobody
    otherwise: { item: "previews/{path}" }
  - items: leaves/**
    allow: nobody
    otherwise: { name: small, maxSize: 100 }
  - items: shut/**
    allow: nobody
    otherwise: { name: zoom, maxOutput: 256 }
  - items: zoom/**
    allow: [{ service: members }]
    otherwise: { name: zoom, maxOutput: 256 }
  - items: terms/**`,
);

/** Three pages of 800 x 600. */
async function book(): Promise<Buffer> {
  const pages = await Promise.all([1, 2, 3].map(() => quarters()));
  return sharp(pages, { join: { animated: true } })
    .tiff()
    .toBuffer();
}

let vitrine: TestVitrine;
let frank: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: TIERED });
  await writeFiles(vitrine.images, {
    'zoom/map.png': await quarters(1200, 900),
    'shut/map.png': await quarters(1200, 900),
    'sealed/letter.png': await quarters(),
    'leaves/book.tif': await book(),
  });
  frank = await startTestVitrine({ access: TIERED, options: { lockedInformationStatus: 200 } });
});
afterAll(() => Promise.all([vitrine.close(), frank.close()]));

const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const PREVIEW = `${LETTER}%2F~preview`;

const ask = (path: string, init: RequestInit = {}) => new TestVisitor(vitrine).ask(path, init);
const json = async (response: Response | Promise<Response>) => (await (await response).json()) as Record<string, unknown>;
const sizeOf = async (response: Response) => {
  const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  return { width, height };
};

async function signedIn(user: 'reader' | 'curator'): Promise<{ visitor: TestVisitor; bearer: Record<string, string> }> {
  const visitor = new TestVisitor(vitrine);
  await visitor.signIn(user);
  const { message } = await visitor.token(2, 'members');
  return { visitor, bearer: { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER } };
}

describe('the information document of a locked item that has a tier', () => {
  it.each([2, 3])('sends to the tier in version %i, and whoever has access gets the item', async (version) => {
    const response = await ask(`/iiif/${version}/${LETTER}/info.json`, { headers: { origin: VIEWER } });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`${vitrine.base}/iiif/${version}/${PREVIEW}/info.json`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).not.toBeNull();
    const head = await ask(`/iiif/${version}/${LETTER}/info.json`, { method: 'HEAD' });
    expect(head.status).toBe(302);
    const { bearer } = await signedIn('reader');
    expect((await ask(`/iiif/${version}/${LETTER}/info.json`, { headers: bearer })).status).toBe(200);
  });

  it('is served as it is by option, and the probe names the tier', async () => {
    const visitor = new TestVisitor(frank);
    const response = await visitor.ask(`/iiif/3/${LETTER}/info.json`);
    expect(response.status).toBe(200);
    expect(await json(response)).toMatchObject({ width: 800, height: 600 });
    expect(await json(visitor.ask(`/auth/probe/${LETTER}`))).toMatchObject({
      status: 401,
      substitute: [{ service: [{ id: `${frank.base}/iiif/3/${PREVIEW}` }] }],
    });
  });

  it('of an item that nobody may see sends to its tier too, whatever the option', async () => {
    for (const each of [vitrine, frank]) {
      const response = await new TestVisitor(each).ask('/iiif/3/nowhere%2Funlisted.jpg/info.json');
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe(`${each.base}/iiif/3/nowhere%2Funlisted.jpg%2F~1/info.json`);
    }
    expect((await ask('/iiif/3/nowhere%2Funlisted.jpg/full/max/0/default.jpg')).status).toBe(403);
    expect((await ask('/iiif/3/nowhere%2Funlisted.jpg%2F~1/full/max/0/default.jpg')).status).toBe(200);
  });
});

describe('the redirect to a tier', () => {
  it('asks a browser that keeps the cookie back to send the request again with it, and stays on the same origin', async () => {
    const said = (storage: string) =>
      ask(`/iiif/3/${LETTER}/info.json`, { headers: { origin: VIEWER, 'sec-fetch-storage-access': storage } });
    const response = await said('inactive');
    expect(response.status).toBe(302);
    expect(new URL(response.headers.get('location') ?? '').origin).toBe(new URL(vitrine.base).origin);
    expect(response.headers.get('activate-storage-access')).toBe(`retry; allowed-origin="${VIEWER}"`);
    expect(response.headers.get('vary')).toContain('Sec-Fetch-Storage-Access');
    expect((await said('active')).headers.get('activate-storage-access')).toBeNull();
    const closed = await ask('/iiif/3/nowhere%2Funlisted.jpg/info.json', {
      headers: { origin: VIEWER, 'sec-fetch-storage-access': 'inactive' },
    });
    expect(closed.headers.get('activate-storage-access')).toBeNull();
  });
});

describe('the information document of a tier', () => {
  it.each([2, 3])('is true in version %i, and leads to the services of the item', async (version) => {
    const response = await ask(`/iiif/${version}/${PREVIEW}/info.json`);
    expect(response.status).toBe(200);
    const document = await json(response);
    expect(document[version === 2 ? '@id' : 'id']).toBe(`${vitrine.base}/iiif/${version}/${PREVIEW}`);
    const profile = version === 2 ? (document['profile'] as unknown[])[1] : document;
    expect(document).toMatchObject({ width: 200, height: 150, sizes: [{ width: 200, height: 150 }] });
    expect(profile).toMatchObject({ maxWidth: 200, maxHeight: 150 });
    expect(JSON.stringify(document)).not.toMatch(/sizeUpscaling|sizeAboveFull|"color"/);
    const services = document['service'] as Record<string, unknown>[];
    expect(services.map((service) => service['@id'] ?? service['id'])).toEqual([
      `${vitrine.base}/auth/access/1/members`,
      `${vitrine.base}/auth/probe/${PREVIEW}`,
    ]);
  });

  it('has an ETag, 304, HEAD and a public life of its own', async () => {
    for (const path of [`/iiif/3/${PREVIEW}/info.json`, `/iiif/3/${PREVIEW}/full/max/0/default.jpg`]) {
      const response = await ask(path);
      const etag = response.headers.get('etag') ?? '';
      expect(response.headers.get('cache-control')).toMatch(/^public/);
      expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await ask(path, { method: 'HEAD' })).headers.get('etag')).toBe(etag);
    }
    const { visitor } = await signedIn('reader');
    const whole = await visitor.ask(`/iiif/3/${LETTER}/full/200,/0/default.jpg`);
    const tier = await visitor.ask(`/iiif/3/${PREVIEW}/full/200,/0/default.jpg`);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('etag')).not.toBe(tier.headers.get('etag'));
  });
});

describe('the images of a tier', () => {
  it('are as large as the tier and never larger, in both versions', async () => {
    for (const version of [2, 3]) {
      const base = `/iiif/${version}/${PREVIEW}`;
      expect(await sizeOf(await ask(`${base}/full/max/0/default.jpg`))).toEqual({ width: 200, height: 150 });
      expect(await sizeOf(await ask(`${base}/0,0,50,50/max/0/default.jpg`))).toEqual({ width: 50, height: 50 });
      expect((await ask(`${base}/0,0,50,50/51,/0/default.jpg`)).status).toBe(400);
      expect((await ask(`${base}/full/400,/0/default.jpg`)).status).toBe(400);
      expect((await ask(`${base}/200,0,10,10/max/0/default.jpg`)).status).toBe(400);
    }
    expect(await sizeOf(await ask(`/iiif/3/${PREVIEW}/0,0,50,50/%5Emax/0/default.jpg`))).toEqual({ width: 50, height: 50 });
    expect((await ask(`/iiif/3/${PREVIEW}/0,0,50,50/%5E100,/0/default.jpg`)).status).toBe(501);
    expect((await ask(`/iiif/3/${PREVIEW}/full/%5Epct:120/0/default.jpg`)).status).toBe(501);
  });

  it('are open while those of the item are not', async () => {
    expect((await ask(`/iiif/3/${PREVIEW}/full/max/0/default.jpg`)).status).toBe(200);
    expect((await ask(`/iiif/3/${LETTER}/full/max/0/default.jpg`)).status).toBe(401);
    expect((await ask(`/iiif/3/${LETTER}/full/100,/0/default.jpg`)).status).toBe(401);
  });

  it.each(['~other', '~1', '~', '~preview%2F~preview', '~Preview'])('do not exist under another name: %s', async (name) => {
    expect((await ask(`/iiif/3/${LETTER}%2F${name}/info.json`)).status).toBe(404);
    expect((await ask(`/iiif/3/open%2Fphoto.jpg%2F${name}/info.json`)).status).toBe(404);
  });
});

describe('a tier to zoom into, and not to download', () => {
  const ZOOM = 'zoom%2Fmap.png%2F~zoom';

  it('has all its dimensions and tiles in a true information document', async () => {
    for (const version of [2, 3]) {
      const document = await json(ask(`/iiif/${version}/${ZOOM}/info.json`));
      const profile = version === 2 ? (document['profile'] as unknown[])[1] : document;
      expect(document).toMatchObject({ width: 1200, height: 900, sizes: [{ width: 150 }, { width: 256, height: 192 }] });
      expect(document['tiles']).toEqual([{ width: 256, height: 256, scaleFactors: [1, 2, 4, 8] }]);
      expect(profile).toMatchObject({ maxWidth: 256, maxHeight: 256 });
      expect(JSON.stringify(document)).not.toContain('rotationArbitrary');
    }
  });

  it('answers no picture larger than that, whatever is asked for', async () => {
    const size = async (parameters: string) => sizeOf(await ask(`/iiif/3/${ZOOM}/${parameters}`));
    expect(await size('full/max/0/default.jpg')).toEqual({ width: 256, height: 192 });
    expect(await size('0,0,600,300/max/90/default.png')).toEqual({ width: 128, height: 256 });
    expect(await size('1000,700,100,100/max/0/default.jpg')).toEqual({ width: 100, height: 100 });
    expect(await size('0,0,100,50/%5Emax/!180/default.jpg')).toEqual({ width: 256, height: 128 });
    for (const parameters of ['full/257,/0/default.jpg', '0,0,300,300/300,/0/default.jpg', 'full/pct:50/0/default.jpg']) {
      expect((await ask(`/iiif/3/${ZOOM}/${parameters}`)).status).toBe(400);
    }
    expect((await ask(`/iiif/2/${ZOOM}/full/full/0/default.jpg`)).status).toBe(403);
    expect((await ask(`/iiif/3/${ZOOM}/full/max/45/default.jpg`)).status).toBe(501);
    expect((await ask('/iiif/3/zoom%2Fmap.png/full/max/0/default.jpg')).status).toBe(401);
  });

  it('stands in its manifest with the size that it answers, and with a thumbnail that is no larger', async () => {
    const manifest = JSON.stringify(await json(ask(`/presentation/3/${ZOOM}/manifest`)));
    expect(manifest).toContain('"width":1200');
    expect(manifest).toContain('"format":"image/jpeg","width":256,"height":192');
    for (const version of [2, 3]) {
      const text = JSON.stringify(await json(ask(`/presentation/${version}/shut/manifest`)));
      const [, path = ''] = /"(?:@id|id)":"[^"]*?(\/iiif\/\d\/[^"]*?\/full\/\d+,\d+\/0\/default\.jpg)"/.exec(text) ?? [];
      expect(await sizeOf(await ask(path))).toEqual({ width: 256, height: 192 });
    }
  });
});

describe('several tiers', () => {
  it('go to whom they are for: everyone gets the last, readers the better one, curators the item', async () => {
    const tier = (name: string) => `${vitrine.base}/iiif/3/${DIARY}%2F~${name}/info.json`;
    expect((await ask(`/iiif/3/${DIARY}/info.json`)).headers.get('location')).toBe(tier('2'));
    const reader = await signedIn('reader');
    expect((await ask(`/iiif/3/${DIARY}/info.json`, { headers: reader.bearer })).headers.get('location')).toBe(tier('reading'));
    const curator = await signedIn('curator');
    expect((await ask(`/iiif/3/${DIARY}/info.json`, { headers: curator.bearer })).status).toBe(200);

    const reading = `/iiif/3/${DIARY}%2F~reading/full/max/0/default.jpg`;
    expect((await ask(reading)).status).toBe(401);
    expect((await reader.visitor.ask(reading)).headers.get('cache-control')).toBe('private, no-cache');
    expect((await curator.visitor.ask(reading)).status).toBe(200);
  });

  it('are substitutes of the probe, best first: those that the visitor may see, and after them those that can be unlocked', async () => {
    const probe = async (headers: Record<string, string> = {}) => {
      const result = await json(ask(`/auth/probe/${DIARY}`, { headers }));
      const substitutes = (result['substitute'] ?? []) as { id: string; label: unknown }[];
      return { status: result['status'], ids: substitutes.map(({ id }) => id.replace(`${vitrine.base}/iiif/3/${DIARY}`, '')) };
    };
    expect(await probe()).toEqual({ status: 401, ids: ['%2F~2/full/max/0/default.jpg', '%2F~reading/full/max/0/default.jpg'] });
    const { bearer } = await signedIn('reader');
    expect(await probe(bearer)).toEqual({
      status: 401,
      ids: ['%2F~reading/full/max/0/default.jpg', '%2F~2/full/max/0/default.jpg'],
    });
    expect(await probe((await signedIn('curator')).bearer)).toEqual({ status: 200, ids: [] });
  });

  it('have a probe of their own, which says what their images say', async () => {
    expect(await json(ask(`/auth/probe/${PREVIEW}`))).toMatchObject({ status: 200 });
    expect(await json(ask(`/auth/probe/${DIARY}%2F~reading`))).toMatchObject({ status: 401 });
    expect(await json(ask(`/auth/probe/${DIARY}%2F~none`))).toMatchObject({ status: 404 });
  });
});

describe('a folder of pictures that nobody may open', () => {
  const NOWHERE = 'nowhere%2Funlisted.jpg%2F~1';

  it('has their tiers in its manifest and in the collections above it, and no picture without one', async () => {
    for (const version of [2, 3]) {
      const manifest = JSON.stringify(await json(ask(`/presentation/${version}/nowhere/manifest`)));
      expect(manifest).toContain(`/iiif/${version}/${NOWHERE}`);
      expect(manifest).toContain('"width":800');
      expect(manifest).not.toContain('/iiif/3/nowhere%2Funlisted.jpg/full');
      expect(manifest).not.toContain('book.tif%2F~1/');
      const collection = JSON.stringify(await json(ask(`/presentation/${version}/collection`)));
      expect(collection).toContain(`/presentation/${version}/nowhere/`);
      expect(collection).not.toContain('/sealed/');
      expect((await ask(`/presentation/${version}/sealed/manifest`)).status).toBe(404);
    }
    expect(await (await ask('/browse/nowhere')).text()).toContain(`/iiif/3/${NOWHERE}/full/!400,300/0/default.jpg`);
  });

  it('has every page of a book, each as a tier', async () => {
    const manifest = (await json(ask('/presentation/3/leaves%2Fbook.tif%2F~small/manifest'))) as unknown as { items: { width: number }[] };
    expect(manifest.items.map(({ width }) => width)).toEqual([100, 100, 100]);
    expect(JSON.stringify(manifest)).toContain('/iiif/3/leaves%2Fbook.tif%2F3%2F~small/full/max/0/default.jpg');
    const folder = await json(ask('/presentation/3/leaves/manifest'));
    expect(folder['items']).toEqual(manifest.items.map((item) => ({ ...item, label: expect.anything() })));
    const page = await (await ask('/view/openseadragon/leaves%2Fbook.tif%2F2%2F~small')).text();
    expect(page).toContain('/view/openseadragon/leaves%2Fbook.tif%2F3%2F~small');
    expect((await ask('/iiif/3/leaves%2Fbook.tif%2F4%2F~small/info.json')).status).toBe(404);
  });
});

describe('our pages', () => {
  it('show the tier where the item is locked, and say so', async () => {
    const page = await (await ask('/browse/members')).text();
    expect(page).toContain(`/iiif/3/${PREVIEW}/full/!400,300/0/default.jpg`);
    expect(page).toContain('preview for everyone');
    expect(page).not.toContain(`/iiif/3/${LETTER}/full`);
    expect((await ask('/view/openseadragon/nowhere%2Funlisted.jpg')).status).toBe(200);
    const tier = await (await ask(`/view/openseadragon/${PREVIEW}`)).text();
    expect(tier).toContain(`data-info="${vitrine.base}/iiif/3/${PREVIEW}/info.json"`);
    const mirador = await (await ask(`/view/mirador/${PREVIEW}`)).text();
    expect(mirador).toContain(`data-manifest="${vitrine.base}/presentation/3/${PREVIEW}/manifest"`);
    const manifest = (await json(ask(`/presentation/3/${PREVIEW}/manifest`))) as { items: { id: string }[] };
    expect(mirador).toContain(`data-canvas="${manifest.items[0]?.id}"`);
    expect((await ask(`/view/openseadragon/${LETTER}%2F~none`)).status).toBe(404);
    const { visitor } = await signedIn('reader');
    expect(await (await visitor.ask('/browse/members')).text()).toContain(`/iiif/3/${LETTER}/full/!400,300/0/default.jpg`);
  });

  it('give manifests of the item and of the tier', async () => {
    for (const version of [2, 3]) {
      expect((await ask(`/presentation/${version}/${LETTER}/manifest`)).status).toBe(200);
      const manifest = JSON.stringify(await json(ask(`/presentation/${version}/${PREVIEW}/manifest`)));
      expect(manifest).toContain(`/iiif/${version}/${PREVIEW}`);
      expect(manifest).toContain('"width":200');
    }
  });
});
