import type { User } from '../../domain/session.ts';
import { USER_STATES, type UserQuery } from '../../domain/user-query.ts';
import { createUser } from '../../flows/admin/create-user.ts';
import type { MadeLink } from '../../flows/admin/make-user-link.ts';
import { type NewUserPage, newUserPage } from '../../ui/admin/pages/new-user.ts';
import { userLinkPage } from '../../ui/admin/pages/user-link.ts';
import { usersPage } from '../../ui/admin/pages/users.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { doerOf } from './doer.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';
import { choosableRoles, rolesOfForm } from './role-choice.ts';

const CREATE = 'create user';
const USERS_ON_A_PAGE = 50;
const MOST_PAGES = 1_000_000;

/** `/admin/users?q=…&role=…&source=…&state=…&page=…` */
export function createUsersPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const number = readPage(request.query);
    const offset = (number - 1) * USERS_ON_A_PAGE;
    const { users, total } = await deps.users.search(readQuery(request.query), { offset, limit: USERS_ON_A_PAGE });
    const root = `${rootOf(request)}/admin/users`;
    const read = (name: string) => request.query.get(name) ?? '';
    const html = usersPage(adminFrame(deps, request, admin), {
      search: { text: read('q'), role: read('role'), source: read('source'), state: read('state') },
      roles: [...(await deps.users.countRoles()).keys()],
      sources: await deps.users.listSources(),
      users,
      total,
      first: offset + 1,
      before: number === 1 ? null : root + writeQuery(request.query, number - 1),
      after: offset + users.length >= total ? null : root + writeQuery(request.query, number + 1),
      exportPath: `${root}/export.csv${writeQuery(request.query, null)}`,
    });
    return page(200, html);
  });
}

/** `/admin/users/new` */
export function createNewUser(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) => newUserReply(deps, request, admin, { name: '', email: '', roles: [], way: 'invite' }, null));
}

export function createSubmitNewUser(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: CREATE, recent: true }, async (request, admin, form) => {
    const [name, email] = [form.get('name') ?? '', form.get('email') ?? ''];
    const way = form.get('way') === 'password' ? 'password' : 'invite';
    const typed = { name, email, roles: rolesOfForm(form), way } as const;
    const password = way === 'password' ? (form.get('password') ?? '') : null;
    const created = await createUser(deps, doerOf(request, admin), { ...typed, password });
    if (created.kind === 'not-accepted') return newUserReply(deps, request, admin, typed, created);
    if (created.link !== null) return linkReply(deps, request, admin, created.user, created.link);
    return done(request, `/admin/users/${created.user.id}`, 'user-created');
  });
}

/** The one answer to a form that is no redirect: a secret belongs in no address of ours, and is shown this once. */
export function linkReply(deps: AdminDeps, request: HttpRequest, admin: Admin, user: User, link: MadeLink): Reply {
  const html = userLinkPage(adminFrame(deps, request, admin), {
    kind: link.kind,
    userName: user.name,
    email: user.email,
    link: request.base + link.path,
    endsAt: link.endsAt,
    back: `${rootOf(request)}/admin/users/${user.id}`,
  });
  return page(200, html);
}

/** What a search asks for; what is unknown in it makes no difference. */
export function readQuery(query: URLSearchParams): UserQuery {
  const [text, role, source] = ['q', 'role', 'source'].map((name) => (query.get(name) ?? '').trim().slice(0, 200));
  const state = USER_STATES.find((each) => each === query.get('state'));
  return {
    ...(text ? { text } : {}),
    ...(role ? { role } : {}),
    ...(source ? { source } : {}),
    ...(state === undefined ? {} : { state }),
  };
}

function readPage(query: URLSearchParams): number {
  const number = Number(query.get('page') ?? '1');
  return Number.isInteger(number) && number >= 1 && number <= MOST_PAGES ? number : 1;
}

/** Of a page, or of all. */
function writeQuery(query: URLSearchParams, number: number | null): string {
  const kept = [...query].filter(([name, value]) => ['q', 'role', 'source', 'state'].includes(name) && value !== '');
  const written = new URLSearchParams(kept);
  if (number !== null) written.set('page', String(number));
  return `?${written}`;
}

async function newUserReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  typed: NewUserPage['typed'],
  error: NewUserPage['error'],
): Promise<Reply> {
  const html = newUserPage(adminFrame(deps, request, admin), {
    action: `${rootOf(request)}/admin/users/new`,
    formToken: formToken(deps, request, CREATE),
    roles: await choosableRoles(deps),
    typed,
    error,
  });
  return page(error === null ? 200 : 400, html);
}
