/** `/identity/{name}/callback`: what a source says about a visitor who comes back, in a query or a form. */
import { finishSignOn } from '../../flows/finish-sign-on.ts';
import { tooManyStarts } from '../../flows/start-sign-on.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import { noticeReply, throttledReply } from '../access/access-page.ts';
import type { Handler } from '../server/exchange.ts';
import { answerSignOn } from './answer-sign-on.ts';
import { readBrowserKey } from './browser-key.ts';
import { identityAddresses } from './identity-addresses.ts';
import { answerLogout } from './logout.ts';
import { findRedirectSource, readOutsideRequest } from './redirect-source.ts';

export function createIdentityCallback(deps: AccessDeps): Handler {
  return async (request) => {
    const known = findRedirectSource(deps, request);
    const addresses = known === null ? null : identityAddresses(deps, request, known.name);
    if (known === null || addresses === null) return noticeReply(request, 'not-found');
    const outside = await readOutsideRequest(request, known);
    // CAS posts its logout messages here, and nothing else.
    if (known.type === 'cas' && request.method === 'POST') return answerLogout(deps, request, { known, outside, addresses });
    const browserSecret = readBrowserKey(request);
    const answer = await finishSignOn(deps, { source: known.source, request: outside, addresses, browserSecret });
    // What belongs to no sign-on is refused, and costs a line in the audit.
    const waitSeconds = answer.begun === null ? await deps.starts.take(request.address) : 0;
    if (waitSeconds > 0) return throttledReply(request, tooManyStarts(waitSeconds));
    return answerSignOn(deps, request, { ...answer, known });
  };
}
