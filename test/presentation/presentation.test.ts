import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { imageServicesOf, readWithParser } from './read-document.ts';
import { walkDocuments } from './walk-documents.ts';

const FOLDER_NOTES = `label: { en: [Letters of Anna], de: [Annas Briefe] }
summary: { en: [From the Glass Isles.] }
requiredStatement: { label: { en: [Credit] }, value: { en: [Example Library] } }
rights: https://creativecommons.org/licenses/by/4.0/
readingDirection: right-to-left
metadata:
  - { label: { en: [Shelf mark] }, value: MS 12 }
`;

let vitrine: TestVitrine;

beforeAll(async () => {
  vitrine = await startTestVitrine();
  const png = await quarters(80, 60);
  await write('open/letters/page 10.png', png);
  await write('open/letters/page 2.png', png);
  await write('open/letters/page 1.png', png);
  await write('open/letters/meta.yaml', FOLDER_NOTES);
  await write('open/letters/page 2.png.meta.yaml', 'label: Second leaf\nmetadata:\n  - { label: Date, value: "1911" }\n');
  await write('open/letters/page 1.png.meta.yaml', 'label: First leaf\nrihgts: none\n');
  await write('open/letters/broken.jpg', 'this is no picture');
  await write('nowhere/deeper/secret.png', png);
  await write('open/volumes/one/1.png', png);
  await write('open/volumes/two/1.png', png);
});

