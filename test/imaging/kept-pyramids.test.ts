import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createPyramids, type PyramidOptions, type Pyramids } from '../../src/adapters/imaging/pyramid/background-pyramids.ts';
import { claimOneOf } from '../../src/adapters/imaging/pyramid/claim.ts';
import { levelSizes } from '../../src/adapters/imaging/pyramid/make-pyramid.ts';
import { keepWithin, removeUnfinished } from '../../src/adapters/imaging/pyramid/tidy-pyramids.ts';
import type { Tier } from '../../src/domain/access.ts';
import type { Item } from '../../src/domain/item.ts';
import type { RemoteFiles } from '../../src/domain/ports.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { crop, decode, difference, type Lab, open, openLab, type Picture, paint, withAlpha } from './pictures.ts';

const WIDTH = 1901;
const HEIGHT = 1213;
const PICTURE = paint(WIDTH, HEIGHT);
const TILE = { x: 256, y: 512, width: 256, height: 256 };

let lab: Lab;
const made: string[] = [];
const failures: string[] = [];
const waiting = new Set<() => void>();

function pyramidsIn(folder: string, more: Partial<PyramidOptions> = {}): Pyramids {
  const tell = () => {
    for (const each of waiting) each();
  };
  return createPyramids({
    folder,
    recipe: { quality: 90, subsampling: '4:2:0', colour: 'srgb' },
    maxBytes: 1e9,
    atOnce: 1,
    imaging: IMAGING_DEFAULTS,
    remote: null,
    onMade: ({ identifier }) => {
      made.push(identifier);
      tell();
    },
    onFailure: ({ identifier }, why) => {
      failures.push(`${identifier}: ${why instanceof Error ? why.message : String(why)}`);
      tell();
    },
    ...more,
  });
}

const CLAIM = new URL('../../src/adapters/imaging/pyramid/claim.ts', import.meta.url).href;
const HOLD_A_PLACE = `
  const [, claim, name] = process.argv;
  await (await import(claim)).claimOneOf(name, 1, new AbortController().signal);
  process.stdout.write('held');
  setInterval(() => {}, 1000);
`;

/** Null where the one place is somebody else's. */
function claimAtOnce(name: string): Promise<(() => Promise<void>) | null> {
  const stop = new AbortController();
  const claimed = claimOneOf(name, 1, stop.signal);
  stop.abort();
  return claimed;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    await promise;
    waiting.delete(resolve);
  }
}

/** Asks for a tile, and waits until the pyramid is there that somebody would have needed. */
async function makePyramidOf(item: Item): Promise<void> {
  await lab.render(item, { region: TILE, format: 'jpg' });
  await until(() => made.includes(item.identifier) || failures.some((each) => each.startsWith(`${item.identifier}:`)));
  expect(failures).toEqual([]);
}

async function pyramidFiles(folder = lab.file('pyramids')): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true });
  return all.filter((name) => name.endsWith('.tif')).map((name) => join(folder, name));
}

beforeAll(async () => {
  lab = await openLab({}, (folder) => pyramidsIn(folder));
});
afterAll(() => lab.close());

const png = (picture: Picture) => open(picture).png().toBuffer();

/** Tiled, with levels, and without loss: it can be read by region, but its tiles are none to copy. */
const deflated = { tile: true, pyramid: true, tileWidth: 256, tileHeight: 256, compression: 'deflate' } as const;
const JPEG_TILES = { ...deflated, compression: 'jpeg' } as const;

/** Stored so that it is upright once it is turned. */
async function turned(orientation: 2 | 3 | 4 | 5 | 6 | 7 | 8): Promise<Buffer> {
  const back = { 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 } as const;
  const marked = await open(PICTURE).tiff().withMetadata({ orientation: back[orientation] }).toBuffer();
  return sharp(await sharp(marked).autoOrient().tiff().toBuffer())
    .withMetadata({ orientation })
    .tiff()
    .toBuffer();
}

