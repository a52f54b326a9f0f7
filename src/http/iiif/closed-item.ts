import type { Decision } from '../../domain/access.ts';
import { type Refusal, refuse } from '../../lib/problems.ts';
import { writeDate } from '../../lib/written-date.ts';

/** Why nothing that the visitor does can help; `what` is how the sentence calls the item: `image`, `file`, `item`. */
export function closedItem({ embargoUntil, timing, reason }: Extract<Decision, { outcome: 'refused' }>, what: string): Refusal {
  const isForTokens = reason.code === 'nobody-yet' || reason.code === 'role-missing';
  const always = isForTokens ? 'opens to scripts with a personal access token alone.' : 'is not open to anyone.';
  return refuse('access.refused', `This ${what} ${sentenceOfTimes(embargoUntil ?? timing?.opensAt, timing?.closedSince) ?? always}`);
}

function sentenceOfTimes(opensAt: Date | undefined, closedSince: Date | undefined): string | null {
  if (opensAt !== undefined) return `is closed until ${writeDate(opensAt, 'en')}. Signing in does not open it before.`;
  if (closedSince !== undefined) return `was open until ${writeDate(closedSince, 'en')}. Signing in does not open it any more.`;
  return null;
}
