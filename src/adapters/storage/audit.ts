import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import {
  type AuditAction,
  type AuditEvent,
  type AuditEventId,
  type AuditFilter,
  type AuditStore,
  type Pseudonymise,
  targetsPerson,
} from '../../domain/audit.ts';
import { userNameKey } from '../../domain/user-name.ts';
import type { Tables } from './tables.ts';

type AuditRow = Selectable<Tables['audit']>;
type Select = SelectQueryBuilder<Tables, 'audit', AuditRow>;

/** A statement has at most so many values in SQLite (32,766), 14 for each event. */
const ROWS_AT_ONCE = 500;

export function createAuditStore(db: Kysely<Tables>): AuditStore {
  return {
    add: (events) =>
      db.transaction().execute(async (transaction) => {
        for (let start = 0; start < events.length; start += ROWS_AT_ONCE) {
          const rows = events.slice(start, start + ROWS_AT_ONCE).map(toRow);
          await transaction.insertInto('audit').values(rows).execute();
        }
      }),

    async list(filter, { after, limit }) {
      const all = narrow(db.selectFrom('audit').selectAll(), filter);
      const wanted = after === undefined ? all : startAfter(all, after);
      const newest = wanted.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit);
      if (filter.person === undefined) return (await newest.execute()).map(toEvent);
      // One query for each index: with an `or` the engine would sort all events of the person.
      const key = userNameKey(filter.person);
      const acted = await newest.where('actor_key', '=', key).execute();
      const suffered = await newest.where('target_key', '=', key).execute();
      const both = new Map([...acted, ...suffered].map((row) => [row.id, row]));
      return [...both.values()].sort(newestFirst).slice(0, limit).map(toEvent);
    },

    async removeBefore(time, most) {
      const oldest = db.selectFrom('audit').select('id').where('at', '<', time.getTime()).orderBy('at').limit(most);
      const result = await db.deleteFrom('audit').where('id', 'in', oldest).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    pseudonymiseBefore: (time, most, pseudonymise) =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('audit')
          .selectAll()
          .where('pseudonymised', '=', 0)
          .where('at', '<', time.getTime())
          .orderBy('at')
          .limit(most)
          .execute();
        for (const row of rows) {
          await transaction.updateTable('audit').set(hide(row, pseudonymise)).where('id', '=', row.id).execute();
        }
        return rows.length;
      }),
  };
}

function narrow(query: Select, { action, item, address, from, until }: AuditFilter): Select {
  let narrowed = query;
  if (action !== undefined) narrowed = narrowed.where('action', '=', action);
  if (address !== undefined) narrowed = narrowed.where('address', '=', address);
  if (from !== undefined) narrowed = narrowed.where('at', '>=', from.getTime());
  if (until !== undefined) narrowed = narrowed.where('at', '<', until.getTime());
  if (item === undefined) return narrowed;
  if (!item.endsWith('/')) return narrowed.where('item', '=', item);
  // Neither `like` nor a range of texts means the same in every engine.
  return narrowed.where(sql<string>`substr(item, 1, ${[...item].length})`, '=', item);
}

function startAfter(query: Select, { at, id }: { readonly at: Date; readonly id: string }): Select {
  const time = at.getTime();
  return query.where('at', '<=', time).where((is) => is.or([is('at', '<', time), is('id', '<', id)]));
}

function newestFirst(one: AuditRow, other: AuditRow): number {
  return other.at - one.at || (other.id > one.id ? 1 : -1);
}

function hide(row: AuditRow, pseudonymise: Pseudonymise) {
  const actor = row.actor_key === null ? null : pseudonymise('person', row.actor_key);
  const target = row.target_key === null ? null : pseudonymise('person', row.target_key);
  return {
    actor,
    actor_key: actor,
    address: row.address === null ? null : pseudonymise('address', row.address),
    ...(target === null ? {} : { target, target_key: target }),
    // What a source outside said of somebody whom it did not let in may name them.
    ...(row.action.endsWith('sign-in.failed') ? { detail: null } : {}),
    pseudonymised: 1,
  };
}

function toRow(event: AuditEvent): AuditRow {
  const { id, action, actor, via, address, item, service, rule, target, detail } = event;
  return {
    id,
    at: event.at.getTime(),
    action,
    actor,
    actor_key: actor === null ? null : userNameKey(actor),
    via,
    address,
    item,
    service,
    rule,
    target,
    target_key: target === null || !targetsPerson(action) ? null : userNameKey(target),
    detail,
    pseudonymised: event.pseudonymised ? 1 : 0,
  };
}

function toEvent(row: AuditRow): AuditEvent {
  const { actor, address, item, service, rule, target, detail } = row;
  return {
    id: row.id as AuditEventId,
    at: new Date(row.at),
    action: row.action as AuditAction,
    actor,
    via: row.via as AuditEvent['via'],
    address,
    item,
    service,
    rule,
    target,
    detail,
    pseudonymised: row.pseudonymised === 1,
  };
}