const SOURCES: ReadonlyArray<readonly [name: string, channels: 1 | 3, save: () => Promise<Buffer>]> = [
  ['colour.png', 3, () => png(PICTURE)],
  [
    'gray.png',
    1,
    async () =>
      sharp(await png(PICTURE))
        .toColourspace('b-w')
        .png()
        .toBuffer(),
  ],
  [
    'wide.png',
    3,
    async () =>
      sharp(await png(PICTURE))
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
  ],
  ['photo.jpg', 3, () => open(PICTURE).jpeg({ quality: 95, progressive: true }).toBuffer()],
  ...([2, 3, 4, 5, 6, 7, 8] as const).map((orientation) => [`turned ${orientation}.tif`, 3, () => turned(orientation)] as const),
  [
    'turned gray.jpg',
    1,
    async () =>
      sharp(await turned(6))
        .toColourspace('b-w')
        .jpeg({ quality: 95 })
        .withMetadata({ orientation: 6 })
        .toBuffer(),
  ],
  [
    'print.tif',
    3,
    async () =>
      sharp(await png(PICTURE))
        .toColourspace('cmyk')
        .tiff({ compression: 'lzw' })
        .toBuffer(),
  ],
  ['deflated.tif', 3, () => open(PICTURE).tiff(deflated).toBuffer()],
];

describe.each(SOURCES)('%s', (name, channels, save) => {
  it('gets a pyramid in the background, and viewers see the same picture on the same grid', async () => {
    const item = await lab.save(name, await save());
    const before = await lab.reader.describe(item);
    expect(before).toMatchObject({ width: WIDTH, height: HEIGHT, tile: { width: 256, height: 256 }, pyramid: false });
    expect(before.levels).toEqual(levelSizes(WIDTH, HEIGHT).slice(1));
    const wanted = [
      { region: TILE },
      { region: { x: 1792, y: 1024, width: 109, height: 189 } },
      { region: { x: 1024, y: 0, width: 877, height: 1024 }, size: { width: 220, height: 256 } },
      { size: { width: 600, height: 383 } },
      { region: { x: 31, y: 17, width: 701, height: 303 }, size: { width: 350, height: 151 } },
      { region: TILE, quality: 'gray' },
    ] as const;
    const render = async (each: (typeof wanted)[number]) => decode(await lab.render(item, { format: 'jpg', ...each }), channels);
    const ofSource = [];
    for (const each of wanted) ofSource.push(await render(each));
    const exact = await lab.render(item, { region: TILE });

    await makePyramidOf(item);
    expect(await lab.reader.describe(item)).toEqual({ ...before, pyramid: true });
    for (const [i, each] of wanted.entries()) expect(difference(await render(each), ofSource[i] as Picture).mean).toBeLessThan(2);
    // Without loss, it is still the source's own.
    expect(difference(await decode(await lab.render(item, { region: TILE }), channels), await decode(exact, channels)).max).toBe(0);
  });
});

describe('JPEG 2000', () => {
  it('gets a pyramid as well', async () => {
    const png = await lab.save('for-jp2.png', await open(PICTURE).png().toBuffer());
    const item = await lab.save('wavelets.jp2', await lab.render(png, { format: 'jp2' }));
    await makePyramidOf(item);
    expect(await lab.reader.describe(item)).toMatchObject({ pyramid: true, tile: { width: 256, height: 256 } });
    const tile = await decode(await lab.render(item, { region: TILE, format: 'jpg' }), 3);
    expect(difference(tile, crop(PICTURE, TILE.x, TILE.y, TILE.width, TILE.height)).mean).toBeLessThan(3);
  });
});

describe('a tile of a kept pyramid', () => {
  it('is the stored one, without its pixels being touched', async () => {
    const item = await lab.save('stored.png', await png(PICTURE));
    await makePyramidOf(item);
    const tile = await lab.render(item, { region: TILE, format: 'jpg' });
    const files = await Promise.all((await pyramidFiles()).map((file) => readFile(file)));
    // The scan of the answer stands in a file as it is.
    const scan = Buffer.from(tile).subarray(tile.length - 2_000, tile.length - 2);
    expect(files.some((file) => file.includes(scan))).toBe(true);
  });
});

