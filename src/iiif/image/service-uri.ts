import { PROFILE_URIS } from './features.ts';
import { encodeIdentifier } from './parse-path.ts';
import type { ImageApiVersion } from './request.ts';

/**
 * The base URI of an item's image service.
 * https://iiif.io/api/image/3.0/#2-uri-syntax
 */
export function imageServiceUri(base: string, version: ImageApiVersion, identifier: string, slashSubstitute: string | null): string {
  return `${base}/iiif/${version}/${encodeIdentifier(identifier, slashSubstitute)}`;
}

export interface ImageService {
  readonly uri: string;
  readonly version: ImageApiVersion;
}

/** The image as large as it is to be had. */
export function largestImageUri({ uri, version }: ImageService): string {
  return `${uri}/full/${version === 2 ? 'full' : 'max'}/0/default.jpg`;
}

/** How documents in the syntax of Presentation API 3.0 name it. https://iiif.io/api/presentation/3.0/#service */
export function imageServiceReference({ uri, version }: ImageService): Readonly<Record<string, string>> {
  if (version === 2) return { '@id': uri, '@type': 'ImageService2', profile: PROFILE_URIS[2] };
  return { id: uri, type: 'ImageService3', profile: 'level2' };
}
