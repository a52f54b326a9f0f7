import { describe, expect, it } from 'vitest';
import { findBreaches } from './find-breaches.ts';

const CANVAS = {
  id: 'https://example.org/canvas/1',
  type: 'Canvas',
  width: 10,
  height: 10,
  items: [{ id: 'https://example.org/page/1', type: 'AnnotationPage', items: [] }],
};
const MANIFEST = {
  '@context': 'http://iiif.io/api/presentation/3/context.json',
  id: 'https://example.org/manifest',
  type: 'Manifest',
  label: { none: ['x'] },
  items: [CANVAS],
};

describe('what a manifest of 3.0 breaks', () => {
  it.each([
    ['nothing', {}, []],
    ['a label that is a text', { label: 'x' }, ['/: label is no language map', '/: it has no label']],
    ['no canvas', { items: [] }, ['/: it has no canvas']],
    [
      'half a size',
      { items: [{ ...CANVAS, height: undefined }] },
      ['/items/0: it has one of width and height', '/items/0: its size is no size'],
    ],
    ['no extent', { items: [{ ...CANVAS, width: undefined, height: undefined }] }, ['/items/0: it has neither size nor duration']],
    ['one id for two canvases', { items: [CANVAS, { ...CANVAS, items: undefined }] }, ['/items/1: its id is another’s too']],
    ['rights of its own making', { rights: 'https://example.org/' }, ['/: its rights are none of those']],
    ['a rendering without a label', { rendering: [{ id: 'https://example.org/a.pdf', type: 'Text' }] }, ['/rendering/0: it has no label']],
    ['contexts in the wrong order', { '@context': [MANIFEST['@context'], 'https://example.org/'] }, [expect.stringContaining('context')]],
  ])('is said of %s', (_name, changes, breaches) => {
    expect(findBreaches(JSON.parse(JSON.stringify({ ...MANIFEST, ...changes })))).toEqual(breaches);
  });
});

describe('what a manifest of 2.1 breaks', () => {
  const resource = { '@id': 'https://example.org/a.jpg', '@type': 'dctypes:Image' };
  const image = { '@id': 'https://example.org/image/1', '@type': 'oa:Annotation', motivation: 'sc:painting', on: CANVAS.id, resource };
  const canvas = { '@id': CANVAS.id, '@type': 'sc:Canvas', label: '1', width: 10, height: 10, images: [image] };
  const document = (changes: object) => ({
    '@context': 'http://iiif.io/api/presentation/2/context.json',
    '@id': MANIFEST.id,
    '@type': 'sc:Manifest',
    label: 'x',
    sequences: [{ '@id': 'https://example.org/sequence', '@type': 'sc:Sequence', canvases: [{ ...canvas, ...changes }] }],
  });
  const at = '/sequences/0/canvases/0';
  it.each([
    ['nothing', {}, []],
    ['a canvas without a size', { width: undefined }, [`${at}: it has no size`]],
    ['a canvas without a label', { label: undefined }, [`${at}: it has no label`]],
    [
      'a sound among the images',
      { images: [{ ...image, resource: { ...resource, '@type': 'dctypes:Sound' } }] },
      [`${at}: something in images is no image`],
    ],
    [
      'a rendering without a format',
      { rendering: { '@id': 'https://example.org/a.pdf', label: 'a' } },
      [`${at}/rendering: it has no label and format`],
    ],
  ])('is said of %s', (_name, changes, breaches) => {
    expect(findBreaches(JSON.parse(JSON.stringify(document(changes))))).toEqual(breaches);
  });
});