describe('no pyramid is made', () => {
  it.each([
    ['for a small picture', 'small.png', () => png(paint(1000, 700))],
    ['for one with opacity', 'clear.png', () => png(withAlpha(PICTURE))],
    ['for a pyramid with JPEG tiles', 'pyramid.tif', () => open(PICTURE).tiff(JPEG_TILES).toBuffer()],
  ])('%s', async (_why, name, save) => {
    const item = await lab.save(name, await save());
    const plain = await openLab();
    const before = await plain.reader.describe(item);
    await plain.close();
    await lab.render(item, { region: { x: 0, y: 0, width: 256, height: 256 }, format: 'jpg' });
    // Whoever is asked for later comes first; so what was made is made.
    await makePyramidOf(await lab.save(`after-${name}.png`, await png(PICTURE)));
    expect(made).not.toContain(item.identifier);
    expect(await lab.reader.describe(item)).toEqual(before);
  });
});

describe('a source in an object store', () => {
  it('gets its pyramid from the copy that is brought here', async () => {
    const near = await lab.save('copy.png', await png(PICTURE));
    const { bytes } = near.source;
    const source = { file: 's3://a/far.png', bytes, modified: new Date(0), version: 'far', remote: { key: 'far.png', etag: '"1"' } };
    const item: Item = { ...near, identifier: 'far.png', path: 'far.png', source };
    const remote: RemoteFiles = {
      read: () => Promise.reject(new Error('it is not read in parts')),
      stream: () => {
        throw new Error('it is not read in parts');
      },
      borrow: (_source, use) => use(near.source.file),
    };
    const pyramids = pyramidsIn(lab.file('pyramids'), { remote });
    pyramids.want(item);
    await until(() => made.includes('far.png') || failures.length > 0);
    expect(failures).toEqual([]);
    expect(await pyramids.find(item)).not.toBeNull();
    await pyramids.close();
  });
});

describe('a source that changed', () => {
  it('never has its old pyramid', async () => {
    const item = await lab.save('changing.png', await png(PICTURE));
    await makePyramidOf(item);
    const mirrored = await open(PICTURE).flop().png().toBuffer();
    const changed = await lab.save('changing.png', mirrored);
    expect((await lab.reader.describe(changed)).pyramid).toBe(false);
    const tile = await decode(await lab.render(changed, { region: TILE, format: 'jpg' }), 3);
    const expected = crop(await decode(mirrored, 3), TILE.x, TILE.y, TILE.width, TILE.height);
    expect(difference(tile, expected).mean).toBeLessThan(2);
  });

  it('before its pyramid is made, gets none under its old version', async () => {
    const item = await lab.save('too-late.png', await png(PICTURE));
    await utimes(item.source.file, new Date(), new Date(Date.now() - 60_000));
    const pyramids = pyramidsIn(lab.file('pyramids'));
    pyramids.want(item);
    await until(() => failures.length > 0);
    await pyramids.close();
    expect(failures.splice(0)).toEqual([expect.stringContaining('changed')]);
    expect(await pyramids.find(item)).toBeNull();
  });
});

describe('a pyramid that is damaged', () => {
  it.each([
    ['cut off', (file: string, bytes: Buffer) => writeFile(file, bytes.subarray(0, 3_000))],
    ['of zeros', (file: string, bytes: Buffer) => writeFile(file, Buffer.alloc(bytes.length))],
    ['of another picture', async (file: string) => writeFile(file, await open(paint(300, 200)).tiff(JPEG_TILES).toBuffer())],
    ['gone', (file: string) => rm(file)],
  ])('because it is %s, is not used, and the answer comes from the source', async (how, damage) => {
    const item = await lab.save(`damaged ${how}.png`, await png(PICTURE));
    const known = new Set(await pyramidFiles());
    await makePyramidOf(item);
    const [file] = (await pyramidFiles()).filter((each) => !known.has(each));
    if (file === undefined) throw new Error('there is no new pyramid');
    expect((await lab.reader.describe(item)).pyramid).toBe(true);
    await damage(file, await readFile(file));
    const tile = await decode(await lab.render(item, { region: TILE, format: 'jpg' }), 3);
    expect(difference(tile, crop(PICTURE, TILE.x, TILE.y, TILE.width, TILE.height)).mean).toBeLessThan(2);
    await until(() => failures.length > 0);
    expect(failures.splice(0)).toHaveLength(1);
    expect((await lab.reader.describe(item)).pyramid).toBe(false);
    await expect.poll(() => pyramidFiles()).not.toContain(file);
  });
});

