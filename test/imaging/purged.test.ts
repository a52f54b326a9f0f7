import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createPyramids, type Pyramids } from '../../src/adapters/imaging/pyramid/background-pyramids.ts';
import type { Purge } from '../../src/domain/derivative.ts';
import type { Item } from '../../src/domain/item.ts';
import { decode, difference, type Lab, open, openLab, type Picture, paint } from './pictures.ts';

const PICTURE = paint(1000, 700);
const INVERTED = { ...PICTURE, data: PICTURE.data.map((value) => 255 - value) };
const LARGE = paint(1901, 1213);

let lab: Lab;
let pyramids: Pyramids;
let made: (item: Item) => void = () => {};
const failures: unknown[] = [];

beforeAll(async () => {
  lab = await openLab({}, (folder) => {
    pyramids = createPyramids({
      folder,
      recipe: { quality: 90, subsampling: '4:2:0', colour: 'srgb' },
      maxBytes: 1e9,
      atOnce: 1,
      imaging: IMAGING_DEFAULTS,
      remote: null,
      onMade: (item) => made(item),
      onFailure: (_item, why) => void failures.push(why),
    });
    return pyramids;
  });
});
afterAll(() => lab.close());

const tiff = (picture: Picture) => open(picture).tiff({ compression: 'none' }).toBuffer();
const tiles = (picture: Picture) => open(picture).tiff({ tile: true, compression: 'jpeg', tileWidth: 256, tileHeight: 256 }).toBuffer();
/** Resampled, so that it has to be decoded. */
const smaller = { region: { x: 0, y: 0, width: 1000, height: 700 }, size: { width: 500, height: 350 }, format: 'jpg' } as const;

/** Puts another picture into a file in such a way that nobody can see it. */
async function changeUnseen(item: Item, bytes: Buffer): Promise<void> {
  await writeFile(item.source.file, Buffer.concat([bytes, Buffer.alloc(item.source.bytes - bytes.length)]));
  await utimes(item.source.file, item.source.modified, item.source.modified);
}

/** Of a whole second, which can be set again. */
async function save(name: string, bytes: Buffer): Promise<Item> {
  await lab.save(name, Buffer.concat([bytes, Buffer.alloc(100_000)]));
  await utimes(lab.file(name), 1_700_000_000, 1_700_000_000);
  return lab.itemOf(lab.file(name));
}

async function pyramidNames(): Promise<readonly string[]> {
  return (await readdir(join(lab.folder, 'pyramids'), { recursive: true })).filter((name) => name.endsWith('.tif'));
}

async function makePyramidOf(item: Item): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<Item>();
  made = resolve;
  pyramids.want(item);
  expect((await promise).path).toBe(item.path);
}

describe('after a purge of an item', () => {
  it.each([
    ['in rows', tiff],
    ['in JPEG tiles', tiles],
  ])('nothing of a picture %s is in memory any more, and all of the others', async (kind, encode) => {
    const ofBoth = await Promise.all(['purged', 'other'].map(async (name) => save(`${name} ${kind}.tif`, await encode(PICTURE))));
    const show = async (item: Item) => decode(await lab.render(item, smaller), 3);
    const small = await decode(await open(PICTURE).resize(500, 350).png().toBuffer(), 3);
    const inverted = await decode(await open(INVERTED).resize(500, 350).png().toBuffer(), 3);
    for (const item of ofBoth) {
      expect(difference(await show(item), small).mean).toBeLessThan(4);
      await changeUnseen(item, await encode(INVERTED));
      expect(difference(await show(item), small).mean).toBeLessThan(4);
    }
    const [purged, other] = ofBoth;
    if (purged === undefined || other === undefined) return expect.unreachable();
    expect(await lab.reader.purge({ kind: 'item', path: purged.path })).toBe(0);
    expect(difference(await show(purged), inverted).mean).toBeLessThan(4);
    expect(difference(await show(other), small).mean).toBeLessThan(4);
  });

  it('its pyramids are gone, those of earlier versions too, and no others', async () => {
    const large = await lab.save('large.png', await open(LARGE).png().toBuffer());
    const changed = { ...large, source: { ...large.source, version: 'another' } };
    const other = await lab.save('large too.png', await open(LARGE).png().toBuffer());
    const within: Item = { ...other, identifier: 'letters/a.png', path: 'letters/a.png' };
    for (const item of [large, changed, other, within]) await makePyramidOf(item);
    expect(await pyramidNames()).toHaveLength(4);
    const purge = (purged: Purge) => lab.reader.purge(purged);
    expect(await purge({ kind: 'item', path: 'large.png' })).toBe(2);
    for (const item of [large, changed]) expect(await pyramids.find(item)).toBeNull();
    expect(await pyramids.find(other)).not.toBeNull();
    expect(await purge({ kind: 'folder', path: 'letters' })).toBe(1);
    expect(await pyramids.find(within)).toBeNull();
    expect(await purge({ kind: 'everything' })).toBe(1);
    expect(await pyramidNames()).toEqual([]);
  });

  it('a pyramid that was being made is not kept', async () => {
    const under = await lab.save('under way.png', await open(LARGE).png().toBuffer());
    const next = await lab.save('next.png', await open(LARGE).png().toBuffer());
    pyramids.want(under);
    while (!(await readdir(join(lab.folder, 'pyramids'))).some((name) => name.startsWith('.unfinished'))) await setTimeout(2);
    expect(await lab.reader.purge({ kind: 'item', path: under.path })).toBe(0);
    await makePyramidOf(next);
    expect(await pyramids.find(under)).toBeNull();
    expect(await pyramidNames()).toHaveLength(1);
    expect(failures).toEqual([]);
  });
});
