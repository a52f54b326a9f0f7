import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJpegStream } from '../../src/adapters/imaging/jpeg/segments.ts';
import { bytesInMemory } from '../../src/adapters/imaging/read-bytes.ts';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import { readTiffPages } from '../../src/adapters/imaging/tiff-directories.ts';
import { readNumbers, readShape } from '../../src/adapters/imaging/tiff-entries.ts';
import { readJpegTileIndex } from '../../src/adapters/imaging/tiff-tile-index.ts';
import type { Item } from '../../src/domain/item.ts';
import type { Plan } from '../../src/iiif/image/plan.ts';
import { decode, difference, type Lab, open, openLab, type Picture, paint, toGray } from './pictures.ts';

const PICTURE = paint(1501, 1103);

let lab: Lab;
let colours: Item;
let gray: Item;
let file: Buffer;

const pyramidOf = (picture: Picture) =>
  open(picture)
    .toColourspace(picture.channels === 1 ? 'b-w' : 'srgb')
    .tiff({ tile: true, tileWidth: 128, tileHeight: 128, compression: 'jpeg', quality: 92, pyramid: true })
    .toBuffer();

beforeAll(async () => {
  lab = await openLab();
  file = await pyramidOf(PICTURE);
  colours = await lab.save('colours.tif', file);
  gray = await lab.save('gray.tif', await pyramidOf(await toGray(PICTURE)));
});
afterAll(() => lab.close());

/** What libvips makes of a region, read from the file as it is. */
async function expected(picture: Picture, { region, size }: Pick<Plan, 'region' | 'size'>): Promise<Picture> {
  const { x: left, y: top, width, height } = region;
  const resized = open(picture)
    .extract({ left, top, width, height })
    .resize({ ...size, fit: 'fill' });
  return decode(await resized.png().toBuffer(), picture.channels === 1 ? 1 : 3);
}

const jpg = (wanted: Pick<Plan, 'region' | 'size'>) => ({ ...wanted, format: 'jpg' as const });

const REGIONS: readonly Pick<Plan, 'region' | 'size'>[] = [
  { region: { x: 0, y: 0, width: 1501, height: 1103 }, size: { width: 600, height: 441 } },
  { region: { x: 0, y: 0, width: 1501, height: 1103 }, size: { width: 1200, height: 882 } },
  { region: { x: 211, y: 101, width: 1000, height: 900 }, size: { width: 500, height: 450 } },
  { region: { x: 210, y: 100, width: 1000, height: 900 }, size: { width: 500, height: 450 } },
  { region: { x: 1301, y: 1003, width: 200, height: 100 }, size: { width: 77, height: 39 } },
  { region: { x: 127, y: 127, width: 2, height: 2 }, size: { width: 2, height: 2 } },
  { region: { x: 3, y: 700, width: 900, height: 5 }, size: { width: 900, height: 5 } },
];

