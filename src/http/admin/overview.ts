import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import { type OverviewPage, overviewPage } from '../../ui/admin/pages/overview.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminFrame, adminPage } from './guard.ts';

const NOBODY_SHOWN = { offset: 0, limit: 0 };

/** `/admin` */
export function createOverview(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const users = await deps.users.search({}, NOBODY_SHOWN);
    const administrators = await deps.users.search({ role: ADMINISTRATOR_ROLE, state: 'active' }, NOBODY_SHOWN);
    const access = deps.access();
    const sessions = await deps.adminSessions.list();
    const attention = [
      ...mailAttention(deps),
      ...(access.enforced ? [] : [said('There is no access file: everybody sees everything.')]),
      ...(administrators.total > 1
        ? []
        : [said('You are the only administrator: nobody can let you in again, should you lose your password.')]),
    ];
    const counts: OverviewPage['counts'] = [
      { label: 'Users', count: users.total, path: '/admin/users' },
      { label: 'Administrators', count: administrators.total, path: `/admin/users?role=${ADMINISTRATOR_ROLE}&state=active` },
      { label: 'Policies', count: access.policies.length, path: null },
      { label: 'Access services', count: access.services.size, path: null },
      { label: 'Sessions of administrators', count: sessions.length, path: null },
    ];
    return page(200, overviewPage(adminFrame(deps, request, admin), { attention, counts }));
  });
}

function mailAttention({ mail }: AdminDeps): OverviewPage['attention'] {
  const { failing, waiting } = mail?.state() ?? { failing: null, waiting: 0 };
  return failing === null ? [] : [said(`Mail fails: ${failing.reason}. Mails that wait to be tried again: ${waiting}.`)];
}

function said(sentence: string): OverviewPage['attention'][number] {
  return { sentence, path: null, link: null };
}
