import { describe, expect, it } from 'vitest';
import type { ServiceSource } from '../auth/service-description.ts';
import { authUris } from '../auth/uris.ts';
import { canvasUri, type ImageManifestInput, type ManifestPage, manifestUri, thumbnailSize } from './image-manifest.ts';
import { imageManifest2 } from './image-manifest-2.ts';
import { imageManifest3 } from './image-manifest-3.ts';

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

function input(version: 2 | 3, changes: Partial<ImageManifestInput> = {}): ImageManifestInput {
  return {
    id: manifestUri(BASE, version, 'maps/a b.tif', null),
    label: { none: ['a b.tif'] },
    rights: null,
    pages: [
      {
        identifier: 'maps/a b.tif',
        label: changes.label ?? { none: ['a b.tif'] },
        width: 6000,
        height: 4000,
        largest: { width: 3000, height: 2000 },
        imageServices: { 2: `${BASE}/iiif/2/maps%2Fa%20b.tif`, 3: `${BASE}/iiif/3/maps%2Fa%20b.tif` },
      },
    ],
    accessServices: [],
    uris: authUris(BASE),
    acceptLanguage: null,
    ...changes,
  };
}

function leaf(number: number, width: number, height: number): ManifestPage {
  const identifier = number === 1 ? 'book.tif' : `book.tif/${number}`;
  const service = (version: 2 | 3) => `${BASE}/iiif/${version}/${encodeURIComponent(identifier)}`;
  return {
    identifier,
    label: { none: [String(number)] },
    width,
    height,
    largest: { width, height },
    imageServices: { 2: service(2), 3: service(3) },
  };
}

const BOOK: Partial<ImageManifestInput> = {
  label: { none: ['book.tif'] },
  pages: [leaf(1, 2000, 2800), leaf(2, 1800, 2600), leaf(3, 100, 50)],
};

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
  const open = imageManifest3(input(3, { rights: 'http://creativecommons.org/publicdomain/mark/1.0/' }));
  const locked = imageManifest3(input(3, { accessServices: [MEMBERS] }));

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
    expect(collect(locked, 'thumbnail')).toEqual([]);
  });

  it('carries the services of a locked item on both image services, and the context of 2.0 first', () => {
    expect(locked).toHaveProperty('@context', [AUTH2, 'http://iiif.io/api/presentation/3/context.json']);
    const locks = ['AuthCookieService1', 'AuthProbeService2'];
    const services: string[][] = [];
    walk(locked, (object) => {
      if (!/^ImageService/.test(String(object['type'] ?? object['@type']))) return;
      services.push((object['service'] as Array<Record<string, string>>).map((service) => service['type'] ?? service['@type'] ?? ''));
    });
    expect(services).toEqual([locks, locks]);
  });

  it('names the context of 2.0 nowhere below the top', () => {
    const below = collect(locked, '@context').slice(1);
    expect(below).not.toContain(AUTH2);
  });
});

describe('a manifest of one image, 2.1', () => {
  const open = imageManifest2(input(2, { label: { en: ['A map'], de: ['Eine Karte'], none: ['a b.tif'] } }));
  const locked = imageManifest2(input(2, { accessServices: [MEMBERS] }));

  it('has one sequence, one canvas and one image, in the older syntax', () => {
    expect(locked).toMatchObject({
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
    walk(locked, (object, path) => {
      if (path.includes('/service')) return;
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
    expect(collect(locked, 'thumbnail')).toEqual([]);
  });

  it('carries both kinds of services of a locked item, each with its context', () => {
    expect(collect(locked, 'service')).toContainEqual([
      expect.objectContaining({ '@context': 'http://iiif.io/api/auth/1/context.json' }),
      expect.objectContaining({ '@context': AUTH2, type: 'AuthProbeService2' }),
    ]);
  });
});

describe('a manifest of a file with several pages', () => {
  const three = imageManifest3(input(3, BOOK));
  const two = imageManifest2(input(2, BOOK));

  it('has a canvas for each page in 3.0, with its label, its size and its own image services', () => {
    const canvases = (three as { items: ReadonlyArray<Record<string, unknown>> }).items;
    expect(canvases).toHaveLength(3);
    for (const [at, canvas] of canvases.entries()) {
      const { label, width, height, imageServices } = BOOK.pages?.[at] ?? leaf(0, 0, 0);
      expect(canvas).toMatchObject({ id: canvasUri(input(3).id, at + 1), type: 'Canvas', label, width, height });
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
      expect(canvas).toHaveProperty('@id', canvasUri(input(2).id, at + 1));
      expect(canvas).toHaveProperty('images.0.on', canvas['@id']);
      expect(canvas).toHaveProperty('images.0.resource.service.@id', BOOK.pages?.[at]?.imageServices[2]);
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
    ['3.0', imageManifest3(input(3, { ...BOOK, accessServices: [MEMBERS] }))],
    ['2.1', imageManifest2(input(2, { ...BOOK, accessServices: [MEMBERS] }))],
  ])('locks each page of a locked file in %s, with a probe service of its own', (_version, locked) => {
    const probes: unknown[] = [];
    walk(locked, (object) => {
      if (object['type'] === 'AuthProbeService2') probes.push(object['id']);
    });
    expect([...new Set(probes)]).toEqual(['book.tif', 'book.tif%2F2', 'book.tif%2F3'].map((page) => `${BASE}/auth/probe/${page}`));
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