describe('pixels from stored JPEG tiles', () => {
  it.each(REGIONS)('show the picture: $region at $size', async (wanted) => {
    const bytes = await lab.render(colours, jpg(wanted));
    expect(difference(await decode(bytes, 3), await expected(PICTURE, wanted)).mean).toBeLessThan(3);
  });

  it.each(REGIONS)('show a gray picture: $region at $size', async (wanted) => {
    const bytes = await lab.render(gray, jpg(wanted));
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    expect(difference(await decode(bytes, 1), await expected(await toGray(PICTURE), wanted)).mean).toBeLessThan(3);
  });

  it('go row by row from a source with other tiles into a JPEG, in the quality and the direction that were asked for', async () => {
    const tiled = await open(PICTURE).tiff({ compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 128, pyramid: true }).toBuffer();
    const item = await lab.save('lzw.tif', tiled);
    for (const wanted of REGIONS) {
      const picture = await expected(PICTURE, wanted);
      expect(difference(await decode(await lab.render(item, jpg(wanted)), 3), picture).mean).toBeLessThan(3);
      const gray = await lab.render(item, { ...jpg(wanted), quality: 'gray', mirrored: true });
      expect((await sharp(gray).metadata()).channels).toBe(1);
      const mirrored = await decode(await open(picture).flop().png().toBuffer(), 3);
      expect(difference(await decode(gray, 1), await toGray(mirrored)).mean).toBeLessThan(3);
    }
  });

  it('of a source with other tiles that is damaged are an error of the source', async () => {
    const tiled = await open(PICTURE).tiff({ compression: 'lzw', tile: true, tileWidth: 128, tileHeight: 128, pyramid: true }).toBuffer();
    const bytes = bytesInMemory(tiled);
    const [page] = await readTiffPages(bytes);
    const offsets = page?.full.stored?.offsets;
    if (offsets === undefined) throw new Error('no tiles');
    const [first = 0] = await readNumbers(bytes, await readShape(bytes), offsets, 1);
    const item = await lab.save('broken-lzw.tif', Buffer.from(tiled).fill(0xff, first, first + 2000));
    const here = { region: { x: 10, y: 10, width: 100, height: 100 }, size: { width: 90, height: 90 } };
    await expect(lab.render(item, jpg(here))).rejects.toMatchObject({ refusal: { code: 'source.broken' } });
  });

  it('are right for many who ask at the same time', async () => {
    const jobs = Array.from(
      { length: 24 },
      (_, i) => REGIONS[i % REGIONS.length] ?? { region: { x: 0, y: 0, width: 1, height: 1 }, size: { width: 1, height: 1 } },
    );
    const answers = await Promise.all(jobs.map((wanted) => lab.render(colours, jpg(wanted))));
    for (const [i, wanted] of jobs.entries())
      expect(difference(await decode(answers[i] ?? new Uint8Array(), 3), await expected(PICTURE, wanted)).mean).toBeLessThan(3);
  });

  it('are the same without memory for decoded tiles', async () => {
    const other = await openLab({ decodedTileBytes: 0, decodedMemoryBytes: 0 });
    const item = await other.save('colours.tif', file);
    for (const wanted of REGIONS)
      expect(Buffer.compare(await other.render(item, jpg(wanted)), await lab.render(colours, jpg(wanted)))).toBe(0);
    await other.close();
  });

  it('of a tile that is damaged are an error or a picture, and the others stay good', async () => {
    const bytes = bytesInMemory(file);
    const [page] = await readTiffPages(bytes);
    if (page === undefined) throw new Error('no page');
    const index = await readJpegTileIndex(bytes, await readShape(bytes), page.full);
    if (index === null) throw new Error('no tiles');
    const broken = Buffer.from(file);
    const at = index.offsets[0] ?? 0;
    broken.fill(0xff, at + 2, at + (index.byteCounts[0] ?? 0) - 2);
    const item = await lab.save('broken.tif', broken);
    const here = { region: { x: 10, y: 10, width: 100, height: 100 }, size: { width: 90, height: 90 } };
    const answer = await lab.render(item, jpg(here)).catch((error: Error) => error);
    if (answer instanceof Error) expect(answer.message).toContain('broken.tif');
    else expect(await decode(answer, 3)).toMatchObject({ width: 90, height: 90 });
    const beside = { region: { x: 130, y: 130, width: 300, height: 300 }, size: { width: 270, height: 270 } };
    expect(difference(await decode(await lab.render(item, jpg(beside)), 3), await expected(PICTURE, beside)).mean).toBeLessThan(3);
  });

  it('have as much colour as the option says', async () => {
    const stripes = {
      data: new Uint8Array(512 * 512 * 3).map((_, i) => (i % 3 === Math.floor(i / 3) % 2 ? 255 : 0)),
      width: 512,
      height: 512,
      channels: 3,
    };
    const whole = await openLab({ jpegSubsampling: '4:4:4' });
    for (const [at, subsampling] of [
      [lab, '4:2:0'],
      [whole, '4:4:4'],
    ] as const) {
      const item = await at.save('stripes.tif', await pyramidOf(stripes));
      for (const size of [
        { width: 400, height: 400 },
        { width: 333, height: 333 },
      ]) {
        const bytes = await at.render(item, { format: 'jpg', region: { x: 3, y: 5, width: 400, height: 400 }, size });
        const [first] = parseJpegStream(bytes).frame.components;
        expect(first?.horizontal).toBe(subsampling === '4:2:0' ? 2 : 1);
      }
    }
    await whole.close();
  });
});
