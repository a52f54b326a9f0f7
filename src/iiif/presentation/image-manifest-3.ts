/**
 * The manifest of an image file, Presentation API 3.0: a canvas for each of its pages.
 * https://iiif.io/api/presentation/3.0/#52-manifest
 * https://iiif.io/api/presentation/3.0/#service
 */
import { AUTH2_CONTEXT } from '../auth/services-2.ts';
import { authServicesOf, canvasUri, type ImageManifestInput, type ManifestPage, thumbnailSize } from './image-manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function imageManifest3(input: ImageManifestInput): object {
  const { id, label, rights, pages } = input;
  const locked = input.accessServices.length > 0;
  return {
    '@context': locked ? [AUTH2_CONTEXT, PRESENTATION_CONTEXTS[3]] : PRESENTATION_CONTEXTS[3],
    id,
    type: 'Manifest',
    label,
    ...(rights === null ? {} : { rights }),
    ...(locked ? {} : { thumbnail: [thumbnail(pages[0])] }),
    items: pages.map((page, at) => canvas(canvasUri(id, at + 1), page, input)),
  };
}

function canvas(id: string, page: ManifestPage, input: ImageManifestInput): object {
  const { label, width, height } = page;
  return { id, type: 'Canvas', label, width, height, items: [annotationPage(id, page, input)] };
}

function annotationPage(canvasId: string, page: ManifestPage, input: ImageManifestInput): object {
  const id = `${canvasId}/page/1`;
  return {
    id,
    type: 'AnnotationPage',
    items: [{ id: `${id}/annotation/1`, type: 'Annotation', motivation: 'painting', target: canvasId, body: image(page, input) }],
  };
}

function image(page: ManifestPage, input: ImageManifestInput): object {
  return {
    id: `${page.imageServices[3]}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: page.largest.width,
    height: page.largest.height,
    service: imageServices(page, input),
  };
}

/** The newer service first: a viewer that knows both takes the first. */
function imageServices(page: ManifestPage, input: ImageManifestInput): readonly object[] {
  const services = authServicesOf(input, page, 3);
  const locks = services.length === 0 ? {} : { service: services };
  return [
    { id: page.imageServices[3], type: 'ImageService3', profile: 'level2', ...locks },
    { '@id': page.imageServices[2], '@type': 'ImageService2', profile: 'http://iiif.io/api/image/2/level2.json', ...locks },
  ];
}

function thumbnail(page: ManifestPage): object {
  const { width, height } = thumbnailSize(page);
  return {
    id: `${page.imageServices[3]}/full/${width},${height}/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width,
    height,
    service: [{ id: page.imageServices[3], type: 'ImageService3', profile: 'level2' }],
  };
}
