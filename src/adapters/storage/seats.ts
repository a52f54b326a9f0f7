import type { Kysely, Transaction } from 'kysely';
import { type SeatAsk, type SeatOutcome, type SeatStore, WAITING_SECONDS } from '../../domain/seat.ts';
import type { Tables } from './tables.ts';

export function createSeatStore(db: Kysely<Tables>): SeatStore {
  return {
    take: (ask) => db.transaction().execute((transaction) => take(transaction, ask)),
    async leave(sessionId, item) {
      await db.deleteFrom('seats').where('session_id', '=', sessionId).where('item', '=', item).execute();
    },
  };
}

async function take(db: Transaction<Tables>, ask: SeatAsk): Promise<SeatOutcome> {
  const { sessionId, item, seats } = ask;
  await lockItem(db, ask);
  await removeLapsed(db, ask);
  const rows = await db
    .selectFrom('seats')
    .select(['session_id', 'seated'])
    .where('item', '=', item)
    .orderBy('asked_at')
    .orderBy('session_id')
    .execute();
  const own = rows.find((row) => row.session_id === sessionId);
  const waiting = rows.filter((row) => row.seated === 0);
  const ahead = own === undefined ? waiting.length : waiting.indexOf(own);
  const isSeated = own?.seated === 1 || rows.length - waiting.length + ahead < seats.count;
  if (!isSeated && !ask.waits && own === undefined) return { kind: 'full' };
  if (!(await keep(db, ask, isSeated))) return { kind: 'full' };
  return isSeated ? { kind: 'seated' } : { kind: 'waiting', place: ahead + 1 };
}

/** Others who ask for this item wait until the transaction ends, in this process or another. */
async function lockItem(db: Transaction<Tables>, { item, now }: SeatAsk): Promise<void> {
  await db
    .insertInto('seat_items')
    .values({ item, asked_at: now.getTime() })
    .onConflict((conflict) => conflict.column('item').doUpdateSet({ asked_at: now.getTime() }))
    .execute();
}

async function removeLapsed(db: Transaction<Tables>, { item, seats, now }: SeatAsk): Promise<void> {
  const before = (seconds: number) => now.getTime() - seconds * 1000;
  await db
    .deleteFrom('seats')
    .where('item', '=', item)
    .where((is) =>
      is.or([
        is.and([is('seated', '=', 1), is('used_at', '<=', before(seats.minutes * 60))]),
        is.and([is('seated', '=', 0), is('used_at', '<=', before(WAITING_SECONDS))]),
      ]),
    )
    .execute();
}

/** False where the session has just ended. */
async function keep(db: Transaction<Tables>, { sessionId, item, now }: SeatAsk, isSeated: boolean): Promise<boolean> {
  const session = await db.selectFrom('sessions').select('id').where('id', '=', sessionId).executeTakeFirst();
  if (session === undefined) return false;
  const kept = { seated: isSeated ? 1 : 0, used_at: now.getTime() };
  await db
    .insertInto('seats')
    .values({ session_id: sessionId, item, asked_at: now.getTime(), ...kept })
    .onConflict((conflict) => conflict.columns(['session_id', 'item']).doUpdateSet(kept))
    .execute();
  return true;
}