describe('a tier', () => {
  const TIERS: ReadonlyArray<readonly [string, Partial<Tier>]> = [
    ['blacks out', { blackout: [{ x: 20, y: 20, width: 20, height: 20 }] }],
    ['blurs', { blur: [{ x: 20, y: 20, width: 20, height: 20 }] }],
    ['is limited in size', { maxSize: 700 }],
  ];
  it.each(TIERS)('that %s has the pixels of the source, whether there is a pyramid or not', async (what, tier) => {
    const item = await lab.save(`hidden ${what}.png`, await png(PICTURE));
    await makePyramidOf(item);
    const lesser = { ...item, tier: { ...PLAIN_TIER, ...tier } };
    const plain = await openLab();
    const wanted = { region: { x: 100, y: 100, width: 512, height: 300 }, size: { width: 256, height: 150 }, format: 'jpg' } as const;
    expect(Buffer.from(await lab.render(lesser, wanted))).toEqual(Buffer.from(await plain.render(lesser, wanted)));
    expect((await lab.reader.describe(lesser)).pyramid).toBe(false);
    await plain.close();
  });

  it('with a watermark is made of the pyramid', async () => {
    const item = await lab.save('marked.png', await png(PICTURE));
    await makePyramidOf(item);
    const tier: Tier = { ...PLAIN_TIER, watermark: { mark: 'Example', opacity: 0.5, place: 'everywhere' } };
    expect((await lab.reader.describe({ ...item, tier })).pyramid).toBe(true);
    const plain = await openLab();
    const [kept, fresh] = [
      await lab.render({ ...item, tier }, { region: TILE, format: 'jpg' }),
      await plain.render({ ...item, tier }, { region: TILE, format: 'jpg' }),
    ];
    expect(difference(await decode(kept, 3), await decode(fresh, 3)).mean).toBeLessThan(3);
    await plain.close();
  });
});

