import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { idOf } from '../contracts/stored-people.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { SIGNED_VIEWER, signInForToken, type TokenHolder } from '../harness/without-cookies.ts';
import { writeFiles } from '../media/media-folder.ts';

const TIERED = ACCESS.replace(
  'roles: [reader, curator] }\n',
  'roles: [reader, curator] }\n    otherwise: [{ name: small, maxSize: 100, for: [{ service: terms }] }]\n',
).replace('roles: [curator] }\n', 'roles: [curator] }\n    otherwise: [{ name: low, item: open/low.wav }]\n');
const TILE = '/full/300,/0/default.jpg';
const PATIENCE_MILLISECONDS = 30_000;

let vitrine: TestVitrine;
let viewer: TokenHolder;
beforeAll(async () => {
  vitrine = await startTestVitrine({ options: { contentWithoutCookies: [SIGNED_VIEWER] }, access: TIERED });
  await writeFiles(vitrine.images, {
    'curators/tone.wav': 'bytes of a secret tone',
    'open/low.wav': 'bytes of a lesser tone',
    'members/tone.wav': 'bytes of a tone',
    'members/other.wav': 'bytes of another',
    'members/talk/index.m3u8': '#EXTM3U\n',
    'members/talk/1.ts': 'bytes of a segment',
    'members/speech/index.m3u8': '#EXTM3U\n',
    'members/speech/1.ts': 'bytes of another segment',
  });
  viewer = await signInForToken(vitrine);
});
afterAll(() => vitrine.close());

/** The signed prefix of the path for an item. */
async function prefixOf(identifier: string, holder = viewer): Promise<string> {
  const id = (await holder.location(identifier))?.id ?? '';
  const [prefix] = /^.*\/signed\/[^/]+/.exec(id) ?? [];
  if (prefix === undefined) throw new Error(`no signed path for ${identifier}`);
  return prefix;
}

const status = async (uri: string, origin: string | null = SIGNED_VIEWER) => (await viewer.bare(uri, {}, origin)).status;

