import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { wav } from '../media/write-media.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in], de: [Anmelden] } }
  terms: { pattern: clickthrough, label: { en: [Terms] } }
  room: { pattern: kiosk, label: { en: [Reading room] }, networks: [192.0.2.0/24] }
policies:
  - items: [films/**, sounds/**, maps/**, books/**]
    allow: [{ service: members }]
    otherwise:
      - name: agreed
        item: "agreed/{path}"
        for: [{ service: terms }]
      - name: room
        item: "agreed/{path}"
        for: [{ service: room }]
      - name: low
        label: { en: [Low quality], de: [Geringe Qualität] }
        item: "previews/{path}"
  - items: closed/**
    allow: nobody
    otherwise: { name: short, item: "previews/{name}.{ending}", for: [{ service: terms }] }
  - items: streams/**
    allow: [{ service: members }]
    otherwise: { name: low, item: "previews/{path}" }
  - items: previews/alone.mp4
    allow: [{ service: members }]
`;

const HIGH = wav(2, 44_100);
const LOW = wav(2, 8_000);
let vitrine: TestVitrine;
let frank: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  frank = await startTestVitrine({ access: ACCESS, options: { lockedInformationStatus: 200 } });
  const map = await quarters();
  const small = await sharp(map).resize(80).negate().png().toBuffer();
  for (const { images } of [vitrine, frank]) {
    await writeFiles(images, {
      'films/talk.mp4': 'the film',
      'previews/films/talk.mp4': 'the small film',
      'agreed/films/talk.mp4': 'the film for those who agreed',
      'films/without.mp4': 'a film',
      'sounds/tone.wav': HIGH,
      'previews/sounds/tone.wav': LOW,
      'books/book.pdf': '%PDF-1.7 whole',
      'previews/books/book.pdf': '%PDF-1.7 extract',
      'maps/map.png': map,
      'previews/maps/map.png': small,
      'closed/secret.mp4': 'a secret',
      'previews/secret.mp4': 'a part of it',
      'streams/a/main.mpd': 'playlist',
      'streams/a/1.m4s': 'segment',
      'previews/streams/a/main.mpd': 'small playlist',
      'previews/streams/a/1.m4s': 'small segment',
      'previews/streams/a/whole.mp4': 'a film beside it',
      'streams/b.mpd': 'playlist of b',
    });
  }
});
afterAll(() => Promise.all([vitrine.close(), frank.close()]));

const ask = (path: string, init: RequestInit = {}, at = vitrine) => new TestVisitor(at).ask(path, init);
const probe = async (identifier: string, visitor = new TestVisitor(vitrine), headers = {}) =>
  (await (await visitor.ask(`/auth/probe/${identifier}`, { headers })).json()) as { status: number; substitute?: Substitute[] };
interface Substitute {
  readonly id: string;
  readonly type: string;
  readonly label: Record<string, string[]>;
  readonly format: string;
  readonly service?: ReadonlyArray<Record<string, unknown>>;
}

describe('a locked film, sound or document with a lower quality', () => {
  it.each([
    ['films%2Ftalk.mp4', 'video/mp4', 'Video', 'the small film'],
    ['sounds%2Ftone.wav', 'audio/wav', 'Sound', LOW.toString('latin1')],
    ['books%2Fbook.pdf', 'application/pdf', 'Text', '%PDF-1.7 extract'],
  ])('%s sends to it in Authentication 1.0, and names it as substitute in 2.0', async (identifier, format, type, bytes) => {
    const low = `${vitrine.base}/media/${identifier}%2F~low`;
    for (const method of ['GET', 'HEAD']) {
      const response = await ask(`/media/${identifier}`, { method, headers: { origin: VIEWER } });
      expect(response.status).toBe(302);
      expect(response.headers.get('location')).toBe(low);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('access-control-allow-origin')).not.toBeNull();
    }
    const { status, substitute } = await probe(identifier);
    expect(status).toBe(401);
    expect(substitute?.[0]).toEqual({ id: low, type, label: { en: ['Low quality'], de: ['Geringe Qualität'] }, format });
    const content = await ask(`/media/${identifier}%2F~low`);
    expect(content.status).toBe(200);
    expect(content.headers.get('content-type')).toBe(format);
    expect(content.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(Buffer.from(await content.arrayBuffer()).toString('latin1')).toBe(bytes);
    expect(await probe(`${identifier}%2F~low`)).toMatchObject({ status: 200 });
  });

  it('is sent itself to whoever has access', async () => {
    const reader = new TestVisitor(vitrine);
    await reader.signIn('reader');
    expect(await (await reader.ask('/media/films%2Ftalk.mp4')).text()).toBe('the film');
    expect(await (await reader.ask('/media/films%2Ftalk.mp4%2F~low')).text()).toBe('the small film');
    expect(await probe('films%2Ftalk.mp4', reader)).not.toHaveProperty('substitute');
  });

  it('sends nobody on where all viewers speak 2.0', async () => {
    expect((await ask('/media/films%2Ftalk.mp4', {}, frank)).status).toBe(401);
    expect((await probe('films%2Ftalk.mp4', new TestVisitor(frank))).substitute).toHaveLength(2);
  });

  it('has ranges and conditions of its own there', async () => {
    const path = '/media/sounds%2Ftone.wav%2F~low';
    const part = await ask(path, { headers: { range: 'bytes=0-99' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 0-99/${LOW.length}`);
    const etag = part.headers.get('etag') ?? '';
    expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('asks browsers that keep the cookie back to send the request again with it', async () => {
    const headers = { origin: VIEWER, 'sec-fetch-storage-access': 'inactive' };
    const response = await ask('/media/films%2Ftalk.mp4', { headers });
    expect(response.status).toBe(302);
    expect(response.headers.get('activate-storage-access')).toBe(`retry; allowed-origin="${VIEWER}"`);
    expect(response.headers.get('vary')).toContain('Sec-Fetch-Storage-Access');
  });

  it('has none where its other item is missing, and the other item has no other address than its own', async () => {
    expect((await ask('/media/films%2Fwithout.mp4')).status).toBe(401);
    expect((await ask('/media/films%2Fwithout.mp4%2F~low')).status).toBe(404);
    expect(await probe('films%2Fwithout.mp4')).not.toHaveProperty('substitute');
    for (const path of ['/media/previews%2Ffilms%2Ftalk.mp4', '/media/previews%2Ffilms%2Ftalk.mp4%2F~low']) {
      expect([403, 404]).toContain((await ask(path)).status);
    }
  });

  it('is shown on its page, with the way to the whole beside it', async () => {
    const page = await (await ask('/view/media/films%2Ftalk.mp4')).text();
    expect(page).toContain('<video controls preload="metadata" src="/media/films%2Ftalk.mp4%2F~low"');
    expect(page).toContain('href="/auth/access/members"');
    expect(page).toContain('preview for everyone');
    const tier = await (await ask('/view/media/films%2Ftalk.mp4%2F~low')).text();
    expect(tier).toContain('<video controls preload="metadata" src="/media/films%2Ftalk.mp4%2F~low"');
    expect(await (await ask('/browse/films')).text()).toContain('preview for everyone');
  });
});

describe('a tier that is locked itself', () => {
  it('is named after those that are open, with the services that unlock it, in both specifications', async () => {
    const { substitute = [] } = await probe('films%2Ftalk.mp4', undefined, { 'accept-language': 'de' });
    expect(substitute.map(({ id }) => id.replace(/.*~/, ''))).toEqual(['low', 'agreed']);
    const [, agreed] = substitute;
    expect(agreed?.service).toMatchObject([
      { '@id': `${vitrine.base}/auth/access/1/terms`, profile: 'http://iiif.io/api/auth/1/clickthrough' },
      {
        id: `${vitrine.base}/auth/probe/films%2Ftalk.mp4%2F~agreed`,
        type: 'AuthProbeService2',
        service: [{ id: `${vitrine.base}/auth/access/terms`, type: 'AuthAccessService2' }],
      },
    ]);
    expect(await probe('films%2Ftalk.mp4%2F~agreed')).toMatchObject({ status: 401 });
    expect((await ask('/media/films%2Ftalk.mp4%2F~agreed')).status).toBe(401);
  });

  it('comes first, and without services, for whoever has unlocked it', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.agree();
    const { substitute = [] } = await probe('films%2Ftalk.mp4', visitor);
    expect(substitute.map(({ id }) => id.replace(/.*~/, ''))).toEqual(['agreed', 'low']);
    expect(substitute[0]).not.toHaveProperty('service');
    expect((await visitor.ask('/media/films%2Ftalk.mp4')).headers.get('location')).toMatch(/~agreed$/);
    expect(await (await visitor.ask('/media/films%2Ftalk.mp4%2F~agreed')).text()).toBe('the film for those who agreed');
  });

  it('of a picture has its services on the image and on its image service', async () => {
    await writeFiles(vitrine.images, { 'agreed/maps/map.png': await quarters(400, 300) });
    const { substitute = [] } = await probe('maps%2Fmap.png');
    const [low, agreed] = substitute;
    expect(low?.service).toHaveLength(1);
    expect(agreed?.service).toMatchObject([
      {
        id: `${vitrine.base}/iiif/3/maps%2Fmap.png%2F~agreed`,
        type: 'ImageService3',
        service: [
          { '@id': `${vitrine.base}/auth/access/1/terms` },
          { id: `${vitrine.base}/auth/probe/maps%2Fmap.png%2F~agreed`, type: 'AuthProbeService2' },
        ],
      },
      { '@type': 'AuthCookieService1' },
      { type: 'AuthProbeService2', service: [{ profile: 'active' }] },
    ]);
    const document = await ask('/iiif/3/maps%2Fmap.png%2F~agreed/info.json');
    expect(document.status).toBe(401);
    expect(await document.json()).toMatchObject({ width: 400, service: [{ '@id': `${vitrine.base}/auth/access/1/terms` }, {}] });
  });

  it('is what leads to the item that nobody may open', async () => {
    expect(await probe('closed%2Fsecret.mp4')).toMatchObject({
      status: 403,
      substitute: [{ id: `${vitrine.base}/media/closed%2Fsecret.mp4%2F~short`, service: [{}, { type: 'AuthProbeService2' }] }],
    });
    expect((await ask('/media/closed%2Fsecret.mp4')).status).toBe(403);
    const page = await ask('/view/media/closed%2Fsecret.mp4');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('href="/auth/access/terms"');
    const visitor = new TestVisitor(vitrine);
    await visitor.agree();
    expect((await visitor.ask('/media/closed%2Fsecret.mp4')).headers.get('location')).toMatch(/~short$/);
  });
});

describe('a locked picture with another one as tier', () => {
  it('sends to it, with its own dimensions and the services of the locked one', async () => {
    for (const version of [2, 3]) {
      const response = await ask(`/iiif/${version}/maps%2Fmap.png/info.json`);
      expect(response.headers.get('location')).toBe(`${vitrine.base}/iiif/${version}/maps%2Fmap.png%2F~low/info.json`);
      const document = (await (await ask(`/iiif/${version}/maps%2Fmap.png%2F~low/info.json`)).json()) as Record<string, unknown>;
      expect(document).toMatchObject({ width: 80, height: 60 });
      expect(JSON.stringify(document['service'])).toContain('/auth/access/1/members');
      expect((await ask(`/iiif/${version}/maps%2Fmap.png/full/80,/0/default.png`)).status).toBe(401);
    }
    const image = await ask('/iiif/3/maps%2Fmap.png%2F~low/full/max/0/default.png');
    const { data } = await sharp(Buffer.from(await image.arrayBuffer()))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([0, 255, 255]);
  });
});

describe('a locked stream with another one as tier', () => {
  const low = () => `${vitrine.base}/media/stream/streams/a/main.mpd/~low/main.mpd`;

  it('sends to its playlist, and the segments lie beside that', async () => {
    for (const path of ['/media/streams%2Fa%2Fmain.mpd', '/media/stream/streams/a/main.mpd']) {
      expect((await ask(path)).headers.get('location'), path).toBe(low());
    }
    expect((await probe('streams%2Fa%2Fmain.mpd')).substitute?.[0]).toMatchObject({
      id: low(),
      type: 'Video',
      format: 'application/dash+xml',
    });
    expect((await ask('/media/streams%2Fa%2Fmain.mpd%2F~low')).headers.get('location')).toBe(low());
    const path = low().slice(vitrine.base.length);
    expect(await (await ask(path)).text()).toBe('small playlist');
    expect(await (await ask(path.replace('main.mpd/~low/main.mpd', 'main.mpd/~low/1.m4s'))).text()).toBe('small segment');
  });

  it('opens nothing but that stream', async () => {
    expect((await ask('/media/stream/streams/a/1.m4s')).status).toBe(401);
    expect((await ask('/media/stream/previews/streams/a/1.m4s')).status).toBe(403);
    for (const rest of ['whole.mp4', '../../../films/talk.mp4', '..%2F..%2Fsecret.mp4', '2.m4s', '']) {
      expect([403, 404], rest).toContain((await ask(`/media/stream/streams/a/main.mpd/~low/${rest}`)).status);
    }
    expect((await ask('/media/stream/streams/b.mpd')).status).toBe(401);
    expect((await ask('/media/stream/films/talk.mp4/~low/talk.mp4')).status).toBe(404);
  });
});
