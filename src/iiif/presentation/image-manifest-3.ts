/**
 * A manifest with a canvas for each image, Presentation API 3.0.
 * https://iiif.io/api/presentation/3.0/#52-manifest
 * https://iiif.io/api/presentation/3.0/#service
 * https://iiif.io/api/presentation/3.0/#services
 */
import { AUTH2_CONTEXT } from '../auth/services-2.ts';
import { itemAuthReferences, probeWithReferences, sharedAuthServices } from '../auth/shared-services.ts';
import { descriptive3 } from './descriptive-3.ts';
import { type ImageManifestInput, type ManifestPage, pageForThumbnail, sharedServices, thumbnailSize } from './image-manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function imageManifest3(input: ImageManifestInput): object {
  const { id, pages, viewingDirection, partOf } = input;
  const shared = sharedServices(pages);
  const first = pageForThumbnail(pages);
  return {
    '@context': shared.length > 0 ? [AUTH2_CONTEXT, PRESENTATION_CONTEXTS[3]] : PRESENTATION_CONTEXTS[3],
    id,
    type: 'Manifest',
    ...descriptive3(input),
    ...(viewingDirection === null ? {} : { viewingDirection }),
    ...(first === null ? {} : { thumbnail: [thumbnail(first)] }),
    ...(partOf === null ? {} : { partOf: [{ id: partOf.id, type: 'Collection', label: partOf.label }] }),
    ...(shared.length === 0 ? {} : { services: sharedAuthServices({ services: shared, ...input }) }),
    items: pages.map((page) => canvas(page, input)),
  };
}

function canvas(page: ManifestPage, input: ImageManifestInput): object {
  const { id, label, metadata, requiredStatement, rights, width, height } = page;
  return {
    id,
    type: 'Canvas',
    label,
    ...(metadata.length === 0 ? {} : { metadata }),
    ...(requiredStatement === null ? {} : { requiredStatement }),
    ...(rights === null ? {} : { rights }),
    width,
    height,
    items: [annotationPage(page, input)],
  };
}

function annotationPage(page: ManifestPage, input: ImageManifestInput): object {
  const id = `${page.id}/page/1`;
  return {
    id,
    type: 'AnnotationPage',
    items: [{ id: `${id}/annotation/1`, type: 'Annotation', motivation: 'painting', target: page.id, body: image(page, input) }],
  };
}

function image(page: ManifestPage, input: ImageManifestInput): object {
  return {
    id: `${page.imageServices[3]}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: page.largest.width,
    height: page.largest.height,
    service: [...imageServices(page, input), ...probe(page, input)],
  };
}

/** The newer service first: a viewer that knows both takes the first. */
function imageServices(page: ManifestPage, { uris, acceptLanguage }: ImageManifestInput): readonly object[] {
  const services = itemAuthReferences({ identifier: page.identifier, services: page.accessServices, uris, acceptLanguage });
  const locks = services.length === 0 ? {} : { service: services };
  return [
    { id: page.imageServices[3], type: 'ImageService3', profile: 'level2', ...locks },
    { '@id': page.imageServices[2], '@type': 'ImageService2', profile: 'http://iiif.io/api/image/2/level2.json', ...locks },
  ];
}

/** The image is an access-controlled resource itself, for clients that want no tiles. https://iiif.io/api/auth/2.0/#21-declaring-services */
function probe({ identifier, accessServices }: ManifestPage, { uris, acceptLanguage }: ImageManifestInput): readonly object[] {
  return accessServices.length === 0 ? [] : [probeWithReferences({ identifier, services: accessServices, uris, acceptLanguage })];
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
