import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PercentRegion, Tier } from '../../src/domain/access.ts';
import type { Item, SourceDescription } from '../../src/domain/item.ts';
import { describeTier, limitTier } from '../../src/domain/tier.ts';
import { parseImagePath } from '../../src/iiif/image/parse-path.ts';
import { type Plan, planImage } from '../../src/iiif/image/plan.ts';
import type { ImageApiVersion } from '../../src/iiif/image/request.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { crop, decode, type Lab, open, openLab, type Picture, planOf } from './pictures.ts';

/** Random requests over random tiers: every answer is held against the tier's own whole picture, pixel by pixel. */
const WIDTH = 240;
const HEIGHT = 180;
const LIMITS = { maxWidth: 1_000, maxHeight: 1_000, maxArea: 1_000_000, sizeAboveFull: true, maxUpscale: 3 };
const RUNS = 100;
/** Mean difference of two pictures of the same pixels, one of them resampled by way of another scale. */
const SAME = 5;
/** Fewest pixels of an answer that is measured: in smaller ones a single pixel decides. */
const JUDGED_PIXELS = 16;

/** Colours that change from pixel to pixel by a wide margin, so that anything sharper than the tier shows. */
function noise(width = WIDTH, height = HEIGHT): Picture {
  const data = new Uint8Array(width * height * 3);
  let seed = 7;
  for (let at = 0; at < data.length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const wave = 100 + 60 * Math.sin(at / 700);
    data[at] = Math.min(255, Math.max(0, wave + (seed % 180) - 60));
  }
  return { data, width, height, channels: 3 };
}

let lab: Lab;
let sources: ReadonlyArray<readonly [string, Item]>;
beforeAll(async () => {
  lab = await openLab();
  const picture = noise();
  const tiled = { tile: true, tileWidth: 64, tileHeight: 64, compression: 'lzw' } as const;
  sources = [
    ['png', await lab.save('noise.png', await open(picture).png().toBuffer())],
    ['tiled.tif', await lab.save('noise.tif', await open(picture).tiff(tiled).toBuffer())],
    [
      'pyramid.tif',
      await lab.save(
        'pyramid.tif',
        await open(picture)
          .tiff({ ...tiled, pyramid: true })
          .toBuffer(),
      ),
    ],
    ['turned.png', await lab.save('turned.jpg', await open(picture).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer())],
  ];
});
afterAll(() => lab.close());

const part = fc
  .record({
    x: fc.integer({ min: 0, max: 80 }),
    y: fc.integer({ min: 0, max: 80 }),
    width: fc.integer({ min: 8, max: 60 }),
    height: fc.integer({ min: 8, max: 60 }),
  })
  .map(({ x, y, width, height }): PercentRegion => ({ x, y, width: Math.min(width, 100 - x), height: Math.min(height, 100 - y) }));

const maxSize = fc.option(fc.integer({ min: 8, max: 260 }));
const maxOutput = fc.option(fc.integer({ min: 64, max: 200 }));

/** Requests that are right, mostly: in percent and pixels, all kinds of sizes, quarter turns, every format that keeps pixels as they are. */
const request = fc.record({
  version: fc.constantFrom<ImageApiVersion>(2, 3),
  region: fc.oneof(
    fc.constantFrom('full', 'square'),
    fc
      .tuple(fc.nat(220), fc.nat(160), fc.integer({ min: 1, max: 240 }), fc.integer({ min: 1, max: 180 }))
      .map((numbers) => numbers.join(',')),
    fc
      .tuple(fc.nat(95), fc.nat(95), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }))
      .map((numbers) => `pct:${numbers.join(',')}`),
  ),
  size: fc.oneof(
    fc.constantFrom('max', 'full', '^max', 'pct:50', 'pct:33', 'pct:12.5', '^pct:180'),
    fc.integer({ min: 1, max: 300 }).map((width) => `${width},`),
    fc.integer({ min: 1, max: 300 }).map((width) => `^${width},`),
    fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })).map((sides) => `!${sides.join(',')}`),
    fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })).map((sides) => `^${sides.join(',')}`),
  ),
  rotation: fc.constantFrom('0', '90', '180', '270', '!0', '!90', '!180'),
});
type Asked = typeof request extends fc.Arbitrary<infer T> ? T : never;

