import type { Kysely } from 'kysely';
import type { PendingSignInStore } from '../../domain/sign-on.ts';
import type { Tables } from './tables.ts';

export function createPendingSignInStore(db: Kysely<Tables>): PendingSignInStore {
  return {
    async keep({ keyHash, source, browserHash, sealed, endsAt }) {
      await db
        .insertInto('pending_sign_ins')
        .values({ key_hash: keyHash, source, browser_hash: browserHash, sealed, ends_at: endsAt.getTime() })
        .execute();
    },

    async take({ keyHash, source, browserHash, now }) {
      const taken = await db
        .deleteFrom('pending_sign_ins')
        .where('key_hash', '=', keyHash)
        .where('source', '=', source)
        .where('browser_hash', '=', browserHash)
        .where('ends_at', '>', now.getTime())
        .returning('sealed')
        .executeTakeFirst();
      return taken?.sealed ?? null;
    },

    async removeEnded(now, keep) {
      const newest = db.selectFrom('pending_sign_ins').select('key_hash').orderBy('ends_at', 'desc').limit(keep);
      const result = await db
        .deleteFrom('pending_sign_ins')
        .where((is) => is.or([is('ends_at', '<=', now.getTime()), is('key_hash', 'not in', newest)]))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
