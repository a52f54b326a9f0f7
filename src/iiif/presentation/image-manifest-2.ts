/**
 * A manifest of one image, Presentation API 2.1.
 * https://iiif.io/api/presentation/2.1/#manifest
 * https://iiif.io/api/presentation/2.1/#image-resources
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { authServicesOf, type ImageManifestInput, partsOf, thumbnailSize } from './image-manifest.ts';

export function imageManifest2(input: ImageManifestInput): object {
  const { id, width, height, rights } = input;
  const canvas = `${partsOf(id)}/canvas/1`;
  const label = propertyValue(input.label);
  return {
    '@context': 'http://iiif.io/api/presentation/2/context.json',
    '@id': id,
    '@type': 'sc:Manifest',
    label,
    ...(rights === null ? {} : { license: rights }),
    ...(input.accessServices.length > 0 ? {} : { thumbnail: thumbnail(input) }),
    sequences: [
      {
        '@id': `${partsOf(id)}/sequence/1`,
        '@type': 'sc:Sequence',
        canvases: [{ '@id': canvas, '@type': 'sc:Canvas', label, width, height, images: [annotation(canvas, input)] }],
      },
    ],
  };
}

function annotation(canvas: string, input: ImageManifestInput): object {
  return {
    '@id': `${canvas}/annotation/1`,
    '@type': 'oa:Annotation',
    motivation: 'sc:painting',
    on: canvas,
    resource: {
      '@id': `${input.imageServices[2]}/full/max/0/default.jpg`,
      '@type': 'dctypes:Image',
      format: 'image/jpeg',
      width: input.width,
      height: input.height,
      service: imageService(input),
    },
  };
}

function imageService(input: ImageManifestInput): object {
  const services = authServicesOf(input, 2);
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': input.imageServices[2],
    profile: 'http://iiif.io/api/image/2/level2.json',
    ...(services.length === 0 ? {} : { service: services }),
  };
}

function thumbnail(input: ImageManifestInput): object {
  const { width, height } = thumbnailSize(input);
  return {
    '@id': `${input.imageServices[2]}/full/${width},${height}/0/default.jpg`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    width,
    height,
    service: imageService(input),
  };
}

/** https://iiif.io/api/presentation/2.1/#language-of-property-values */
function propertyValue(texts: LanguageMap): string | readonly object[] {
  const values = Object.entries(texts).flatMap(([language, list]) => list.map((text) => ({ language, text })));
  const [only] = values;
  if (only !== undefined && values.length === 1 && only.language === 'none') return only.text;
  return values.map(({ language, text }) => (language === 'none' ? { '@value': text } : { '@value': text, '@language': language }));
}