function planFor({ version, region, size, rotation }: Asked, source: SourceDescription, tier: Tier, end = 'default.png'): Plan | null {
  const parsed = parseImagePath(`x/${region}/${size}/${rotation}/${end}`, version, { slashSubstitute: null });
  if (isRefusal(parsed) || parsed.kind !== 'image') return null;
  const plan = planImage(parsed.request, describeTier(source, tier), limitTier(LIMITS, tier));
  return isRefusal(plan) ? null : plan;
}

async function render(item: Item, tier: Tier, plan: Plan, channels: 1 | 3 = 3): Promise<Picture> {
  const served: Item = { ...item, identifier: `${item.path}/~low`, tier };
  return decode(await lab.reader.render(served, await lab.reader.describe(served), plan, new AbortController().signal), channels);
}

/** The tier as it is, at its own size. */
async function wholeOf(item: Item, tier: Tier): Promise<Picture> {
  const { width, height } = describeTier(await lab.reader.describe(item), tier);
  return render(item, tier, planOf({ region: { x: 0, y: 0, width, height }, size: { width, height } }));
}

/** What an answer has to look like, made from the whole tier alone. */
async function made(whole: Picture, { region, size, mirrored, degrees }: Plan): Promise<Picture> {
  const cut = crop(whole, region.x, region.y, region.width, region.height);
  const sized = await decode(
    await open(cut)
      .resize({ ...size, fit: 'fill' })
      .png()
      .toBuffer(),
    3,
  );
  const flopped = await decode(await open(sized).flop(mirrored).png().toBuffer(), 3);
  return decode(await open(flopped).rotate(degrees).png().toBuffer(), 3);
}

/** How much neighbouring pixels differ: what a picture has of fine detail. */
function detail({ data, width, height, channels }: Picture): number {
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const at = (y * width + x) * channels;
      sum += Math.abs((data[at] ?? 0) - (data[at - channels] ?? 0));
    }
  }
  return width < 2 ? 0 : sum / ((width - 1) * height);
}

function meanDifference(a: Picture, b: Picture): number {
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0));
  return sum / a.data.length;
}

const anySource = fc.nat(3);
const sourceAt = (at: number): Item => {
  const item = sources[at]?.[1];
  if (item === undefined) throw new Error('no such source');
  return item;
};

describe('a tier that is limited in size or in output', () => {
  it('answers what can be made from its own whole picture, never anything sharper', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(anySource, maxSize, maxOutput, request, async (at, longest, output, asked) => {
        const tier: Tier = { ...PLAIN_TIER, maxSize: longest, maxOutput: output };
        const item = sourceAt(at);
        const plan = planFor(asked, await lab.reader.describe(item), tier);
        if (plan === null) return;
        answered += 1;
        const answer = await render(item, tier, plan);
        const expected = await made(await wholeOf(item, tier), plan);
        expect([answer.width, answer.height]).toEqual([expected.width, expected.height]);
        if (output !== null) expect(Math.max(answer.width, answer.height)).toBeLessThanOrEqual(output);
        if (longest !== null) {
          expect(Math.max(plan.size.width / plan.region.width, plan.size.height / plan.region.height)).toBeLessThanOrEqual(1);
          // A few pixels differ by the edges of the resampling; many do not.
          if (longest < WIDTH && answer.data.length >= 600) expect(meanDifference(answer, expected)).toBeLessThanOrEqual(SAME);
        }
        if (answer.width * answer.height >= JUDGED_PIXELS) expect(detail(answer)).toBeLessThanOrEqual(detail(expected) * 1.5 + 20);
      }),
      { numRuns: 2 * RUNS },
    );
    expect(answered).toBeGreaterThan(RUNS / 2);
  });

  it('the measure itself tells the source from the tier', async () => {
    const item = sourceAt(0);
    const tier: Tier = { ...PLAIN_TIER, maxSize: 60 };
    const larger = planOf({ region: { x: 0, y: 0, width: 60, height: 45 }, size: { width: WIDTH, height: HEIGHT } });
    const blurred = await made(await wholeOf(item, tier), larger);
    const sharp = await wholeOf(item, PLAIN_TIER);
    expect(detail(sharp)).toBeGreaterThan(detail(blurred) * 1.5 + 20);
    expect(meanDifference(sharp, blurred)).toBeGreaterThan(2 * SAME);
  });
});

