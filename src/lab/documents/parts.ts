/**
 * Parts of manifests as somebody might have written them, with ids that are relative: the server makes them whole.
 * https://iiif.io/api/presentation/3.0/#53-canvas and https://iiif.io/api/presentation/2.1/#canvas
 */
import { encodeIdentifier } from '../../iiif/image/parse-path.ts';
import { type LabPicture, sizeOfPicture } from '../pictures.ts';

/** A manifest in both versions. */
export interface LabDocuments {
  readonly '2.1': object;
  readonly '3.0': object;
}

/** What a canvas shows, or a manifest links to. */
export interface LabContent {
  /** The identifier. */
  readonly path: string;
  readonly label: string;
  readonly kind: 'image' | 'plain image' | 'film' | 'sound' | 'document' | 'model' | 'text' | 'stream';
  readonly format: string;
  /** Of an image that is drawn; another has the size of the film. */
  readonly picture?: LabPicture;
}

const FILM = { width: 480, height: 270 };
const SECONDS = 8;
/** https://iiif.io/api/presentation/3.0/#type */
const TYPES = {
  image: 'Image',
  'plain image': 'Image',
  film: 'Video',
  sound: 'Sound',
  document: 'Text',
  model: 'Model',
  text: 'Text',
  stream: 'Video',
} as const;
/** What has a width and a height. */
const SEEN: ReadonlySet<LabContent['kind']> = new Set(['image', 'plain image', 'film', 'stream']);

export function manifest3(label: string, summary: string, canvases: readonly object[], rendering: readonly LabContent[] = []): object {
  return {
    '@context': 'http://iiif.io/api/presentation/3/context.json',
    id: 'manifest',
    type: 'Manifest',
    label: { en: [label] },
    summary: { en: [summary] },
    ...(rendering.length === 0 ? {} : { rendering: rendering.map(body3) }),
    items: canvases,
  };
}

/** With several contents they are a choice. */
export function canvas3(number: number, label: string, contents: readonly [LabContent, ...LabContent[]]): object {
  const [first] = contents;
  const id = `canvas/${number}`;
  const body = contents.length === 1 ? body3(first) : { type: 'Choice', items: contents.map(body3) };
  return {
    id,
    type: 'Canvas',
    label: { en: [label] },
    ...(first.kind === 'sound' ? {} : sizeOf(first)),
    ...(isTimed(first) ? { duration: SECONDS } : {}),
    items: [
      {
        id: `${id}/page`,
        type: 'AnnotationPage',
        items: [{ id: `${id}/annotation`, type: 'Annotation', motivation: 'painting', body, target: id }],
      },
    ],
  };
}

function body3(content: LabContent): object {
  const { label, kind, format } = content;
  const service = { id: serviceOf(content, 3), type: 'ImageService3', profile: 'level2' };
  return {
    id: uriOf(content, 3),
    type: TYPES[kind],
    label: { en: [label] },
    format,
    ...(SEEN.has(kind) ? sizeOf(content) : {}),
    ...(isTimed(content) ? { duration: SECONDS } : {}),
    ...(kind === 'image' ? { service: [service] } : {}),
  };
}

export function manifest2(label: string, description: string, canvases: readonly object[], rendering: readonly LabContent[] = []): object {
  return {
    '@context': 'http://iiif.io/api/presentation/2/context.json',
    '@id': 'manifest',
    '@type': 'sc:Manifest',
    label,
    description,
    ...(rendering.length === 0
      ? {}
      : { rendering: rendering.map((content) => ({ '@id': uriOf(content, 2), label: content.label, format: content.format })) }),
    sequences: [{ '@id': 'sequence/normal', '@type': 'sc:Sequence', canvases }],
  };
}

/** Of images only: 2.1 has no canvas that lasts. With several they are a choice. */
export function canvas2(number: number, label: string, contents: readonly [LabContent, ...LabContent[]]): object {
  const [first, ...rest] = contents;
  const id = `canvas/${number}`;
  const resource = rest.length === 0 ? image2(first) : { '@type': 'oa:Choice', default: image2(first), item: rest.map(image2) };
  return {
    '@id': id,
    '@type': 'sc:Canvas',
    label,
    ...sizeOf(first),
    images: [{ '@id': `${id}/annotation`, '@type': 'oa:Annotation', motivation: 'sc:painting', resource, on: id }],
  };
}

function image2(content: LabContent): object {
  return {
    '@id': uriOf(content, 2),
    '@type': 'dctypes:Image',
    label: content.label,
    format: content.format,
    ...sizeOf(content),
    ...(content.kind === 'plain image' ? {} : { service: imageService2(content) }),
  };
}

function imageService2(content: LabContent): object {
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': serviceOf(content, 2),
    profile: 'http://iiif.io/api/image/2/level2.json',
  };
}

function sizeOf({ picture }: LabContent): { readonly width: number; readonly height: number } {
  return picture === undefined ? FILM : sizeOfPicture(picture);
}

function isTimed({ kind }: LabContent): boolean {
  return kind === 'film' || kind === 'sound' || kind === 'stream';
}

function uriOf(content: LabContent, version: 2 | 3): string {
  if (content.kind === 'image' || content.kind === 'plain image')
    return `${serviceOf(content, version)}/full/${version === 2 ? 'full' : 'max'}/0/default.jpg`;
  if (content.kind === 'stream') return `/media/stream/${content.path}`;
  return `/media/${encodeIdentifier(content.path, null)}`;
}

function serviceOf({ path }: LabContent, version: 2 | 3): string {
  return `/iiif/${version}/${encodeIdentifier(path, null)}`;
}
