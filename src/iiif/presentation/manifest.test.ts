import { describe, expect, it } from 'vitest';
import type { ServiceSource } from '../auth/service-description.ts';
import { authUris } from '../auth/uris.ts';
import { canvasUri, collectionUri, type ImageCanvas, type ManifestInput, manifestUri, thumbnailSize } from './manifest.ts';
import { manifest2 } from './manifest-2.ts';
import { manifest3 } from './manifest-3.ts';

const BASE = 'https://iiif.example.org';
const AUTH2 = 'http://iiif.io/api/auth/2/context.json';

const MEMBERS: ServiceSource = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'] },
  heading: null,
  note: null,
  confirmLabel: null,
  errorHeading: null,
  errorNote: null,
};

type Images = { readonly canvases: readonly [ImageCanvas, ...ImageCanvas[]] };
type OfImages = Omit<ManifestInput, 'canvases'> & Images;

function input(version: 2 | 3, changes: Partial<OfImages> = {}): OfImages {
  return {
    id: manifestUri(BASE, version, 'maps/a b.tif', null),
    label: { none: ['a b.tif'] },
    summary: null,
    metadata: [],
    requiredStatement: null,
    rights: null,
    renderings: [],
    accessServices: [],
    viewingDirection: null,
    partOf: null,
    homepage: { id: `${BASE}/view/openseadragon/maps%2Fa%20b.tif`, label: { none: ['Example Library'] } },
    canvases: [{ ...leaf(version, 'maps/a b.tif', 1, 6000, 4000), label: changes.label ?? { none: ['a b.tif'] } }],
    uris: authUris(BASE),
    acceptLanguage: null,
    ...changes,
  };
}

function locked(version: 2 | 3, { canvases = input(version).canvases, ...changes }: Partial<OfImages> = {}): OfImages {
  const [first, ...rest] = canvases;
  const lock = (page: ImageCanvas): ImageCanvas => ({ ...page, accessServices: [MEMBERS] });
  return input(version, { ...changes, canvases: [lock(first), ...rest.map(lock)] });
}

function leaf(version: 2 | 3, path: string, number: number, width: number, height: number): ImageCanvas {
  const identifier = number === 1 ? path : `${path}/${number}`;
  const service = (of: 2 | 3) => `${BASE}/iiif/${of}/${encodeURIComponent(identifier)}`;
  return {
    kind: 'image',
    id: canvasUri(BASE, version, path, null, number),
    identifier,
    label: { none: [String(number)] },
    metadata: [],
    requiredStatement: null,
    rights: null,
    width,
    height,
    largest: width === 6000 ? { width: 3000, height: 2000 } : { width, height },
    imageServices: { 2: service(2), 3: service(3) },
    accessServices: [],
    thumbnail: null,
  };
}

function book(version: 2 | 3): Partial<OfImages> & Images {
  const page = (number: number, width: number, height: number) => leaf(version, 'book.tif', number, width, height);
  return { label: { none: ['book.tif'] }, canvases: [page(1, 2000, 2800), page(2, 1800, 2600), page(3, 100, 50)] };
}

/** Every object in a document, with the keys that lead to it. */
function walk(value: unknown, visit: (object: Record<string, unknown>, path: string) => void, path = ''): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>, path);
  for (const [key, child] of Object.entries(value)) walk(child, visit, `${path}/${key}`);
}

function collect(document: object, key: string): unknown[] {
  const found: unknown[] = [];
  walk(document, (object) => {
    if (key in object) found.push(object[key]);
  });
  return found;
}

