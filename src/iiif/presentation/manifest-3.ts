/**
 * A manifest with a canvas for each image, film and sound, Presentation API 3.0.
 * https://iiif.io/api/presentation/3.0/#52-manifest
 * https://iiif.io/api/presentation/3.0/#rendering
 * https://iiif.io/api/presentation/3.0/#service
 * https://iiif.io/api/presentation/3.0/#services
 */
import type { ServiceSource } from '../auth/service-description.ts';
import { AUTH2_CONTEXT } from '../auth/services-2.ts';
import {
  descriptionServices1,
  fileAuthServices,
  itemAuthReferences,
  playedAuthServices,
  probeWithReferences,
  sharedAuthServices,
} from '../auth/shared-services.ts';
import { descriptive3 } from './descriptive-3.ts';
import {
  type ClosedCanvas,
  type DrawnCanvas,
  type ImageCanvas,
  type LinkedFile,
  type ManifestCanvas,
  type ManifestInput,
  type MediaCanvas,
  type Size,
  STAGE,
  sharedServices,
  type Thumbnail,
  thumbnailOfManifest,
} from './manifest.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function manifest3(input: ManifestInput): object {
  const { id, canvases, renderings, viewingDirection, partOf } = input;
  const shared = sharedServices(input);
  const stated: Stated = { ...input, stated: shared };
  const first = thumbnailOfManifest(canvases);
  return {
    '@context': shared.length > 0 ? [AUTH2_CONTEXT, PRESENTATION_CONTEXTS[3]] : PRESENTATION_CONTEXTS[3],
    id,
    type: 'Manifest',
    ...descriptive3(input),
    ...(viewingDirection === null ? {} : { viewingDirection }),
    ...(first === null ? {} : { thumbnail: [thumbnail(first)] }),
    ...(partOf === null ? {} : { partOf: [{ id: partOf.id, type: 'Collection', label: partOf.label }] }),
    ...(renderings.length === 0 ? {} : { rendering: renderings.map((file) => linkedFile(file, stated)) }),
    ...own(input),
    ...(shared.length === 0 ? {} : { services: sharedAuthServices({ services: shared, ...input }) }),
    items: canvases.map((canvas) => canvasOf(canvas, stated)),
  };
}

/** With the access services that stand in full at the top. */
type Stated = ManifestInput & { readonly stated: readonly ServiceSource[] };

function canvasOf(canvas: ManifestCanvas, input: Stated): object {
  const { id, label, metadata, requiredStatement, rights } = canvas;
  return {
    id,
    type: 'Canvas',
    label,
    ...(metadata.length === 0 ? {} : { metadata }),
    ...(requiredStatement === null ? {} : { requiredStatement }),
    ...(rights === null ? {} : { rights }),
    ...(canvas.kind === 'drawing' && canvas.file !== null ? { rendering: [linkedFile(canvas.file, input)] } : {}),
    ...(canvas.thumbnail === null ? {} : { thumbnail: [thumbnail(canvas.thumbnail)] }),
    ...extent(canvas),
    items: canvas.kind === 'closed' ? [] : [annotationPage(canvas, input)],
  };
}

/** https://iiif.io/api/presentation/3.0/#53-canvas */
function extent(canvas: ManifestCanvas): object {
  if (canvas.kind === 'image') return sizeOf(canvas);
  if (canvas.kind === 'drawing') return sizeOf(canvas.drawing);
  if (canvas.kind === 'closed') return sizeOf(canvas.size);
  const { seconds: duration, file, size } = canvas;
  return file.type === 'Sound' ? { duration } : { ...sizeOf(size ?? STAGE), duration };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

type PaintedCanvas = Exclude<ManifestCanvas, ClosedCanvas>;

function annotationPage(canvas: PaintedCanvas, input: Stated): object {
  const id = `${canvas.id}/page/1`;
  return {
    id,
    type: 'AnnotationPage',
    items: [{ id: `${id}/annotation/1`, type: 'Annotation', motivation: 'painting', target: canvas.id, body: body(canvas, input) }],
  };
}

function body(canvas: PaintedCanvas, input: Stated): object {
  if (canvas.kind === 'image') return image(canvas, input);
  return canvas.kind === 'media' ? media(canvas, input) : drawing(canvas);
}

function image(canvas: ImageCanvas, input: Stated): object {
  return {
    id: `${canvas.imageServices[3]}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    ...(canvas.largest === null ? {} : sizeOf(canvas.largest)),
    service: [...imageServices(canvas, input), ...probe(canvas, input)],
  };
}

function media({ file, size, seconds: duration }: MediaCanvas, input: Stated): object {
  const { uri: id, type, format } = file;
  return { id, type, format, ...(size === null ? {} : sizeOf(size)), duration, ...locks(file, input, playedAuthServices) };
}

function drawing({ drawing: { uri, ...size } }: DrawnCanvas): object {
  return { id: uri, type: 'Image', format: 'image/svg+xml', ...sizeOf(size) };
}

function linkedFile(file: LinkedFile, input: Stated): object {
  const { uri: id, type, label, format } = file;
  return { id, type, label, format, ...locks(file, input) };
}

/** The newer service first: a viewer that knows both takes the first. */
function imageServices(canvas: ImageCanvas, { uris, acceptLanguage, stated }: Stated): readonly object[] {
  const services = itemAuthReferences({ identifier: canvas.identifier, services: canvas.accessServices, uris, acceptLanguage, stated });
  const locked = services.length === 0 ? {} : { service: services };
  return [
    { id: canvas.imageServices[3], type: 'ImageService3', profile: 'level2', ...locked },
    { '@id': canvas.imageServices[2], '@type': 'ImageService2', profile: 'http://iiif.io/api/image/2/level2.json', ...locked },
  ];
}

/** The image is an access-controlled resource itself, for clients that want no tiles. https://iiif.io/api/auth/2.0/#21-declaring-services */
function probe({ identifier, accessServices }: ImageCanvas, { uris, acceptLanguage, stated }: Stated): readonly object[] {
  return accessServices.length === 0 ? [] : [probeWithReferences({ identifier, services: accessServices, uris, acceptLanguage, stated })];
}

function locks({ identifier, accessServices }: LinkedFile, { uris, acceptLanguage, stated }: Stated, describe = fileAuthServices): object {
  const service = describe({ identifier, services: accessServices, uris, acceptLanguage, stated });
  return service.length === 0 ? {} : { service };
}

function thumbnail({ imageServices: { 3: service }, width, height }: Thumbnail): object {
  return {
    id: `${service}/full/${width},${height}/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width,
    height,
    service: [{ id: service, type: 'ImageService3', profile: 'level2' }],
  };
}

/** Of a locked manifest. Authorization Flow 2.0 knows probes of content only. https://iiif.io/api/auth/1.0/#authentication-for-description-resources */
function own({ accessServices, uris, acceptLanguage }: ManifestInput): object {
  const services = descriptionServices1({ services: accessServices, uris, acceptLanguage });
  return services.length === 0 ? {} : { service: services };
}
