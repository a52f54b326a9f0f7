import type { Kysely, Selectable } from 'kysely';
import type { SessionStore } from '../../domain/ports.ts';
import { type Grant, MOST_GRANTS, MOST_PARTITIONS, type SessionId, type UserId } from '../../domain/session.ts';
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
        await transaction.deleteFrom('sessions').where('id', '=', old).execute();
      }),

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

/** None for a session without grants, whose joined columns are null. */
function toGrants(row: { service: string | null; origin: string | null; granted_at: number | null }): Grant[] {
  if (row.service === null || row.origin === null || row.granted_at === null) return [];
  return [{ service: row.service, origin: row.origin, grantedAt: new Date(row.granted_at) }];
}
