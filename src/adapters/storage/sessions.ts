import type { Kysely, Selectable } from 'kysely';
import type { SessionStore } from '../../domain/ports.ts';
import { type Grant, type ListedSession, MOST_GRANTS, MOST_PARTITIONS, type SessionId, type UserId } from '../../domain/session.ts';
import type { Tables } from './tables.ts';

/** A session may be ended by another process at any moment: what writes to one that is gone, changes nothing. */
export function createSessionStore(db: Kysely<Tables>): SessionStore {
  return {
    create: ({ grants, ...session }) =>
      db.transaction().execute(async (transaction) => {
        await transaction.insertInto('sessions').values(toRow(session)).execute();
        for (const grant of grants) await insertGrant(transaction, session.id, grant);
      }),

    async find(id) {
      const rows = await db
        .selectFrom('sessions')
        .leftJoin('grants', 'grants.session_id', 'sessions.id')
        .selectAll('sessions')
        .select(['grants.service', 'grants.origin', 'grants.granted_at'])
        .where('sessions.id', '=', id)
        .orderBy('grants.granted_at')
        .execute();
      const session = rows[0];
      if (session === undefined) return null;
      const partitions = await db.selectFrom('partitions').select('secret_hash').where('session_id', '=', id).execute();
      return {
        ...toSession(session),
        grants: rows.flatMap(toGrants),
        partitionSecretHashes: partitions.map((partition) => partition.secret_hash),
      };
    },

    async touch(id, usedAt) {
      await db
        .updateTable('sessions')
        .set({ used_at: usedAt.getTime() })
        .where('id', '=', id)
        // Two instances may write out of order.
        .where('used_at', '<', usedAt.getTime())
        .execute();
    },

    async addGrant(id, grant) {
      await insertGrant(db, id, grant);
      await removeOldGrants(db, id);
    },

    addPartition: (id, { secretHash, createdAt }) =>
      db.transaction().execute(async (transaction) => {
        const at = createdAt.getTime();
        await transaction
          .insertInto('partitions')
          .columns(['secret_hash', 'session_id', 'created_at'])
          .expression((from) =>
            from
              .selectFrom('sessions')
              .select((is) => [is.val(secretHash).as('secret_hash'), 'id', is.val(at).as('created_at')])
              .where('id', '=', id),
          )
          .execute();
        await transaction
          .deleteFrom('partitions')
          .where('session_id', '=', id)
          .where('secret_hash', 'not in', (from) =>
            from
              .selectFrom('partitions')
              .select('secret_hash')
              .where('session_id', '=', id)
              .orderBy('created_at', 'desc')
              .limit(MOST_PARTITIONS),
          )
          .execute();
      }),

    rotate: (old, session) =>
      db.transaction().execute(async (transaction) => {
        await transaction.insertInto('sessions').values(toRow(session)).execute();
        await transaction.updateTable('grants').set({ session_id: session.id }).where('session_id', '=', old).execute();
        await transaction.updateTable('tokens').set({ session_id: session.id }).where('session_id', '=', old).execute();
        await transaction.updateTable('session_sign_ons').set({ session_id: session.id }).where('session_id', '=', old).execute();
        await transaction.updateTable('seats').set({ session_id: session.id }).where('session_id', '=', old).execute();
        await transaction.deleteFrom('sessions').where('id', '=', old).execute();
      }),

    async noteOpener(id, { address, userAgent }) {
      await db.updateTable('sessions').set({ address, user_agent: userAgent }).where('id', '=', id).execute();
    },

    async list({ userId, address, owned, endsAfter, usedSince }, { after, limit }) {
      let query = db
        .selectFrom('sessions')
        .selectAll()
        .where('ends_at', '>', endsAfter.getTime())
        .where('used_at', '>', usedSince.getTime());
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      if (address !== undefined) query = query.where('address', '=', address);
      if (owned === true) query = query.where('user_id', 'is not', null);
      if (after !== undefined) {
        const at = after.createdAt.getTime();
        query = query.where('created_at', '<=', at).where((is) => is.or([is('created_at', '<', at), is('id', '<', after.id)]));
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      const grants = await grantsOf(db, rows);
      return rows.map((row) => ({
        ...toListed(row),
        grants: grants.filter((grant) => grant.session_id === row.id).flatMap(toGrants),
      }));
    },

    async removeAll() {
      const result = await db.deleteFrom('sessions').executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async remove(id) {
      await db.deleteFrom('sessions').where('id', '=', id).execute();
    },

    async removeOfUser(userId) {
      const result = await db.deleteFrom('sessions').where('user_id', '=', userId).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    removeGrants: (id, service, origin) =>
      db.transaction().execute(async (transaction) => {
        const grants = transaction.deleteFrom('grants').where('session_id', '=', id).where('service', '=', service);
        const tokens = transaction.deleteFrom('tokens').where('session_id', '=', id).where('service', '=', service);
        await (origin === undefined ? grants : grants.where('origin', '=', origin)).execute();
        await (origin === undefined
          ? tokens
          : tokens.where((is) => is.or([is('origin', '=', origin), is('origin', 'is', null)]))
        ).execute();
      }),

    async removeEnded(before) {
      const result = await db
        .deleteFrom('sessions')
        .where((is) => is.or([is('ends_at', '<=', before.endsAt.getTime()), is('used_at', '<=', before.usedAt.getTime())]))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async removeUnowned(keep) {
      const unowned = db.selectFrom('sessions').select('used_at').where('user_id', 'is', null);
      const lastKept = await unowned
        .orderBy('used_at', 'desc')
        .offset(keep - 1)
        .limit(1)
        .executeTakeFirst();
      if (lastKept === undefined) return 0;
      const result = await db
        .deleteFrom('sessions')
        .where('user_id', 'is', null)
        .where('used_at', '<', lastKept.used_at)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

async function grantsOf(db: Kysely<Tables>, sessions: ReadonlyArray<{ readonly id: string }>) {
  const ids = sessions.map(({ id }) => id);
  return ids.length === 0 ? [] : db.selectFrom('grants').selectAll().where('session_id', 'in', ids).orderBy('granted_at').execute();
}

async function insertGrant(db: Kysely<Tables>, id: SessionId, grant: Grant): Promise<void> {
  const at = grant.grantedAt.getTime();
  await db
    .insertInto('grants')
    .columns(['session_id', 'service', 'origin', 'granted_at'])
    .expression((from) =>
      from
        .selectFrom('sessions')
        .select((is) => ['id', is.val(grant.service).as('service'), is.val(grant.origin).as('origin'), is.val(at).as('granted_at')])
        .where('id', '=', id),
    )
    .onConflict((conflict) => conflict.columns(['session_id', 'service', 'origin']).doUpdateSet({ granted_at: at }))
    .execute();
}

async function removeOldGrants(db: Kysely<Tables>, id: SessionId): Promise<void> {
  const lastKept = await db
    .selectFrom('grants')
    .select('granted_at')
    .where('session_id', '=', id)
    .orderBy('granted_at', 'desc')
    .offset(MOST_GRANTS - 1)
    .limit(1)
    .executeTakeFirst();
  if (lastKept === undefined) return;
  await db.deleteFrom('grants').where('session_id', '=', id).where('granted_at', '<', lastKept.granted_at).execute();
}

function toRow(session: Omit<Parameters<SessionStore['create']>[0], 'grants'>): Selectable<Tables['sessions']> {
  return {
    id: session.id,
    session_secret_hash: session.sessionSecretHash,
    access_secret_hash: session.accessSecretHash,
    user_id: session.userId,
    created_at: session.createdAt.getTime(),
    used_at: session.createdAt.getTime(),
    ends_at: session.endsAt.getTime(),
    address: null,
    user_agent: null,
  };
}

function toSession(row: Selectable<Tables['sessions']>) {
  return {
    id: row.id as SessionId,
    sessionSecretHash: row.session_secret_hash,
    accessSecretHash: row.access_secret_hash,
    userId: row.user_id as UserId | null,
    createdAt: new Date(row.created_at),
    usedAt: new Date(row.used_at),
    endsAt: new Date(row.ends_at),
  };
}

function toListed(row: Selectable<Tables['sessions']>): Omit<ListedSession, 'grants'> {
  const { id, userId, createdAt, usedAt, endsAt } = toSession(row);
  return { id, userId, createdAt, usedAt, endsAt, address: row.address, userAgent: row.user_agent };
}

/** None for a session without grants, whose joined columns are null. */
function toGrants(row: { service: string | null; origin: string | null; granted_at: number | null }): Grant[] {
  if (row.service === null || row.origin === null || row.granted_at === null) return [];
  return [{ service: row.service, origin: row.origin, grantedAt: new Date(row.granted_at) }];
}
