/**
 * The answer of the probe service. Its HTTP status is always 200.
 * https://iiif.io/api/auth/2.0/#probe-service-response
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { AUTH2_CONTEXT } from './services-2.ts';
import { type HeadingAndNote, PROBE_TEXTS, type ProbeRefusal } from './texts.ts';

export interface AuthProbeResult2 {
  readonly '@context': typeof AUTH2_CONTEXT;
  readonly type: 'AuthProbeResult2';
  /** What a request for the item itself would be answered with. */
  readonly status: 200 | 401 | 403 | 404 | 500;
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
}

const STATUSES = { 'access-needed': 401, 'role-missing': 401, refused: 403, 'not-found': 404, failed: 500 } as const satisfies Record<
  ProbeRefusal,
  number
>;

/** `texts` replaces the ones of the table; a result of 200 has none. */
export function probeResult(outcome: 'allowed' | ProbeRefusal, texts?: HeadingAndNote): AuthProbeResult2 {
  if (outcome === 'allowed') return { '@context': AUTH2_CONTEXT, type: 'AuthProbeResult2', status: 200 };
  const { heading, note } = texts ?? PROBE_TEXTS[outcome];
  return { '@context': AUTH2_CONTEXT, type: 'AuthProbeResult2', status: STATUSES[outcome], heading, note };
}
