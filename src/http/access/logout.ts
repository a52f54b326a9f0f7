/**
 * The logout service, one URL for both specifications.
 * https://iiif.io/api/auth/2.0/#logout-service
 * https://iiif.io/api/auth/1.0/#logout-service
 *
 * Both demand that GET signs out, so any page can sign a visitor out by opening this address in a window. That is a
 * nuisance and nothing more. A picture or frame on another site cannot: browsers send it no session cookie.
 */

import { findServiceToLeave } from '../../flows/find-service.ts';
import { findSignOn } from '../../flows/find-sign-on.ts';
import { leaveService, servicesStillOpen } from '../../flows/sign-out.ts';
import { isActive } from '../../iiif/auth/service-description.ts';
import { windowDonePage } from '../../ui/pages/window-done.ts';
import { findSignOutElsewhere } from '../identity/sign-out-elsewhere.ts';
import { clearedSessionCookies } from '../server/cookies.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply } from './access-page.ts';
import { grantLabel } from './grant-label.ts';
import { serviceNameOf } from './service-name.ts';
import { isWindow } from './window-request.ts';

export function createLogoutService(deps: AccessDeps): Handler {
  return async (request) => {
    const service = await findServiceToLeave(deps, serviceNameOf(request, deps), request.cookies);
    if (service === null || !isActive(service)) return noticeReply(request, 'not-found');
    const inWindow = isWindow(request);
    const signedOn = (await findSignOn(deps, request.cookies, 'session')) ?? (await findSignOn(deps, request.cookies, 'access'));
    const bySession = await leaveService(deps, service, request, 'session');
    const cookie = bySession === 'nothing-to-end' && inWindow ? 'access' : 'session';
    const left = cookie === 'access' ? await leaveService(deps, service, request, cookie) : bySession;
    const open = left === 'grants-ended' ? await servicesStillOpen(deps, request.cookies, cookie) : [];
    const stillOpen = open.map((name) => grantLabel(deps.access(), request, name));
    const clear = left === 'session-ended' || (left === 'nothing-to-end' && inWindow);
    const kind = service.pattern === 'login' ? 'signed-out' : 'withdrawn';
    const elsewhere = left === 'session-ended' ? await findSignOutElsewhere(deps, request, signedOn) : null;
    return page(200, windowDonePage({ base: request.base, lang: languageOf(request), kind, stillOpen, elsewhere }), {
      'set-cookie': clear ? clearedSessionCookies(deps.cookiePath) : [],
    });
  };
}
