import type { Kysely } from 'kysely';
import type { AttemptStore } from '../../domain/ports.ts';
import type { Tables } from './tables.ts';

export function createAttemptStore(db: Kysely<Tables>): AttemptStore {
  return {
    async count(key, since) {
      const row = await db
        .selectFrom('attempts')
        .select((is) => is.fn.countAll().as('attempts'))
        .where('key', '=', key)
        .where('at', '>=', since.getTime())
        .executeTakeFirstOrThrow();
      return Number(row.attempts);
    },

    async add(key, at) {
      await db.insertInto('attempts').values({ key, at: at.getTime() }).execute();
    },

    async clear(key) {
      await db.deleteFrom('attempts').where('key', '=', key).execute();
    },

    async removeBefore(time) {
      const result = await db.deleteFrom('attempts').where('at', '<', time.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