describe('a signed path', () => {
  it('gives its one item, and no other one, no page, no tier and no document of any', async () => {
    const prefix = await prefixOf('members/letter.jpg');
    expect(await status(`${prefix}/iiif/3/members%2Fletter.jpg${TILE}`)).toBe(200);
    const others = [
      `/iiif/3/members%2Fpyramid.tif${TILE}`,
      `/iiif/3/members%2Fpyramid.tif/info.json`,
      `/iiif/3/members%2Fletter.jpg%2F2${TILE}`,
      `/iiif/3/members%2Fletter.jpg%2F~small/full/max/0/default.jpg`,
      `/iiif/3/open%2Fphoto.jpg${TILE}`,
      `/iiif/3/curators%2Fdiary.jpg${TILE}`,
      `/media/members%2Ftone.wav`,
      `/media/stream/members/talk/1.ts`,
    ];
    for (const path of others) expect(await status(prefix + path), path).toBe(401);
    const elsewhere = [
      '/presentation/3/members%2Fletter.jpg/manifest',
      '/auth/probe/members%2Fletter.jpg',
      '/',
      '/session',
      '/assets/vitrine.css',
    ];
    for (const path of elsewhere) expect(await status(prefix + path), path).toBe(404);
  });

  it('of a stream gives its files, and none of the stream beside it', async () => {
    const prefix = await prefixOf('members/talk/index.m3u8');
    expect(await status(`${prefix}/media/stream/members/talk/1.ts`)).toBe(200);
    for (const path of [
      'members/speech/1.ts',
      'members/speech/index.m3u8',
      'members/talk/..%2Fspeech/1.ts',
      'members/talk/%2e%2e/speech/1.ts',
    ]) {
      expect(await status(`${prefix}/media/stream/${path}`), path).toBe(401);
    }
    expect(await status(`${prefix}/media/members%2Ftone.wav`)).toBe(401);
  });

  it.each(['https://other.example', `${SIGNED_VIEWER}:8443`, 'http://no-cookies.example', 'null'])(
    'is nobody’s from another origin, which may not read that either: %s',
    async (origin) => {
      const prefix = await prefixOf('members/letter.jpg');
      expect(await status(`${prefix}/iiif/3/members%2Fletter.jpg${TILE}`, origin)).toBe(401);
      const sound = await viewer.bare(`${await prefixOf('members/tone.wav')}/media/members%2Ftone.wav`, {}, origin);
      expect([sound.status, sound.headers.get('content-length') === '15']).toEqual([401, false]);
    },
  );

  it('is worth nothing when changed, swapped, or made up', async () => {
    const [one, two] = [await prefixOf('members/tone.wav'), await prefixOf('members/other.wav')];
    const mixed = `${one.split('.').slice(0, -1).join('.')}.${two.split('.').at(-1)}`;
    const made = [
      mixed,
      one.slice(0, -1),
      `${one}x`,
      one.toUpperCase(),
      `${vitrine.base}/signed/x`,
      `${vitrine.base}/signed/`,
      `${vitrine.base}/signed/..`,
    ];
    for (const prefix of made) {
      const response = await viewer.bare(`${prefix}/media/members%2Ftone.wav`);
      expect(response.status, prefix).toBeGreaterThanOrEqual(401);
      expect(await response.text(), prefix).not.toContain('bytes of');
    }
  });

  it('is not made more by cookies, and a token is not looked at', async () => {
    const prefix = await prefixOf('members/letter.jpg');
    const curator = await signInForToken(vitrine, 'curator');
    const cookie = [...curator.reader.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, authorization: `Bearer ${curator.token}` };
    expect((await viewer.bare(`${prefix}/iiif/3/curators%2Fdiary.jpg${TILE}`, { headers })).status).toBe(401);
    expect((await viewer.bare(`${prefix}/iiif/3/curators%2Fdiary.jpg/info.json`, { headers })).status).toBe(401);
  });

  it('ends with the sign-out, at once, also for a copy', async () => {
    const holder = await signInForToken(vitrine);
    const tile = `${await prefixOf('members/letter.jpg', holder)}/iiif/3/members%2Fletter.jpg${TILE}`;
    const etag = (await viewer.bare(tile)).headers.get('etag') ?? '';
    await holder.reader.submit('/sign-out', {});
    expect(await status(tile)).toBe(401);
    expect((await viewer.bare(tile, { headers: { 'if-none-match': etag } })).status).toBe(401);
  });

  it('ends with what the viewer was given, when the reader ends that on the session page', async () => {
    const holder = await signInForToken(vitrine);
    const tile = `${await prefixOf('members/letter.jpg', holder)}/iiif/3/members%2Fletter.jpg${TILE}`;
    expect(await status(tile)).toBe(200);
    await holder.reader.submit('/session', { end: 'grant', service: 'members', origin: SIGNED_VIEWER });
    expect(await status(tile)).toBe(401);
  });

  it('gives nothing once the role is gone, and no services with addresses of its own', async () => {
    const holder = await signInForToken(vitrine, 'curator');
    const service = `${await prefixOf('curators/diary.jpg', holder)}/iiif/3/curators%2Fdiary.jpg`;
    expect(await status(`${service}${TILE}`)).toBe(200);
    const sound = `${await prefixOf('curators/tone.wav', holder)}/media/curators%2Ftone.wav`;
    expect(await (await viewer.bare(sound)).text()).toBe('bytes of a secret tone');
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    await database.users.setRoles(await idOf(database, 'curator'), []);
    await database.close();
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while ((await status(`${service}${TILE}`)) !== 401 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await status(`${service}${TILE}`)).toBe(401);
    const information = await viewer.bare(`${service}/info.json`);
    expect(information.status).toBe(401);
    expect(await information.text()).not.toContain('/auth/');
    const denied = await viewer.bare(sound);
    expect([denied.status, denied.headers.get('location')]).toEqual([401, null]);
  });

  it('gives nothing once the policy has changed', async () => {
    const prefix = await prefixOf('members/tone.wav');
    const sound = `${prefix}/media/members%2Ftone.wav`;
    expect(await status(sound)).toBe(200);
    await writeFile(vitrine.accessFile, ACCESS.replace('items: members/**', 'items: [members/*.jpg, members/*.tif]'));
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while ((await status(sound)) === 200 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await status(sound)).toBe(403);
  });

  it('is in no line of the log, however it was asked for and whatever came of it', async () => {
    const prefix = await prefixOf('members/letter.jpg');
    const capability = prefix.split('/').at(-1) ?? '';
    const inside = prefix.slice(vitrine.base.length);
    for (const path of [
      `${inside}/iiif/3/members%2Fletter.jpg${TILE}`,
      `${inside}/iiif/3/x/full/0,0/0/default.jpg`,
      `${inside}/nothing`,
      `/x${inside}`,
      `/%73igned/${capability}/`,
    ]) {
      await viewer.bare(vitrine.base + path);
    }
    await viewer.bare(`${prefix}/media/members%2Ftone.wav`, { method: 'POST' });
    const text = JSON.stringify(vitrine.log);
    expect(text).toContain('/signed/…/iiif/3/members%2Fletter.jpg/full/300,/0/default.jpg');
    expect(capability.length).toBeGreaterThan(100);
    for (const secret of [capability, ...capability.split('.')]) expect(text).not.toContain(secret);
  });
});

describe('without the option', () => {
  it('no viewer gets a signed path, and one of another server opens nothing', async () => {
    const prefix = await prefixOf('members/letter.jpg');
    const plain = await startTestVitrine();
    try {
      const holder = await signInForToken(plain);
      expect(await holder.location('members/letter.jpg')).toBeNull();
      const path = `${prefix.slice(vitrine.base.length)}/iiif/3/members%2Fletter.jpg${TILE}`;
      expect((await holder.bare(plain.base + path)).status).toBe(401);
    } finally {
      await plain.close();
    }
  });
});
