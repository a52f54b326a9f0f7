import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { runShadowReport } from '../../src/cli/shadow.ts';
import type { ShadowLoss } from '../../src/domain/shadow.ts';
import { addAdministrator, sendForm, signedInAdministrator } from '../harness/administrator.ts';
import { startTestGateway, startTestUpstream } from '../harness/gateway.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TIERED = ACCESS.replace('  - items: curators/**', '    otherwise: { name: preview, maxSize: 200 }\n  - items: curators/**');
const LETTER = 'members%2Fletter.jpg';
const DIARY = 'curators%2Fdiary.jpg';
const TILE = 'full/100,/0/default.jpg';
const SOON = () => new Date(Date.now() + 86_400_000);

async function lossesIn(data: string): Promise<readonly ShadowLoss[]> {
  const database = await openSqlite(join(data, 'vitrine.db'));
  try {
    return await database.shadowLosses.list();
  } finally {
    await database.close();
  }
}

/** They are written down a moment later. */
async function untilCounted(data: string, isThere: (losses: readonly ShadowLoss[]) => boolean): Promise<readonly ShadowLoss[]> {
  return expect
    .poll(() => lossesIn(data), { timeout: 10_000 })
    .toSatisfy(isThere)
    .then(() => lossesIn(data));
}

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: TIERED, options: { shadowUntil: SOON() } });
  await addAdministrator(vitrine);
});
afterAll(() => vitrine.close());

