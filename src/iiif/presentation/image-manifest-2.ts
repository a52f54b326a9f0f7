/**
 * The manifest of an image file, Presentation API 2.1: a canvas for each of its pages.
 * https://iiif.io/api/presentation/2.1/#manifest
 * https://iiif.io/api/presentation/2.1/#image-resources
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { authServicesOf, canvasUri, type ImageManifestInput, type ManifestPage, partsOf, thumbnailSize } from './image-manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function imageManifest2(input: ImageManifestInput): object {
  const { id, label, rights, pages } = input;
  return {
    '@context': PRESENTATION_CONTEXTS[2],
    '@id': id,
    '@type': 'sc:Manifest',
    label: propertyValue(label),
    ...(rights === null ? {} : { license: rights }),
    ...(input.accessServices.length > 0 ? {} : { thumbnail: thumbnail(pages[0], input) }),
    sequences: [
      {
        '@id': `${partsOf(id)}/sequence/1`,
        '@type': 'sc:Sequence',
        canvases: pages.map((page, at) => canvas(canvasUri(id, at + 1), page, input)),
      },
    ],
  };
}

function canvas(id: string, page: ManifestPage, input: ImageManifestInput): object {
  const { label, width, height } = page;
  return { '@id': id, '@type': 'sc:Canvas', label: propertyValue(label), width, height, images: [annotation(id, page, input)] };
}

function annotation(canvasId: string, page: ManifestPage, input: ImageManifestInput): object {
  return {
    '@id': `${canvasId}/annotation/1`,
    '@type': 'oa:Annotation',
    motivation: 'sc:painting',
    on: canvasId,
    resource: {
      '@id': `${page.imageServices[2]}/full/max/0/default.jpg`,
      '@type': 'dctypes:Image',
      format: 'image/jpeg',
      width: page.largest.width,
      height: page.largest.height,
      service: imageService(page, input),
    },
  };
}

function imageService(page: ManifestPage, input: ImageManifestInput): object {
  const services = authServicesOf(input, page, 2);
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': page.imageServices[2],
    profile: 'http://iiif.io/api/image/2/level2.json',
    ...(services.length === 0 ? {} : { service: services }),
  };
}

function thumbnail(page: ManifestPage, input: ImageManifestInput): object {
  const { width, height } = thumbnailSize(page);
  return {
    '@id': `${page.imageServices[2]}/full/${width},${height}/0/default.jpg`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    width,
    height,
    service: imageService(page, input),
  };
}

/** https://iiif.io/api/presentation/2.1/#language-of-property-values */
function propertyValue(texts: LanguageMap): string | readonly object[] {
  const values = Object.entries(texts).flatMap(([language, list]) => list.map((text) => ({ language, text })));
  const [only] = values;
  if (only !== undefined && values.length === 1 && only.language === 'none') return only.text;
  return values.map(({ language, text }) => (language === 'none' ? { '@value': text } : { '@value': text, '@language': language }));
}
