import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { mp4 } from '../media/write-media.ts';
import { walkDocuments } from './walk-documents.ts';

const CONTEXT_3 = 'http://iiif.io/api/presentation/3/context.json';
const FOREIGN = 'https://elsewhere.example/iiif/3/map';
const FOREIGN_LOGIN = {
  '@id': 'https://elsewhere.example/login',
  '@type': 'AuthCookieService1',
  profile: 'http://iiif.io/api/auth/1/login',
};

function canvas3(id: string, body: object, more: object = {}) {
  const annotation = { id: `${id}/annotation`, type: 'Annotation', motivation: 'painting', target: id, body };
  return {
    id,
    type: 'Canvas',
    label: { none: ['1'] },
    width: 800,
    height: 600,
    ...more,
    items: [{ id: `${id}/page`, type: 'AnnotationPage', items: [annotation] }],
  };
}

const image3 = (service: string, more: object = {}) => ({
  id: `${service}/full/max/0/default.jpg`,
  type: 'Image',
  format: 'image/jpeg',
  service: [{ id: service, type: 'ImageService3', profile: 'level2', ...more }],
});

const VIDEO = { id: '/media/members%2Ffilm.mp4', type: 'Video', format: 'video/mp4', duration: 12 };
const MIXED = {
  '@context': ['https://example.org/own.json', CONTEXT_3],
  id: 'https://tool.example/manifest.json',
  type: 'Manifest',
  'own:property': { b: [1.5, null, true], a: 'https://tool.example/manifest.json' },
  label: { id: ['Peta'], en: ['Mixed'] },
  partOf: [{ id: 'https://tool.example/collection', type: 'Collection', label: { none: ['All'] } }],
  items: [
    canvas3('canvas/1', image3('/iiif/3/members%2Fletter.jpg')),
    canvas3('canvas/2', image3('{base}/iiif/3/open%2Fphoto.jpg')),
    canvas3('https://tool.example/canvas/3', image3(FOREIGN, { service: [FOREIGN_LOGIN] })),
    canvas3('canvas/4', VIDEO, { duration: 12 }),
    canvas3('canvas/5', { type: 'Choice', items: [image3('/iiif/3/terms%2Fmap.jpg'), image3('/iiif/3/no-such.jpg')] }),
    canvas3('canvas/6', image3('/iiif/3/nowhere%2Funlisted.jpg')),
  ],
  structures: [{ id: '#range', type: 'Range', label: { none: ['r'] }, items: [{ id: 'canvas/1', type: 'Canvas' }] }],
};

const resource2 = (service: string) => ({
  '@id': `${service}/full/full/0/default.jpg`,
  '@type': 'dctypes:Image',
  service: { '@context': 'http://iiif.io/api/image/2/context.json', '@id': service, profile: 'http://iiif.io/api/image/2/level2.json' },
});
const canvas2 = (id: string, service: string) => ({
  '@id': id,
  '@type': 'sc:Canvas',
  label: '1',
  width: 800,
  height: 600,
  images: [{ '@id': `${id}/image`, '@type': 'oa:Annotation', motivation: 'sc:painting', on: id, resource: resource2(service) }],
});
const OLDER = {
  '@context': 'http://iiif.io/api/presentation/2/context.json',
  '@id': 'manifest.json',
  '@type': 'sc:Manifest',
  label: [{ '@value': 'Older', '@language': 'en' }, 'Alt'],
  viewingHint: 'paged',
  sequences: [
    {
      '@id': 'sequence/1',
      '@type': 'sc:Sequence',
      canvases: [canvas2('canvas/1', '/iiif/2/members%2Fletter.jpg'), canvas2('canvas/2', '/iiif/2/members%2Fpyramid.tif')],
    },
  ],
};

