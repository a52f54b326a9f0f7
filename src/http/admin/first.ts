/**
 * `/admin/first/{secret}`: the link that a start prints while there is no administrator. Opening it changes nothing yet:
 * programs that look at links before people do must not use it up.
 */
import { createFirstAdministrator, isFirstLinkOpen } from '../../flows/admin/first-administrator.ts';
import { type FirstAdministratorPage, firstAdministratorPage } from '../../ui/admin/pages/first.ts';
import { adminNoticePage } from '../../ui/admin/pages/notice.ts';
import { noticeReply, rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { admit } from './admit.ts';

const PURPOSE = 'first administrator';

export function createFirstPage(deps: AdminDeps): Handler {
  return async (request) => {
    if (!(await isFirstLinkOpen(deps, secretOf(request)))) return overReply(request);
    return firstReply(deps, request, { userName: '', error: null });
  };
}

export function createSubmitFirstPage(deps: AdminDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const typed = { name: form.get('user') ?? '', password: form.get('password') ?? '', address: request.address };
    if (!(await isFirstLinkOpen(deps, secretOf(request)))) return overReply(request);
    if (typed.password !== form.get('again')) {
      return firstReply(deps, request, { userName: typed.name, error: { field: 'again', sentence: 'The two passwords differ.' } });
    }
    const user = await createFirstAdministrator(deps, secretOf(request), typed);
    if (user === null) return overReply(request);
    if ('sentence' in user) {
      const field = user.field === 'name' ? 'user' : 'password';
      return firstReply(deps, request, { userName: typed.name, error: { field, sentence: user.sentence } });
    }
    return admit(deps, request, user, null);
  };
}

function secretOf(request: HttpRequest): string {
  return request.params['secret'] ?? '';
}

function firstReply(deps: AdminDeps, request: HttpRequest, shown: Pick<FirstAdministratorPage, 'userName' | 'error'>): Reply {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const action = `${rootOf(request)}/admin/first/${secretOf(request)}`;
  const html = firstAdministratorPage({ base: request.base, action, formToken, ...shown });
  return page(shown.error === null ? 200 : 400, html, { 'set-cookie': setCookie });
}

function overReply(request: HttpRequest): Reply {
  const html = adminNoticePage({
    base: request.base,
    heading: 'This link is over',
    text: 'It works once, for 30 minutes after the start of the server, and only while there is no administrator. A new start prints a new one.',
    link: { address: `${rootOf(request)}/admin/sign-in`, label: 'Sign in to the administration' },
  });
  return page(404, html);
}
