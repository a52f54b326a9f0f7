import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** What is answered from memory is what would be made: judged anew, in the same words. */

const TILE = '/iiif/3/members%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg';

let vitrine: TestVitrine;
const visitors: TestVisitor[] = [];
beforeAll(async () => {
  vitrine = await startTestVitrine({ options: { auditViews: true } });
  const [nobody, reader, curator, agreed] = Array.from({ length: 4 }, () => new TestVisitor(vitrine));
  if (nobody === undefined || reader === undefined || curator === undefined || agreed === undefined) throw new Error('no visitors');
  await reader.signIn('reader');
  await curator.signIn('curator');
  await agreed.agree();
  visitors.push(nobody, reader, curator, agreed);
});
afterAll(() => vitrine.close());

/** How many answers were there already when they were asked for. */
const readyCount = (from: TestVitrine): number => from.log.filter((line) => line['msg'] === 'request' && line['milliseconds'] === 0).length;

async function seen(answer: Response): Promise<unknown> {
  const headers = Object.fromEntries(answer.headers);
  // The header that sends a request inside ends nothing; the date is that of its second.
  for (const name of ['date', 'connection', 'keep-alive', 'x-request-id']) delete headers[name];
  return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()).toString('base64') };
}

/** A condition that says nothing keeps a request from being answered at the door. */
const INSIDE = { 'if-unmodified-since': 'never' };

async function fresh(user: 'reader' | 'curator' = 'reader', at: TestVitrine = vitrine): Promise<TestVisitor> {
  const visitor = new TestVisitor(at);
  await visitor.signIn(user);
  expect((await visitor.ask(TILE)).status).toBe(200);
  const before = readyCount(at);
  expect((await visitor.ask(TILE)).status).toBe(200);
  expect(readyCount(at)).toBe(before + 1);
  return visitor;
}

/** Tiles of one level, the edges among them, below a version of the API. */
function tilesOf(identifier: string, version: 2 | 3): readonly string[] {
  const [width, height, side] = [800, 600, 256];
  const paths: string[] = [];
  for (let y = 0; y < height; y += side) {
    for (let x = 0; x < width; x += side) {
      const [w, h] = [Math.min(side, width - x), Math.min(side, height - y)];
      paths.push(`/iiif/${version}/${identifier}/${x},${y},${w},${h}/${w},${h}/0/default.jpg`);
    }
  }
  return paths;
}

describe('an answer that nobody has asked for before', () => {
  it('is made at once, and is the one that would be made after waiting, for every visitor', async () => {
    const before = readyCount(vitrine);
    for (const visitor of visitors) {
      for (const identifier of ['open%2Fpyramid.tif', 'members%2Fpyramid.tif']) {
        await visitor.ask(`/iiif/3/${identifier}/full/!50,50/0/default.jpg`, { headers: INSIDE });
        for (const path of tilesOf(identifier, 3)) {
          const atOnce = await seen(await visitor.ask(path));
          expect(await seen(await visitor.ask(path, { headers: INSIDE }))).toEqual(atOnce);
        }
      }
    }
    expect(readyCount(vitrine) - before).toBeGreaterThan(visitors.length * 10);
  });
});

describe('an answer from memory', () => {
  it('is the one that would be made, for every visitor, viewer and condition', async () => {
    const paths = [
      '/iiif/3/open%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg',
      '/iiif/2/open%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg',
      TILE,
      '/iiif/3/members%2Fpyramid.tif/256,0,256,256/!100,100/0/gray.png',
      '/iiif/3/curators%2Fdiary.jpg/full/!64,64/0/default.jpg',
      '/iiif/3/terms%2Fmap.jpg/full/!64,64/0/default.jpg',
      '/iiif/3/nowhere%2Funlisted.jpg/full/!64,64/0/default.jpg',
      '/iiif/3/open%2Fmissing.jpg/full/!64,64/0/default.jpg',
      '/iiif/3/open%2Fphoto.jpg/full/1,1,1/0/default.jpg',
      '/iiif/3/open%2Fbroken.jpg/full/!64,64/0/default.jpg',
    ];
    const headers = fc.record({
      origin: fc.constantFrom(undefined, VIEWER, 'https://other.example', 'null'),
      'sec-fetch-storage-access': fc.constantFrom(undefined, 'inactive', 'none'),
      'if-none-match': fc.constantFrom(undefined, '*', '"other"'),
      'if-modified-since': fc.constantFrom(undefined, 'Fri, 01 Jan 2100 00:00:00 GMT'),
    });
    const before = readyCount(vitrine);
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.constantFrom(...paths), headers, async (who, path, given) => {
        const visitor = visitors[who] ?? new TestVisitor(vitrine);
        const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<string, string>;
        const made = await seen(await visitor.ask(path, { headers: { ...sent, ...INSIDE } }));
        for (let times = 0; times < 3; times++) expect(await seen(await visitor.ask(path, { headers: sent }))).toEqual(made);
      }),
      { numRuns: 150 },
    );
    expect(readyCount(vitrine) - before).toBeGreaterThan(150);
  });

  it('ends with the sign-out', async () => {
    const visitor = await fresh();
    const cookies = new Map(visitor.cookies);
    await visitor.submit('/sign-out', {});
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    expect((await visitor.ask(TILE)).status).toBe(401);
  });

  it('ends with the account, also when another program takes it away', async () => {
    const visitor = await fresh('curator');
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const curator = await database.users.find('curator');
    if (curator === null) throw new Error('no curator');
    await database.users.setRoles(curator.id, ['guest']);
    expect((await visitor.ask(TILE)).status).toBe(401);
    await database.users.setRoles(curator.id, ['curator']);
    expect((await visitor.ask(TILE)).status).toBe(200);
    await database.users.disable(curator.id, new Date());
    expect((await visitor.ask(TILE)).status).toBe(401);
    await database.close();
  });

  it('is no answer to anybody else', async () => {
    await fresh();
    expect((await new TestVisitor(vitrine).ask(TILE)).status).toBe(401);
    const stranger = new TestVisitor(vitrine);
    await stranger.agree();
    expect((await stranger.ask(TILE)).status).toBe(401);
  });

  it('is written down like any other', async () => {
    const visitor = await fresh();
    await visitor.ask(TILE);
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const views = async () => (await database.audit.list({ action: 'view', item: 'members/pyramid.tif' }, { limit: 10 })).length;
    await expect.poll(views, { timeout: 10_000 }).toBeGreaterThan(0);
    await database.close();
  });

  it('follows the access file and the files', async () => {
    const own = await startTestVitrine();
    try {
      const visitor = await fresh('reader', own);
      const before = await seen(await visitor.ask(TILE));
      const file = join(own.images, 'members/pyramid.tif');
      await writeFile(file, await readFile(file));
      await expect.poll(async () => seen(await visitor.ask(TILE)), { timeout: 10_000 }).not.toEqual(before);
      await writeFile(own.accessFile, ACCESS.replace('roles: [reader, curator]', 'roles: [curator]'));
      await expect.poll(async () => (await visitor.ask(TILE)).status, { timeout: 10_000 }).toBe(401);
    } finally {
      await own.close();
    }
  });
});
