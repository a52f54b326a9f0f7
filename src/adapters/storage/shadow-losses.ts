import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ShadowLoss, ShadowLossStore } from '../../domain/shadow.ts';
import type { Tables } from './tables.ts';

/** So many are kept apart; after that folders are counted by the first one above them, and after twice as many, all together. */
const MOST_APART = 5_000;
const ELSEWHERE = '…';

export function createShadowLossStore(db: Kysely<Tables>): ShadowLossStore {
  return {
    add: (losses) =>
      db.transaction().execute(async (transaction) => {
        const { kept } = await transaction
          .selectFrom('shadow_losses')
          .select(({ fn }) => fn.countAll().as('kept'))
          .executeTakeFirstOrThrow();
        let apart = Number(kept);
        for (const loss of losses) apart += (await count(transaction, loss, apart)) ? 1 : 0;
      }),

    async list() {
      const rows = await db.selectFrom('shadow_losses').selectAll().orderBy('visits', 'desc').execute();
      return rows.map(toLoss);
    },

    async clear() {
      const result = await db.deleteFrom('shadow_losses').executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

/** Whether there is one more than before. */
async function count(db: Transaction<Tables>, loss: ShadowLoss, apart: number): Promise<boolean> {
  if (await addToKnown(db, loss)) return false;
  const kept = apart < MOST_APART ? loss : coarser(loss, apart);
  if (kept !== loss && (await addToKnown(db, kept))) return false;
  await db
    .insertInto('shadow_losses')
    .values({
      outcome: kept.outcome,
      rule: kept.rule,
      folder: kept.folder,
      who: kept.who,
      visits: kept.visits,
      first_at: kept.first.getTime(),
      last_at: kept.last.getTime(),
      example: kept.example,
    })
    .execute();
  return true;
}

async function addToKnown(db: Transaction<Tables>, { outcome, rule, folder, who, visits, last }: ShadowLoss): Promise<boolean> {
  const row = await db
    .updateTable('shadow_losses')
    .set({ visits: sql`visits + ${visits}`, last_at: sql`max(last_at, ${last.getTime()})` })
    .where('outcome', '=', outcome)
    .where('rule', '=', rule)
    .where('folder', '=', folder)
    .where('who', '=', who)
    .returning('visits')
    .executeTakeFirst();
  return row !== undefined;
}

function coarser(loss: ShadowLoss, apart: number): ShadowLoss {
  if (apart >= 2 * MOST_APART) return { ...loss, rule: ELSEWHERE, folder: ELSEWHERE, who: ELSEWHERE };
  return { ...loss, folder: `${loss.folder.split('/', 1)[0]}/${ELSEWHERE}` };
}

function toLoss({ outcome, rule, folder, who, visits, first_at, last_at, example }: Selectable<Tables['shadow_losses']>): ShadowLoss {
  return {
    outcome,
    rule,
    folder,
    who,
    visits: Number(visits),
    first: new Date(Number(first_at)),
    last: new Date(Number(last_at)),
    example,
  };
}
