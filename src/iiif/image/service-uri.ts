import { encodeIdentifier } from './parse-path.ts';
import type { ImageApiVersion } from './request.ts';

/**
 * The base URI of an item's image service.
 * https://iiif.io/api/image/3.0/#2-uri-syntax
 */
export function imageServiceUri(base: string, version: ImageApiVersion, identifier: string, slashSubstitute: string | null): string {
  return `${base}/iiif/${version}/${encodeIdentifier(identifier, slashSubstitute)}`;
}
