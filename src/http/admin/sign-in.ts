import { findAdmin } from '../../flows/admin/find-admin.ts';
import { recogniseByPasskey } from '../../flows/admin/second-factor/check-second-factor.ts';
import { recogniseByPassword, signOutAdministrator } from '../../flows/admin/sign-in-administrator.ts';
import { adminSignInPage } from '../../ui/admin/pages/sign-in.ts';
import { noticeReply, rootOf } from '../access/access-page.ts';
import { failedSignIn, type SignInFailure } from '../access/sign-in-failure.ts';
import { offerSources } from '../identity/offered-sources.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { clearedAdminCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminReturn, signInAddress } from './admin-return.ts';
import { admit, admitFully } from './admit.ts';
import { adminForm } from './guard.ts';
import { askPasskey, siteOf } from './passkey-request.ts';

const PURPOSE = 'admin sign-in';

/** `/admin/sign-in?return=/admin/…` */
export function createAdminSignIn(deps: AdminDeps): Handler {
  return async (request) => {
    const admin = await findAdmin(deps, request.cookies);
    if (admin !== null) return seeOther(rootOf(request) + adminReturn(request.query.get('return')));
    return signInReply(deps, request, '', null);
  };
}

export function createSubmitAdminSignIn(deps: AdminDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const name = form.get('user') ?? '';
    const user = await recogniseByPassword(deps, { name, password: form.get('password') ?? '', address: request.address });
    if ('kind' in user) return signInReply(deps, request, name, failedSignIn('en', user));
    return admit(deps, request, user, request.query.get('return'));
  };
}

/** `/admin/sign-in/passkey`: a passkey that verified its user is both factors. */
export function createSubmitPasskeySignIn(deps: AdminDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const given = { answer: form.get('passkey') ?? '', challenge: form.get('challenge') ?? '' };
    const user = await recogniseByPasskey(deps, siteOf(request), { ...given, address: request.address });
    if (user === null) return signInReply(deps, request, '', UNKNOWN_PASSKEY);
    return admitFully(deps, request, user, request.query.get('return'));
  };
}

/** `/admin/sign-out`: from the button in the header of every page. */
export function createSubmitAdminSignOut(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: 'sign-out' }, async (request) => {
    await signOutAdministrator(deps, request);
    return seeOther(`${rootOf(request)}/admin/sign-in`, { 'set-cookie': [clearedAdminCookie(deps)] });
  });
}

const UNKNOWN_PASSKEY: SignInFailure = {
  status: 401,
  sentence: 'No administrator has this passkey, or it did not check who you are. Sign in with your password.',
  headers: { 'www-authenticate': 'Form' },
};

async function signInReply(deps: AdminDeps, request: HttpRequest, userName: string, failure: SignInFailure | null): Promise<Reply> {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const back = request.query.get('return') ?? '/admin';
  const target = { kind: 'admin', path: adminReturn(back) } as const;
  const html = adminSignInPage({
    base: request.base,
    elsewhere: offerSources(deps, request, [...deps.identitySources().keys()], target).elsewhere,
    action: rootOf(request) + signInAddress(back),
    passkey: {
      action: rootOf(request) + signInAddress(back, '/admin/sign-in/passkey'),
      asked: await askPasskey(deps, request, { purpose: 'sign-in', user: null }),
    },
    formToken,
    error: failure?.sentence ?? null,
    userName,
  });
  return page(failure?.status ?? 200, html, { 'set-cookie': setCookie, ...failure?.headers });
}
