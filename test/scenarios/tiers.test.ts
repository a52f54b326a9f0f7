import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

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
  - items: terms/**`,
);

let vitrine: TestVitrine;
let frank: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: TIERED });
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

  it('are substitutes of the probe, best first, as far as the visitor may see them', async () => {
    const probe = async (headers: Record<string, string> = {}) => {
      const result = await json(ask(`/auth/probe/${DIARY}`, { headers }));
      const substitutes = (result['substitute'] ?? []) as { id: string; label: unknown }[];
      return { status: result['status'], ids: substitutes.map(({ id }) => id.replace(`${vitrine.base}/iiif/3/${DIARY}`, '')) };
    };
    expect(await probe()).toEqual({ status: 401, ids: ['%2F~2/full/max/0/default.jpg'] });
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

describe('our pages', () => {
  it('show the tier where the item is locked, and say so', async () => {
    const page = await (await ask('/browse/members')).text();
    expect(page).toContain(`/iiif/3/${PREVIEW}/full/!400,300/0/default.jpg`);
    expect(page).toContain('preview for everyone');
    expect(page).not.toContain(`/iiif/3/${LETTER}/full`);
    expect((await ask('/view/openseadragon/nowhere%2Funlisted.jpg')).status).toBe(200);
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
