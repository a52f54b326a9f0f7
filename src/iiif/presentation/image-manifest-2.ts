/**
 * A manifest with a canvas for each image, Presentation API 2.1.
 * https://iiif.io/api/presentation/2.1/#manifest
 * https://iiif.io/api/presentation/2.1/#image-resources
 */
import { itemAuthServices2 } from '../auth/shared-services.ts';
import { descriptive2, metadataValues, propertyValue } from './descriptive-2.ts';
import { type ImageManifestInput, type ManifestPage, pageForThumbnail, thumbnailSize } from './image-manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function imageManifest2(input: ImageManifestInput): object {
  const { id, pages, viewingDirection, partOf } = input;
  const first = pageForThumbnail(pages);
  return {
    '@context': PRESENTATION_CONTEXTS[2],
    '@id': id,
    '@type': 'sc:Manifest',
    ...descriptive2(input),
    ...(viewingDirection === null ? {} : { viewingDirection }),
    ...(first === null ? {} : { thumbnail: thumbnail(first) }),
    ...(partOf === null ? {} : { within: { '@id': partOf.id, '@type': 'sc:Collection', label: propertyValue(partOf.label) } }),
    sequences: [
      {
        '@id': sequenceUri(id),
        '@type': 'sc:Sequence',
        canvases: pages.map((page, at) => canvas(page, input, statedBefore(pages, at))),
      },
    ],
  };
}

/** Of the one sequence of each manifest. https://iiif.io/api/presentation/2.1/#a-summary-of-recommended-uri-patterns */
function sequenceUri(id: string): string {
  return id.replace(/\/manifest(?:\/(\d+))?$/, (_, part: string | undefined) => `/sequence/${part ?? 1}`);
}

/** Names of the access services that canvases before this one have given in full. */
function statedBefore(pages: readonly ManifestPage[], at: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { accessServices } of pages.slice(0, at)) for (const { name } of accessServices) names.add(name);
  return names;
}

function canvas(page: ManifestPage, input: ImageManifestInput, stated: ReadonlySet<string>): object {
  const { id, label, metadata, requiredStatement, rights, width, height } = page;
  return {
    '@id': id,
    '@type': 'sc:Canvas',
    label: propertyValue(label),
    ...(metadata.length === 0 ? {} : { metadata: metadataValues(metadata) }),
    ...(requiredStatement === null ? {} : { attribution: propertyValue(requiredStatement.value) }),
    ...(rights === null ? {} : { license: rights }),
    width,
    height,
    images: [annotation(page, input, stated)],
  };
}

function annotation(page: ManifestPage, input: ImageManifestInput, stated: ReadonlySet<string>): object {
  const services = itemAuthServices2({ identifier: page.identifier, services: page.accessServices, stated, ...shared(input) });
  return {
    '@id': `${page.id}/annotation/1`,
    '@type': 'oa:Annotation',
    motivation: 'sc:painting',
    on: page.id,
    resource: {
      '@id': `${page.imageServices[2]}/full/max/0/default.jpg`,
      '@type': 'dctypes:Image',
      format: 'image/jpeg',
      width: page.largest.width,
      height: page.largest.height,
      service: { ...imageService(page), ...(services.length === 0 ? {} : { service: services }) },
    },
  };
}

function shared({ uris, acceptLanguage }: ImageManifestInput) {
  return { uris, acceptLanguage };
}

function imageService(page: ManifestPage): object {
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': page.imageServices[2],
    profile: 'http://iiif.io/api/image/2/level2.json',
  };
}

function thumbnail(page: ManifestPage): object {
  const { width, height } = thumbnailSize(page);
  return {
    '@id': `${page.imageServices[2]}/full/${width},${height}/0/default.jpg`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    width,
    height,
    service: imageService(page),
  };
}
