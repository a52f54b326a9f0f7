import type { Kysely } from 'kysely';
import type { SessionId } from '../../domain/session.ts';
import type { SignOnStore } from '../../domain/sign-on.ts';
import type { Tables } from './tables.ts';

export function createSignOnStore(db: Kysely<Tables>): SignOnStore {
  const sessionsOf = (source: string) => db.selectFrom('session_sign_ons').select('session_id').where('source', '=', source);
  const ids = (rows: ReadonlyArray<{ readonly session_id: string }>) => rows.map((row) => row.session_id as SessionId);

  return {
    async keep(sessionId, { source, subject, sessionIndexHash, sealedHint }) {
      const changing = { source, subject, session_index_hash: sessionIndexHash, sealed_hint: sealedHint };
      await db
        .insertInto('session_sign_ons')
        .columns(['session_id', 'source', 'subject', 'session_index_hash', 'sealed_hint'])
        .expression((from) =>
          from
            .selectFrom('sessions')
            .select((is) => [
              'id',
              is.val(source).as('source'),
              is.val(subject).as('subject'),
              is.val(sessionIndexHash).as('session_index_hash'),
              is.val(sealedHint).as('sealed_hint'),
            ])
            .where('id', '=', sessionId),
        )
        .onConflict((conflict) => conflict.column('session_id').doUpdateSet(changing))
        .execute();
    },

    async forget(sessionId) {
      await db.deleteFrom('session_sign_ons').where('session_id', '=', sessionId).execute();
    },

    async find(sessionId) {
      const row = await db.selectFrom('session_sign_ons').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
      if (row === undefined) return null;
      return { source: row.source, subject: row.subject, sessionIndexHash: row.session_index_hash, sealedHint: row.sealed_hint };
    },

    findBySubject: async (source, subject) => ids(await sessionsOf(source).where('subject', '=', subject).execute()),

    async findByIndex(source, sessionIndexHashes) {
      if (sessionIndexHashes.length === 0) return [];
      return ids(
        await sessionsOf(source)
          .where('session_index_hash', 'in', [...sessionIndexHashes])
          .execute(),
      );
    },
  };
}
