import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export async function countSessions(
  db: Kysely<Tables>,
  { endsAfter, usedSince }: Parameters<Database['countSessions']>[0],
): Promise<{ readonly withAccount: number; readonly withoutAccount: number }> {
  const found = await db
    .selectFrom('sessions')
    .select((row) => [row.fn.countAll<number>().as('all'), row.fn.count<number>('user_id').as('owned')])
    .where('ends_at', '>', endsAfter.getTime())
    .where('used_at', '>', usedSince.getTime())
    .executeTakeFirstOrThrow();
  return { withAccount: found.owned, withoutAccount: found.all - found.owned };
}
