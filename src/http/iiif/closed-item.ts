import type { Decision } from '../../domain/access.ts';
import { type Refusal, refuse } from '../../lib/problems.ts';
import { writeDate } from '../../lib/written-date.ts';

/** Why nothing that the visitor does can help; `what` is how the sentence calls the item: `image`, `file`, `item`. */
export function closedItem({ embargoUntil, timing }: Extract<Decision, { outcome: 'refused' }>, what: string): Refusal {
  return refuse('access.refused', `This ${what} ${sentence(embargoUntil ?? timing?.opensAt, timing?.closedSince)}`);
}

function sentence(opensAt: Date | undefined, closedSince: Date | undefined): string {
  if (opensAt !== undefined) return `is closed until ${writeDate(opensAt, 'en')}. Signing in does not open it before.`;
  if (closedSince !== undefined) return `was open until ${writeDate(closedSince, 'en')}. Signing in does not open it any more.`;
  return 'is not open to anyone.';
}
