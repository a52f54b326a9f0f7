import { LOCAL_SOURCE, type User, type UserId } from '../../domain/session.ts';
import { changeRoles } from '../../flows/admin/change-roles.ts';
import { changeUser } from '../../flows/admin/change-user.ts';
import { disableUser, enableUser } from '../../flows/admin/disable-user.ts';
import { endSessionsOfUser } from '../../flows/admin/end-sessions.ts';
import { makeUserLink, mayHaveLink } from '../../flows/admin/make-user-link.ts';
import type { Changed } from '../../flows/admin/people-deps.ts';
import { removeUser } from '../../flows/admin/remove-user.ts';
import { adminProblemPage } from '../../ui/admin/pages/problem.ts';
import { USER_ACTIONS, type UserAction, type UserPage, userPage } from '../../ui/admin/pages/user.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { doerOf } from './doer.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';
import { choosableRoles, rolesOfForm } from './role-choice.ts';
import { linkReply } from './users.ts';

/** `/admin/users/{id}` */
export function createUserPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const user = await findUser(deps, request);
    return user === null ? goneReply(deps, request, admin) : userReply(deps, request, admin, user);
  });
}

export interface UserHandlers {
  readonly userPage: Handler;
  readonly submitUserDetails: Handler;
  readonly submitUserRoles: Handler;
  readonly submitUserLink: Handler;
  readonly submitUserSessions: Handler;
  readonly submitUserDisable: Handler;
  readonly submitUserEnable: Handler;
  readonly submitUserRemove: Handler;
}

export function createUserHandlers(deps: AdminDeps): UserHandlers {
  return {
    userPage: createUserPage(deps),
    submitUserDetails: userForm(deps, 'details', async (request, admin, user, form) => {
      const typed = { name: form.get('name') ?? '', email: form.get('email') ?? '' };
      const changed = await changeUser(deps, doerOf(request, admin), user, typed);
      return afterChange(deps, request, admin, user, changed, 'user-changed', { ...typed, roles: user.ownRoles });
    }),
    submitUserRoles: userForm(deps, 'roles', async (request, admin, user, form) => {
      const roles = rolesOfForm(form);
      const changed = await changeRoles(deps, doerOf(request, admin), user, roles);
      return afterChange(deps, request, admin, user, changed, 'user-roles', { name: user.name, email: user.email ?? '', roles });
    }),
    submitUserLink: userForm(deps, 'link', async (request, admin, user) => {
      if (!mayHaveLink(user)) return userReply(deps, request, admin, user, { error: NO_LINK });
      return linkReply(deps, request, admin, user, await makeUserLink(deps, doerOf(request, admin), user));
    }),
    submitUserSessions: userForm(deps, 'sessions', async (request, admin, user) => {
      await endSessionsOfUser(deps, user.name, { actor: admin.user.name, address: request.address }, admin.session.id);
      return done(request, `/admin/users/${user.id}`, 'user-sessions-ended');
    }),
    submitUserDisable: userForm(deps, 'disable', async (request, admin, user) =>
      afterChange(deps, request, admin, user, await disableUser(deps, doerOf(request, admin), user), 'user-disabled'),
    ),
    submitUserEnable: userForm(deps, 'enable', async (request, admin, user) =>
      afterChange(deps, request, admin, user, await enableUser(deps, doerOf(request, admin), user), 'user-enabled'),
    ),
    submitUserRemove: userForm(deps, 'remove', async (request, admin, user) => {
      const removed = await removeUser(deps, doerOf(request, admin), user);
      if (removed.kind === 'done') return done(request, '/admin/users', 'user-removed');
      return userReply(deps, request, admin, user, { error: removed });
    }),
  };
}

const NO_LINK = { field: null, sentence: 'There is no password here that a link could set.' };

type AnswerForUser = (request: HttpRequest, admin: Admin, user: User, form: URLSearchParams) => Promise<Reply>;

function userForm(deps: AdminDeps, action: UserAction, answer: AnswerForUser): Handler {
  return adminForm(deps, { purpose: purposeOf(action), recent: true }, async (request, admin, form) => {
    const user = await findUser(deps, request);
    return user === null ? goneReply(deps, request, admin) : answer(request, admin, user, form);
  });
}

function purposeOf(action: UserAction): string {
  return `user ${action}`;
}

function findUser(deps: AdminDeps, request: HttpRequest): Promise<User | null> {
  return deps.users.findById((request.params['id'] ?? '') as UserId);
}

function goneReply(deps: AdminDeps, request: HttpRequest, admin: Admin): Reply {
  const shown = { section: 'users', heading: 'There is no such user', text: 'Perhaps somebody has removed the account.' } as const;
  return page(404, adminProblemPage(adminFrame(deps, request, admin), shown));
}

async function afterChange(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  user: User,
  changed: Changed,
  notice: string,
  typed?: UserPage['typed'],
): Promise<Reply> {
  if (changed.kind === 'done') return done(request, `/admin/users/${user.id}`, notice);
  return userReply(deps, request, admin, user, { error: changed, typed });
}

async function userReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  user: User,
  refused: { readonly error: UserPage['error']; readonly typed?: UserPage['typed'] | undefined } = { error: null },
): Promise<Reply> {
  const tokens = USER_ACTIONS.map((action) => [action, formToken(deps, request, purposeOf(action))] as const);
  const html = userPage(adminFrame(deps, request, admin), {
    user,
    isOwn: user.id === admin.user.id,
    isLocal: user.source === LOCAL_SOURCE,
    link: await deps.userLinks.findOfUser(user.id, deps.clock.now()),
    roles: await choosableRoles(deps),
    formTokens: Object.fromEntries(tokens) as UserPage['formTokens'],
    typed: refused.typed ?? { name: user.name, email: user.email ?? '', roles: user.ownRoles },
    error: refused.error,
    more: [
      { label: 'Sessions and access tokens', path: `/admin/sessions?user=${encodeURIComponent(user.name)}` },
      { label: 'What they did, and what was done to them', path: `/admin/audit?person=${encodeURIComponent(user.name)}` },
      { label: `Grants: ${await countGrants(deps, user)}`, path: grantsPath(user) },
    ],
  });
  return page(refused.error === null ? 200 : 400, html);
}

/** In force now. */
async function countGrants({ itemGrants, clock }: AdminDeps, { id }: User): Promise<number> {
  const now = clock.now();
  return (await itemGrants.ofUser(id)).filter(({ until }) => now < until).length;
}

/** With the name filled in, for a new one. */
function grantsPath({ name }: User): string {
  return `/admin/grants?q=${encodeURIComponent(name)}&user=${encodeURIComponent(name)}`;
}
