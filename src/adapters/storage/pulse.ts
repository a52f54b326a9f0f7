import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A transaction that may write, and writes nothing. */
export async function takePulse(db: Kysely<Tables>): Promise<{ readonly newest: Date }> {
  return db.transaction().execute(async (transaction) => {
    const step = await transaction
      .selectFrom('migrations')
      .select((row) => row.fn.max('applied_at').as('at'))
      .executeTakeFirst();
    const session = await transaction
      .selectFrom('sessions')
      .select((row) => row.fn.max('used_at').as('at'))
      .executeTakeFirst();
    return { newest: new Date(Math.max(step?.at ?? 0, session?.at ?? 0)) };
  });
}
