import { endedSessionPage } from '../../ui/admin/pages/ended-session.ts';
import { rootOf } from '../access/access-page.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { addressOf, pageOf, signInAddress } from './admin-return.ts';

/** The answer to a form of ours whose session has ended meanwhile: what was typed waits for a sign-in in another tab. */
export function endedSessionReply(deps: AdminDeps, request: HttpRequest, form: URLSearchParams, purpose: string): Reply {
  const { formToken, setCookie } = deps.forms.prepare(request, waitingPurpose(purpose));
  const html = endedSessionPage({
    base: request.base,
    action: addressOf(request),
    formToken,
    carried: [...form].filter(([name]) => name !== 'form-token'),
    signIn: rootOf(request) + signInAddress(pageOf(request)),
  });
  return page(401, html, { 'set-cookie': setCookie, 'www-authenticate': 'Form' });
}

/** Whether a form has waited on that page. */
export function hasWaited(deps: AdminDeps, request: HttpRequest, form: URLSearchParams, purpose: string): boolean {
  return deps.forms.check(request, form, waitingPurpose(purpose)) === null;
}

function waitingPurpose(purpose: string): string {
  return `after a sign-in: ${purpose}`;
}
