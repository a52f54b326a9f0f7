import { closedSinceTexts, embargoTexts } from '../iiif/auth/embargo-texts.ts';
import { hoursTexts } from '../iiif/auth/hours-texts.ts';
import { isActive } from '../iiif/auth/service-description.ts';
import type { HeadingAndNote } from '../iiif/auth/texts.ts';
import type { Decision } from './access.ts';

/** What time has to do with it that somebody may not see an item, for whoever asks; null for nothing. */
export function timingTexts(decision: Exclude<Decision, { outcome: 'allowed' }>): HeadingAndNote | null {
  const { embargoUntil, timing } = decision;
  if (timing?.zone !== undefined) return hoursTexts(timing.opensAt ?? null, timing.zone);
  if (timing?.closedSince !== undefined) return closedSinceTexts(timing.closedSince);
  const opensAt = embargoUntil ?? timing?.opensAt;
  if (opensAt === undefined) return null;
  const isForSome = decision.outcome === 'access-needed' && decision.services.some(isActive);
  return embargoTexts(opensAt, isForSome ? 'some' : 'nobody');
}
