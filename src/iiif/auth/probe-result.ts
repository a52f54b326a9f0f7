/**
 * The answer of the probe service. Its HTTP status is always 200.
 * https://iiif.io/api/auth/2.0/#probe-service-response
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { AUTH2_CONTEXT } from './services-2.ts';
import { PROBE_TEXTS, type ProbeRefusal, SUBSTITUTE_LABEL } from './texts.ts';

export interface AuthProbeResult2 {
  readonly '@context': typeof AUTH2_CONTEXT;
  readonly type: 'AuthProbeResult2';
  /** What a request for the item itself would be answered with. */
  readonly status: 200 | 401 | 403 | 404 | 500;
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
  /** https://iiif.io/api/auth/2.0/#substitute: lesser versions that the visitor may see, best first. */
  readonly substitute?: readonly Substitute[];
}

export interface Substitute {
  readonly id: string;
  readonly type: 'Image';
  readonly label: LanguageMap;
  readonly format: 'image/jpeg';
  readonly service: ReadonlyArray<{ readonly id: string; readonly type: 'ImageService3'; readonly profile: 'level2' }>;
}

/** `service` is the URI of its image service, in version 3. `label` null: a text of ours. */
export function imageSubstitute(service: string, label: LanguageMap | null): Substitute {
  return {
    id: `${service}/full/max/0/default.jpg`,
    type: 'Image',
    label: label ?? SUBSTITUTE_LABEL,
    format: 'image/jpeg',
    service: [{ id: service, type: 'ImageService3', profile: 'level2' }],
  };
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