let folder: string;
let vitrine: TestVitrine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-manifests-'));
  await writeFiles(folder, {
    'mixed.json': JSON.stringify(MIXED),
    'older/leaves.json': JSON.stringify(OLDER),
    'broken.json': '{ "type": "Manifest", ',
    'unknown.json': '{ "type": "Dataset" }',
    'notes.txt': 'no manifest',
    '.hidden.json': JSON.stringify(OLDER),
  });
  vitrine = await startTestVitrine({ options: { manifests: folder } });
  await writeFiles(vitrine.images, { 'members/film.mp4': mp4({ seconds: 12, size: [640, 360] }) });
});
afterAll(async () => {
  await vitrine.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

const at = (name: string) => `${vitrine.base}/presentation/manifests/${name}`;

async function read(name: string, init: RequestInit = {}) {
  const response = await fetch(at(name), init);
  expect([name, response.status]).toEqual([name, 200]);
  return JSON.parse(await response.text());
}

const bodyOf = (canvas: ReturnType<typeof canvas3>) => canvas.items[0]?.items[0]?.body as Record<string, unknown>;
const typesOf = (services: unknown) => (services as Array<Record<string, string>>).map((service) => service['type'] ?? service['@type']);

describe('a manifest that somebody already has', () => {
  it('is called by its address, and what is relative in it becomes ours', async () => {
    const { id, items, structures, partOf } = await read('mixed');
    expect(id).toBe(at('mixed'));
    expect(items.map((canvas: { id: string }) => canvas.id)).toEqual([
      `${at('mixed')}/canvas/1`,
      `${at('mixed')}/canvas/2`,
      'https://tool.example/canvas/3',
      `${at('mixed')}/canvas/4`,
      `${at('mixed')}/canvas/5`,
      `${at('mixed')}/canvas/6`,
    ]);
    expect(items[0].items[0].items[0].target).toBe(`${at('mixed')}/canvas/1`);
    expect(bodyOf(items[1])).toMatchObject({ id: `${vitrine.base}/iiif/3/open%2Fphoto.jpg/full/max/0/default.jpg` });
    expect(structures).toEqual([
      { id: `${at('mixed')}#range`, type: 'Range', label: { none: ['r'] }, items: [{ id: `${at('mixed')}/canvas/1`, type: 'Canvas' }] },
    ]);
    expect(partOf).toEqual(MIXED.partOf);
  });

  it('keeps what is not ours as it is: unknown properties, order, texts in Indonesian, services of others', async () => {
    const manifest = await read('mixed');
    expect(manifest['own:property']).toEqual(MIXED['own:property']);
    expect(manifest.label).toEqual({ id: ['Peta'], en: ['Mixed'] });
    const keys = Object.keys(manifest);
    expect(keys.filter((key) => key !== 'services')).toEqual(Object.keys(MIXED));
    expect(bodyOf(manifest.items[2])).toEqual(image3(FOREIGN, { service: [FOREIGN_LOGIN] }));
  });

  it('gets access services where locked items of ours occur, in full once, and their context', async () => {
    const manifest = await read('mixed');
    expect(manifest['@context']).toEqual(['https://example.org/own.json', 'http://iiif.io/api/auth/2/context.json', CONTEXT_3]);
    const stated = manifest.services.map((service: Record<string, string>) => service['@id'] ?? service['id']);
    const names = ['access/1/members', 'access/1/terms', 'access/members', 'access/terms'];
    expect(stated.toSorted()).toEqual(names.map((path) => `${vitrine.base}/auth/${path}`));
    const locked = bodyOf(manifest.items[0]);
    const [service, probe] = locked['service'] as [Record<string, unknown>, Record<string, unknown>];
    expect(typesOf(service['service'])).toEqual(['AuthCookieService1', 'AuthProbeService2']);
    expect(probe).toMatchObject({ id: `${vitrine.base}/auth/probe/members%2Fletter.jpg`, type: 'AuthProbeService2' });
    expect(typesOf(bodyOf(manifest.items[3])['service'])).toEqual(['AuthCookieService1', 'AuthProbeService2', 'AuthProbeService1']);
    const [choice, missing] = bodyOf(manifest.items[4])['items'] as Array<Record<string, unknown>>;
    expect(typesOf(choice?.['service'])).toEqual(['ImageService3', 'AuthProbeService2']);
    expect(missing).toEqual(JSON.parse(JSON.stringify(image3('/iiif/3/no-such.jpg')).replaceAll('"/iiif', `"${vitrine.base}/iiif`)));
  });

  it('stays as it is where an item is open, or closed to everybody', async () => {
    const { items } = await read('mixed');
    const plain = (path: string) => JSON.parse(JSON.stringify(image3(path)).replaceAll('"/iiif', `"${vitrine.base}/iiif`));
    expect(bodyOf(items[1])).toEqual(plain('/iiif/3/open%2Fphoto.jpg'));
    expect(bodyOf(items[5])).toEqual(plain('/iiif/3/nowhere%2Funlisted.jpg'));
  });

  it('of 2.1 has each service in full where it is needed first, and by reference after', async () => {
    const { '@id': id, sequences, viewingHint, services } = await read('older%2Fleaves');
    expect([id, viewingHint, services]).toEqual([at('older%2Fleaves'), 'paged', undefined]);
    const [first, second] = sequences[0].canvases.map((canvas: ReturnType<typeof canvas2>) => canvas.images[0]?.resource.service) as Array<{
      service: Array<Record<string, unknown>>;
    }>;
    expect(first?.service[0]).toMatchObject({ '@id': `${vitrine.base}/auth/access/1/members`, label: 'Sign in to Example Library' });
    expect(second?.service[0]).toEqual({
      '@id': `${vitrine.base}/auth/access/1/members`,
      '@type': 'AuthCookieService1',
      profile: 'http://iiif.io/api/auth/1/login',
    });
  });

  it('replaces services of ours from an earlier day, and adds none twice', async () => {
    const stale = { '@id': '/auth/access/1/old', '@type': 'AuthCookieService1', profile: 'http://iiif.io/api/auth/1/login' };
    const manifest = {
      ...MIXED,
      services: [stale, FOREIGN_LOGIN],
      items: [canvas3('c', image3('/iiif/3/members%2Fletter.jpg', { service: [stale] }))],
    };
    await writeFiles(folder, { 'stale.json': JSON.stringify(manifest) });
    const { services, items } = await read('stale');
    expect(typesOf(services)).toEqual(['AuthCookieService1', 'AuthCookieService1', 'AuthAccessService2']);
    expect(services[0]).toEqual(FOREIGN_LOGIN);
    expect(JSON.stringify(items)).not.toContain('/auth/access/1/old');
    await rm(join(folder, 'stale.json'));
  });

  it('opens in Mirador on a page of ours', async () => {
    const response = await fetch(`${vitrine.base}/view/manifest/older%2Fleaves`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`data-manifest="${at('older%2Fleaves')}"`);
    const mixed = await (await fetch(`${vitrine.base}/view/manifest/mixed`, { headers: { 'accept-language': 'en' } })).text();
    expect(mixed).toContain('<bdi>Mixed</bdi>');
    expect((await fetch(`${vitrine.base}/view/manifest/absent`)).status).toBe(404);
  });

  it('is private where something in it is locked', async () => {
    expect((await fetch(at('mixed'))).headers.get('cache-control')).toBe('private, no-cache');
    const open = { ...MIXED, items: [canvas3('c', image3('/iiif/3/open%2Fphoto.jpg'))] };
    await writeFiles(folder, { 'open.json': JSON.stringify(open) });
    const response = await fetch(at('open'));
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('content-type')).toContain('http://iiif.io/api/presentation/3/context.json');
    expect(JSON.parse(await response.text())).not.toHaveProperty('services');
    await rm(join(folder, 'open.json'));
  });

  it('is taken over at once when its file changes, comes or goes', async () => {
    const write = (label: string) => writeFiles(folder, { 'new.json': JSON.stringify({ ...OLDER, label }) });
    await write('One');
    expect(await read('new')).toHaveProperty('label', 'One');
    await write('Two, longer');
    expect(await read('new')).toHaveProperty('label', 'Two, longer');
    await rm(join(folder, 'new.json'));
    expect((await fetch(at('new'))).status).toBe(404);
  });

  it('that is no JSON is a failure, and one that is something else is not found; the log says why, once', async () => {
    for (const again of [1, 2]) {
      expect([again, (await fetch(at('broken'))).status]).toEqual([again, 500]);
      expect([again, (await fetch(at('unknown'))).status]).toEqual([again, 404]);
    }
    const lines = vitrine.log.filter(({ level }) => level === 40).map(({ msg }) => String(msg));
    expect(lines.filter((line) => line.startsWith('broken.json: it cannot be read as JSON: '))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('unknown.json: it is no manifest'))).toHaveLength(1);
  });

  it.each(['notes.txt', 'notes', '.hidden', 'no-such', '..%2Fx', 'older', 'mixed.json'])('is no other file: %s', async (name) => {
    expect([400, 404]).toContain((await fetch(at(name))).status);
  });

  it('needs no service for those who have access, and keeps them so that they can sign out', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const manifest = JSON.parse(await (await visitor.ask('/presentation/manifests/mixed')).text());
    expect(typesOf(manifest.services)).toHaveLength(4);
  });
});

it('is listed in the root collection of both versions, by its label', async () => {
  for (const version of [2, 3] as const) {
    const text = await (await fetch(`${vitrine.base}/presentation/${version}/collection`)).text();
    const { items = [], manifests = [] } = JSON.parse(text);
    const given = [...items, ...manifests].filter((member: Record<string, string>) =>
      (member['id'] ?? member['@id'])?.includes('/presentation/manifests/'),
    );
    expect(given.map((member: Record<string, string>) => member['id'] ?? member['@id'])).toEqual([at('mixed'), at('older%2Fleaves')]);
    expect(JSON.stringify(given)).toContain('Older');
  }
});

it.each([3, 2] as const)('parsers that are not ours read it like any other of the tree, Presentation API %i', async (version) => {
  const walked = await walkDocuments(vitrine.base, version);
  expect(walked.map(({ uri }) => uri)).toEqual(expect.arrayContaining([at('mixed'), at('older%2Fleaves')]));
});
