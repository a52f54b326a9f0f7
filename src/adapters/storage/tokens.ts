import type { Kysely, Selectable } from 'kysely';
import type { DeviceId } from '../../domain/device.ts';
import type { TokenStore } from '../../domain/ports.ts';
import { type AccessToken, MOST_TOKENS, type SessionId } from '../../domain/session.ts';
import type { Tables } from './tables.ts';

export function createTokenStore(db: Kysely<Tables>): TokenStore {
  return {
    /** For a session that has ended meanwhile there is nothing to keep, and the token is never found. */
    async create(tokenHash, { sessionId, service, origin, expiresAt, firstLetters, deviceId }) {
      await db
        .insertInto('tokens')
        .columns(['token_hash', 'session_id', 'service', 'origin', 'expires_at', 'first_letters', 'device_id'])
        .expression((from) =>
          from
            .selectFrom('sessions')
            .select((is) => [
              is.val(tokenHash).as('token_hash'),
              'id',
              is.val(service).as('service'),
              is.val(origin).as('origin'),
              is.val(expiresAt.getTime()).as('expires_at'),
              is.val(firstLetters).as('first_letters'),
              is.val(deviceId).as('device_id'),
            ])
            .where('id', '=', sessionId),
        )
        .execute();
      await removeOldTokens(db, sessionId);
    },

    async find(tokenHash) {
      const row = await db.selectFrom('tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      return row === undefined ? null : toToken(row);
    },

    async list(sessionId) {
      const rows = await db
        .selectFrom('tokens')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('expires_at')
        .orderBy('token_hash')
        .execute();
      return rows.map((row) => ({ ...toToken(row), tokenHash: row.token_hash }));
    },

    async remove(sessionId, tokenHash) {
      const result = await db
        .deleteFrom('tokens')
        .where('session_id', '=', sessionId)
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return Number(result.numDeletedRows) > 0;
    },

    async removeExpired(now) {
      const result = await db.deleteFrom('tokens').where('expires_at', '<=', now.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

/** Tokens of one session live equally long: those that end first are the oldest. */
async function removeOldTokens(db: Kysely<Tables>, sessionId: SessionId): Promise<void> {
  const lastKept = await db
    .selectFrom('tokens')
    .select('expires_at')
    .where('session_id', '=', sessionId)
    .orderBy('expires_at', 'desc')
    .offset(MOST_TOKENS - 1)
    .limit(1)
    .executeTakeFirst();
  if (lastKept === undefined) return;
  await db.deleteFrom('tokens').where('session_id', '=', sessionId).where('expires_at', '<', lastKept.expires_at).execute();
}

function toToken(row: Selectable<Tables['tokens']>): AccessToken {
  return {
    sessionId: row.session_id as SessionId,
    service: row.service,
    origin: row.origin,
    expiresAt: new Date(row.expires_at),
    firstLetters: row.first_letters,
    deviceId: row.device_id as DeviceId | null,
  };
}
