import * as manifesto from 'manifesto.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { wav } from '../media/write-media.ts';

/** A lesser version of what is in `tiered`, and what nobody opens. */
const WITH_TIERS = `${ACCESS}  - items: tiered/**
    allow: [{ service: members }]
    otherwise: [{ name: low, item: open/low.wav }]
  - items: closed/**
    allow: nobody
`;

let vitrine: TestVitrine;
let token: string;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: WITH_TIERS });
  await writeFiles(vitrine.images, {
    'members/tone.wav': wav(1),
    'members/50% größer, + laut.wav': wav(1),
    'members/talk/index.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n#EXT-X-ENDLIST\n',
    'members/talk/1.ts': 'segment',
    'terms/tone.wav': wav(1),
    'tiered/tone.wav': wav(1),
    'closed/tone.wav': wav(1),
    'open/low.wav': wav(1),
  });
  const reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
  token = String((await reader.token(1, 'members')).message['accessToken']);
});
afterAll(() => vitrine.close());

const LOGIN = 'http://iiif.io/api/auth/1/login';
const PROBE = 'http://iiif.io/api/auth/1/probe';
const TOKEN = 'http://iiif.io/api/auth/1/token';

/** The content of the first canvas, as Universal Viewer finds it with its services: by manifesto.js and their profiles. */
async function readContent(path: string) {
  const text = await (await fetch(`${vitrine.base}/presentation/3/${encodeURIComponent(path)}/manifest`)).text();
  const manifest = manifesto.parseManifest(text);
  if (!(manifest instanceof manifesto.Manifest)) throw new Error('no manifest');
  const body = manifest.getSequences()[0]?.getCanvases()[0]?.getContent()[0]?.getBody()[0];
  if (body === undefined) throw new Error('no content');
  const service = (profile: string) => manifesto.Utils.getService(body, profile as Parameters<typeof manifesto.Utils.getService>[1]);
  return { uri: body.id, login: service(LOGIN), probe: service(PROBE) };
}

/** What `ExternalResource.getData` of `@iiif/manifold` makes of a probe: 302 stands for a lesser version. */
async function probed(content: { uri: string; probe: { id: string } | null }, bearer: string | null) {
  const headers: HeadersInit = bearer === null ? { origin: VIEWER } : { origin: VIEWER, authorization: `Bearer ${bearer}` };
  const response = await fetch(content.probe?.id ?? '', { headers });
  const { contentLocation } = (await response.json()) as { contentLocation: string };
  // As the viewer does it.
  return { status: unescape(contentLocation) === content.uri ? response.status : 302, contentLocation, headers: response.headers };
}

describe('sound and film in Universal Viewer (viewers.md §4.10)', () => {
  it.each(['members/tone.wav', 'members/50% größer, + laut.wav', 'members/talk/index.m3u8'])(
    'have a probe service, which answers as the content does, with the URI that the manifest has: %s',
    async (path) => {
      const content = await readContent(path);
      expect(content.login?.getService(TOKEN as never)?.id).toBe(`${vitrine.base}/auth/token/1/members`);
      const before = await probed(content, null);
      expect([before.status, before.headers.get('access-control-allow-origin'), before.headers.get('cache-control')]).toEqual([
        401,
        VIEWER,
        'no-store',
      ]);
      expect((await probed(content, token)).status).toBe(200);
      expect((await probed(content, 'undefined')).status).toBe(401);
    },
  );

  it('are shown as a lesser version, with the way to the better one, where there is one', async () => {
    const content = await readContent('tiered/tone.wav');
    const before = await probed(content, null);
    expect([before.status, decodeURIComponent(unescape(before.contentLocation))]).toEqual([
      302,
      `${vitrine.base}/media/tiered/tone.wav/~low`,
    ]);
    expect((await probed(content, token)).status).toBe(200);
  });

  it('have none where everybody may play them', async () => {
    expect((await readContent('open/low.wav')).probe).toBeNull();
  });

  it('are probed by HEAD with the token as well: where a clickthrough locks them, the viewer looks for no probe on the content', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.agree();
    const bearer = String((await visitor.token(1, 'terms')).message['accessToken']);
    const { uri } = await readContent('terms/tone.wav');
    const head = async (headers: HeadersInit) => (await fetch(uri, { method: 'HEAD', headers: { origin: VIEWER, ...headers } })).status;
    expect([await head({}), await head({ authorization: `Bearer ${bearer}` })]).toEqual([401, 200]);
  });
});

describe('the probe service beside Authentication 1.0', () => {
  const ask = (path: string, init: RequestInit = {}) => fetch(`${vitrine.base}/auth/probe/1/${encodeURIComponent(path)}`, init);

  it('answers 403 for what nobody may play, and 404 for images and for what is not there', async () => {
    const closed = await ask('closed/tone.wav');
    expect([closed.status, ((await closed.json()) as { code: string }).code]).toEqual([403, 'access.refused']);
    for (const path of ['members/letter.jpg', 'members/nothing.wav', 'members']) expect((await ask(path)).status, path).toBe(404);
    expect((await ask('../x')).status).toBe(400);
  });

  it('may be asked with Authorization from any page, and tells nobody else’s page what a cookie opens', async () => {
    const headers = { origin: VIEWER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    const preflight = await ask('members/tone.wav', { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('Authorization'),
    ]);
    const reader = new TestVisitor(vitrine);
    await reader.signIn('reader');
    const path = `/auth/probe/1/${encodeURIComponent('members/tone.wav')}`;
    const own = await reader.ask(path, { headers: { origin: VIEWER } });
    const other = await reader.ask(path, { headers: { origin: 'https://other.example' } });
    expect(other.status).toBe(401);
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, VIEWER]);
  });
});
