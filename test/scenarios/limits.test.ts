import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** The picture is 800 x 600, and half of that is the most that may be asked for. */
const LIMITS = { maxWidth: 400, maxHeight: 400, maxAreaMegapixels: 0.1, sizeAboveFull: true };
const PICTURE = 'open%2Fphoto.jpg';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ options: LIMITS });
  const strip = await sharp({ create: { width: 6000, height: 10, channels: 3, background: '#336699' } })
    .png()
    .toBuffer();
  await writeFile(join(vitrine.images, 'open', 'strip.png'), strip);
});
afterAll(() => vitrine.close());

async function ask(path: string) {
  const response = await fetch(`${vitrine.base}${path}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) return { status: response.status, problem: JSON.parse(bytes.toString()) as Record<string, unknown> };
  const { width, height } = await sharp(bytes).metadata();
  return { status: 200, width, height };
}

describe('more than the limits', () => {
  it.each([
    '/full/500,/0/default.jpg',
    '/full/,401/0/default.jpg',
    '/full/400,400/0/default.jpg',
    '/full/pct:100/0/default.jpg',
    '/0,0,500,10/500,10/0/default.jpg',
    '/0,0,500,500/500,/0/default.jpg',
    '/pct:0,0,90,90/pct:100/0/default.jpg',
  ])('is refused with a sentence, whatever the region: %s', async (rest) => {
    const answers = [await ask(`/iiif/3/${PICTURE}${rest}`), await ask(`/iiif/2/${PICTURE}${rest}`)];
    expect(answers).toMatchObject([
      { status: 400, problem: { code: 'image.size', detail: expect.stringMatching(/400 pixels wide/) } },
      { status: 403, problem: { code: 'image.limit', detail: expect.stringMatching(/400 pixels wide/) } },
    ]);
  });

  it('is refused in 2.1 as full, and made as large as may be as max', async () => {
    expect(await ask(`/iiif/2/${PICTURE}/full/full/0/default.jpg`)).toMatchObject({ status: 403 });
    expect(await ask(`/iiif/2/${PICTURE}/full/max/0/default.jpg`)).toEqual({ status: 200, width: 364, height: 273 });
    expect(await ask(`/iiif/3/${PICTURE}/full/max/0/default.jpg`)).toEqual({ status: 200, width: 364, height: 273 });
    expect(await ask(`/iiif/3/${PICTURE}/full/^!9000,9000/0/default.jpg`)).toEqual({ status: 200, width: 364, height: 273 });
  });
});

describe('a very thin picture', () => {
  it.each([
    ['1,', 1, 1],
    ['!20,20', 20, 1],
    ['pct:0.01', 1, 1],
    ['max', 400, 1],
  ] as const)('in the size %s has no side without a pixel', async (size, width, height) => {
    expect(await ask(`/iiif/3/open%2Fstrip.png/full/${size}/0/default.png`)).toEqual({ status: 200, width, height });
  });

  it('is confined by a box that only one side of it touches', async () => {
    expect(await ask('/iiif/3/open%2Fstrip.png/full/!10,400/0/default.png')).toEqual({ status: 200, width: 10, height: 1 });
  });
});
