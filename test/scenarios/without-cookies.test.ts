import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { SIGNED_VIEWER, signInForToken, type TokenHolder } from '../harness/without-cookies.ts';
import { writeFiles } from '../media/media-folder.ts';

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nparts/1.ts\n#EXT-X-ENDLIST\n';

let vitrine: TestVitrine;
let viewer: TokenHolder;
beforeAll(async () => {
  vitrine = await startTestVitrine({ options: { contentWithoutCookies: [SIGNED_VIEWER], slashSubstitute: '~' } });
  await writeFiles(vitrine.images, {
    'members/tone.wav': 'bytes of a tone',
    'members/talk/index.m3u8': PLAYLIST,
    'members/talk/parts/1.ts': 'bytes of a segment',
  });
  viewer = await signInForToken(vitrine);
});
afterAll(() => vitrine.close());

const signed = (rest: string) => new RegExp(`^${vitrine.base}/signed/[\\w-]+\\.[\\w-]{43}${rest}$`);

describe('2.0: the probe service, asked with a token by a viewer that gets content without cookies', () => {
  it('answers 302 for a picture, with a location that has an image service without access services', async () => {
    const probe = await viewer.byToken('/auth/probe/members~letter.jpg');
    expect(probe.status).toBe(200);
    expect(probe.headers.get('cache-control')).toBe('no-store');
    const result = (await probe.json()) as { location: { id: string; service: [{ id: string }] } };
    const [{ id: service }] = result.location.service;
    expect(service).toMatch(signed('/iiif/3/members~letter.jpg'));
    expect(result).toEqual({
      '@context': 'http://iiif.io/api/auth/2/context.json',
      type: 'AuthProbeResult2',
      status: 302,
      location: {
        id: `${service}/full/max/0/default.jpg`,
        type: 'Image',
        format: 'image/jpeg',
        service: [{ id: service, type: 'ImageService3', profile: 'level2' }],
      },
    });
    const information = await viewer.bare(`${service}/info.json`);
    expect(information.status).toBe(200);
    expect(await information.json()).toMatchObject({ id: service, type: 'ImageService3', width: 800 });
    expect((await viewer.bare(result.location.id)).headers.get('content-type')).toBe('image/jpeg');
    expect((await viewer.bare(service)).headers.get('location')).toBe(`${service}/info.json`);
    const canonical = (await viewer.bare(`${service}/full/200,/0/default.jpg`)).headers.get('link');
    expect(canonical).toContain(`<${service}/full/200,150/0/default.jpg>;rel="canonical"`);
  });

  it('answers 302 for a sound, with the file, whole and in ranges', async () => {
    const location = await viewer.location('members/tone.wav');
    expect(location).toEqual({ id: expect.stringMatching(signed('/media/members~tone\\.wav')), type: 'Sound', format: 'audio/wav' });
    const part = await viewer.bare(location?.id ?? '', { headers: { range: 'bytes=9-14' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 9-14/15', 'a tone']);
    const head = await viewer.bare(location?.id ?? '', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '15']);
  });

  it('answers 302 for a stream, whose playlist leads to segments by the same path', async () => {
    const location = await viewer.location('members/talk/index.m3u8');
    expect(location).toMatchObject({
      id: expect.stringMatching(signed('/media/stream/members/talk/index\\.m3u8')),
      type: 'Video',
      format: 'application/vnd.apple.mpegurl',
    });
    const playlist = await (await viewer.bare(location?.id ?? '')).text();
    const [, segment = ''] = /^(parts\/.*)$/m.exec(playlist) ?? [];
    const uri = new URL(segment, location?.id).href;
    expect(uri).toMatch(signed('/media/stream/members/talk/parts/1\\.ts'));
    expect(await (await viewer.bare(uri)).text()).toBe('bytes of a segment');
  });

  it('answers 200 where everybody has the item anyway, and to viewers that are not on the list', async () => {
    expect(await viewer.location('open/photo.jpg')).toBeNull();
    const other = await signInForToken(vitrine, 'reader', VIEWER);
    expect(await (await other.byToken('/auth/probe/members~letter.jpg')).json()).toMatchObject({ status: 200 });
    expect(await other.location('members/letter.jpg')).toBeNull();
  });

  it('answers 401 without a location where the token is not enough', async () => {
    expect(await (await viewer.byToken('/auth/probe/curators~diary.jpg')).json()).toMatchObject({ status: 401 });
    expect(await viewer.location('curators/diary.jpg')).toBeNull();
  });
});

describe('1.0: the information document that a token opens, of a viewer that gets content without cookies', () => {
  it.each([
    [2, '@id'],
    [3, 'id'],
  ] as const)('of version %i has a signed path as its %s, and no access services', async (version, key) => {
    const answer = await viewer.byToken(`/iiif/${version}/members~letter.jpg/info.json`);
    const document = (await answer.json()) as Record<string, string>;
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(answer.headers.get('vary')).toMatch(/Authorization.*Origin/);
    expect(document[key]).toMatch(signed(`/iiif/${version}/members~letter.jpg`));
    expect(document).not.toHaveProperty('service');
    const size = version === 2 ? 'full' : 'max';
    const picture = await viewer.bare(`${document[key]}/full/${size}/0/default.jpg`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(await (await viewer.bare(`${document[key]}/info.json`)).json()).toEqual(document);
  });

  it('keeps its own id, and its services, for cookies and for other viewers', async () => {
    const byCookie = await viewer.reader.ask('/iiif/2/members~letter.jpg/info.json', { headers: { origin: SIGNED_VIEWER } });
    const other = await signInForToken(vitrine, 'reader', VIEWER);
    for (const answer of [byCookie, await other.byToken('/iiif/2/members~letter.jpg/info.json')]) {
      const document = (await answer.json()) as Record<string, unknown>;
      expect(document['@id']).toBe(`${vitrine.base}/iiif/2/members~letter.jpg`);
      expect(document['service']).toHaveLength(2);
    }
  });
});

describe('what comes by a signed path', () => {
  it('is for one viewer: no other page reads it, no shared cache keeps it, no link tells where it was', async () => {
    const service = (await viewer.location('members/letter.jpg'))?.service?.[0]?.id ?? '';
    const sound = (await viewer.location('members/tone.wav'))?.id ?? '';
    for (const uri of [`${service}/full/max/0/default.jpg`, `${service}/info.json`, sound]) {
      for (const origin of [SIGNED_VIEWER, null]) {
        const { status, headers } = await viewer.bare(uri, {}, origin);
        expect(status).toBe(200);
        expect(headers.get('access-control-allow-origin')).toBe(SIGNED_VIEWER);
        expect(headers.get('vary')).toContain('Origin');
        expect(headers.get('cache-control')).toBe('private, no-cache');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
        expect(headers.getSetCookie()).toEqual([]);
      }
    }
  });

  it('is decided upon before a copy is found good', async () => {
    const service = (await viewer.location('members/letter.jpg'))?.service?.[0]?.id ?? '';
    const tile = `${service}/full/300,/0/default.jpg`;
    const etag = (await viewer.bare(tile)).headers.get('etag') ?? '';
    const again = { headers: { 'if-none-match': etag } };
    expect((await viewer.bare(tile, again)).status).toBe(304);
    const other = await signInForToken(vitrine);
    const others = (await other.location('members/letter.jpg'))?.service?.[0]?.id ?? '';
    await other.reader.ask('/auth/logout/members');
    expect((await viewer.bare(`${others}/full/300,/0/default.jpg`, again)).status).toBe(401);
  });
});
