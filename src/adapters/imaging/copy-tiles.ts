import type { Item } from '../../domain/item.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { chooseLevel } from './choose-level.ts';
import { completeTile, joinTiles, type TileMosaic } from './jpeg/join-tiles.ts';
import type { OpenFiles } from './open-files.ts';
import type { Rect } from './raster.ts';
import type { ByteSource } from './read-bytes.ts';
import type { SourceLayout } from './source-layout.ts';
import { readShape } from './tiff-entries.ts';
import { type JpegTileIndex, readJpegTileIndex } from './tiff-tile-index.ts';

/** Above this many tiles, joining costs more time at once than a request may take from the others. */
const MOST_TILES = 16;

/** A mosaic without its bytes: which tiles, and which part of them. */
interface TilePart {
  readonly index: JpegTileIndex;
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  readonly part: Rect;
}

/** Indexes of a layout's levels, as far as they were wanted. */
const indexes = new WeakMap<SourceLayout, Map<number, Promise<JpegTileIndex | null>>>();

/**
 * The derivative of a plan made of stored JPEG tiles, with their pixels as they are. Null where it cannot be had so: where
 * pixels must be resampled, turned, converted or written in another format.
 */
export async function copyTiles(
  item: Item,
  layout: SourceLayout,
  plan: Plan,
  keepProfile: boolean,
  files: OpenFiles,
): Promise<Uint8Array | null> {
  if (!mayBeCopied(item, layout, plan, keepProfile)) return null;
  const choice = chooseLevel(layout.regionLevels, plan.region, plan.size);
  if (!choice.exact || choice.missing.width > 0 || choice.missing.height > 0 || choice.index >= layout.regionLevels.length) return null;
  return files.use(item.source, async (bytes) => {
    const index = await findIndex(layout, choice.index, bytes);
    if (index === null || (plan.quality === 'gray' && index.colour !== 'gray')) return null;
    const wanted = findPart(index, choice.rect);
    if (wanted.columns * wanted.rows > MOST_TILES) return null;
    return copyPart(wanted, bytes, keepProfile ? layout.profile : null);
  });
}

function mayBeCopied(item: Item, layout: SourceLayout, plan: Plan, keepProfile: boolean): boolean {
  if (plan.format !== 'jpg' || plan.degrees !== 0 || plan.mirrored || plan.quality === 'bitonal') return false;
  if (item.tier !== undefined || layout.orientation !== 1 || layout.regionLevels.length === 0) return false;
  return layout.profile === null || keepProfile;
}

function findIndex(layout: SourceLayout, level: number, bytes: ByteSource): Promise<JpegTileIndex | null> {
  const known = indexes.get(layout) ?? new Map<number, Promise<JpegTileIndex | null>>();
  indexes.set(layout, known);
  const found = known.get(level) ?? readIndex(layout, level, bytes);
  known.set(level, found);
  found.catch(() => known.delete(level));
  return found;
}

async function readIndex(layout: SourceLayout, level: number, bytes: ByteSource): Promise<JpegTileIndex | null> {
  const directory = layout.regionLevels[level]?.directory;
  return directory === undefined ? null : readJpegTileIndex(bytes, await readShape(bytes), directory);
}

function findPart(index: JpegTileIndex, { x, y, width, height }: Rect): TilePart {
  const { tile } = index;
  const [firstColumn, firstRow] = [Math.floor(x / tile.width), Math.floor(y / tile.height)];
  return {
    index,
    firstColumn,
    firstRow,
    columns: Math.ceil((x + width) / tile.width) - firstColumn,
    rows: Math.ceil((y + height) / tile.height) - firstRow,
    part: { x: x - firstColumn * tile.width, y: y - firstRow * tile.height, width, height },
  };
}

async function copyPart(wanted: TilePart, bytes: ByteSource, profile: Uint8Array | null): Promise<Uint8Array | null> {
  const { index, columns, part } = wanted;
  const places = tilesOf(wanted);
  // A tile that was never written is for the decoder to fill.
  if (places.some((place) => index.byteCounts[place] === 0)) return null;
  const tiles = await Promise.all(places.map((place) => bytes.read(index.offsets[place] ?? 0, index.byteCounts[place] ?? 0)));
  const mosaic: TileMosaic = { tables: index.tables, tiles, columns, tile: index.tile, part, colour: index.colour, profile };
  const isOneTile = tiles.length === 1 && part.width === index.tile.width && part.height === index.tile.height;
  return isOneTile ? completeTile(mosaic) : joinTiles(mosaic);
}

function tilesOf({ index, firstColumn, firstRow, columns, rows }: TilePart): readonly number[] {
  return Array.from(
    { length: columns * rows },
    (_, i) => firstColumn + (i % columns) + (firstRow + Math.floor(i / columns)) * index.columns,
  );
}
