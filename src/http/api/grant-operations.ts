import { z } from 'zod';
import { type ItemGrantId, type ListedItemGrant, parseGrantEnd, parseGrantedItems, parseGrantNote } from '../../domain/item-grant.ts';
import { addItemGrant, changeItemGrantEnd, endItemGrant } from '../../flows/admin/change-item-grants.ts';
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import type { Reply } from '../server/exchange.ts';
import type { ApiDeps } from './api-deps.ts';
import type { Caller } from './caller.ts';
import { findUserOf, NO_USER } from './find-user.ts';
import { type Operation, operation } from './operation.ts';
import { PAGING, readCursor, writeCursor } from './paging.ts';
import { isInvalid, refuseFields } from './read-input.ts';
import { answerJson, NO_CONTENT } from './reply.ts';
import { GRANT, GRANT_CHANGE, GRANT_PAGE, NEW_GRANT } from './schemas.ts';

const TAG = 'Grants';
const PLACE = z.tuple([z.int().min(0)]);
const NO_GRANT = refuse('not-found', 'There is no grant of that id.');

export const GRANT_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'listGrants',
      method: 'GET',
      path: '/api/1/grants',
      tag: TAG,
      scope: 'grants:read',
      summary: 'Items that were given to people for a time, the one that ends first at the beginning',
      query: z.strictObject({
        ...PAGING,
        user: z.string().max(100).optional().describe('Id of a user.'),
        search: z.string().max(200).optional().describe('A part of a name, a pattern or a note.'),
        state: z.enum(['current', 'ended']).optional(),
      }),
      answers: { 200: { description: 'A page of grants', schema: GRANT_PAGE } },
    },
    async (deps, { query: { limit, cursor, user: id, search, state } }) => {
      const place = readCursor(cursor, PLACE);
      if (isInvalid(place)) return refuseFields(place);
      const user = id === undefined ? null : await findUserOf(deps, id);
      if (id !== undefined && user === null)
        return refuseFields({ kind: 'invalid', errors: [{ parameter: 'user', detail: NO_USER.detail }] });
      const now = deps.clock.now();
      const found = await deps.itemGrants.list({
        ...(user === null ? {} : { userId: user.id }),
        ...(search === undefined ? {} : { search }),
        ...(state === 'current' ? { endsAfter: now } : {}),
        ...(state === 'ended' ? { endsBefore: now } : {}),
      });
      const [offset] = place ?? [0];
      const next = found.length > offset + limit ? writeCursor([offset + limit]) : null;
      return answerJson(GRANT_PAGE, { grants: found.slice(offset, offset + limit).map(toGrant), next });
    },
  ),
  operation(
    {
      id: 'createGrant',
      method: 'POST',
      path: '/api/1/grants',
      tag: TAG,
      scope: 'grants:write',
      summary: 'Give items to a user until a time, whatever the policies say of others',
      body: NEW_GRANT,
      answers: { 201: { description: 'The grant', schema: GRANT, headers: ['Location'] } },
      problems: ['request.conflict'],
    },
    async (deps, { body, caller, request }) => {
      const user = await findUserOf(deps, body.user);
      if (user === null) return wrong('user', NO_USER);
      const items = parseGrantedItems(body.items);
      if (isRefusal(items)) return wrong('items', items);
      const until = parseGrantEnd(body.until, deps.clock.now());
      if (isRefusal(until)) return wrong('until', until);
      const note = parseGrantNote(body.note ?? '');
      if (isRefusal(note)) return wrong('note', note);
      const grant = await addItemGrant(deps, changing(caller), user, { items, until, note });
      if (grant === null) return refuse('request.conflict', `${user.name} has too many grants. Remove some, or give a role.`);
      const headers = { location: `${request.base}/api/1/grants/${grant.id}` };
      return answerJson(GRANT, toGrant({ ...grant, userName: user.name }), headers, 201);
    },
  ),
  operation(
    {
      id: 'getGrant',
      method: 'GET',
      path: '/api/1/grants/{grant}',
      tag: TAG,
      scope: 'grants:read',
      summary: 'One grant',
      answers: { 200: { description: 'The grant', schema: GRANT } },
    },
    async (deps, { params }) => {
      const grant = await findGrant(deps, params.grant);
      return grant === null ? NO_GRANT : answerJson(GRANT, toGrant(grant));
    },
  ),
  operation(
    {
      id: 'changeGrant',
      method: 'PATCH',
      path: '/api/1/grants/{grant}',
      tag: TAG,
      scope: 'grants:write',
      summary: 'Give a grant another end',
      body: GRANT_CHANGE,
      answers: { 200: { description: 'The grant as it is now', schema: GRANT } },
    },
    async (deps, { params, body, caller }) => {
      const grant = await findGrant(deps, params.grant);
      const until = parseGrantEnd(body.until, deps.clock.now());
      if (grant === null) return NO_GRANT;
      if (isRefusal(until)) return wrong('until', until);
      return (await changeItemGrantEnd(deps, changing(caller), grant, until)) ? answerJson(GRANT, toGrant({ ...grant, until })) : NO_GRANT;
    },
  ),
  operation(
    {
      id: 'removeGrant',
      method: 'DELETE',
      path: '/api/1/grants/{grant}',
      tag: TAG,
      scope: 'grants:write',
      summary: 'Take items back',
      answers: { 204: { description: 'It counts for nothing from the next request on' } },
    },
    async (deps, { params, caller }): Promise<Reply | Refusal> => {
      const grant = await findGrant(deps, params.grant);
      return grant !== null && (await endItemGrant(deps, changing(caller), grant)) ? NO_CONTENT : NO_GRANT;
    },
  ),
];

async function findGrant({ itemGrants }: ApiDeps, id: string): Promise<ListedItemGrant | null> {
  return itemGrants.find(id as ItemGrantId);
}

function wrong(field: string, { detail }: Refusal): Reply {
  return refuseFields({ kind: 'invalid', errors: [{ pointer: `#/${field}`, detail }] });
}

function changing({ user, by }: Caller) {
  return { name: user.name, address: by.address ?? '', via: 'api' } as const;
}

function toGrant({ id, userId, userName, items, until, note, createdBy, createdAt }: ListedItemGrant) {
  const user = { id: userId, name: userName };
  return { id, user, items, until: until.toISOString(), note, createdBy, createdAt: createdAt.toISOString() };
}
