import { hasAdminSessionEnded } from '../../domain/admin-session.ts';
import { changeOwnPassword } from '../../flows/admin/change-own-password.ts';
import { endOwnAdminSession } from '../../flows/admin/end-own-admin-session.ts';
import { isRefusal, PROBLEMS } from '../../lib/problems.ts';
import { type YouPage, youPage } from '../../ui/admin/pages/you.ts';
import { throttledSentence } from '../access/access-notices.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { adminCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';
import { RECOVERY_CODES, REMOVE_FACTOR } from './own-factors.ts';

const PASSWORD = 'own password';
const SESSION = 'own session';

/** `/admin/you`: an administrator's own account. */
export function createYou(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) => youReply(deps, request, admin, 200, null));
}

/** `/admin/you/password`. Asks for the password itself, so a recent proof adds nothing. */
export function createSubmitOwnPassword(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PASSWORD }, async (request, admin, form) => {
    const changed = await changeOwnPassword(deps, admin, {
      current: form.get('current') ?? '',
      next: form.get('next') ?? '',
      again: form.get('again') ?? '',
      address: request.address,
      cookies: request.cookies,
    });
    if (isRefusal(changed)) {
      const sentence = throttledSentence('en', changed.retryAfterSeconds ?? 60);
      return youReply(deps, request, admin, PROBLEMS[changed.code].status, { field: 'current', sentence });
    }
    if (changed.kind === 'not-accepted') return youReply(deps, request, admin, 400, changed);
    const reply = done(request, '/admin/you', 'password-changed');
    return { ...reply, headers: { ...reply.headers, 'set-cookie': [adminCookie(deps, changed.opened)] } };
  });
}

/** `/admin/you/sessions`: ends one of the administrator's own. */
export function createSubmitOwnSession(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: SESSION }, async (request, admin, form) => {
    await endOwnAdminSession(deps, admin, { session: form.get('session') ?? '', address: request.address });
    return done(request, '/admin/you', 'session-ended');
  });
}

async function youReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  status: number,
  error: NonNullable<YouPage['password']>['error'],
): Promise<Reply> {
  const now = deps.clock.now();
  const all = (await deps.adminSessions.list(admin.user.id)).filter((session) => !hasAdminSessionEnded(session, now));
  const root = `${rootOf(request)}/admin/you`;
  const hasPassword = (await deps.users.findPasswordHash(admin.user.id)) !== null;
  const html = youPage(adminFrame(deps, request, admin), {
    name: admin.user.name,
    roles: admin.user.roles,
    password: hasPassword ? { action: `${root}/password`, formToken: formToken(deps, request, PASSWORD), error } : null,
    factors: {
      all: await deps.secondFactors.list(admin.user.id),
      removeAction: `${root}/factors`,
      removeToken: formToken(deps, request, REMOVE_FACTOR),
      recoveryCodes: await deps.secondFactors.countRecoveryCodes(admin.user.id),
      codesAction: `${root}/recovery-codes`,
      codesToken: formToken(deps, request, RECOVERY_CODES),
      appPath: `${root}/app`,
      passkeyPath: `${root}/passkey`,
      needed: deps.needSecondFactor,
    },
    sessions: { action: `${root}/sessions`, formToken: formToken(deps, request, SESSION), own: admin.session.id, all },
  });
  return page(status, html);
}
