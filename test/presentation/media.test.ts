import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { mp3, mp4, wav } from '../media/write-media.ts';
import { walkDocuments } from './walk-documents.ts';

const SIZE = [640, 360] as const;
const DASH = '<MPD mediaPresentationDuration="PT30S"><Period><Representation width="640" height="360"/></Period></MPD>';
const FILES = {
  'open/talk/talk.mp4': mp4({ seconds: 90, size: SIZE }),
  'open/talk/talk.mp4.meta.yaml': 'label: { en: [A talk], de: [Ein Vortrag] }\nsummary: About islands.\n',
  'open/talk/tone.wav': wav(2, 8_000),
  'open/talk/transcript.pdf': '%PDF-1.7',
  'open/papers/book.pdf': '%PDF-1.7',
  'open/papers/book.epub': 'PK',
  'open/papers/vase.glb': 'glTF',
  'open/papers/notes.txt': 'notes',
  'open/papers/data.json': '{}',
  'open/book/scan.pdf': '%PDF-1.7',
  'open/stream/manifest.mpd': DASH,
  'open/stream/1.m4s': 'x',
  'open/odd/endless.mp3': 'no sound at all',
  'members/song/song.mp3': mp3(100),
  'members/song/song.pdf': '%PDF-1.7',
  'members/film/film.mp4': mp4({ seconds: 12.5, size: SIZE }),
  'nowhere/film/film.mp4': mp4({ seconds: 1, size: SIZE }),
};

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  const png = await quarters(80, 60);
  await writeFiles(vitrine.images, { ...FILES, 'open/book/1.png': png, 'open/book/2.png': png });
});
afterAll(() => vitrine.close());

