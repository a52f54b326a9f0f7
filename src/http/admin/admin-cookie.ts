import { ADMIN_COOKIE } from '../../flows/admin/admin-key.ts';
import type { OpenedAdminSession } from '../../flows/admin/open-admin-session.ts';
import { PENDING_COOKIE } from '../../flows/admin/second-factor/pending-sign-in.ts';
import { serialiseCookie } from '../server/cookies.ts';
import type { AdminDeps } from './admin-deps.ts';

/** The cookie of an administrator, as a `Set-Cookie` value: sent to the pages below `/admin` and nowhere else. */
export function adminCookie(deps: AdminDeps, opened: OpenedAdminSession): string {
  const maxAgeSeconds = (opened.endsAt.getTime() - deps.clock.now().getTime()) / 1000;
  return serialiseCookie(ADMIN_COOKIE, opened.cookie, { path: adminPath(deps), sameSite: 'Lax', maxAgeSeconds });
}

export function clearedAdminCookie(deps: AdminDeps): string {
  return serialiseCookie(ADMIN_COOKIE, '', { path: adminPath(deps), sameSite: 'Lax', maxAgeSeconds: 0 });
}

function adminPath({ cookiePath }: AdminDeps): string {
  return `${cookiePath.replace(/\/+$/, '')}/admin`;
}

/** For the second step of a sign-in. */
export function pendingCookie(deps: AdminDeps, pending: { readonly cookie: string; readonly endsAt: Date }): string {
  const maxAgeSeconds = (pending.endsAt.getTime() - deps.clock.now().getTime()) / 1000;
  return serialiseCookie(PENDING_COOKIE, pending.cookie, { path: adminPath(deps), sameSite: 'Lax', maxAgeSeconds });
}

export function clearedPendingCookie(deps: AdminDeps): string {
  return serialiseCookie(PENDING_COOKIE, '', { path: adminPath(deps), sameSite: 'Lax', maxAgeSeconds: 0 });
}