afterAll(() => vitrine.close());

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = join(vitrine.images, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${vitrine.base}/presentation/${path}`, { headers });
}

async function read(path: string) {
  const response = await ask(path);
  expect([path, response.status]).toEqual([path, 200]);
  return JSON.parse(await response.text());
}

describe('the manifest of a folder', () => {
  it('has a canvas for each picture in natural order, labelled by side file or file name', async () => {
    const { items, viewingDirection } = await read('3/open%2Fletters/manifest');
    expect(items.map(({ label }: { label: unknown }) => label)).toEqual([
      { none: ['page 1.png'] },
      { none: ['Second leaf'] },
      { none: ['page 10.png'] },
    ]);
    expect(viewingDirection).toBe('right-to-left');
  });

  it('says what is written about the folder', async () => {
    expect(await read('3/open%2Fletters/manifest')).toMatchObject({
      label: { en: ['Letters of Anna'], de: ['Annas Briefe'] },
      summary: { en: ['From the Glass Isles.'] },
      requiredStatement: { label: { en: ['Credit'] }, value: { en: ['Example Library'] } },
      rights: 'http://creativecommons.org/licenses/by/4.0/',
      metadata: [{ label: { en: ['Shelf mark'] }, value: { none: ['MS 12'] } }],
      homepage: [{ id: `${vitrine.base}/browse/open/letters` }],
      partOf: [{ id: `${vitrine.base}/presentation/3/open%2Fletters/collection`, type: 'Collection' }],
    });
  });

  it('has a credit and rights for each picture that says nothing else', async () => {
    expect(await read('3/open%2Fletters%2Fpage%202.png/manifest')).toMatchObject({
      label: { none: ['Second leaf'] },
      metadata: [{ label: { none: ['Date'] }, value: { none: ['1911'] } }],
      requiredStatement: { value: { en: ['Example Library'] } },
      rights: 'http://creativecommons.org/licenses/by/4.0/',
    });
  });

  it('stands without a side file that has mistakes, and the log names file and line, once', async () => {
    await read('3/open%2Fletters/manifest');
    await read('3/open%2Fletters/manifest');
    const lines = vitrine.log.map(({ msg }) => String(msg)).filter((line) => line.includes('page 1.png.meta.yaml'));
    expect(lines).toEqual(['open/letters/page 1.png.meta.yaml:2:1: Unknown key "rihgts". Did you mean "rights"?']);
  });

  it('takes a changed side file over at once', async () => {
    await write('open/volumes/one/meta.yaml', 'label: Volume the First\n');
    expect(await read('3/open%2Fvolumes%2Fone/manifest')).toHaveProperty('label', { none: ['Volume the First'] });
    await write('open/volumes/one/meta.yaml', 'label: Volume One\n');
    expect(await read('3/open%2Fvolumes%2Fone/manifest')).toHaveProperty('label', { none: ['Volume One'] });
  });

  it('is told to nobody where every picture is refused, as if there were no folder', async () => {
    const refused = await ask('3/nowhere/manifest');
    const missing = await ask('3/no-such-folder/manifest');
    expect([refused.status, missing.status]).toEqual([404, 404]);
    expect(await refused.text()).toBe(await missing.text());
  });

  it('names no side file as an item', async () => {
    for (const path of ['open%2Fletters%2Fmeta.yaml', 'open%2Fletters%2Fpage%202.png.meta.yaml']) {
      expect((await ask(`3/${path}/manifest`)).status).toBe(404);
      expect((await fetch(`${vitrine.base}/iiif/3/${path}/info.json`)).status).toBe(404);
    }
  });

  it('leads to the access services of a locked folder, and shows no picture of it', async () => {
    const manifest = await read('3/members/manifest');
    expect(manifest).not.toHaveProperty('thumbnail');
    expect(manifest.services.map((service: Record<string, string>) => service['type'] ?? service['@type'])).toEqual([
      'AuthCookieService1',
      'AuthAccessService2',
    ]);
    const response = await ask('3/members/manifest');
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('answers 304 to a copy that is still good', async () => {
    const first = await ask('3/open%2Fletters/manifest');
    const again = await ask('3/open%2Fletters/manifest', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each(['manifest/0', 'manifest/1', 'manifest/2', 'manifest/02', 'manifest/x', 'collection/0', 'collection/1', 'collection/x'])(
    'has no part %s where one document holds everything',
    async (part) => {
      expect((await ask(`3/open%2Fletters/${part}`)).status).toBe(404);
    },
  );
});

describe('collections', () => {
  it('list folders of pictures as manifests and others as collections, with a thumbnail of what is open', async () => {
    const { items } = await read('3/collection');
    const at = (path: string) => `${vitrine.base}/presentation/3/${path}`;
    expect(items.map(({ id, type }: Record<string, string>) => [id, type])).toEqual([
      [at('curators/manifest'), 'Manifest'],
      [at('members/manifest'), 'Manifest'],
      [at('open/collection'), 'Collection'],
      [at('terms/manifest'), 'Manifest'],
    ]);
    expect(items.map(({ thumbnail }: Record<string, unknown>) => thumbnail !== undefined)).toEqual([false, false, true, false]);
  });

  it('name nothing in which all is refused, not even the folder', async () => {
    for (const version of [2, 3]) expect(await (await ask(`${version}/collection`)).text()).not.toContain('nowhere');
  });

  it('have the own pictures of a folder before the folders in it', async () => {
    const { items, partOf } = await read('3/open/collection');
    expect(items.map(({ id }: { id: string }) => id.slice(`${vitrine.base}/presentation/3/`.length))).toEqual([
      'open/manifest',
      'open%2Fletters/manifest',
      'open%2Fvolumes/collection',
    ]);
    expect(partOf).toEqual([{ id: `${vitrine.base}/presentation/3/collection`, type: 'Collection', label: { none: ['Vitrine'] } }]);
  });

  it('answer 404 for what is no folder', async () => {
    for (const path of ['no-such-folder', 'open%2Fphoto.jpg', '..%2Fopen', 'open%2F..']) {
      expect([400, 404]).toContain((await ask(`3/${path}/collection`)).status);
    }
  });
});

describe('our own pages', () => {
  const page = async (path: string) => {
    const response = await fetch(`${vitrine.base}${path}`, { headers: { 'accept-language': 'en' } });
    return { status: response.status, text: await response.text() };
  };

  it('link a folder to its manifest, its collection and Mirador, and one without pictures to its collection', async () => {
    const { text } = await page('/browse/open/letters');
    for (const link of [
      '/presentation/3/open%2Fletters/manifest',
      '/presentation/3/open%2Fletters/collection',
      '/view/mirador/open%2Fletters',
    ]) {
      expect(text).toContain(`href="${link}"`);
    }
    const front = (await page('/')).text;
    expect(front).toContain('href="/presentation/3/collection"');
    expect(front).not.toContain('href="/presentation/3/manifest"');
  });

  it('call a picture by the label of its side file, on cards and in viewers, with the name of the file beside it', async () => {
    const plain = async (path: string) => (await page(path)).text.replaceAll(/<\/?bdi>/g, '');
    expect(await plain('/browse/open/letters')).toContain('<h3>Second leaf</h3>\n<p class="file">page 2.png</p>');
    expect(await plain('/view/openseadragon/open%2Fletters%2Fpage%202.png')).toContain('<h1>Second leaf</h1>');
  });

  it('call a folder by the label of its side file, in the language of the reader', async () => {
    const german = async (path: string) =>
      (await (await fetch(`${vitrine.base}${path}`, { headers: { 'accept-language': 'de' } })).text()).replaceAll(/<\/?bdi>/g, '');
    expect((await page('/browse/open/letters')).text.replaceAll(/<\/?bdi>/g, '')).toContain('<h1>Letters of Anna</h1>');
    expect(await german('/browse/open/letters')).toContain('<h1>Annas Briefe</h1>');
    expect(await german('/browse/open')).toContain('Annas Briefe');
  });

  it('open a folder in Mirador by its manifest, under the name that its side file gives', async () => {
    const { status, text } = await page('/view/mirador/open%2Fletters');
    expect(status).toBe(200);
    expect(text).toContain(`data-manifest="${vitrine.base}/presentation/3/open%2Fletters/manifest"`);
    expect(text).toContain('<h1><bdi>Letters of Anna</bdi></h1>');
  });

  it.each([
    '/view/mirador',
    '/view/mirador/no-such-folder',
    '/view/mirador/..%2Fopen',
    '/view/openseadragon/open%2Fletters',
    '/view/other',
  ])('have nothing to show at %s', async (path) => {
    expect((await page(path)).status).toBe(404);
  });
});

describe.each([3, 2] as const)('parsers that are not ours, Presentation API %i', (version) => {
  it('read every manifest and collection of the tree alike, from the root on', async () => {
    const seen = await walkDocuments(vitrine.base, version);
    expect(seen).toHaveLength(10);
    for (const { document } of seen.filter(({ document }) => readWithParser(document).type === 'Manifest')) {
      for (const services of imageServicesOf(document)) expect(services[0]).toContain(`/iiif/${version}/`);
    }
  });
});
