import { isRecent } from '../../domain/admin-session.ts';
import { readAdminKey } from '../../flows/admin/admin-key.ts';
import { confirmAdmin } from '../../flows/admin/confirm-admin.ts';
import { type Admin, findAdmin } from '../../flows/admin/find-admin.ts';
import { isRefusal, PROBLEMS } from '../../lib/problems.ts';
import { type AdminFrame, renderAdmin } from '../../ui/admin/document.ts';
import { noticeOf } from '../../ui/admin/notices.ts';
import { CONFIRM_FIELDS, confirmPage } from '../../ui/admin/pages/confirm.ts';
import { html } from '../../ui/html.ts';
import { throttledSentence } from '../access/access-notices.ts';
import { rootOf } from '../access/access-page.ts';
import { isFromElsewhere } from '../access/form-guard.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { adminCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { pageOf, signInAddress } from './admin-return.ts';

export type { Admin };

/** A page for administrators. Whoever is not signed in goes to the sign-in, and comes back. */
export function adminPage(deps: AdminDeps, answer: (request: HttpRequest, admin: Admin) => Promise<Reply>): Handler {
  return async (request) => {
    const admin = await findAdmin(deps, request.cookies);
    return admin === null ? toSignIn(request) : answer(request, admin);
  };
}

/**
 * A form for administrators, sent from a page of theirs with the token that `formToken` makes for the same purpose.
 * With `recent`, whoever has not proved for a while who it is, is asked for it; what was typed is carried along.
 */
export function adminForm(
  deps: AdminDeps,
  { purpose, recent }: { readonly purpose: string; readonly recent?: true },
  answer: (request: HttpRequest, admin: Admin, form: URLSearchParams) => Promise<Reply>,
): Handler {
  return async (request) => {
    const form = await request.form();
    const admin = await findAdmin(deps, request.cookies);
    if (admin === null) return toSignIn(request);
    if (!isOurForm(deps, request, form, purpose)) return refusedForm(deps, request, admin);
    const isStale = recent === true && !isRecent(admin.session, deps.clock.now());
    return isStale ? confirmFirst(deps, request, admin, form, purpose, answer) : answer(request, admin, form);
  };
}

/** The hidden field `form-token` of a form, good for this session and this purpose. */
export function formToken(deps: Pick<AdminDeps, 'signer'>, request: HttpRequest, purpose: string): string {
  return deps.signer.sign('admin-form', `${readAdminKey(request.cookies)?.id}\n${purpose}`);
}

/** What every page for administrators is told. */
export function adminFrame(deps: Pick<AdminDeps, 'signer'>, request: HttpRequest, admin: Admin): AdminFrame {
  return {
    base: request.base,
    adminName: admin.user.name,
    notice: noticeOf(request.query.get('done')),
    signOutToken: formToken(deps, request, 'sign-out'),
  };
}

/** After a form: back to a page, which says what was done. `path` begins with `/admin`. */
export function done(request: HttpRequest, path: string, notice: string): Reply {
  return seeOther(`${rootOf(request)}${path}${path.includes('?') ? '&' : '?'}done=${notice}`);
}

function toSignIn(request: HttpRequest): Reply {
  return seeOther(rootOf(request) + signInAddress(pageOf(request)));
}

function isOurForm(deps: AdminDeps, request: HttpRequest, form: URLSearchParams, purpose: string): boolean {
  return !isFromElsewhere(request) && deps.randomness.equal(form.get('form-token') ?? '', formToken(deps, request, purpose));
}

function refusedForm(deps: AdminDeps, request: HttpRequest, admin: Admin): Reply {
  const heading = 'The form was not accepted';
  const body = renderAdmin(adminFrame(deps, request, admin), {
    title: heading,
    section: null,
    main: html`<h1>${heading}</h1>
<p>It is out of date, or it was sent from another site. Please open it again.</p>`,
  });
  return page(PROBLEMS['request.cross-site'].status, body);
}

/** The answer to the form with the proof in it, or the page that asks for one. */
async function confirmFirst(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  form: URLSearchParams,
  purpose: string,
  answer: (request: HttpRequest, admin: Admin, form: URLSearchParams) => Promise<Reply>,
): Promise<Reply> {
  const carried = new URLSearchParams([...form].filter(([name]) => name !== 'form-token' && !CONFIRM_FIELDS.has(name)));
  const ask = (status: number, error: string | null) =>
    page(
      status,
      confirmPage(adminFrame(deps, request, admin), {
        action: rootOf(request) + request.path + (request.query.size === 0 ? '' : `?${request.query}`),
        formToken: formToken(deps, request, purpose),
        carried: [...carried],
        error,
      }),
    );
  const password = form.get('confirm-password');
  if (password === null) return ask(403, null);
  const confirmed = await confirmAdmin(deps, admin, { password, address: request.address });
  if (isRefusal(confirmed)) return ask(PROBLEMS[confirmed.code].status, throttledSentence('en', confirmed.retryAfterSeconds ?? 60));
  if (confirmed === null) return ask(403, 'That is not your password.');
  const reply = await answer(request, { ...admin, session: { ...admin.session, confirmedAt: deps.clock.now() } }, carried);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': [...setCookies(reply), adminCookie(deps, confirmed)] } };
}

function setCookies(reply: Reply): readonly string[] {
  const cookies = reply.headers['set-cookie'] ?? [];
  return typeof cookies === 'string' ? [cookies] : cookies;
}
