import type { Decision } from '../../domain/access.ts';
import { refuse } from '../../lib/problems.ts';
import type { PlainRequest, WholeReply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import { activateStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import { closedItem } from './closed-item.ts';

/** Headers that say which pages may read an answer. */
export type Readers = Readonly<Record<string, string>>;

type Denial = Exclude<Decision, { outcome: 'allowed' }>;

export const NO_IMAGE = refuse('not-found', 'There is no image with this identifier.');

/** Pixels that the visitor may not see. */
export function deniedImageReply(request: PlainRequest, decision: Denial, readers: Readers): WholeReply {
  return problem(deniedContent(decision), { ...readers, ...askForCookie(request, decision) });
}

export function deniedContent(decision: Denial) {
  return decision.outcome === 'refused'
    ? closedItem(decision, 'image')
    : refuse('access.needed', 'This image needs access. A viewer can take you there: the information document names the services.');
}

/** Tells browsers and people what is missing. */
function askForCookie(request: PlainRequest, decision: Decision): Record<string, string> {
  if (decision.outcome !== 'access-needed') return {};
  return { ...challenge('Cookie', decision), ...activateStorageAccess(request), vary: VARY_STORAGE_ACCESS };
}

/** RFC 9110 §11.6.1 wants a challenge with 401; browsers ignore these two schemes, so that no dialog opens. */
export function challenge(scheme: 'Bearer' | 'Cookie', decision: Decision): Record<string, string> {
  return decision.outcome === 'access-needed' ? { 'www-authenticate': `${scheme} realm="IIIF"` } : {};
}
