import { writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** A TIFF of two pages, each one pixel. */
const BOOK = bookOfTwoPages();

/** Everything after the identifier that asks for pixels of it, some of it wrong: nothing of the kind may slip through. */
const PIXELS = [
  '/full/max/0/default.jpg',
  '/full/full/0/default.jpg',
  '/full/^max/0/default.jpg',
  '/full/1,/0/default.gif',
  '/full/,1/0/bitonal.png',
  '/full/!90,90/0/default.jpg',
  '/0,0,256,256/256,256/0/default.jpg',
  '/square/100,/!90/gray.webp',
  '/pct:0,0,1,1/max/0/default.tif',
  '/full/max/0/default.pdf',
  '/full/max/0/default.jp2',
  '/full/max/0/native.jpg',
  '/full/max/0/default',
  '/full/^max/.5/default.jpg',
  '/full/max,/0/default.jpg',
  '/full/max/0/default.jpg/',
  '/full/max/0/../0/default.jpg',
  '/%66ull/max/0/default.jpg',
];

/** Other spellings of the same names, and neighbours that stand for them. */
const SPELLINGS = [
  'members%2Fletter.jpg',
  'members%2fletter.jpg',
  'Members%2Fletter.jpg',
  'members%2FLETTER.JPG',
  'm%65mbers%2Fletter.jpg',
  'open%2F..%2Fmembers%2Fletter.jpg',
  'open/..%2Fmembers%2Fletter.jpg',
  'open%2F%2e%2e%2Fmembers%2Fletter.jpg',
  'open%252F..%252Fmembers%2Fletter.jpg',
  'members%2F.%2Fletter.jpg',
  'members%2F%2Fletter.jpg',
  '%2Fmembers%2Fletter.jpg',
  'members%2Fletter.jpg%2F1',
  'members%2Fletter.jpg%00',
  'members%2Fletter.jpg%20',
  'members%5Cletter.jpg',
  'members%2Fbook.tif',
  'members%2Fbook.tif%2F2',
  'members%2Fpyramid.tif',
  'nowhere%2Funlisted.jpg',
];

let vitrine: TestVitrine;
let reader: TestVisitor;
const strangers: ReadonlyArray<readonly [string, () => Promise<Record<string, string>>]> = [
  ['nobody', async () => ({})],
  [
    'somebody with a token, which is for documents only',
    async () => ({ authorization: `Bearer ${await tokenOfReader()}`, origin: VIEWER }),
  ],
  ['somebody who says which copy is at hand', async () => ({ 'if-none-match': '*', 'if-modified-since': new Date().toUTCString() })],
  ['somebody who asks for a part', async () => ({ range: 'bytes=0-100' })],
  [
    'somebody who claims to come from here',
    async () => ({ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' }),
  ],
  [
    'somebody who claims another address of the picture',
    async () => ({ 'x-original-url': '/iiif/3/open%2Fphoto.jpg', 'x-rewrite-url': '/' }),
  ],
  [
    'somebody with the session cookie, which is for our pages only',
    async () => ({ cookie: `vitrine-session=${reader.cookies.get('vitrine-session')}` }),
  ],
  [
    'somebody with the session’s secret in the wrong cookie',
    async () => ({ cookie: `vitrine-access=${reader.cookies.get('vitrine-session')}` }),
  ],
];

async function tokenOfReader(): Promise<string> {
  return String((await reader.token(2, 'members')).message['accessToken']);
}

beforeAll(async () => {
  vitrine = await startTestVitrine();
  await writeFile(join(vitrine.images, 'members', 'book.tif'), BOOK);
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

describe('a locked picture', () => {
  it('and its pages are there, for whoever may see them', async () => {
    for (const identifier of ['members%2Fletter.jpg', 'members%2Fbook.tif', 'members%2Fbook.tif%2F2', 'members%2Fpyramid.tif']) {
      const response = await reader.ask(`/iiif/3/${identifier}/full/max/0/default.png`);
      expect(response.headers.get('content-type'), identifier).toBe('image/png');
      await response.arrayBuffer();
    }
  });

  it.each(strangers)('shows not one pixel to %s, however it is asked for', async (_who, headersOf) => {
    const headers = await headersOf();
    for (const version of [2, 3]) {
      for (const identifier of SPELLINGS) {
        for (const rest of PIXELS) {
          const path = `/iiif/${version}/${identifier}${rest}`;
          const method = rest.length % 2 === 0 ? 'GET' : 'HEAD';
          const answer = await askRaw(path, method, headers);
          expect([400, 401, 403, 404], `${path}: ${answer.status}`).toContain(answer.status);
          expect(answer.headers['content-type'], path).toContain('application/problem+json');
          expect(answer.headers['cache-control'], path).toBe('no-store');
          expect(answer.headers.etag, path).toBeUndefined();
          expect(answer.body, path).not.toMatch(/vitrine-test|\/tmp|node_modules|\.ts\b|\bat \w+ \(/);
        }
      }
    }
  });

  it('is in no thumbnail of the front page, and in no manifest', async () => {
    const front = await (await fetch(`${vitrine.base}/browse/members`)).text();
    expect(front).toContain('letter.jpg');
    expect(front).not.toMatch(/<img[^>]+\/iiif\//);
    const manifest = await (await fetch(`${vitrine.base}/presentation/3/members%2Fletter.jpg/manifest`)).json();
    expect(manifest).not.toHaveProperty('thumbnail');
    expect(JSON.stringify(manifest)).not.toContain('"thumbnail"');
  });

  it('has one and the same information document before and after the sign-in, but for the status', async () => {
    for (const version of [2, 3]) {
      const path = `/iiif/${version}/members%2Fletter.jpg/info.json`;
      const locked = await fetch(`${vitrine.base}${path}`);
      const open = await reader.ask(path);
      expect([locked.status, open.status]).toEqual([401, 200]);
      const document = (await open.json()) as Record<string, unknown>;
      expect(document).toMatchObject({ width: 800, height: 600 });
      expect(document['id'] ?? document['@id']).toBe(`${vitrine.base}/iiif/${version}/members%2Fletter.jpg`);
      expect(await locked.json()).toEqual(document);
    }
  });
});

/** The path goes out as it stands here: `fetch` would tidy it up first. */
function askRaw(
  path: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | undefined; readonly headers: IncomingHttpHeaders; readonly body: string }> {
  const { hostname, port } = new URL(vitrine.base);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Little-endian, uncompressed: two directories with one gray pixel each. */
function bookOfTwoPages(): Uint8Array {
  const entries = (strip: number) => [
    [256, 3, 1],
    [257, 3, 1],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, strip],
    [277, 3, 1],
    [278, 3, 1],
    [279, 4, 1],
  ];
  const directoryBytes = 2 + 9 * 12 + 4;
  const bytes = Buffer.alloc(10 + 2 * directoryBytes);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(10, 4);
  bytes.writeUInt8(0x20, 8);
  bytes.writeUInt8(0xe0, 9);
  for (const page of [0, 1]) {
    const start = 10 + page * directoryBytes;
    bytes.writeUInt16LE(9, start);
    for (const [at, [tag = 0, type = 0, value = 0]] of entries(8 + page).entries()) {
      const entry = start + 2 + at * 12;
      bytes.writeUInt16LE(tag, entry);
      bytes.writeUInt16LE(type, entry + 2);
      bytes.writeUInt32LE(1, entry + 4);
      bytes.writeUInt32LE(value, entry + 8);
    }
    bytes.writeUInt32LE(page === 0 ? start + directoryBytes : 0, start + directoryBytes - 4);
  }
  return bytes;
}
