import { sumLosses } from '../../domain/sum-losses.ts';
import { clearLosses } from '../../flows/admin/clear-losses.ts';
import { shadowPage } from '../../ui/admin/pages/shadow.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { doerOf } from './doer.ts';
import { adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const CLEAR = 'clear shadow losses';

/** `/admin/shadow`: who would lose what, were the access file enforced. */
export function createShadowPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const report = sumLosses(await deps.shadowLosses.list());
    return page(200, shadowPage(adminFrame(deps, request, admin), { report, formToken: formToken(deps, request, CLEAR) }));
  });
}

/** Counts from nothing again. */
export function createSubmitShadowClear(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: CLEAR }, async (request, admin) => {
    await clearLosses(deps, doerOf(request, admin));
    return done(request, '/admin/shadow', 'shadow-cleared');
  });
}
