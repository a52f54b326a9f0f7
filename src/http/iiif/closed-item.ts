import type { Decision } from '../../domain/access.ts';
import { type Refusal, refuse } from '../../lib/problems.ts';
import { writeDate } from '../../lib/written-date.ts';

/** Why nothing that the visitor does can help; `what` is how the sentence calls the item: `image`, `file`, `item`. */
export function closedItem({ embargoUntil }: Extract<Decision, { outcome: 'refused' }>, what: string): Refusal {
  if (embargoUntil === undefined) return refuse('access.refused', `This ${what} is not open to anyone.`);
  return refuse('access.refused', `This ${what} is closed until ${writeDate(embargoUntil, 'en')}. Signing in does not open it before.`);
}
