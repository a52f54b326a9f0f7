import { isAdministrator } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { PENDING_COOKIE, writePending } from '../../flows/admin/second-factor/pending-sign-in.ts';
import { signInAdministrator } from '../../flows/admin/sign-in-administrator.ts';
import { adminNoticePage } from '../../ui/admin/pages/notice.ts';
import { rootOf } from '../access/access-page.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { adminCookie, clearedPendingCookie, pendingCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminReturn, signInAddress } from './admin-return.ts';

/**
 * For somebody who was just recognised, by a password or by a source outside: on to the second factor where there is one,
 * else a session, and to the page `back`.
 */
export async function admit(deps: AdminDeps, request: HttpRequest, user: User, back: string | null): Promise<Reply> {
  if (!isAdministrator(user)) return noAdministrator(request, user, back);
  if ((await deps.secondFactors.list(user.id)).length === 0) return admitFully(deps, request, user, back);
  const pending = pendingCookie(deps, await writePending(deps, user));
  return seeOther(rootOf(request) + signInAddress(back ?? '/admin', '/admin/sign-in/second-factor'), { 'set-cookie': [pending] });
}

/** For somebody who has given all that is asked for. */
export async function admitFully(deps: AdminDeps, request: HttpRequest, user: User, back: string | null): Promise<Reply> {
  if (!isAdministrator(user)) return noAdministrator(request, user, back);
  const opened = await signInAdministrator(deps, user, request);
  const cookies = [adminCookie(deps, opened), ...(request.cookies.has(PENDING_COOKIE) ? [clearedPendingCookie(deps)] : [])];
  return seeOther(rootOf(request) + adminReturn(back), { 'set-cookie': cookies });
}

function noAdministrator(request: HttpRequest, user: User, back: string | null): Reply {
  const html = adminNoticePage({
    base: request.base,
    heading: 'You are no administrator',
    text: `“${user.name}” has not the role that opens these pages. An administrator can give it to you.`,
    link: { address: rootOf(request) + signInAddress(back ?? '/admin'), label: 'Sign in as somebody else' },
  });
  return page(403, html);
}
