import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TILE = '/iiif/3/members%2Fletter.jpg/0,0,200,200/100,/0/default.jpg';

let vitrine: TestVitrine;
/** What another process has: a connection of its own to the same file. */
let elsewhere: Database;
beforeAll(async () => {
  vitrine = await startTestVitrine();
});
afterAll(() => vitrine.close());
beforeEach(async () => {
  elsewhere = await openSqlite(join(vitrine.data, 'vitrine.db'));
});
afterEach(() => elsewhere.close());

async function reader() {
  const found = await elsewhere.users.find('reader');
  if (found === null) throw new Error('there is no reader');
  return found;
}

describe('what another process changes in the database', () => {
  it('counts for the next tile of somebody whose role it takes, and of the one after it gives it back', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    expect((await visitor.ask(TILE)).status).toBe(200);
    const { id } = await reader();
    await elsewhere.users.setRoles(id, []);
    expect((await visitor.ask(TILE)).status).toBe(401);
    await elsewhere.users.setRoles(id, ['reader']);
    expect((await visitor.ask(TILE)).status).toBe(200);
  });

  it('ends the session of somebody whom it disables with the next tile', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const tile = await visitor.ask(TILE);
    expect(tile.status).toBe(200);
    const { id } = await reader();
    await elsewhere.users.disable(id, new Date());
    const again = await visitor.ask(TILE, { headers: { 'if-none-match': tile.headers.get('etag') ?? '' } });
    expect(again.status).toBe(401);
    await elsewhere.users.enable(id);
  });

  it('opens with the next tile what it grants, and closes what it takes back', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.signIn('reader');
    const diary = '/iiif/3/curators%2Fdiary.jpg/0,0,200,200/100,/0/default.jpg';
    expect((await visitor.ask(diary)).status).toBe(401);
    const { id: userId } = await reader();
    const now = Date.now();
    const grant = await elsewhere.itemGrants.add({
      userId,
      items: 'curators/**',
      until: new Date(now + 3_600_000),
      note: null,
      createdBy: null,
      createdAt: new Date(now),
    });
    expect((await visitor.ask(diary)).status).toBe(200);
    if (grant === null) throw new Error('nothing was granted');
    await elsewhere.itemGrants.remove(grant.id);
    expect((await visitor.ask(diary)).status).toBe(401);
  });
});
