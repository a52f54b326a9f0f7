import { findLiveSession } from '../../flows/find-session.ts';
import { findSignOn } from '../../flows/find-sign-on.ts';
import { signOut } from '../../flows/sign-out.ts';
import { signOutPage } from '../../ui/pages/sign-out.ts';
import { signedOutPage } from '../../ui/pages/signed-out.ts';
import { findSignOutElsewhere } from '../identity/sign-out-elsewhere.ts';
import { clearedSessionCookies } from '../server/cookies.ts';
import type { Handler } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';

const PURPOSE = 'sign-out';

/** `/sign-out`: a button. Whoever has no session has nothing to end. */
export function createSignOut(deps: AccessDeps): Handler {
  return async (request) => {
    const live = await findLiveSession(deps, request.cookies, 'session');
    if (live === null) return seeOther(`${rootOf(request)}/`);
    const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
    const html = signOutPage({
      base: request.base,
      lang: languageOf(request),
      action: `${rootOf(request)}/sign-out`,
      formToken,
      userName: live.user?.name ?? null,
    });
    return page(200, html, { 'set-cookie': setCookie });
  };
}

export function createSubmitSignOut(deps: AccessDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const signedOn = await findSignOn(deps, request.cookies, 'session');
    await signOut(deps, request, 'session');
    const elsewhere = await findSignOutElsewhere(deps, request, signedOn);
    const headers = { 'set-cookie': clearedSessionCookies(deps.cookiePath) };
    if (elsewhere === null) return seeOther(`${rootOf(request)}/`, headers);
    return page(200, signedOutPage({ base: request.base, lang: languageOf(request), elsewhere }), headers);
  };
}
