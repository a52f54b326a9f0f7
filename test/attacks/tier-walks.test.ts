import { request } from 'node:http';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in] } }
policies:
  - items: locked/**
    allow: [{ service: members }]
    otherwise:
      - { name: low, maxSize: 100, gray: true }
      - { name: mid, gray: true, for: [{ service: members }] }
      - { name: zoom, maxOutput: 100, gray: true, watermark: Mine }
`;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  const red = sharp({ create: { width: 400, height: 300, channels: 3, background: '#e01010' } });
  const page = await red.png().toBuffer();
  const book = await sharp([page, page], { join: { animated: true } })
    .tiff()
    .toBuffer();
  await writeFiles(vitrine.images, { 'locked/red.png': page, 'locked/book.tif': book });
});
afterAll(() => vitrine.close());

/** As it is written: `fetch` would tidy the path. */
function ask(path: string): Promise<{ status: number; type: string; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${vitrine.base}/`, { path }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode ?? 0, type: String(answer.headers['content-type']), body: Buffer.concat(chunks) });
    });
    sent.on('error', reject).end();
  });
}

const mostly = (right: readonly string[], wrong: readonly string[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
const slash = mostly(['%2F', '%2f'], ['/', '%252F', '%5C', '%2F%2F', '%2F.%2F', '%2F..%2Flocked%2F']);
const file = mostly(['red.png', 'book.tif', 'r%65d.png'], ['RED.png', 'red.png%00', 'red.png.']);
const page = mostly(['', '', '2'], ['1', '02', '3']);
const tier = mostly(['~low', '~zoom', '%7Elow', ''], ['~mid', '~LOW', '~', '~none', '~low%2F~zoom', '~low%2F2']);
const prefix = mostly(['/iiif/3/', '/iiif/2/'], ['/iiif/1/', '/media/', '/media/stream/', '/iiif/3//', '/IIIF/3/']);
const parameters = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('full', 'square', '0,0,50,50', '20,30,99,99', 'pct:10,10,80,80'),
      fc.constantFrom('max', 'full', '^max', '90,', '^400,', '400,300', '^400,300', '!1000,1000', '^!1000,1000', 'pct:100', 'pct:20'),
      fc.constantFrom('0', '!0', '90', '33', '!180', '359.9'),
      fc.constantFrom('default', 'color', 'gray', 'bitonal', 'native'),
      fc.constantFrom('png', 'jpg', 'webp', 'gif', 'tif', 'avif'),
    )
    .map(([region, size, rotation, quality, format]) => `/${region}/${size}/${rotation}/${quality}.${format}`),
  fc.constantFrom('/full/max/0/default.png', '/full/full/0/default.jpg', '', '/info.json'),
);

describe('whoever may have a tier only', () => {
  it('gets nothing but its pixels, whatever the spelling, the page, the version and the parameters', async () => {
    let pictures = 0;
    await fc.assert(
      fc.asyncProperty(prefix, slash, file, slash, page, tier, parameters, async (start, first, name, second, number, version, rest) => {
        const identifier = ['locked', first, name, number === '' ? '' : second + number, version === '' ? '' : second + version].join('');
        const path = `${start}${identifier}${rest}`;
        const { status, type, body } = await ask(path);
        expect([200, 302, 303, 400, 401, 403, 404, 501], path).toContain(status);
        if (!type.startsWith('image/')) return;
        expect(status).toBe(200);
        pictures += 1;
        const { data, info } = await sharp(body).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
        if (!/33|359/.test(rest)) expect(Math.max(info.width, info.height), path).toBeLessThanOrEqual(100);
        let colour = 0;
        for (let at = 0; at < data.length; at += 3) colour = Math.max(colour, Math.abs((data[at] ?? 0) - (data[at + 1] ?? 0)));
        expect(colour, path).toBeLessThanOrEqual(3);
      }),
      { numRuns: 800 },
    );
    expect(pictures).toBeGreaterThan(20);
  });
});
