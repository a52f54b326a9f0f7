import { setImmediate } from 'node:timers/promises';
import type { Item } from '../../domain/item.ts';
import { Failure } from '../../lib/problems.ts';
import { findJpegIndex, findPart, type TilePart, tilesOf } from './copy-tiles.ts';
import type { DecodedTiles } from './decoded-tiles.ts';
import { completeTile } from './jpeg/join-tiles.ts';
import type { OpenFiles } from './open-files.ts';
import { type Pixels, pixelsOf } from './pixels.ts';
import type { Raster, Rect } from './raster.ts';
import type { ByteSource } from './read-bytes.ts';
import type { Scratch } from './scratch.ts';
import { sourceKey } from './source-key.ts';
import type { SourceLayout } from './source-layout.ts';
import type { JpegTileIndex } from './tiff-tile-index.ts';
import { decodeJpeg } from './turbo-codec.ts';

/** Above this, decoded tiles would push each other out of memory, and putting them together would keep others waiting. */
const MOST_PIXELS = 8_000_000;
/** As many as there are threads for such work, so that reading a file waits for no long queue of them. */
const TILES_AT_ONCE = 4;
/** Copied at a time, before others have their turn. */
const PIXELS_BETWEEN_TURNS = 500_000;

export interface TileStores {
  readonly files: OpenFiles;
  readonly tiles: DecodedTiles;
  readonly scratch: Scratch;
}

/**
 * A rectangle of one level, put together of its stored JPEG tiles. Only those that it touches are decoded, and each is kept
 * as long as there is room. Null where it cannot be had so: then libvips reads it, and judges what is damaged.
 */
export async function readTiles(
  item: Item,
  layout: SourceLayout,
  level: number,
  rect: Rect,
  keepProfile: boolean,
  { files, tiles, scratch }: TileStores,
): Promise<Pixels | null> {
  const isAsStored = layout.orientation === 1 && (layout.profile === null || layout.srgb || keepProfile);
  if (!isAsStored || rect.width * rect.height > MOST_PIXELS) return null;
  return files.use(item.source, async (bytes) => {
    const index = await findJpegIndex(layout, level, bytes);
    if (index === null) return null;
    const part = findPart(index, rect);
    if (tilesOf(part).some((place) => index.byteCounts[place] === 0)) return null;
    const buffer = scratch.take(rect.width * rect.height * channelsOf(index));
    const release = () => scratch.giveBack(buffer);
    try {
      const key = `${sourceKey(item)}\n${level} `;
      return { ...pixelsOf(await putTogether(part, key, bytes, tiles, buffer)), release };
    } catch (error) {
      release();
      if (error instanceof Failure) throw error;
      return null;
    }
  });
}

async function putTogether(
  wanted: TilePart<JpegTileIndex>,
  key: string,
  bytes: ByteSource,
  tiles: DecodedTiles,
  into: Buffer,
): Promise<Raster> {
  const { index, part } = wanted;
  const channels = channelsOf(index);
  const tileBytes = index.tile.width * index.tile.height * channels;
  const show = (i: number) => (tile: Buffer) => copyInto(into, wanted, i, tile, channels);
  const decode = (place: number) => (buffer: Buffer) => decodeTile(index, place, bytes, buffer);
  let missing: Promise<void>[] = [];
  let pixels = 0;
  for (const [i, place] of tilesOf(wanted).entries()) {
    if (!tiles.lookAtOnce(`${key}${place}`, show(i))) {
      const work = tiles.use(`${key}${place}`, tileBytes, decode(place), show(i));
      // Heard below; it may fail before.
      work.catch(() => {});
      missing.push(work);
    }
    if (missing.length === TILES_AT_ONCE) {
      await allEnded(missing);
      missing = [];
    }
    pixels += index.tile.width * index.tile.height;
    if (pixels < PIXELS_BETWEEN_TURNS) continue;
    pixels = 0;
    await setImmediate();
  }
  await allEnded(missing);
  const { width, height } = part;
  return { data: into.subarray(0, width * height * channels), width, height, channels };
}

/** Waits for all before it rejects: none may still write into what is given back then. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const work of await Promise.allSettled(works)) {
    if (work.status === 'rejected') throw work.reason;
  }
}

async function decodeTile(index: JpegTileIndex, place: number, bytes: ByteSource, into: Buffer): Promise<void> {
  const { tables, tile, colour } = index;
  const stored = await bytes.read(index.offsets[place] ?? 0, index.byteCounts[place] ?? 0);
  await decodeJpeg(completeTile({ tables, tiles: [stored], tile, colour, profile: null }), channelsOf(index), into);
}

/** What is wanted of the tile at position `i` of a part. Tiles lie row by row, each with its own rows of pixels. */
function copyInto(into: Buffer, { index, columns, part }: TilePart, i: number, decoded: Buffer, channels: number): void {
  const { tile } = index;
  const [left, top] = [(i % columns) * tile.width, Math.floor(i / columns) * tile.height];
  const [x, right] = [Math.max(part.x, left), Math.min(part.x + part.width, left + tile.width)];
  const [y, bottom] = [Math.max(part.y, top), Math.min(part.y + part.height, top + tile.height)];
  const bytes = (right - x) * channels;
  for (let row = y; row < bottom; row++) {
    const from = ((row - top) * tile.width + x - left) * channels;
    decoded.copy(into, ((row - part.y) * part.width + x - part.x) * channels, from, from + bytes);
  }
}

function channelsOf({ colour }: JpegTileIndex): 1 | 3 {
  return colour === 'gray' ? 1 : 3;
}