describe('in shadow mode', () => {
  it('a stranger gets what the access file locks, as if there were none, and no shared cache keeps it', async () => {
    const stranger = new TestVisitor(vitrine);
    for (const version of [2, 3]) {
      const information = await stranger.ask(`/iiif/${version}/${LETTER}/info.json`);
      expect(information.status).toBe(200);
      expect(await information.text()).not.toMatch(/\/auth\//);
    }
    // The second answer is one that the front door has ready.
    for (let time = 0; time < 3; time += 1) {
      const picture = await stranger.ask(`/iiif/3/${LETTER}/${TILE}`);
      expect({ status: picture.status, cache: picture.headers.get('cache-control') }).toEqual({ status: 200, cache: 'private, no-cache' });
    }
    const open = await stranger.ask('/iiif/3/open%2Fphoto.jpg/full/100,/0/default.jpg');
    expect(open.headers.get('cache-control')).toMatch(/^public/);
  });

  it('the probe and the manifest say the same as the content', async () => {
    const stranger = new TestVisitor(vitrine);
    const probe = await stranger.ask(`/auth/probe/${LETTER}`);
    expect(await probe.json()).toMatchObject({ status: 200 });
    for (const version of [2, 3]) {
      const manifest = await stranger.ask(`/presentation/${version}/${LETTER}/manifest`);
      expect(manifest.status).toBe(200);
      expect(await manifest.text()).not.toMatch(/\/auth\//);
    }
    expect((await stranger.ask(`/iiif/3/${LETTER}%2F~preview/${TILE}`)).status).toBe(200);
  });

  it('who would lose what is counted by rule, folder and kind of visitor, and of people the audit knows more', async () => {
    const reader = new TestVisitor(vitrine);
    await reader.signIn('reader');
    expect((await reader.ask(`/iiif/3/${DIARY}/${TILE}`, { headers: { origin: VIEWER } })).status).toBe(200);
    expect((await reader.ask(`/iiif/3/${LETTER}/${TILE}`)).status).toBe(200);
    const losses = await untilCounted(vitrine.data, (all) => all.some(({ folder }) => folder === 'curators'));
    expect(losses).toMatchObject([
      { outcome: 'access-needed', folder: 'members', who: 'not signed in', visits: 1, example: 'members/letter.jpg' },
      { outcome: 'access-needed', folder: 'curators', who: 'signed in as reader', visits: 1 },
    ]);
    expect(losses.map(({ rule }) => rule)).toEqual([
      'policy 2 (members/**): through none of its services yet',
      'policy 3 (curators/**): service members, but none of the roles curator',
    ]);
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    const events = await expect
      .poll(async () => (await database.audit.list({}, { limit: 100 })).filter(({ action }) => action === 'would-be-refused'))
      .toHaveLength(1)
      .then(async () => (await database.audit.list({}, { limit: 100 })).filter(({ action }) => action === 'would-be-refused'));
    await database.close();
    expect(events).toMatchObject([{ actor: 'reader', item: 'curators/diary.jpg' }]);
  });

  it('administrators are told in big letters on every page, and shown what was counted', async () => {
    await untilCounted(vitrine.data, (all) => all.some(({ folder }) => folder === 'members'));
    const admin = await signedInAdministrator(vitrine);
    for (const path of ['/admin', '/admin/users', '/admin/access']) {
      expect(await (await admin.ask(path)).text()).toContain('Shadow mode: nothing is locked.');
    }
    const page = await (await admin.ask('/admin/shadow')).text();
    expect(page).toContain('policy 2 (members/**): through none of its services yet');
    expect(page).toContain('not signed in');
    // What the policies say is still what they say.
    expect(await (await admin.ask(`/admin/items/at?path=${LETTER}`)).text()).toContain('does not allow it yet');
    expect((await sendForm(admin, '/admin/shadow', () => ({}))).status).toBe(303);
    expect(await lossesIn(vitrine.data)).toEqual([]);
  });

  it('the log says so at the start, and each visit that would have been refused, without names', async () => {
    const said = vitrine.log.map(({ msg }) => msg);
    expect(said).toContain('SHADOW MODE: the access file is not enforced, everybody sees everything');
    const noted = vitrine.log.filter(({ msg }) => msg === 'would have been refused');
    expect(noted.map(({ item }) => item)).toContain('curators/diary.jpg');
    expect(JSON.stringify(noted)).not.toMatch(/"actor"|"user"/);
  });
});

describe('the end of shadow mode', () => {
  it('comes by itself, also for what was ready at the front door', async () => {
    const ending = await startTestVitrine({ options: { shadowUntil: new Date(Date.now() + 3_000) } });
    try {
      const stranger = new TestVisitor(ending);
      expect((await stranger.ask(`/iiif/3/${LETTER}/${TILE}`)).status).toBe(200);
      await expect.poll(async () => (await stranger.ask(`/iiif/3/${LETTER}/${TILE}`)).status, { timeout: 20_000 }).toBe(401);
      expect((await stranger.ask(`/iiif/3/${LETTER}/info.json`)).status).toBe(401);
      await addAdministrator(ending);
      const admin = await signedInAdministrator(ending);
      expect(await (await admin.ask('/admin')).text()).not.toContain('nothing is locked');
    } finally {
      await ending.close();
    }
  });
});

describe('a gateway in shadow mode', () => {
  it('gives what its access file locks, itself and to a proxy that asks, and counts it', async () => {
    const upstream = await startTestUpstream();
    const gateway = await startTestGateway(`${upstream.base}/iiif/3`, { options: { shadowUntil: SOON(), trustedProxies: ['127.0.0.1'] } });
    try {
      const stranger = new TestVisitor(gateway);
      const information = await stranger.ask(`/iiif/3/${LETTER}/info.json`);
      expect(information.status).toBe(200);
      expect(await information.text()).not.toMatch(/\/auth\//);
      expect((await stranger.ask(`/iiif/3/${LETTER}/${TILE}`)).status).toBe(200);
      // A proxy in front that asks, and gets the picture itself.
      const headers = { 'x-original-uri': `/iiif/3/${DIARY}/${TILE}`, 'x-original-method': 'GET', 'x-forwarded-for': '192.0.2.44' };
      const told = await stranger.ask('/gateway/auth-request', { headers });
      expect([told.status, told.headers.get('vitrine-cache-control')]).toEqual([204, 'private, no-cache']);
      await untilCounted(gateway.data, (all) => ['members', 'curators'].every((each) => all.some(({ folder }) => folder === each)));
      const lines: string[] = [];
      await runShadowReport({ data: gateway.data, json: false, print: (line) => void lines.push(line) });
      expect(lines.join('\n')).toMatch(
        /^By folder\n.*\n +1 +0 {2}curators, for example curators\/diary\.jpg\n +1 +0 {2}members, for example members\/letter\.jpg$/m,
      );
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
});
