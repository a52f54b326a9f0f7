import { type ImageApiVersion } from '../iiif/image/request.ts';
import { encodeIdentifier } from '../iiif/image/parse-path.ts';

/** Where an item's image service lives: the base URI of both API versions. */
export function imageServiceUri(base: string, version: ImageApiVersion, identifier: string, slashSubstitute: string | null): string {
  return `${base}/iiif/${version}/${encodeIdentifier(identifier, slashSubstitute)}`;
}
