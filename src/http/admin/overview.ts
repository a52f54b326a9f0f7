import { hasAdminSessionEnded } from '../../domain/admin-session.ts';
import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { type OverviewPage, overviewPage } from '../../ui/admin/pages/overview.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminFrame, adminPage } from './guard.ts';

const NOBODY_SHOWN = { offset: 0, limit: 0 };
/** Far more than any institution has; each is looked at on every overview. */
const MOST_ADMINISTRATORS = 100;

/** `/admin` */
export function createOverview(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const users = await deps.users.search({}, NOBODY_SHOWN);
    const administrators = await deps.users.search(
      { role: ADMINISTRATOR_ROLE, state: 'active' },
      { offset: 0, limit: MOST_ADMINISTRATORS },
    );
    const access = deps.access();
    const now = deps.clock.now();
    const sessions = (await deps.adminSessions.list()).filter((session) => !hasAdminSessionEnded(session, now));
    const attention = [
      ...(await mailAttention(deps)),
      ...(await requestAttention(deps)),
      ...(access.enforced ? [] : [said('There is no access file: everybody sees everything.')]),
      ...(administrators.total > 1
        ? []
        : [said('You are the only administrator: nobody can let you in again, should you lose your password.')]),
      ...factorAttention(administrators.users.length, await countWithoutFactor(deps, administrators.users)),
    ];
    const counts: OverviewPage['counts'] = [
      { label: 'Users', count: users.total, path: '/admin/users' },
      { label: 'Administrators', count: administrators.total, path: `/admin/users?role=${ADMINISTRATOR_ROLE}&state=active` },
      { label: 'Policies', count: access.policies.length, path: '/admin/access' },
      { label: 'Access services', count: access.services.size, path: '/admin/access' },
      { label: 'Sessions of administrators', count: sessions.length, path: '/admin/sessions' },
    ];
    return page(200, overviewPage(adminFrame(deps, request, admin), { attention, counts }));
  });
}

async function requestAttention({ accessRequests }: AdminDeps): Promise<OverviewPage['attention']> {
  const open = await accessRequests.countOpen();
  if (open === 0) return [];
  const sentence = open === 1 ? '1 reader’s request for access waits.' : `${open} requests for access wait.`;
  return [{ sentence, path: '/admin/requests', link: 'Decide' }];
}

async function mailAttention({ mail }: AdminDeps): Promise<OverviewPage['attention']> {
  const { failing, waiting } = (await mail?.state()) ?? { failing: null, waiting: 0 };
  return failing === null ? [] : [said(`Mail fails: ${failing.reason}. Mails that wait to be tried again: ${waiting}.`)];
}

async function countWithoutFactor(deps: AdminDeps, administrators: readonly User[]): Promise<number> {
  const factors = await Promise.all(administrators.map(({ id }) => deps.secondFactors.list(id)));
  return factors.filter((each) => each.length === 0).length;
}

function factorAttention(all: number, without: number): OverviewPage['attention'] {
  if (without === 0) return [];
  const sentence =
    all === 1
      ? 'You have no second factor: whoever learns your password is an administrator.'
      : `${without} of ${all} administrators ${without === 1 ? 'has' : 'have'} no second factor: whoever learns the password is an administrator.`;
  return [{ sentence, path: '/admin/second-factors', link: 'Second factors' }];
}

function said(sentence: string): OverviewPage['attention'][number] {
  return { sentence, path: null, link: null };
}
