/**
 * Where a resource is to be had instead, in the answer of the probe service.
 * https://iiif.io/api/auth/2.0/#location
 */
import { type ImageService, imageServiceReference, largestImageUri } from '../image/service-uri.ts';
import type { AuthProbeResult2 } from './probe-result.ts';
import { AUTH2_CONTEXT } from './services-2.ts';

/** What the section wants, and `format`, which a content resource of the Presentation API may have. */
export interface ProbeLocation {
  readonly id: string;
  readonly type: 'Image' | 'Video' | 'Sound' | 'Text' | 'Model' | 'Dataset';
  readonly format: string;
  readonly service?: readonly object[];
}

export interface AuthProbeLocation2 extends Pick<AuthProbeResult2, '@context' | 'type'> {
  readonly status: 302;
  readonly location: ProbeLocation;
}

/** The image, and the image service that has its tiles. */
export function imageLocation(service: ImageService): ProbeLocation {
  return {
    id: largestImageUri(service),
    type: 'Image',
    format: 'image/jpeg',
    service: [imageServiceReference(service)],
  };
}

export function probeLocation(location: ProbeLocation): AuthProbeLocation2 {
  return { '@context': AUTH2_CONTEXT, type: 'AuthProbeResult2', status: 302, location };
}
