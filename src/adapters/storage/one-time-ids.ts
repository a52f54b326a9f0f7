import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { OneTimeIdStore } from '../../domain/identity.ts';
import type { Tables } from './tables.ts';

/** For all instances that share the database. Ids are kept hashed: what they stand for may be a secret, and long. */
export function createOneTimeIdStore(db: Kysely<Tables>): OneTimeIdStore {
  return {
    async spend(id, until) {
      const hashed = createHash('sha256').update(id).digest('base64url');
      const spent = await db
        .insertInto('one_time_ids')
        .values({ id: hashed, ends_at: until.getTime() })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      return spent !== undefined;
    },

    async removeEnded(now) {
      const result = await db.deleteFrom('one_time_ids').where('ends_at', '<=', now.getTime()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
