import type { Kysely } from 'kysely';
import { LOCAL_SOURCE } from '../../domain/session.ts';
import { searchWords, type UserQuery, type UserState } from '../../domain/user-query.ts';
import type { Tables } from './tables.ts';

/** Ids of a page of the users who are wanted, by name. Each condition has an index, whatever else there is. */
export async function searchUsers(
  db: Kysely<Tables>,
  query: UserQuery,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const found = matching(db, query);
  const { total } = await found.select((row) => row.fn.countAll().as('total')).executeTakeFirstOrThrow();
  const rows = await found.select('id').orderBy('name_key').offset(page.offset).limit(page.limit).execute();
  return { ids: rows.map(({ id }) => id), total: Number(total) };
}

function matching(db: Kysely<Tables>, { text, role, source, state }: UserQuery) {
  let found = usersOf(db);
  for (const word of searchWords(text ?? '')) {
    // Everything that begins with the word lies before the last character that there is.
    const begins = db.selectFrom('user_words').select('user_id').where('word', '>=', word).where('word', '<', `${word}\u{10ffff}`);
    found = found.where('id', 'in', begins);
  }
  if (role !== undefined) found = found.where('id', 'in', db.selectFrom('user_roles').select('user_id').where('role', '=', role));
  if (source !== undefined) found = found.where('source', '=', source);
  return state === undefined ? found : inState(found, state);
}

type Found = ReturnType<typeof usersOf>;

function usersOf(db: Kysely<Tables>) {
  return db.selectFrom('users');
}

function inState(found: Found, state: UserState): Found {
  if (state === 'disabled') return found.where('disabled_at', 'is not', null);
  const enabled = found.where('disabled_at', 'is', null);
  if (state === 'invited') return enabled.where('source', '=', LOCAL_SOURCE).where('password_hash', 'is', null);
  return enabled.where((is) => is.or([is('source', '!=', LOCAL_SOURCE), is('password_hash', 'is not', null)]));
}
