/**
 * Headers of image and information answers.
 * https://iiif.io/api/image/3.0/#51-image-information-request and https://iiif.io/api/image/3.0/#6-compliance-level-and-profile-document
 * https://iiif.io/api/image/2.1/#image-information-request and https://iiif.io/api/image/2.1/#compliance-levels
 */
import { documentMediaType } from '../document-media-type.ts';
import { CONTEXT_URIS, PROFILE_URIS } from './features.ts';
import type { Plan } from './plan.ts';
import type { ImageApiVersion } from './request.ts';

/** Value of a `Link` header. */
export function profileLink(version: ImageApiVersion): string {
  return `<${PROFILE_URIS[version]}>;rel="profile"`;
}

/** Value of a `Link` header. `baseUri` is the service's, without a slash at the end. */
export function canonicalLink(baseUri: string, plan: Pick<Plan, 'canonical'>): string {
  return `<${baseUri}/${plan.canonical}>;rel="canonical"`;
}

/** The media type of an information document. 2.1 and 3.0 §5.1 */
export function informationMediaType(version: ImageApiVersion, accept: string | null): string {
  return documentMediaType(version, CONTEXT_URIS[version], accept);
}
