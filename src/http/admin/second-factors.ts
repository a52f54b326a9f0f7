import { isAdministrator } from '../../domain/administrator.ts';
import { resetFactors } from '../../flows/admin/second-factor/remove-second-factor.ts';
import { secondFactorsPage } from '../../ui/admin/pages/second-factors.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const PURPOSE = 'reset second factors';

/** `/admin/second-factors`: which administrators have one, and a button for those who have lost theirs. */
export function createSecondFactors(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const administrators = (await deps.users.list()).filter(isAdministrator);
    const rows = await Promise.all(
      administrators.map(async (user) => ({
        id: user.id,
        name: user.name,
        isOwn: user.id === admin.user.id,
        factors: await deps.secondFactors.list(user.id),
        recoveryCodes: await deps.secondFactors.countRecoveryCodes(user.id),
      })),
    );
    const action = `${rootOf(request)}/admin/second-factors`;
    const shown = { rows, action, formToken: formToken(deps, request, PURPOSE), ownPath: `${rootOf(request)}/admin/you` };
    return page(200, secondFactorsPage(adminFrame(deps, request, admin), shown));
  });
}

export function createSubmitSecondFactors(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, recent: true }, async (request, admin, form) => {
    const user = (await deps.users.list()).find(({ id }) => id === form.get('user'));
    const isOther = user !== undefined && user.id !== admin.user.id;
    const wasReset = isOther && (await resetFactors(deps, admin, user, request.address));
    return done(request, '/admin/second-factors', wasReset ? 'factors-reset' : 'no-factors');
  });
}