describe('the folder of pyramids', () => {
  it('has a place for so many makers at a time, in whatever process', async () => {
    const [name, never] = [lab.file('maker'), new AbortController().signal];
    const first = await claimOneOf(name, 2, never);
    expect(await claimOneOf(name, 2, never)).not.toBeNull();
    const stop = new AbortController();
    const third = claimOneOf(name, 2, stop.signal);
    stop.abort();
    expect(await third).toBeNull();
    await first?.();
    expect(await claimOneOf(name, 2, never)).not.toBeNull();
    // Whoever has it is gone when the file was not touched for long.
    const long = new Date(Date.now() - 600_000);
    await utimes(`${name}-1`, long, long);
    expect(await claimOneOf(name, 2, never)).not.toBeNull();
  });

  it('gives the place of a maker that was killed to the next one at once', async () => {
    const name = lab.file('killed-maker');
    const maker = spawn(process.execPath, ['--input-type=module', '--eval', HOLD_A_PLACE, CLAIM, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(maker.stdout, 'data');
    expect(await claimAtOnce(name)).toBeNull();
    const ended = once(maker, 'exit');
    maker.kill('SIGKILL');
    await ended;
    expect(await claimAtOnce(name)).not.toBeNull();
    expect(await claimAtOnce(name)).toBeNull();
  });

  it.runIf(process.platform === 'linux')('knows a process by more than a number that is given again', async () => {
    const name = lab.file('other-maker');
    await claimAtOnce(name);
    const claim = await readFile(`${name}-0`, 'utf8');
    const change = async (part: RegExp, by: string) => {
      expect(claim).toMatch(part);
      await writeFile(`${name}-0`, claim.replace(part, by));
    };
    // Somebody of another machine, or in another container: that cannot be told from here.
    await change(/"boot":"[^"]+"/, '"boot":"another"');
    expect(await claimAtOnce(name)).toBeNull();
    await change(/"space":"[^"]+"/, '"space":"pid:[1]"');
    expect(await claimAtOnce(name)).toBeNull();
    await change(/"pid":[0-9]+/, '"pid":"1"');
    expect(await claimAtOnce(name)).toBeNull();
    // Somebody who had our number before us.
    await change(/"startedAt":"[0-9]+"/, '"startedAt":"1"');
    expect(await claimAtOnce(name)).not.toBeNull();
  });

  it('gives the place of one that has ended to one of all who see it', async () => {
    const name = lab.file('wanted-maker');
    for (let i = 0; i < 10; i++) {
      await claimAtOnce(name);
      await writeFile(`${name}-0`, (await readFile(`${name}-0`, 'utf8')).replace(/"startedAt":"[0-9]+"/, `"startedAt":"${i + 1}"`));
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimAtOnce(name)));
      expect(claims.filter((each) => each !== null)).toHaveLength(1);
      await rm(`${name}-0`);
    }
  });

  it('keeps within its bound, and those go first that were not used for the longest', async () => {
    const folder = lab.file('bounded');
    await mkdir(join(folder, 'paa'), { recursive: true });
    for (const [i, name] of ['old', 'older', 'new', 'made'].entries()) {
      const file = join(folder, 'paa', `${name}.tif`);
      await writeFile(file, Buffer.alloc(1000));
      const used = name === 'made' ? 0 : ([5_000, 4_000, 9_000][i] ?? 0);
      await utimes(file, used, 1_000);
    }
    const stays = (maxBytes: number, unusedSince = Number.POSITIVE_INFINITY) =>
      keepWithin(folder, { maxBytes, unusedSince }, join(folder, 'paa', 'made.tif'));
    const names = async () => (await readdir(join(folder, 'paa'))).sort();
    expect(await stays(3_000)).toBe(true);
    expect(await names()).toEqual(['made.tif', 'new.tif', 'old.tif']);
    expect(await stays(1_500)).toBe(true);
    expect(await names()).toEqual(['made.tif']);
    expect(await stays(500)).toBe(false);
    expect(await names()).toEqual([]);
  });

  it('has no room where all others were used since then', async () => {
    const folder = lab.file('full');
    await mkdir(join(folder, 'paa'), { recursive: true });
    for (const name of ['early', 'late', 'made']) {
      await writeFile(join(folder, 'paa', `${name}.tif`), Buffer.alloc(1000));
      await utimes(join(folder, 'paa', `${name}.tif`), name === 'early' ? 1_000 : 3_000, 1_000);
    }
    expect(await keepWithin(folder, { maxBytes: 1_500, unusedSince: 2_000_000 }, join(folder, 'paa', 'made.tif'))).toBe(false);
    expect(await readdir(join(folder, 'paa'))).toEqual(['late.tif']);
  });

  it('notes that a pyramid was used, and still knows it as the same file', async () => {
    const item = await lab.save('used.png', await png(PICTURE));
    const known = new Set(await pyramidFiles());
    await makePyramidOf(item);
    const [file = ''] = (await pyramidFiles()).filter((each) => !known.has(each));
    await utimes(file, 1_000, (await stat(file)).mtime);
    const another = pyramidsIn(lab.file('pyramids'));
    const source = await another.find(item);
    await expect.poll(async () => (await stat(file)).atimeMs).toBeGreaterThan(1_000_000);
    expect((await stat(file, { bigint: true })).mtime).toEqual(source?.modified);
    await another.close();
  });

  it('is cleared of what was left unfinished, and of nothing that is under way', async () => {
    const folder = lab.file('unfinished');
    for (const name of ['.unfinished-left', '.unfinished-at-work', 'paa']) await mkdir(join(folder, name), { recursive: true });
    await copyFile(lab.file('colour.png'), join(folder, '.unfinished-left', 'pixels.v'));
    const long = new Date(Date.now() - 3_600_000);
    for (const name of ['.unfinished-left', 'paa']) await utimes(join(folder, name), long, long);
    await removeUnfinished(folder);
    expect((await readdir(folder)).sort()).toEqual(['.unfinished-at-work', 'paa']);
  });
});
