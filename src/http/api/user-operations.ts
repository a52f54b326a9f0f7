import { z } from 'zod';
import { isAdministrator } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { USER_STATES, userState } from '../../domain/user-query.ts';
import { changeRoles } from '../../flows/admin/change-roles.ts';
import { changeUser } from '../../flows/admin/change-user.ts';
import { createUser } from '../../flows/admin/create-user.ts';
import { disableUser, enableUser } from '../../flows/admin/disable-user.ts';
import { type MadeLink, makeUserLink, mayHaveLink } from '../../flows/admin/make-user-link.ts';
import { type Changed, type Doer, type NotAccepted, USER_IS_GONE } from '../../flows/admin/people-deps.ts';
import { removeUser } from '../../flows/admin/remove-user.ts';
import { type Refusal, refuse } from '../../lib/problems.ts';
import { isFresh, isMeant } from '../server/conditional.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import type { ApiDeps } from './api-deps.ts';
import { type Caller, refuseScope } from './caller.ts';
import { findUserOf, NO_USER } from './find-user.ts';
import { type Operation, operation } from './operation.ts';
import { PAGING, readCursor, writeCursor } from './paging.ts';
import { isInvalid, refuseFields } from './read-input.ts';
import { answerJson, NO_CONTENT } from './reply.ts';
import { CREATED_USER, NEW_USER, PASSWORD_LINK, ROLES_OF_USER, STATE_OF_USER, USER, USER_CHANGE, USER_PAGE } from './schemas.ts';

const TAG = 'Users';
const PLACE = z.tuple([z.int().min(0)]);
const CHANGED = refuse('request.changed', 'The user is not as you have seen it. Ask for it again.');
const ABOUT_ADMINISTRATORS = 'Of an administrator it needs the scope `roles:write` too, so that no token gets more than it was given.';
const CONDITIONS = ['If-Match'] as const;
const AS_IT_IS = { 200: { description: 'The user as it is now', schema: USER, headers: ['ETag'] } } as const;

export const USER_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'listUsers',
      method: 'GET',
      path: '/api/1/users',
      tag: TAG,
      scope: 'users:read',
      summary: 'Users, by name',
      query: z.strictObject({
        ...PAGING,
        search: z.string().max(200).optional().describe('Beginnings of words of the name or the e-mail address.'),
        role: z.string().max(64).optional(),
        source: z.string().max(64).optional().describe('`local`, or the identity source that they sign in through.'),
        state: z.enum(USER_STATES).optional(),
      }),
      answers: { 200: { description: 'A page of users', schema: USER_PAGE } },
    },
    async (deps, { query: { limit, cursor, search, ...rest } }) => {
      const place = readCursor(cursor, PLACE);
      if (isInvalid(place)) return refuseFields(place);
      const [offset] = place ?? [0];
      const wanted = Object.fromEntries(Object.entries({ ...rest, text: search }).filter(([, value]) => value !== undefined));
      const { users, total } = await deps.users.search(wanted, { offset, limit });
      const next = total > offset + limit ? writeCursor([offset + limit]) : null;
      return answerJson(USER_PAGE, { users: users.map(toUser), total, next });
    },
  ),
  operation(
    {
      id: 'createUser',
      method: 'POST',
      path: '/api/1/users',
      tag: TAG,
      scope: 'users:write',
      summary: 'Add a user whose account is kept here',
      description:
        'Without a password, the answer has the link by which the person sets one. Giving roles needs the scope `roles:write` too.',
      body: NEW_USER,
      answers: { 201: { description: 'The user', schema: CREATED_USER, headers: ['Location', 'ETag'] } },
      problems: ['request.conflict'],
    },
    async (deps, { body: { name, email, roles = [], password }, caller, request }) => {
      const refused = roles.length === 0 ? null : refuseScope(caller, 'roles:write');
      if (refused !== null) return refused;
      const typed = { name, email: email ?? '', roles, password: password ?? null };
      const created = await createUser(deps, doerOf(caller), typed);
      if (created.kind === 'not-accepted') return notAccepted(deps, created, { name });
      const { user, link } = created;
      const headers = { location: `${request.base}/api/1/users/${user.id}`, etag: etagOf(deps, user) };
      return answerJson(CREATED_USER, { user: toUser(user), link: link === null ? null : toLink(request, link) }, headers, 201);
    },
  ),
  operation(
    {
      id: 'getUser',
      method: 'GET',
      path: '/api/1/users/{user}',
      tag: TAG,
      scope: 'users:read',
      summary: 'One user',
      conditions: ['If-None-Match'],
      answers: { 200: { description: 'The user', schema: USER, headers: ['ETag'] } },
    },
    async (deps, { params, request }) => {
      const user = await findUserOf(deps, params.user);
      if (user === null) return NO_USER;
      const headers = { etag: etagOf(deps, user), 'cache-control': 'private, no-cache' };
      const asked = { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: null };
      return isFresh(asked, headers.etag, null) ? { status: 304, headers, body: null } : answerJson(USER, toUser(user), headers);
    },
  ),
  operation(
    {
      id: 'changeUser',
      method: 'PATCH',
      path: '/api/1/users/{user}',
      tag: TAG,
      scope: 'users:write',
      summary: 'Change name or e-mail address of an account that is kept here',
      description: ABOUT_ADMINISTRATORS,
      body: USER_CHANGE,
      conditions: CONDITIONS,
      answers: AS_IT_IS,
      problems: ['request.conflict'],
    },
    (deps, { params, body, caller, request }) =>
      change(deps, request, caller, params.user, async (user) => {
        const to = { name: body.name ?? user.name, email: body.email === undefined ? (user.email ?? '') : (body.email ?? '') };
        return asItIsNow(deps, await changeUser(deps, doerOf(caller), user, to), { name: to.name, id: user.id });
      }),
  ),
  operation(
    {
      id: 'removeUser',
      method: 'DELETE',
      path: '/api/1/users/{user}',
      tag: TAG,
      scope: 'users:write',
      summary: 'Remove a user with all that belongs to them',
      description: ABOUT_ADMINISTRATORS,
      conditions: CONDITIONS,
      answers: { 204: { description: 'The user is nobody from the next request on' } },
      problems: ['request.conflict'],
    },
    (deps, { params, caller, request }) =>
      change(deps, request, caller, params.user, async (user) => {
        const removed = await removeUser(deps, doerOf(caller), user);
        return removed.kind === 'done' ? NO_CONTENT : notAccepted(deps, removed, {});
      }),
  ),
  operation(
    {
      id: 'setRolesOfUser',
      method: 'PUT',
      path: '/api/1/users/{user}/roles',
      tag: TAG,
      scope: 'roles:write',
      summary: 'Give a user these roles by hand, and no others',
      description: 'Roles that an identity source says stay.',
      body: ROLES_OF_USER,
      conditions: CONDITIONS,
      answers: AS_IT_IS,
    },
    (deps, { params, body, caller, request }) =>
      change(deps, request, caller, params.user, async (user) =>
        asItIsNow(deps, await changeRoles(deps, doerOf(caller), user, body.roles), {}),
      ),
  ),
  operation(
    {
      id: 'setStateOfUser',
      method: 'PUT',
      path: '/api/1/users/{user}/state',
      tag: TAG,
      scope: 'users:write',
      summary: 'Disable a user, or let them in again',
      description: `Whoever is disabled is nobody everywhere from the next request on, tokens included. ${ABOUT_ADMINISTRATORS}`,
      body: STATE_OF_USER,
      conditions: CONDITIONS,
      answers: AS_IT_IS,
      problems: ['request.conflict'],
    },
    (deps, { params, body, caller, request }) =>
      change(deps, request, caller, params.user, async (user) => {
        const to = body.disabled ? disableUser : enableUser;
        return asItIsNow(deps, await to(deps, doerOf(caller), user), {});
      }),
  ),
  operation(
    {
      id: 'createPasswordLink',
      method: 'POST',
      path: '/api/1/users/{user}/password-link',
      tag: TAG,
      scope: 'users:write',
      summary: 'A link by which a person sets a password: the first one, or another',
      description: `It works once; a link from before is worth nothing any more. ${ABOUT_ADMINISTRATORS}`,
      answers: { 201: { description: 'The link, shown this once', schema: PASSWORD_LINK } },
      problems: ['request.conflict'],
    },
    (deps, { params, caller, request }) =>
      change(deps, request, caller, params.user, async (user) => {
        if (!mayHaveLink(user)) return refuse('request.conflict', `${user.name} is disabled, or has no password here.`);
        return answerJson(PASSWORD_LINK, toLink(request, await makeUserLink(deps, doerOf(caller), user)), {}, 201);
      }),
  ),
];

