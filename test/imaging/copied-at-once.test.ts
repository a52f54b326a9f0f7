import { rm, truncate, utimes } from 'node:fs/promises';
import sharp, { type TiffOptions } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/item.ts';
import { type Plan, planImage } from '../../src/iiif/image/plan.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { openLab } from './pictures.ts';

const [WIDTH, HEIGHT] = [1100, 900];
const LIMITS = { maxWidth: 10_000, maxHeight: 10_000, maxArea: 100_000_000, maxUpscale: 1, sizeAboveFull: false };
const TILED: TiffOptions = { tile: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', pyramid: true };

const lab = await openLab();
afterAll(async () => {
  await lab.reader.close();
  await rm(lab.folder, { recursive: true, force: true, maxRetries: 10 });
});

function draw(channels: 1 | 3) {
  const data = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let i = 0; i < data.length; i++) data[i] = ((i * i) >> 9) ^ i;
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

/** A tile of the grid, or any other region. */
async function planOf(item: Item, x: number, y: number, side: number, scale: number, format: 'jpg' | 'png' = 'jpg'): Promise<Plan> {
  const source = await lab.reader.describe(item);
  const [width, height] = [Math.min(side * scale, WIDTH - x), Math.min(side * scale, HEIGHT - y)];
  const plan = planImage(
    {
      version: 3,
      identifier: item.identifier,
      region: { kind: 'pixels', x, y, width, height },
      size: { kind: 'exact', width: Math.ceil(width / scale), height: Math.ceil(height / scale), upscale: false },
      rotation: { mirrored: false, degrees: 0 },
      quality: 'default',
      format,
    },
    source,
    LIMITS,
  );
  if (isRefusal(plan)) throw new Error(plan.detail);
  return plan;
}

async function gridOf(item: Item): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const scale of [1, 2, 4]) {
    for (let y = 0; y < HEIGHT; y += 256 * scale) {
      for (let x = 0; x < WIDTH; x += 256 * scale) plans.push(await planOf(item, x, y, 256, scale));
    }
  }
  return plans;
}

describe('tiles that are copied at once', () => {
  it.each([
    ['of colours', 3, {}],
    ['of gray', 1, {}],
    ['with all their chrominance', 3, { quality: 95 }],
  ] as const)('are those that are copied after waiting: a pyramid %s', async (name, channels, options) => {
    const item = await lab.save(
      `${name}.tif`,
      await draw(channels)
        .tiff({ ...TILED, ...options })
        .toBuffer(),
    );
    const plans = await gridOf(item);
    const first = plans[0] as Plan;
    expect(lab.reader.copyAtOnce(item, first)).toBeNull();
    const copied = [];
    for (const plan of plans) copied.push(await lab.reader.copy(item, plan));
    expect(lab.reader.describeAtOnce(item)).toEqual(await lab.reader.describe(item));
    let count = 0;
    for (const [at, plan] of plans.entries()) {
      const atOnce = lab.reader.copyAtOnce(item, plan);
      // On a machine with much to do a file may seem to be slow for a moment.
      if (atOnce === null) continue;
      count += 1;
      expect(Buffer.compare(atOnce, copied[at] as Uint8Array)).toBe(0);
    }
    expect(count).toBeGreaterThan(plans.length / 4);
    const joined = await planOf(item, 100, 256, 600, 1);
    const expected = await lab.reader.copy(item, joined);
    await expect.poll(() => lab.reader.copyAtOnce(item, joined)).toEqual(expected);
  });

  it('are none where pixels must be made, or another format is wanted', async () => {
    const item = await lab.save('made.tif', await draw(3).tiff(TILED).toBuffer());
    await lab.reader.copy(item, await planOf(item, 0, 0, 256, 1));
    const tile = await planOf(item, 0, 0, 256, 1);
    await expect.poll(() => lab.reader.copyAtOnce(item, tile)).not.toBeNull();
    expect(lab.reader.copyAtOnce(item, await planOf(item, 3, 0, 200, 1))).toBeNull();
    expect(lab.reader.copyAtOnce(item, await planOf(item, 0, 0, 256, 1, 'png'))).toBeNull();
  });

  it('are none where the file has become shorter, or is another one by now', async () => {
    const item = await lab.save('short.tif', await draw(3).tiff(TILED).toBuffer());
    const plans = await gridOf(item);
    for (const plan of plans) await lab.reader.copy(item, plan);
    await truncate(item.source.file, 5000);
    await utimes(item.source.file, item.source.modified, item.source.modified);
    expect(plans.map((plan) => lab.reader.copyAtOnce(item, plan)).filter((each) => each === null).length).toBeGreaterThan(plans.length / 2);
    const other = { ...item, source: { ...item.source, version: 'another' } };
    expect(lab.reader.describeAtOnce(other)).toBeNull();
    expect(lab.reader.copyAtOnce(other, plans[0] as Plan)).toBeNull();
  });
});
