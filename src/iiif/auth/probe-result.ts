/**
 * The answer of the probe service. Its HTTP status is always 200.
 * https://iiif.io/api/auth/2.0/#probe-service-response
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { type ImageService, imageServiceReference, largestImageUri } from '../image/service-uri.ts';
import { AUTH2_CONTEXT } from './services-2.ts';
import { PROBE_TEXTS, type ProbeRefusal, SUBSTITUTE_LABEL } from './texts.ts';

export interface AuthProbeResult2 {
  readonly '@context': typeof AUTH2_CONTEXT;
  readonly type: 'AuthProbeResult2';
  /** What a request for the item itself would be answered with. */
  readonly status: 200 | 401 | 403 | 404 | 500;
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
  /** https://iiif.io/api/auth/2.0/#substitute: lesser versions that the visitor may see, best first, and after them those that are locked themselves. */
  readonly substitute?: readonly Substitute[];
}

/** Without auth services in `service` it is open to whoever asked. */
export interface Substitute {
  readonly id: string;
  /** https://iiif.io/api/presentation/3.0/#type */
  readonly type: 'Image' | 'Sound' | 'Video' | 'Text' | 'Model' | 'Dataset';
  readonly label: LanguageMap;
  readonly format: string;
  readonly service?: readonly object[];
}

interface SubstituteInput {
  /** Null: a text of ours. */
  readonly label: LanguageMap | null;
  /** Of a substitute that is locked itself, in full; else empty. */
  readonly authServices: readonly object[];
}

/** `authReferences`: what stands on the image service itself. */
export function imageSubstitute(
  imageService: ImageService,
  { label, authServices, authReferences }: SubstituteInput & { readonly authReferences: readonly object[] },
): Substitute {
  const locks = authReferences.length === 0 ? {} : { service: authReferences };
  return {
    id: largestImageUri(imageService),
    type: 'Image',
    label: label ?? SUBSTITUTE_LABEL,
    format: 'image/jpeg',
    service: [{ ...imageServiceReference(imageService), ...locks }, ...authServices],
  };
}

/** A sound, a film, a document: `id` is the file. */
export function fileSubstitute(
  { id, type, format }: Pick<Substitute, 'id' | 'type' | 'format'>,
  { label, authServices }: SubstituteInput,
): Substitute {
  return { id, type, label: label ?? SUBSTITUTE_LABEL, format, ...(authServices.length === 0 ? {} : { service: authServices }) };
}

const STATUSES = {
  'access-needed': 401,
  elsewhere: 401,
  'role-missing': 401,
  refused: 403,
  'not-found': 404,
  failed: 500,
} as const satisfies Record<ProbeRefusal, number>;

/** A result of 200 has no texts and no substitutes. */
export function probeResult(outcome: 'allowed' | ProbeRefusal, substitutes: readonly Substitute[] = []): AuthProbeResult2 {
  if (outcome === 'allowed') return { '@context': AUTH2_CONTEXT, type: 'AuthProbeResult2', status: 200 };
  const { heading, note } = PROBE_TEXTS[outcome];
  const substitute = substitutes.length === 0 ? {} : { substitute: substitutes };
  return { '@context': AUTH2_CONTEXT, type: 'AuthProbeResult2', status: STATUSES[outcome], ...substitute, heading, note };
}
