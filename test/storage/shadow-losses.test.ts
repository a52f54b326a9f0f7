import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { runShadowClear, runShadowReport } from '../../src/cli/shadow.ts';
import type { ShadowLoss } from '../../src/domain/shadow.ts';

const AT = new Date('2026-03-01T09:00:00Z');
const LOSS: ShadowLoss = {
  outcome: 'access-needed',
  rule: 'policy 2 (letters/**): nobody',
  folder: 'letters',
  who: 'not signed in',
  visits: 1,
  first: AT,
  last: AT,
  example: 'letters/anna.jpg',
};

let data = '';
let db: Database;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'vitrine-losses-'));
  db = await openSqlite(join(data, 'vitrine.db'));
});
afterEach(async () => {
  await db.close();
  await rm(data, { recursive: true, force: true, maxRetries: 10 });
});

describe('counts of shadow mode', () => {
  it('add up for the same rule, folder and kind of visitor, also from several processes', async () => {
    const other = await openSqlite(join(data, 'vitrine.db'));
    const later = new Date(AT.getTime() + 60_000);
    for (const each of [db, other, db, other]) await each.shadowLosses.add([{ ...LOSS, visits: 10, last: later }]);
    await other.close();
    expect(await db.shadowLosses.list()).toEqual([{ ...LOSS, visits: 40, last: later }]);
  });

  it('are as many as can be kept, whatever is asked for; none is lost', async () => {
    const many = Array.from({ length: 5_200 }, (_, at): ShadowLoss => ({ ...LOSS, folder: `books/${at}` }));
    await db.shadowLosses.add(many);
    const kept = await db.shadowLosses.list();
    expect(kept).toHaveLength(5_001);
    expect(kept[0]).toMatchObject({ folder: 'books/…', visits: 200 });
    expect(kept.reduce((sum, { visits }) => sum + visits, 0)).toBe(5_200);
  });

  it('are printed by rule, folder and kind of visitor, and cleared', async () => {
    await db.shadowLosses.add([
      { ...LOSS, visits: 3 },
      { ...LOSS, outcome: 'refused', folder: '', who: 'signed in as reader', example: 'a\u001b[31m.jpg' },
    ]);
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    expect(await runShadowReport({ data, json: false, print })).toBe(0);
    expect(lines.join('\n')).toMatch(/^3 would have been asked to sign in, agree or come elsewhere first; 1 refused\.$/m);
    expect(lines.join('\n')).toMatch(/^ {7}3 {8}1 {2}policy 2 \(letters\/\*\*\): nobody, for example letters\/anna\.jpg$/m);
    expect(lines.join('\n')).toMatch(/^ {7}0 {8}1 {2}in no folder, for example a\?\[31m\.jpg$/m);
    expect(lines.join('\n')).toMatch(/^ {7}3 {8}0 {2}not signed in/m);

    lines.length = 0;
    await runShadowReport({ data, json: true, print });
    expect(JSON.parse(lines.join('\n'))).toHaveLength(2);

    await runShadowClear({ data, print });
    lines.length = 0;
    await runShadowReport({ data, json: false, print });
    expect(lines).toEqual([expect.stringMatching(/^Nothing was counted/)]);
  });
});