/** One change at a time, of a user as the caller has seen it, and of an administrator only with the scope to make one. */
function change(
  deps: ApiDeps,
  request: HttpRequest,
  caller: Caller,
  id: string,
  work: (user: User) => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  return deps.inTurn(id, async () => {
    const user = await findUserOf(deps, id);
    if (user === null) return NO_USER;
    const refused = isAdministrator(user) ? refuseScope(caller, 'roles:write') : null;
    if (refused !== null) return refused;
    const meant = { ifMatch: request.header('if-match'), ifUnmodifiedSince: null };
    return isMeant(meant, etagOf(deps, user), new Date(0)) ? work(user) : CHANGED;
  });
}

async function asItIsNow(
  deps: ApiDeps,
  changed: Changed,
  sent: { readonly name?: string; readonly id?: string },
): Promise<Reply | Refusal> {
  if (changed.kind === 'not-accepted') return notAccepted(deps, changed, sent);
  const user = (await deps.users.findById(changed.user.id)) ?? changed.user;
  return answerJson(USER, toUser(user), { etag: etagOf(deps, user) });
}

/** What is wrong with a field, or does not go together with what is there. */
async function notAccepted(
  { users }: ApiDeps,
  refused: NotAccepted,
  sent: { readonly name?: string; readonly id?: string },
): Promise<Reply | Refusal> {
  if (refused === USER_IS_GONE) return NO_USER;
  const { field, sentence } = refused;
  const holder = field === 'name' && sent.name !== undefined ? await users.find(sent.name) : null;
  const isTaken = holder !== null && holder.id !== sent.id;
  if (field === null || isTaken) return refuse('request.conflict', sentence);
  return refuseFields({ kind: 'invalid', errors: [{ pointer: `#/${field}`, detail: sentence }] });
}

function doerOf({ user, by }: Caller): Doer {
  return { ...by, userId: user.id };
}

/** Of all that can be changed here; that somebody signed in changes nothing. */
function etagOf({ randomness }: Pick<ApiDeps, 'randomness'>, user: User): string {
  const { lastSignInAt: _signIn, ...rest } = toUser(user);
  return `"${randomness.hash(JSON.stringify(rest))}"`;
}

function toUser(user: User) {
  const { id, name, email, source, roles, ownRoles, outsideRoles, createdAt, lastSignInAt } = user;
  return {
    id,
    name,
    email,
    source,
    state: userState(user),
    roles: [...roles],
    ownRoles: [...ownRoles],
    outsideRoles: [...outsideRoles],
    createdAt: createdAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}

function toLink({ base }: HttpRequest, { kind, path, endsAt }: MadeLink) {
  return { kind, link: base + path, endsAt: endsAt.toISOString() };
}
