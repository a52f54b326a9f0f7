import type { Kysely, Selectable } from 'kysely';
import type { AccessVersion, AccessVersionStore } from '../../domain/access-file.ts';
import type { Tables } from './tables.ts';

const COLUMNS = ['number', 'at', 'by_name', 'comment', 'digest'] as const;

type VersionRow = Pick<Selectable<Tables['access_versions']>, (typeof COLUMNS)[number]>;

export function createAccessVersionStore(db: Kysely<Tables>): AccessVersionStore {
  return {
    add: ({ at, by, comment, digest, text }) =>
      db.transaction().execute(async (transaction) => {
        const newest = await transaction
          .selectFrom('access_versions')
          .select(COLUMNS)
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst();
        const row =
          newest?.digest === digest
            ? { ...newest, by_name: newest.by_name ?? by, comment: newest.comment ?? comment }
            : { number: (newest?.number ?? 0) + 1, at: at.getTime(), by_name: by, comment, digest };
        await transaction
          .insertInto('access_versions')
          .values({ ...row, content: text })
          .onConflict((conflict) => conflict.column('number').doUpdateSet({ by_name: row.by_name, comment: row.comment }))
          .execute();
        return toVersion(row);
      }),

    async list({ before, limit }) {
      const all = db.selectFrom('access_versions').select(COLUMNS).orderBy('number', 'desc').limit(limit);
      const rows = await (before === undefined ? all : all.where('number', '<', before)).execute();
      return rows.map(toVersion);
    },

    async find(number) {
      const row = await db.selectFrom('access_versions').select(COLUMNS).select('content').where('number', '=', number).executeTakeFirst();
      return row === undefined ? null : { ...toVersion(row), text: row.content };
    },
  };
}

function toVersion({ number, at, by_name, comment, digest }: VersionRow): AccessVersion {
  return { number, at: new Date(at), by: by_name, comment, digest };
}
