import { z } from 'zod';
import type { AdminSession, AdminSessionId } from '../../domain/admin-session.ts';
import type { SessionId } from '../../domain/session.ts';
import { endAdminSession, endAllSessions, endSessionOf, endSessionsOfUser } from '../../flows/admin/end-sessions.ts';
import { listAdminSessions, listSessions, type ReaderSession } from '../../flows/admin/list-sessions.ts';
import { refuse } from '../../lib/problems.ts';
import type { Caller } from './caller.ts';
import { findUserOf, NO_USER } from './find-user.ts';
import { type Operation, operation } from './operation.ts';
import { CURSOR, readCursor, writeCursor } from './paging.ts';
import { isInvalid, refuseFields } from './read-input.ts';
import { answerJson, NO_CONTENT } from './reply.ts';
import { ADMIN_SESSIONS, ENDED, SESSION_PAGE } from './schemas.ts';

const TAG = 'Sessions';
const PLACE = z.tuple([z.int(), z.string().regex(/^ses_/)]);
const NO_SESSION = refuse('not-found', 'There is no session of that id.');

export const SESSION_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'listSessions',
      method: 'GET',
      path: '/api/1/sessions',
      tag: TAG,
      scope: 'sessions:read',
      summary: 'Sessions of readers that are in force, the one opened last at the beginning',
      query: z.strictObject({
        cursor: CURSOR,
        user: z.string().max(100).optional().describe('Id of a user.'),
        address: z.string().max(64).optional().describe('Where they were opened.'),
        owned: z.enum(['true']).optional().describe('Only those of users: not of whoever agreed to terms alone.'),
      }),
      answers: { 200: { description: 'A page of sessions', schema: SESSION_PAGE } },
    },
    async (deps, { query: { cursor, user: id, address, owned } }) => {
      const place = readCursor(cursor, PLACE);
      if (isInvalid(place)) return refuseFields(place);
      const user = id === undefined ? null : await findUserOf(deps, id);
      if (id !== undefined && user === null)
        return refuseFields({ kind: 'invalid', errors: [{ parameter: 'user', detail: NO_USER.detail }] });
      const filter = {
        ...(user === null ? {} : { userId: user.id }),
        ...(address === undefined ? {} : { address }),
        ...(owned === undefined ? {} : { owned: true as const }),
      };
      const after = place === null ? undefined : { createdAt: new Date(place[0]), id: place[1] as SessionId };
      const { sessions, next } = await listSessions(deps, filter, after);
      const nextCursor = next === null ? null : writeCursor([next.createdAt.getTime(), next.id]);
      return answerJson(SESSION_PAGE, { sessions: sessions.map(toSession), next: nextCursor });
    },
  ),
  operation(
    {
      id: 'listAdministratorSessions',
      method: 'GET',
      path: '/api/1/administrator-sessions',
      tag: TAG,
      scope: 'sessions:read',
      summary: 'Sessions of administrators that are in force, the newest first',
      answers: { 200: { description: 'All of them', schema: ADMIN_SESSIONS } },
    },
    async (deps) => answerJson(ADMIN_SESSIONS, { sessions: (await listAdminSessions(deps)).map(toAdminSession) }),
  ),
  operation(
    {
      id: 'endSession',
      method: 'DELETE',
      path: '/api/1/sessions/{session}',
      tag: TAG,
      scope: 'sessions:write',
      summary: 'End a session, of a reader or of an administrator, with all that was got in it',
      answers: { 204: { description: 'It counts for nothing from the next request on' } },
    },
    async (deps, { params: { session }, caller }) => {
      const ending = endingOf(caller);
      const isOfAdmin = session.startsWith('adm_');
      const ended = isOfAdmin
        ? await endAdminSession(deps, session as AdminSessionId, ending)
        : await endSessionOf(deps, session as SessionId, ending);
      return ended ? NO_CONTENT : NO_SESSION;
    },
  ),
  operation(
    {
      id: 'endAllSessions',
      method: 'DELETE',
      path: '/api/1/sessions',
      tag: TAG,
      scope: 'sessions:write',
      summary: 'End every session of everybody, those of administrators too',
      answers: { 200: { description: 'How many they were', schema: ENDED } },
    },
    async (deps, { caller }) => answerJson(ENDED, { ended: await endAllSessions(deps, endingOf(caller), null) }),
  ),
  operation(
    {
      id: 'endSessionsOfUser',
      method: 'DELETE',
      path: '/api/1/users/{user}/sessions',
      tag: TAG,
      scope: 'sessions:write',
      summary: 'End every session of a user',
      answers: { 200: { description: 'How many they were', schema: ENDED } },
    },
    async (deps, { params, caller }) => {
      const user = await findUserOf(deps, params.user);
      const ended = user === null ? null : await endSessionsOfUser(deps, user.name, endingOf(caller), null);
      return ended === null ? NO_USER : answerJson(ENDED, { ended });
    },
  ),
];

function endingOf({ user, by }: Caller) {
  return { actor: user.name, via: 'api', address: by.address ?? '' } as const;
}

function toSession({ session, userName, tokens }: ReaderSession) {
  const { id, userId, createdAt, usedAt, endsAt, address, userAgent, grants } = session;
  return {
    id,
    user: userId === null ? null : { id: userId, name: userName ?? '' },
    createdAt: createdAt.toISOString(),
    usedAt: usedAt.toISOString(),
    endsAt: endsAt.toISOString(),
    address,
    userAgent,
    services: [...new Set(grants.map(({ service }) => service))],
    viewers: [...new Set(grants.map(({ origin }) => origin))],
    tokens: tokens.length,
  };
}

function toAdminSession({ session, userName }: { readonly session: AdminSession; readonly userName: string }) {
  const { id, userId, createdAt, usedAt, address } = session;
  return { id, user: { id: userId, name: userName }, createdAt: createdAt.toISOString(), usedAt: usedAt.toISOString(), address };
}
