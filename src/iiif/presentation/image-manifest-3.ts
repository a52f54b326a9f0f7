/**
 * A manifest of one image, Presentation API 3.0.
 * https://iiif.io/api/presentation/3.0/#52-manifest
 * https://iiif.io/api/presentation/3.0/#service
 */
import { AUTH2_CONTEXT } from '../auth/services-2.ts';
import { authServicesOf, type ImageManifestInput, partsOf, thumbnailSize } from './image-manifest.ts';

const CONTEXT = 'http://iiif.io/api/presentation/3/context.json';

export function imageManifest3(input: ImageManifestInput): object {
  const { id, label, width, height, rights } = input;
  const locked = input.accessServices.length > 0;
  const canvas = `${partsOf(id)}/canvas/1`;
  return {
    '@context': locked ? [AUTH2_CONTEXT, CONTEXT] : CONTEXT,
    id,
    type: 'Manifest',
    label,
    ...(rights === null ? {} : { rights }),
    ...(locked ? {} : { thumbnail: [thumbnail(input)] }),
    items: [{ id: canvas, type: 'Canvas', label, width, height, items: [page(canvas, input)] }],
  };
}

function page(canvas: string, input: ImageManifestInput): object {
  const id = `${canvas}/page/1`;
  return {
    id,
    type: 'AnnotationPage',
    items: [{ id: `${id}/annotation/1`, type: 'Annotation', motivation: 'painting', target: canvas, body: image(input) }],
  };
}

function image(input: ImageManifestInput): object {
  return {
    id: `${input.imageServices[3]}/full/max/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width: input.width,
    height: input.height,
    service: imageServices(input),
  };
}

/** The newer service first: a viewer that knows both takes the first. */
function imageServices(input: ImageManifestInput): readonly object[] {
  const services = authServicesOf(input, 3);
  const locks = services.length === 0 ? {} : { service: services };
  return [
    { id: input.imageServices[3], type: 'ImageService3', profile: 'level2', ...locks },
    { '@id': input.imageServices[2], '@type': 'ImageService2', profile: 'http://iiif.io/api/image/2/level2.json', ...locks },
  ];
}

function thumbnail(input: ImageManifestInput): object {
  const { width, height } = thumbnailSize(input);
  return {
    id: `${input.imageServices[3]}/full/${width},${height}/0/default.jpg`,
    type: 'Image',
    format: 'image/jpeg',
    width,
    height,
    service: [{ id: input.imageServices[3], type: 'ImageService3', profile: 'level2' }],
  };
}