async function read(path: string) {
  const response = await fetch(`${vitrine.base}/presentation/${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return JSON.parse(await response.text());
}

const bodyOf = ({ items }: { items: ReadonlyArray<{ items: ReadonlyArray<{ body: Record<string, unknown> }> }> }) =>
  items[0]?.items[0]?.body;

describe('the manifest of a film', () => {
  it('has a canvas of its size that lasts as long, with the file on it', async () => {
    const manifest = await read('3/open%2Ftalk%2Ftalk.mp4/manifest');
    expect(manifest).toMatchObject({
      type: 'Manifest',
      label: { en: ['A talk'], de: ['Ein Vortrag'] },
      summary: { none: ['About islands.'] },
      homepage: [{ id: `${vitrine.base}/view/media/open%2Ftalk%2Ftalk.mp4` }],
      items: [{ type: 'Canvas', width: 640, height: 360, duration: 90 }],
    });
    expect(bodyOf(manifest.items[0])).toEqual({
      id: `${vitrine.base}/media/open%2Ftalk%2Ftalk.mp4`,
      type: 'Video',
      format: 'video/mp4',
      width: 640,
      height: 360,
      duration: 90,
    });
  });

  it('in 2.1, which knows images only, has a drawing and a link to the file', async () => {
    const { sequences } = await read('2/open%2Ftalk%2Ftalk.mp4/manifest');
    const [canvas] = sequences[0].canvases;
    expect(canvas).toMatchObject({
      rendering: { '@id': `${vitrine.base}/media/open%2Ftalk%2Ftalk.mp4`, format: 'video/mp4' },
      images: [{ resource: { '@id': `${vitrine.base}/assets/film.svg`, '@type': 'dctypes:Image', format: 'image/svg+xml' } }],
    });
    const drawing = await fetch(canvas.images[0].resource['@id']);
    expect([drawing.status, drawing.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });

  it('of a stream has its playlist, at the address with slashes', async () => {
    const { items } = await read('3/open%2Fstream%2Fmanifest.mpd/manifest');
    expect(items[0]).toMatchObject({ width: 640, height: 360, duration: 30 });
    expect(bodyOf(items[0])).toMatchObject({
      id: `${vitrine.base}/media/stream/open/stream/manifest.mpd`,
      type: 'Video',
      format: 'application/dash+xml',
    });
  });

  it('names both kinds of services on the file of a locked one, in full once at the top and by reference here', async () => {
    const { services, items } = await read('3/members%2Ffilm%2Ffilm.mp4/manifest');
    expect(services.map((service: Record<string, string>) => service['type'] ?? service['@type'])).toEqual([
      'AuthCookieService1',
      'AuthAccessService2',
    ]);
    expect(bodyOf(items[0])?.['service']).toEqual([
      {
        '@id': `${vitrine.base}/auth/access/1/members`,
        '@type': 'AuthCookieService1',
        profile: 'http://iiif.io/api/auth/1/login',
      },
      {
        id: `${vitrine.base}/auth/probe/members%2Ffilm%2Ffilm.mp4`,
        type: 'AuthProbeService2',
        profile: 'http://iiif.io/api/auth/2/probe',
        errorHeading: expect.any(Object),
        errorNote: expect.any(Object),
        service: [{ id: `${vitrine.base}/auth/access/members`, type: 'AuthAccessService2', profile: 'active' }],
      },
      {
        '@id': `${vitrine.base}/auth/probe/1/members%2Ffilm%2Ffilm.mp4`,
        '@type': 'AuthProbeService1',
        profile: 'http://iiif.io/api/auth/1/probe',
      },
    ]);
    const probe = await (await fetch(`${vitrine.base}/auth/probe/members%2Ffilm%2Ffilm.mp4`)).text();
    expect(JSON.parse(probe)).toHaveProperty('status', 401);
  });

  it('is told to nobody where no policy opens the film', async () => {
    const response = await fetch(`${vitrine.base}/presentation/3/nowhere%2Ffilm%2Ffilm.mp4/manifest`);
    expect(response.status).toBe(403);
  });
});

describe('the manifest of a sound', () => {
  it('has a canvas that has a duration and no size', async () => {
    const { items } = await read('3/open%2Ftalk%2Ftone.wav/manifest');
    expect(items[0]).toMatchObject({ type: 'Canvas', duration: 2 });
    expect(items[0]).not.toHaveProperty('width');
    expect(bodyOf(items[0])).toMatchObject({ type: 'Sound', format: 'audio/wav', duration: 2 });
  });

  it('that does not tell how long it is has a drawing, and the file as a link', async () => {
    const { items } = await read('3/open%2Fodd%2Fendless.mp3/manifest');
    expect(items[0]).toMatchObject({ width: 1200, height: 900, rendering: [{ type: 'Sound', format: 'audio/mpeg' }] });
    expect(bodyOf(items[0])).toMatchObject({ id: `${vitrine.base}/assets/sound.svg`, type: 'Image' });
  });
});

describe('the manifest of a document, a model or a text', () => {
  it.each([
    ['book.pdf', 'Text', 'application/pdf', 'document'],
    ['book.epub', 'Text', 'application/epub+zip', 'document'],
    ['vase.glb', 'Model', 'model/gltf-binary', 'model'],
    ['notes.txt', 'Text', 'text/plain', 'text'],
    ['data.json', 'Dataset', 'application/json', 'text'],
  ])('of %s has a drawing, and the file as a rendering of type %s', async (name, type, format, drawing) => {
    const { items } = await read(`3/open%2Fpapers%2F${name}/manifest`);
    expect(items).toHaveLength(1);
    expect(items[0].rendering).toEqual([{ id: `${vitrine.base}/media/open%2Fpapers%2F${name}`, type, label: { none: [name] }, format }]);
    expect(bodyOf(items[0])).toMatchObject({ id: `${vitrine.base}/assets/${drawing}.svg`, format: 'image/svg+xml' });
  });
});

describe('the manifest of a folder', () => {
  it('has films and sounds as canvases, and documents beside them as renderings of its own', async () => {
    const { items, rendering } = await read('3/open%2Ftalk/manifest');
    expect(items.map((canvas: object) => bodyOf(canvas as never)?.['type'])).toEqual(['Video', 'Sound']);
    expect(items[0].label).toEqual({ en: ['A talk'], de: ['Ein Vortrag'] });
    expect(rendering).toEqual([
      {
        id: `${vitrine.base}/media/open%2Ftalk%2Ftranscript.pdf`,
        type: 'Text',
        label: { none: ['transcript.pdf'] },
        format: 'application/pdf',
      },
    ]);
  });

  it('of pictures with a PDF is a book with the PDF as its rendering, in both versions', async () => {
    const newer = await read('3/open%2Fbook/manifest');
    expect(newer.items).toHaveLength(2);
    expect(newer.rendering).toMatchObject([{ id: `${vitrine.base}/media/open%2Fbook%2Fscan.pdf` }]);
    const older = await read('2/open%2Fbook/manifest');
    expect(older.sequences[0].canvases).toHaveLength(2);
    expect(older.rendering).toEqual([
      { '@id': `${vitrine.base}/media/open%2Fbook%2Fscan.pdf`, label: 'scan.pdf', format: 'application/pdf' },
    ]);
  });

  it('of documents alone has a canvas with a drawing for each', async () => {
    const { items, rendering } = await read('3/open%2Fpapers/manifest');
    expect(items).toHaveLength(5);
    expect(rendering).toBeUndefined();
  });

  it('states what locks a rendering and a canvas once in full, in 2.1 where it comes first', async () => {
    const older = await read('2/members%2Fsong/manifest');
    expect(older.rendering[0].service[0]).toHaveProperty('label');
    expect(older.sequences[0].canvases[0].rendering.service[0]).not.toHaveProperty('label');
    const newer = await read('3/members%2Fsong/manifest');
    expect(newer.services).toHaveLength(2);
    expect(newer.rendering[0].service).toHaveLength(2);
  });
});

describe('our pages', () => {
  it('link to the manifest of a film, and Mirador opens it', async () => {
    const page = async (path: string) => (await fetch(`${vitrine.base}${path}`, { headers: { 'accept-language': 'en' } })).text();
    const link = '/presentation/3/open%2Ftalk%2Ftalk.mp4/manifest"';
    expect(await page('/browse/open/talk')).toContain(`href="${link}`);
    expect(await page('/view/media/open%2Ftalk%2Ftalk.mp4')).toContain(link);
    expect(await page('/view/mirador/open%2Ftalk%2Ftalk.mp4')).toContain(`data-manifest="${vitrine.base}${link}`);
  });

  it('show no film in the viewer of pictures, and none that is closed', async () => {
    expect((await fetch(`${vitrine.base}/view/openseadragon/open%2Ftalk%2Ftalk.mp4`)).status).toBe(404);
    expect((await fetch(`${vitrine.base}/view/mirador/nowhere%2Ffilm%2Ffilm.mp4`)).status).toBe(403);
  });
});

it.each([3, 2] as const)(
  'every document of a tree of all kinds is read by parsers that are not ours, Presentation API %i',
  async (version) => {
    const walked = await walkDocuments(vitrine.base, version);
    const at = (path: string) => `${vitrine.base}/presentation/${version}/${path}`;
    expect(walked.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(['open%2Ftalk', 'open%2Fpapers', 'open%2Fstream'].map((path) => at(`${path}/manifest`))),
    );
  },
);
