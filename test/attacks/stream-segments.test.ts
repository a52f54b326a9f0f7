import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in] } }
policies:
  - items: [films/talk/**, films/hls/master.m3u8, films/named/manifest.mpd, films/private/**]
    allow: [{ service: members }]
  - items: [films/lonely.m3u8, films/inner/**, films/hls/**]
    allow: everyone
  - items: open/**
    allow: everyone
`;

const PARTS = [
  'films/talk/init.mp4',
  'films/talk/video/1.m4s',
  'films/talk/video/2.m4s',
  'films/talk/subtitles.vtt',
  'films/talk/manifest.mpd',
];

let vitrine: TestVitrine;
let nobody: TestVisitor;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  const files = [
    ...PARTS,
    'films/talk/poster.jpg',
    'films/talk/notes.php',
    'films/hls/master.m3u8',
    'films/hls/720p/index.m3u8',
    'films/hls/720p/1.ts',
    'films/named/manifest.mpd',
    'films/named/1.m4s',
    'films/lonely.m3u8',
    'films/1.ts',
    'films/private/2.ts',
    'films/unnamed/3.ts',
    'films/other.mp4',
    'open/talk/manifest.mpd',
    'open/talk/1.m4s',
    'open/plain/1.m4s',
    'open/list/main.m3u8',
    'open/list/low.m3u8',
    'open/list/1.ts',
    'open/list/extra.mp4',
  ];
  await writeFiles(vitrine.images, Object.fromEntries(files.map((path) => [path, `bytes of ${path}`])));
  nobody = new TestVisitor(vitrine);
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

const stream = (path: string, visitor = nobody, headers = {}) => visitor.ask(`/media/stream/${path}`, { headers });
const status = async (path: string, visitor = nobody) => (await stream(path, visitor)).status;

/** The path as it stands: `fetch` would tidy it up. */
function asWritten(path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(vitrine.base);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, agent: false }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}

describe('a protected stream', () => {
  it.each(PARTS)('gives its segments to nobody who may not have the playlist: %s', async (path) => {
    const response = await stream(path, nobody, { range: 'bytes=0-3' });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('bytes of');
    expect(await (await stream(path, reader)).text()).toBe(`bytes of ${path}`);
  });

  it.each(PARTS)('has no other address for its files: %s', async (path) => {
    const response = await nobody.ask(`/media/${encodeURIComponent(path)}`);
    expect([401, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('bytes of');
    const known = await reader.ask(`/media/${encodeURIComponent(path)}`);
    if (path.endsWith('.mpd')) expect(known.headers.get('location')).toBe(`${vitrine.base}/media/stream/${path}`);
    else expect(known.status).toBe(404);
  });

  it('of which only the playlist is named keeps its segments all the same', async () => {
    expect(await status('films/named/1.m4s')).toBe(401);
    expect(await status('films/named/1.m4s', reader)).toBe(200);
  });

  it('with a playlist for each size is closed by the one above them, though a later policy opens the rest', async () => {
    expect(await status('films/hls/720p/1.ts')).toBe(401);
    expect(await status('films/hls/720p/index.m3u8')).toBe(401);
    expect(await status('films/hls/720p/1.ts', reader)).toBe(200);
  });

  it('is not opened by a playlist of another one beside or above it', async () => {
    expect(await status('films/lonely.m3u8')).toBe(200);
    expect(await status('films/1.ts')).toBe(200);
    expect(await status('films/private/2.ts')).toBe(401);
    expect(await status('films/talk/video/1.m4s')).toBe(401);
    expect(await status('films/other.mp4')).toBe(403);
  });

  it.each([
    'films/talk/poster.jpg',
    'films/talk/notes.php',
    'films/talk/missing.m4s',
    'films/talk',
    'open/plain/1.m4s',
    '',
    'films//talk/init.mp4',
    'open/talk/../../films/talk/init.mp4',
    'open/talk/%2e%2e/%2e%2e/films/talk/init.mp4',
    'open%2Ftalk%2F1.m4s',
    'open/talk/..%2F..%2Ffilms%2Ftalk%2Finit.mp4',
    'open/talk/%00.m4s',
    'open/talk/1.m4s/',
    'open\\talk\\1.m4s',
  ])('and no other way of writing a path leads to a file: %s', async (path) => {
    const { status, body } = await asWritten(`/media/stream/${path}`);
    expect([400, 401, 403, 404]).toContain(status);
    expect(body).not.toContain('bytes of');
  });
});

describe('an open stream', () => {
  it.each([
    ['open/talk/manifest.mpd', 'application/dash+xml'],
    ['open/talk/1.m4s', 'video/iso.segment'],
    ['open/list/main.m3u8', 'application/vnd.apple.mpegurl'],
    ['open/list/1.ts', 'video/mp2t'],
    ['open/list/extra.mp4', 'video/mp4'],
  ])('has the right type for %s, for any viewer', async (path, type) => {
    const response = await stream(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.text()).toBe(`bytes of ${path}`);
  });

  it('shows its main playlist as the item, and nothing else', async () => {
    const front = await (await nobody.ask('/browse/open/list')).text();
    expect(front).toContain('main.m3u8');
    expect(front).not.toMatch(/low\.m3u8|extra\.mp4|1\.ts/);
    expect(await (await nobody.ask('/auth/probe/open%2Flist%2Fmain.m3u8')).json()).toMatchObject({ status: 200 });
    expect(await (await nobody.ask('/auth/probe/open%2Flist%2Flow.m3u8')).json()).toMatchObject({ status: 404 });
    expect(await (await nobody.ask('/view/media/open%2Flist%2Fmain.m3u8')).text()).toContain('/media/stream/open/list/main.m3u8');
  });
});
