/**
 * A manifest with a canvas for each image, Presentation API 2.1. It knows images only, so that a film or a sound is a link
 * beside a drawing; all viewers that play these read 3.0.
 * https://iiif.io/api/presentation/2.1/#manifest
 * https://iiif.io/api/presentation/2.1/#image-resources
 * https://iiif.io/api/presentation/2.1/#rendering
 */
import type { ServiceSource } from '../auth/service-description.ts';
import { descriptionServices1, itemAuthServices2 } from '../auth/shared-services.ts';
import { descriptive2, metadataValues, propertyValue } from './descriptive-2.ts';
import {
  type ClosedCanvas,
  type Drawing,
  firstOfEachName,
  type ImageCanvas,
  type LinkedFile,
  type ManifestCanvas,
  type ManifestInput,
  servicesOfCanvas,
  type Thumbnail,
  thumbnailOfManifest,
} from './manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function manifest2(input: ManifestInput): object {
  const { id, canvases, renderings, viewingDirection, partOf } = input;
  const first = thumbnailOfManifest(canvases);
  const own = descriptionServices1({ services: input.accessServices, ...input });
  const locked = [...renderings.map(({ accessServices }) => accessServices), ...canvases.map(servicesOfCanvas)];
  /** The access services that the parts before this one have given in full. */
  const statedBefore = (at: number): Stated => firstOfEachName(locked.slice(0, at).flat());
  return {
    '@context': PRESENTATION_CONTEXTS[2],
    '@id': id,
    '@type': 'sc:Manifest',
    ...descriptive2(input),
    ...(viewingDirection === null ? {} : { viewingDirection }),
    ...(first === null ? {} : { thumbnail: thumbnail(first) }),
    ...(partOf === null ? {} : { within: { '@id': partOf.id, '@type': 'sc:Collection', label: propertyValue(partOf.label) } }),
    ...(renderings.length === 0 ? {} : { rendering: renderings.map((file, at) => linkedFile(file, input, statedBefore(at))) }),
    ...(own.length === 0 ? {} : { service: own }),
    sequences: [
      {
        '@id': sequenceUri(id),
        '@type': 'sc:Sequence',
        canvases: canvases.map((canvas, at) => canvasOf(canvas, input, statedBefore(renderings.length + at))),
      },
    ],
  };
}

type Stated = readonly ServiceSource[];

/** Of the one sequence of each manifest. https://iiif.io/api/presentation/2.1/#a-summary-of-recommended-uri-patterns */
function sequenceUri(id: string): string {
  return id.replace(/\/manifest(?:\/(\d+))?$/, (_, part: string | undefined) => `/sequence/${part ?? 1}`);
}

function canvasOf(canvas: ManifestCanvas, input: ManifestInput, stated: Stated): object {
  const { id, label, metadata, requiredStatement, rights } = canvas;
  const { width, height } = canvas.kind === 'image' ? canvas : canvas.kind === 'closed' ? canvas.size : canvas.drawing;
  const file = canvas.kind === 'media' || canvas.kind === 'drawing' ? canvas.file : null;
  return {
    '@id': id,
    '@type': 'sc:Canvas',
    label: propertyValue(label),
    ...(metadata.length === 0 ? {} : { metadata: metadataValues(metadata) }),
    ...(requiredStatement === null ? {} : { attribution: propertyValue(requiredStatement.value) }),
    ...(rights === null ? {} : { license: rights }),
    ...(file === null ? {} : { rendering: linkedFile(file, input, stated) }),
    ...(canvas.thumbnail === null ? {} : { thumbnail: thumbnail(canvas.thumbnail) }),
    width,
    height,
    images: canvas.kind === 'closed' ? [] : [annotation(canvas, input, stated)],
  };
}

function annotation(canvas: Exclude<ManifestCanvas, ClosedCanvas>, input: ManifestInput, stated: Stated): object {
  return {
    '@id': `${canvas.id}/annotation/1`,
    '@type': 'oa:Annotation',
    motivation: 'sc:painting',
    on: canvas.id,
    resource: canvas.kind === 'image' ? image(canvas, input, stated) : drawing(canvas.drawing),
  };
}

function image(canvas: ImageCanvas, input: ManifestInput, stated: Stated): object {
  const services = locks(canvas, input, stated);
  return {
    '@id': `${canvas.imageServices[2]}/full/max/0/default.jpg`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    ...canvas.largest,
    service: { ...imageService(canvas), ...(services.length === 0 ? {} : { service: services }) },
  };
}

function drawing({ uri, width, height }: Drawing): object {
  return { '@id': uri, '@type': 'dctypes:Image', format: 'image/svg+xml', width, height };
}

function linkedFile(file: LinkedFile, input: ManifestInput, stated: Stated): object {
  const services = locks(file, input, stated);
  return {
    '@id': file.uri,
    label: propertyValue(file.label),
    format: file.format,
    ...(services.length === 0 ? {} : { service: services }),
  };
}

function locks(
  { identifier, accessServices }: Pick<ImageCanvas, 'identifier' | 'accessServices'>,
  { uris, acceptLanguage }: ManifestInput,
  stated: Stated,
): readonly object[] {
  return itemAuthServices2({ identifier, services: accessServices, stated, uris, acceptLanguage });
}

function imageService({ imageServices }: Pick<ImageCanvas, 'imageServices'>): object {
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': imageServices[2],
    profile: 'http://iiif.io/api/image/2/level2.json',
  };
}

function thumbnail(thumbnail: Thumbnail): object {
  const { imageServices, width, height } = thumbnail;
  return {
    '@id': `${imageServices[2]}/full/${width},${height}/0/default.jpg`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    width,
    height,
    service: imageService(thumbnail),
  };
}
