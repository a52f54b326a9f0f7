import { isAdministrator } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { signInAdministrator } from '../../flows/admin/sign-in-administrator.ts';
import { adminNoticePage } from '../../ui/admin/pages/notice.ts';
import { rootOf } from '../access/access-page.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { adminCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminReturn, signInAddress } from './admin-return.ts';

/** Opens a session for somebody who was just recognised, however that was done, and leads to the page `back`. */
export async function admit(deps: AdminDeps, request: HttpRequest, user: User, back: string | null): Promise<Reply> {
  if (!isAdministrator(user)) return noAdministrator(request, user, back);
  const opened = await signInAdministrator(deps, user, request);
  return seeOther(rootOf(request) + adminReturn(back), { 'set-cookie': [adminCookie(deps, opened)] });
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
