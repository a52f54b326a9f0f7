import { randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import {
  type AccessRequest,
  type AccessRequestId,
  type ListedAccessRequest,
  MOST_OPEN_REQUESTS,
  MOST_REQUESTS_A_DAY,
  type RequestDecision,
} from '../../domain/access-request.ts';
import type { AccessRequestStore } from '../../domain/ports.ts';
import type { UserId } from '../../domain/session.ts';
import { userNameKey } from '../../domain/user-name.ts';
import type { Tables } from './tables.ts';

type RequestRow = Selectable<Tables['access_requests']>;

const DAY_MILLISECONDS = 86_400_000;

export function createAccessRequestStore(db: Kysely<Tables>): AccessRequestStore {
  const withNames = () =>
    db
      .selectFrom('access_requests')
      .innerJoin('users', 'users.id', 'access_requests.user_id')
      .selectAll('access_requests')
      .select('users.name');

  return {
    create: ({ userId, item, reason, language, madeAt }) =>
      db.transaction().execute(async (transaction) => {
        const dayBefore = madeAt.getTime() - DAY_MILLISECONDS;
        const before = await transaction
          .selectFrom('access_requests')
          .select(['item', 'state', 'made_at'])
          .where('user_id', '=', userId)
          .where(({ or, eb }) => or([eb('state', '=', 'open'), eb('made_at', '>', dayBefore)]))
          .execute();
        const open = before.filter(({ state }) => state === 'open');
        if (open.some((row) => row.item === item)) return 'open already';
        if (open.length >= MOST_OPEN_REQUESTS || before.filter((row) => Number(row.made_at) > dayBefore).length >= MOST_REQUESTS_A_DAY) {
          return 'too many';
        }
        const row = await transaction
          .insertInto('access_requests')
          .values({
            id: `req_${randomBytes(12).toString('base64url')}`,
            user_id: userId,
            item,
            reason,
            language,
            made_at: madeAt.getTime(),
            state: 'open',
            decided_at: null,
            decided_by: null,
            answer: null,
            granted_items: null,
            granted_until: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toRequest(row);
      }),

    async find(id) {
      const row = await withNames().where('access_requests.id', '=', id).executeTakeFirst();
      return row === undefined ? null : toListed(row);
    },

    async ofUser(userId) {
      const rows = await db
        .selectFrom('access_requests')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('made_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toRequest);
    },

    async list({ state, search = '' }, { offset, limit }) {
      const within = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
      let query = withNames().where('access_requests.state', state === 'open' ? '=' : '!=', 'open');
      if (search !== '') {
        query = query.where(({ or }) =>
          or([
            sql<boolean>`users.name_key like ${within(userNameKey(search))} escape '\\'`,
            sql<boolean>`lower(access_requests.item) like ${within(search.toLowerCase())} escape '\\'`,
            sql<boolean>`lower(access_requests.reason) like ${within(search.toLowerCase())} escape '\\'`,
          ]),
        );
      }
      // Who waits longest comes first; of what was decided, the newest.
      const ordered = state === 'open' ? query.orderBy('made_at') : query.orderBy('decided_at', 'desc');
      const rows = await ordered.orderBy('access_requests.id').offset(offset).limit(limit).execute();
      return rows.map(toListed);
    },

    async countOpen() {
      const { count } = await db
        .selectFrom('access_requests')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async decide(id, decision) {
      const row = await db
        .updateTable('access_requests')
        .set(columnsOf(decision))
        .where('id', '=', id)
        .where('state', '=', 'open')
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async removeDecided(before) {
      const result = await db
        .deleteFrom('access_requests')
        .where('state', '!=', 'open')
        .where('decided_at', '<=', before.getTime())
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function columnsOf(decision: RequestDecision) {
  const granted = decision.kind === 'granted' ? { granted_items: decision.items, granted_until: decision.until.getTime() } : {};
  const answered = decision.kind === 'withdrawn' ? {} : { decided_by: decision.by, answer: decision.answer };
  return { state: decision.kind, decided_at: decision.at.getTime(), ...answered, ...granted };
}

function toRequest(row: RequestRow): AccessRequest {
  return {
    id: row.id as AccessRequestId,
    userId: row.user_id as UserId,
    item: row.item,
    reason: row.reason,
    language: row.language,
    madeAt: new Date(Number(row.made_at)),
    decision: decisionOf(row),
  };
}

function decisionOf(row: RequestRow): RequestDecision | null {
  const at = new Date(Number(row.decided_at ?? 0));
  const decided = { at, by: row.decided_by ?? '', answer: row.answer };
  if (row.state === 'withdrawn') return { kind: 'withdrawn', at };
  if (row.state === 'declined') return { kind: 'declined', ...decided };
  if (row.state !== 'granted') return null;
  return { kind: 'granted', ...decided, items: row.granted_items ?? row.item, until: new Date(Number(row.granted_until ?? 0)) };
}

function toListed(row: RequestRow & { readonly name: string }): ListedAccessRequest {
  return { ...toRequest(row), userName: row.name };
}