describe('a part that is blacked out', () => {
  it('is black in every answer, and two sources that differ only there give the same answers', async () => {
    let blackPixels = 0;
    await fc.assert(
      fc.asyncProperty(part, maxSize, maxOutput, request, fc.integer({ min: 0, max: 3 }), async (hidden, longest, output, asked, kind) => {
        const tier: Tier = { ...PLAIN_TIER, blackout: [hidden], maxSize: longest, maxOutput: output };
        const [one, other] = await pairHidingAt(hidden, kind === 0);
        const plan = planFor(asked, await lab.reader.describe(one), tier);
        if (plan === null) return;
        const [a, b] = [await render(one, tier, plan), await render(other, tier, plan)];
        expect(a.data).toEqual(b.data);
        const seen = describeTier(await lab.reader.describe(one), tier);
        for (const [x, y] of pixelsWithin(hidden, seen, plan)) {
          blackPixels += 1;
          const at = (y * a.width + x) * 3;
          expect([...a.data.subarray(at, at + 3)]).toEqual([0, 0, 0]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(blackPixels).toBeGreaterThan(1_000);
  });
});

describe('a part that is blurred', () => {
  it('shows no more of fine detail than of an even ground, in any answer', async () => {
    await fc.assert(
      fc.asyncProperty(part, maxSize, request, async (hidden, longest, asked) => {
        const tier: Tier = { ...PLAIN_TIER, blur: [hidden], maxSize: longest };
        const [checked, even] = await checkedAndEven();
        const plan = planFor(asked, await lab.reader.describe(checked), tier);
        if (plan === null) return;
        const [a, b] = [await render(checked, tier, plan), await render(even, tier, plan)];
        const seen = describeTier(await lab.reader.describe(checked), tier);
        for (const [x, y] of pixelsWithin(hidden, seen, plan)) {
          const at = (y * a.width + x) * 3;
          expect(Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0))).toBeLessThan(40);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a gray tier', () => {
  it('has no colour in any answer, whatever the quality and format', async () => {
    const endings = fc
      .tuple(fc.constantFrom('default', 'color', 'gray', 'bitonal'), fc.constantFrom('png', 'jpg', 'webp', 'tif', 'gif', 'avif'))
      .map(([quality, format]) => `${quality}.${format}`);
    await fc.assert(
      fc.asyncProperty(anySource, maxSize, fc.boolean(), request, endings, async (at, longest, isMarked, asked, end) => {
        const watermark = isMarked ? { mark: 'Mine', opacity: 0.5, place: 'everywhere' as const } : null;
        const tier: Tier = { ...PLAIN_TIER, gray: true, maxSize: longest, watermark };
        const plan = planFor(asked, await lab.reader.describe(sourceAt(at)), tier, end);
        if (plan === null) return;
        const { data } = await render(sourceAt(at), tier, plan);
        let colour = 0;
        for (let i = 0; i < data.length; i += 3) {
          const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
          colour = Math.max(colour, Math.abs(red - green), Math.abs(green - blue));
        }
        // Lossy formats round on the way from their own colour spaces.
        expect(colour).toBeLessThanOrEqual(/webp|avif/.test(end) ? 3 : 0);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a watermark', () => {
  it('is in every answer as it is in the whole at that scale', async () => {
    const places = fc.constantFrom(
      'everywhere' as const,
      'everywhere' as const,
      'center' as const,
      'top-left' as const,
      'bottom-right' as const,
    );
    let inked = 0;
    await fc.assert(
      fc.asyncProperty(anySource, maxSize, places, request, async (at, longest, place, asked) => {
        const plain: Tier = { ...PLAIN_TIER, maxSize: longest };
        const tier: Tier = { ...plain, watermark: { mark: 'Example', opacity: 0.6, place } };
        const item = sourceAt(at);
        const plan = planFor({ ...asked, rotation: '0' }, await lab.reader.describe(item), tier);
        if (plan === null) return;
        const full = describeTier(await lab.reader.describe(item), tier);
        const ink = meanDifference(await render(item, tier, plan), await render(item, plain, plan));
        const scale = { x: plan.size.width / plan.region.width, y: plan.size.height / plan.region.height };
        const size = { width: Math.max(1, Math.round(full.width * scale.x)), height: Math.max(1, Math.round(full.height * scale.y)) };
        const wholePlan = planOf({ region: { x: 0, y: 0, ...full }, size });
        const [marked, unmarked] = [await render(item, tier, wholePlan), await render(item, plain, wholePlan)];
        const x = Math.min(size.width - 1, Math.round(plan.region.x * scale.x));
        const y = Math.min(size.height - 1, Math.round(plan.region.y * scale.y));
        const [width, height] = [Math.min(plan.size.width, size.width - x), Math.min(plan.size.height, size.height - y)];
        const wanted = meanDifference(crop(marked, x, y, width, height), crop(unmarked, x, y, width, height));
        if (wanted < 3 || width * height < JUDGED_PIXELS) return;
        inked += 1;
        expect(ink).toBeGreaterThan(wanted / 3);
      }),
      { numRuns: RUNS },
    );
    expect(inked).toBeGreaterThan(3);
  });
});

/** Pixels of an answer that show nothing but a part of the whole, an answer's pixel away from its edge. */
function* pixelsWithin(
  hidden: PercentRegion,
  full: { readonly width: number; readonly height: number },
  { region, size, mirrored, degrees }: Plan,
): Generator<readonly [number, number]> {
  const turned = degrees % 180 === 0 ? size : { width: size.height, height: size.width };
  const [left, right] = [(hidden.x * full.width) / 100, ((hidden.x + hidden.width) * full.width) / 100];
  const [top, bottom] = [(hidden.y * full.height) / 100, ((hidden.y + hidden.height) * full.height) / 100];
  const [perX, perY] = [region.width / size.width, region.height / size.height];
  for (let y = 0; y < turned.height; y++) {
    for (let x = 0; x < turned.width; x++) {
      const [across, down] = unturned(x, y, turned, degrees);
      const column = mirrored ? size.width - 1 - across : across;
      const [fromX, fromY] = [region.x + column * perX, region.y + down * perY];
      if (fromX >= left && fromX + perX <= right && fromY >= top && fromY + perY <= bottom) yield [x, y];
    }
  }
}

/** Where a pixel of a turned picture was before. */
function unturned(x: number, y: number, { width, height }: { width: number; height: number }, degrees: number): readonly [number, number] {
  if (degrees === 90) return [y, width - 1 - x];
  if (degrees === 180) return [width - 1 - x, height - 1 - y];
  return degrees === 270 ? [height - 1 - y, x] : [x, y];
}

/** Two pictures that are the same but for the hidden part, as a tiled TIFF or a PNG. */
async function pairHidingAt(hidden: PercentRegion, tiled: boolean): Promise<readonly [Item, Item]> {
  const one = noise();
  const other: Picture = { ...one, data: one.data.slice() };
  const [left, top] = [Math.floor((hidden.x * WIDTH) / 100), Math.floor((hidden.y * HEIGHT) / 100)];
  const right = Math.min(WIDTH, Math.ceil(((hidden.x + hidden.width) * WIDTH) / 100));
  const bottom = Math.min(HEIGHT, Math.ceil(((hidden.y + hidden.height) * HEIGHT) / 100));
  for (let y = top; y < bottom; y++) other.data.fill(255, (y * WIDTH + left) * 3, (y * WIDTH + right) * 3);
  const encode = (picture: Picture) =>
    tiled
      ? open(picture).tiff({ tile: true, tileWidth: 64, tileHeight: 64, pyramid: true, compression: 'lzw' }).toBuffer()
      : open(picture).png().toBuffer();
  const name = tiled ? 'tif' : 'png';
  return [await lab.save(`one.${name}`, await encode(one)), await lab.save(`other.${name}`, await encode(other))];
}

/** Black and white pixels in turn, and the gray that they are from afar. */
async function checkedAndEven(): Promise<readonly [Item, Item]> {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) data.fill((x + y) % 2 === 0 ? 255 : 0, (y * WIDTH + x) * 3, (y * WIDTH + x + 1) * 3);
  const even: Picture = { data: new Uint8Array(data.length).fill(128), width: WIDTH, height: HEIGHT, channels: 3 };
  const checked: Picture = { data, width: WIDTH, height: HEIGHT, channels: 3 };
  return [
    await lab.save('checked.png', await open(checked).png().toBuffer()),
    await lab.save('even.png', await open(even).png().toBuffer()),
  ];
}
