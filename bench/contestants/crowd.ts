import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { newSessionId, newSessionKey, parseSessionKey, type SessionKey, writeSessionKey } from '../../src/flows/session-key.ts';

/** Cookie headers are made for so many; the other sessions are there and nobody comes. */
const MOST_READERS = 1_000;

type Row = Readonly<Record<string, string | number | null>>;

/**
 * Writes many more live sessions like that of a visitor who has signed in into the database of a running server.
 * Returns Cookie headers of some of them.
 */
export function addCrowd(data: string, cookie: string, count: number): readonly string[] {
  const randomness = createRandomness();
  const db = new SqliteDatabase(join(data, 'vitrine.db'), { timeout: 10_000 });
  try {
    const own = keysOf(cookie)[0]?.id;
    const session = db.prepare<[string | undefined], Row>('select * from sessions where id = ?').get(own);
    const grants = db.prepare<[string | undefined], Row>('select * from grants where session_id = ?').all(own);
    if (session === undefined) throw new Error('The session that was opened is not in the database.');
    const statements = new Map<string, SqliteDatabase.Statement<[Row]>>();
    const insert = (table: string, row: Row) => {
      const columns = Object.keys(row);
      const values = columns.map((name) => `@${name}`);
      const statement = statements.get(table) ?? db.prepare<[Row]>(`insert into ${table} (${columns}) values (${values})`);
      statements.set(table, statement);
      statement.run(row);
    };
    const readers: string[] = [];
    const addAll = db.transaction(() => {
      for (let i = 0; i < count; i += 1) {
        const id = newSessionId(randomness);
        const [first, second] = [newSessionKey(randomness, id), newSessionKey(randomness, id)];
        insert('sessions', {
          ...session,
          id,
          session_secret_hash: randomness.hash(first.secret),
          access_secret_hash: randomness.hash(second.secret),
        });
        for (const grant of grants) insert('grants', { ...grant, session_id: id });
        if (readers.length < MOST_READERS) readers.push(replaceKeys(cookie, session, first, second));
      }
    });
    addAll();
    return readers;
  } finally {
    db.close();
  }
}

function keysOf(cookie: string): readonly SessionKey[] {
  return cookie.split('; ').flatMap((pair) => parseSessionKey(pair.slice(pair.indexOf('=') + 1)) ?? []);
}

/** The same cookies with the secrets of another session. */
function replaceKeys(cookie: string, session: Row, first: SessionKey, second: SessionKey): string {
  const { hash } = createRandomness();
  return keysOf(cookie).reduce(
    (text, key) => text.replace(writeSessionKey(key), writeSessionKey(hash(key.secret) === session.session_secret_hash ? first : second)),
    cookie,
  );
}
