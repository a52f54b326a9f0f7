import { isRecent } from '../../domain/admin-session.ts';
import { readAdminKey } from '../../flows/admin/admin-key.ts';
import { type Admin, findAdmin } from '../../flows/admin/find-admin.ts';
import { PROBLEMS } from '../../lib/problems.ts';
import { type AdminFrame, renderAdmin } from '../../ui/admin/document.ts';
import { noticeOf } from '../../ui/admin/notices.ts';
import { html } from '../../ui/html.ts';
import { rootOf } from '../access/access-page.ts';
import { isFromElsewhere } from '../access/form-guard.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { pageOf, signInAddress } from './admin-return.ts';
import { confirmFirst } from './confirm-first.ts';
import { endedSessionReply, hasWaited } from './ended-session.ts';

export type { Admin };

/** A page for administrators. Whoever is not signed in goes to the sign-in, and comes back. */
export function adminPage(deps: AdminDeps, answer: (request: HttpRequest, admin: Admin) => Promise<Reply>): Handler {
  return async (request) => {
    const admin = await findAdmin(deps, request.cookies);
    if (admin === null) return toSignIn(request);
    return (await lacksFactor(deps, request, admin)) ? toOwnAccount(request) : answer(request, admin);
  };
}

interface AdminFormOptions {
  readonly purpose: string;
  readonly recent?: true;
  /** Of a form that may be larger than others. */
  readonly mostBytes?: number;
}

/**
 * A form for administrators, sent from a page of theirs with the token that `formToken` makes for the same purpose.
 * With `recent`, whoever has not proved for a while who it is, is asked for it. What was typed is carried along, also where
 * the session has ended meanwhile.
 */
export function adminForm(
  deps: AdminDeps,
  { purpose, recent, mostBytes }: AdminFormOptions,
  answer: (request: HttpRequest, admin: Admin, form: URLSearchParams) => Promise<Reply>,
): Handler {
  return async (request) => {
    const admin = await findAdmin(deps, request.cookies);
    // Only those who have been here may send a large one.
    const form = await request.form(readAdminKey(request.cookies) === null ? undefined : mostBytes);
    const isOurs = isOurForm(deps, request, form, purpose) || hasWaited(deps, request, form, purpose);
    if (admin === null) return isOurs && form.size > 1 ? endedSessionReply(deps, request, form, purpose) : toSignIn(request);
    if (!isOurs) return refusedForm(deps, request, admin);
    if (await lacksFactor(deps, request, admin)) return toOwnAccount(request);
    const isStale = recent === true && !isRecent(admin.session, deps.clock.now());
    if (!isStale) return answer(request, admin, form);
    const frame = adminFrame(deps, request, admin);
    return confirmFirst(deps, { request, admin, form, formToken: formToken(deps, request, purpose), frame, answer });
  };
}

/** The hidden field `form-token` of a form, good for this session and this purpose. */
export function formToken(deps: Pick<AdminDeps, 'signer'>, request: HttpRequest, purpose: string): string {
  return deps.signer.sign('admin-form', `${readAdminKey(request.cookies)?.id ?? 'no session'}\n${purpose}`);
}

/** What every page for administrators is told. */
export function adminFrame(deps: Pick<AdminDeps, 'signer' | 'clock' | 'shadowUntil'>, request: HttpRequest, admin: Admin): AdminFrame {
  return {
    base: request.base,
    adminName: admin.user.name,
    shadowUntil: deps.shadowUntil !== null && deps.clock.now() < deps.shadowUntil ? deps.shadowUntil : null,
    notice: noticeOf(request.query.get('done')),
    signOutToken: formToken(deps, request, 'sign-out'),
  };
}

/** After a form: back to a page, which says what was done. `path` begins with `/admin`. */
export function done(request: HttpRequest, path: string, notice: string): Reply {
  return seeOther(`${rootOf(request)}${path}${path.includes('?') ? '&' : '?'}done=${notice}`);
}

/** Where administrators need a second factor: whether this one has none, and asks for more than the pages to set one up. */
async function lacksFactor(deps: AdminDeps, request: HttpRequest, { user }: Admin): Promise<boolean> {
  if (!deps.needSecondFactor || SET_UP.test(request.path)) return false;
  return (await deps.secondFactors.list(user.id)).length === 0;
}

const SET_UP = /^\/admin\/(you(\/app|\/passkey)?|sign-out)$/;

function toOwnAccount(request: HttpRequest): Reply {
  return seeOther(`${rootOf(request)}/admin/you`);
}

function toSignIn(request: HttpRequest): Reply {
  return seeOther(rootOf(request) + signInAddress(pageOf(request)));
}

function isOurForm(deps: AdminDeps, request: HttpRequest, form: URLSearchParams, purpose: string): boolean {
  return (
    !isFromElsewhere(request) &&
    readAdminKey(request.cookies) !== null &&
    deps.randomness.equal(form.get('form-token') ?? '', formToken(deps, request, purpose))
  );
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