describe('a manifest of one image, 3.0', () => {
  const open = manifest3(input(3, { rights: 'http://creativecommons.org/publicdomain/mark/1.0/' }));
  const closed = manifest3(locked(3));

  it('has one canvas of the size of the image, with the image on it', () => {
    expect(open).toMatchObject({
      '@context': 'http://iiif.io/api/presentation/3/context.json',
      id: `${BASE}/presentation/3/maps%2Fa%20b.tif/manifest`,
      type: 'Manifest',
      label: { none: ['a b.tif'] },
      rights: 'http://creativecommons.org/publicdomain/mark/1.0/',
      items: [
        {
          type: 'Canvas',
          width: 6000,
          height: 4000,
          items: [
            {
              type: 'AnnotationPage',
              items: [
                {
                  type: 'Annotation',
                  motivation: 'painting',
                  target: `${BASE}/presentation/3/maps%2Fa%20b.tif/canvas/1`,
                  body: { id: `${BASE}/iiif/3/maps%2Fa%20b.tif/full/max/0/default.jpg`, type: 'Image', format: 'image/jpeg' },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('gives every object an id and a type, each id once but for services', () => {
    const ids: string[] = [];
    walk(open, (object, path) => {
      if (/\/(label|rights)(\/|$)/.test(path)) return;
      expect([object['id'] ?? object['@id'], object['type'] ?? object['@type']], path).toEqual([expect.any(String), expect.any(String)]);
      if (!path.includes('/service')) ids.push(String(object['id']));
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('offers both image services, the newer first, each with a profile', () => {
    expect(collect(open, 'service').find((services) => Array.isArray(services) && services.length === 2)).toEqual([
      { id: `${BASE}/iiif/3/maps%2Fa%20b.tif`, type: 'ImageService3', profile: 'level2' },
      { '@id': `${BASE}/iiif/2/maps%2Fa%20b.tif`, '@type': 'ImageService2', profile: 'http://iiif.io/api/image/2/level2.json' },
    ]);
  });

  it('has a thumbnail only when the item is open', () => {
    expect(open).toHaveProperty('thumbnail.0.id', `${BASE}/iiif/3/maps%2Fa%20b.tif/full/400,267/0/default.jpg`);
    expect(collect(closed, 'thumbnail')).toEqual([]);
  });

  it('carries the services of a locked item on both image services, and the context of 2.0 first', () => {
    expect(closed).toHaveProperty('@context', [AUTH2, 'http://iiif.io/api/presentation/3/context.json']);
    const locks = ['AuthCookieService1', 'AuthProbeService2'];
    const services: string[][] = [];
    walk(closed, (object) => {
      if (!/^ImageService/.test(String(object['type'] ?? object['@type']))) return;
      services.push((object['service'] as Array<Record<string, string>>).map((service) => service['type'] ?? service['@type'] ?? ''));
    });
    expect(services).toEqual([locks, locks]);
  });

  it('has the probe service on the image itself too, in full, with its access services by reference', () => {
    expect(closed).toHaveProperty('items.0.items.0.items.0.body.service.2', {
      id: `${BASE}/auth/probe/maps%2Fa%20b.tif`,
      type: 'AuthProbeService2',
      profile: 'http://iiif.io/api/auth/2/probe',
      errorHeading: expect.any(Object),
      errorNote: expect.any(Object),
      service: [{ id: `${BASE}/auth/access/members`, type: 'AuthAccessService2', profile: 'active' }],
    });
  });

  it('names the context of 2.0 nowhere below the top', () => {
    const below = collect(closed, '@context').slice(1);
    expect(below).not.toContain(AUTH2);
  });
});

describe('a manifest of one image, 2.1', () => {
  const open = manifest2(input(2, { label: { en: ['A map'], de: ['Eine Karte'], none: ['a b.tif'] } }));
  const closed = manifest2(locked(2));

  it('has one sequence, one canvas and one image, in the older syntax', () => {
    expect(closed).toMatchObject({
      '@context': 'http://iiif.io/api/presentation/2/context.json',
      '@type': 'sc:Manifest',
      label: 'a b.tif',
      sequences: [
        {
          canvases: [
            {
              '@type': 'sc:Canvas',
              width: 6000,
              height: 4000,
              images: [{ motivation: 'sc:painting', resource: { '@type': 'dctypes:Image', width: 3000, height: 2000 } }],
            },
          ],
        },
      ],
    });
    walk(closed, (object, path) => {
      if (path.includes('/service') || path === '/related') return;
      expect([object['@id'], object['@type']], path).toEqual([expect.any(String), expect.any(String)]);
    });
  });

  it('writes texts in several languages as values with a language', () => {
    expect(open).toHaveProperty('label', [
      { '@value': 'A map', '@language': 'en' },
      { '@value': 'Eine Karte', '@language': 'de' },
      { '@value': 'a b.tif' },
    ]);
  });

  it('has a thumbnail only when the item is open', () => {
    expect(open).toHaveProperty('thumbnail.@id', `${BASE}/iiif/2/maps%2Fa%20b.tif/full/400,267/0/default.jpg`);
    expect(collect(closed, 'thumbnail')).toEqual([]);
  });

  it('carries both kinds of services of a locked item, each with its context', () => {
    expect(collect(closed, 'service')).toContainEqual([
      expect.objectContaining({ '@context': 'http://iiif.io/api/auth/1/context.json' }),
      expect.objectContaining({ '@context': AUTH2, type: 'AuthProbeService2' }),
    ]);
  });
});

describe('a manifest of a file with several pages', () => {
  const three = manifest3(input(3, book(3)));
  const two = manifest2(input(2, book(2)));

  it('has a canvas for each page in 3.0, with its label, its size and its own image services', () => {
    const canvases = (three as { items: ReadonlyArray<Record<string, unknown>> }).items;
    expect(canvases).toHaveLength(3);
    for (const [at, canvas] of canvases.entries()) {
      const { label, width, height, imageServices } = book(3).canvases[at] ?? book(3).canvases[0];
      expect(canvas).toMatchObject({ id: canvasUri(BASE, 3, 'book.tif', null, at + 1), type: 'Canvas', label, width, height });
      expect(canvas).toHaveProperty('items.0.items.0.target', canvas['id']);
      expect(canvas).toHaveProperty('items.0.items.0.body.service.0.id', imageServices[3]);
      expect(canvas).toHaveProperty('items.0.items.0.body.service.1.@id', imageServices[2]);
      expect(canvas).toHaveProperty('items.0.items.0.body.height', height);
    }
  });

  it('has the same in 2.1', () => {
    const canvases =
      (two as { sequences: ReadonlyArray<{ canvases: ReadonlyArray<Record<string, unknown>> }> }).sequences[0]?.canvases ?? [];
    expect(canvases.map((canvas) => [canvas['label'], canvas['width'], canvas['height']])).toEqual([
      ['1', 2000, 2800],
      ['2', 1800, 2600],
      ['3', 100, 50],
    ]);
    for (const [at, canvas] of canvases.entries()) {
      expect(canvas).toHaveProperty('@id', canvasUri(BASE, 2, 'book.tif', null, at + 1));
      expect(canvas).toHaveProperty('images.0.on', canvas['@id']);
      expect(canvas).toHaveProperty('images.0.resource.service.@id', book(2).canvases[at]?.imageServices[2]);
    }
  });

  it('is named after the file, with the first page as its thumbnail', () => {
    expect(three).toMatchObject({
      label: { none: ['book.tif'] },
      thumbnail: [{ id: `${BASE}/iiif/3/book.tif/full/286,400/0/default.jpg` }],
    });
    expect(two).toMatchObject({ label: 'book.tif', thumbnail: { '@id': `${BASE}/iiif/2/book.tif/full/286,400/0/default.jpg` } });
  });

  it.each([
    ['3.0', manifest3(locked(3, book(3)))],
    ['2.1', manifest2(locked(2, book(2)))],
  ])('locks each page of a locked file in %s, with a probe service of its own', (_version, closed) => {
    const probes: unknown[] = [];
    walk(closed, (object) => {
      if (object['type'] === 'AuthProbeService2') probes.push(object['id']);
    });
    expect([...new Set(probes)]).toEqual(['book.tif', 'book.tif%2F2', 'book.tif%2F3'].map((page) => `${BASE}/auth/probe/${page}`));
  });

  it('states an access service that locks every page in full once, in 3.0 at the top', () => {
    const closed = manifest3(locked(3, book(3)));
    const texts: string[] = [];
    walk(closed, (object, path) => {
      if (object['confirmLabel'] !== undefined) texts.push(path);
    });
    expect(texts).toEqual(['/services/0', '/services/1']);
    const references: unknown[] = [];
    walk(closed, (object, path) => {
      if (path.startsWith('/items') && object['@type'] === 'AuthCookieService1') references.push(object);
    });
    expect(new Set(references.map((reference) => JSON.stringify(reference)))).toEqual(
      new Set([
        JSON.stringify({
          '@id': `${BASE}/auth/access/1/members`,
          '@type': 'AuthCookieService1',
          profile: 'http://iiif.io/api/auth/1/login',
        }),
      ]),
    );
    expect(references).toHaveLength(6);
  });

  it('states it in full on the first page in 2.1, and by reference on the others', () => {
    const texts: string[] = [];
    walk(manifest2(locked(2, book(2))), (object, path) => {
      if (object['confirmLabel'] !== undefined) texts.push(path);
    });
    const first = '/sequences/0/canvases/0/images/0/resource/service/service';
    expect(texts).toEqual([`${first}/0`, `${first}/1/service/0`]);
  });

  it('shows the first page that is open, and nothing of a locked one', () => {
    const [one, two, three] = book(3).canvases;
    const mixed = manifest3(
      input(3, { canvases: [{ ...one, accessServices: [MEMBERS] }, ...[two, three].filter((page) => page !== undefined)] }),
    );
    expect(mixed).toHaveProperty('thumbnail.0.id', `${BASE}/iiif/3/book.tif%2F2/full/277,400/0/default.jpg`);
    const first = (mixed as { items: unknown[] }).items[0];
    expect(JSON.stringify(first)).not.toContain('400/0/default.jpg');
  });

  it('uses no id for two things', () => {
    for (const document of [three, two]) {
      const ids: unknown[] = [];
      walk(document, (object, path) => {
        if (!path.includes('/service') && !path.includes('/label')) ids.push(object['id'] ?? object['@id']);
      });
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('what is written about a manifest', () => {
  const about: Partial<OfImages> = {
    label: { en: ['Letters'], de: ['Briefe'] },
    summary: { en: ['From the islands.'] },
    metadata: [{ label: { en: ['Author'] }, value: { none: ['Anna'] } }],
    requiredStatement: { label: { en: ['Credit'] }, value: { en: ['Example Library'] } },
    rights: 'http://rightsstatements.org/vocab/NoC-OKLR/1.0/',
    viewingDirection: 'right-to-left',
    partOf: { id: collectionUri(BASE, 3, 'letters', null), label: { none: ['letters'] } },
  };

  it('stands in 3.0 as it is', () => {
    const { partOf, ...same } = about;
    expect(manifest3(input(3, about))).toMatchObject({
      ...same,
      partOf: [{ id: `${BASE}/presentation/3/letters/collection`, type: 'Collection', label: partOf?.label }],
      homepage: [
        { id: `${BASE}/view/openseadragon/maps%2Fa%20b.tif`, type: 'Text', format: 'text/html', label: { none: ['Example Library'] } },
      ],
    });
  });

  it('stands in 2.1 under the older names', () => {
    expect(manifest2(input(2, about))).toMatchObject({
      label: [
        { '@value': 'Letters', '@language': 'en' },
        { '@value': 'Briefe', '@language': 'de' },
      ],
      description: [{ '@value': 'From the islands.', '@language': 'en' }],
      metadata: [{ label: [{ '@value': 'Author', '@language': 'en' }], value: 'Anna' }],
      attribution: [{ '@value': 'Example Library', '@language': 'en' }],
      license: 'http://rightsstatements.org/vocab/NoC-OKLR/1.0/',
      viewingDirection: 'right-to-left',
      within: { '@type': 'sc:Collection', label: 'letters' },
      related: { '@id': `${BASE}/view/openseadragon/maps%2Fa%20b.tif`, format: 'text/html', label: 'Example Library' },
    });
  });
});

describe('thumbnailSize', () => {
  it.each([
    [
      { width: 6000, height: 4000 },
      { width: 400, height: 267 },
    ],
    [
      { width: 100, height: 50 },
      { width: 100, height: 50 },
    ],
    [
      { width: 100_000, height: 10 },
      { width: 400, height: 1 },
    ],
  ])('of %j is %j', (size, expected) => {
    expect(thumbnailSize(size)).toEqual(expected);
  });
});
