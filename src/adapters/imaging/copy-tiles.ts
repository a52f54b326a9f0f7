import type { Item } from '../../domain/item.ts';
import type { Plan } from '../../iiif/image/plan.ts';
import { type Settling, settling } from '../../lib/settling.ts';
import { chooseLevel, type LevelChoice } from './choose-level.ts';
import { completeWebp } from './complete-webp.ts';
import { completeTile, joinTiles, type TileMosaic } from './jpeg/join-tiles.ts';
import { completeLikeOthers } from './like-others.ts';
import type { BytesAtOnce, OpenFiles } from './open-files.ts';
import type { Rect } from './raster.ts';
import type { ByteSource } from './read-bytes.ts';
import type { SourceLayout } from './source-layout.ts';
import { type StripJpeg, takeStripJpeg } from './strip-jpeg.ts';
import type { TiffDirectory } from './tiff-directories.ts';
import { readShape, type TiffShape } from './tiff-entries.ts';
import { isTileLength, type JpegTileIndex, readJpegTileIndex, readWebpTileIndex, type TileIndex } from './tiff-tile-index.ts';

/** Above this many tiles, joining costs more time at once than a request may take from the others. */
const MOST_TILES = 16;
/** Of all tiles that are read for one request; for the same reason. */
const MOST_PIXELS = 2048 * 2048;
/** Pixels along either side. */
const SMALLEST_MCU = 8;

/** A mosaic without its bytes: which tiles, and which part of them. */
export interface TilePart<Index extends TileIndex = TileIndex> {
  readonly index: Index;
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  readonly part: Rect;
}

/** Indexes of a layout's levels, as far as they were wanted. */
const jpegIndexes = new WeakMap<SourceLayout, Map<number, Settling<JpegTileIndex | null>>>();
const webpIndexes = new WeakMap<SourceLayout, Map<number, Settling<TileIndex | null>>>();

/**
 * The derivative of a plan made of what is stored in its format, with the pixels as they are. Null where it cannot be had so:
 * where pixels must be resampled, turned, converted or written in another format.
 */
export async function copyTiles(
  item: Item,
  layout: SourceLayout,
  plan: Plan,
  keepProfile: boolean,
  files: OpenFiles,
): Promise<Uint8Array | null> {
  if (!mayBeCopied(item, layout, plan, keepProfile)) return null;
  const profile = keepProfile ? layout.profile : null;
  if (layout.stripJpeg !== null) return copyWhole(layout.stripJpeg, item, plan, profile, files);
  const choice = chooseStored(layout, plan);
  if (choice === null) return null;
  return files.use(item.source, (bytes) =>
    plan.format === 'webp' ? copyWebpTile(layout, choice, plan, profile, bytes) : copyJpegTiles(layout, choice, plan, profile, bytes),
  );
}

/**
 * What `copyTiles` gives, of JPEG tiles of a file that is open and known; null too where something has to be waited for.
 * @throws JpegError where a tile is broken.
 */
export function copyTilesAtOnce(item: Item, layout: SourceLayout, plan: Plan, keepProfile: boolean, files: OpenFiles): Uint8Array | null {
  if (plan.format !== 'jpg' || !mayBeCopied(item, layout, plan, keepProfile)) return null;
  const choice = chooseStored(layout, plan);
  const index = choice === null ? undefined : jpegIndexes.get(layout)?.get(choice.index)?.value;
  const bytes = files.atOnce(item.source);
  if (choice === null || index === undefined || index === null || bytes === null) return null;
  const wanted = findPart(index, choice.rect);
  if (!mayBeJoined(wanted, plan)) return null;
  const profile = keepProfile ? layout.profile : null;
  if (isWholeTile(wanted)) return completeLikeOthers(index, tilesOf(wanted)[0] ?? 0, profile, bytes);
  const stored = readTilesAtOnce(wanted, bytes);
  return stored === null ? null : joinTiles(mosaicOf(wanted, stored, profile));
}

/** Null where pixels must be made. */
function chooseStored({ regionLevels }: SourceLayout, { region, size }: Plan): LevelChoice | null {
  const choice = chooseLevel(regionLevels, region, size);
  const isStored = choice.exact && choice.missing.width === 0 && choice.missing.height === 0 && choice.index < regionLevels.length;
  return isStored ? choice : null;
}

function mayBeCopied(item: Item, layout: SourceLayout, plan: Plan, keepProfile: boolean): boolean {
  if ((plan.format !== 'jpg' && plan.format !== 'webp') || plan.degrees !== 0 || plan.mirrored || plan.quality === 'bitonal') return false;
  if (item.tier !== undefined || layout.orientation !== 1) return false;
  return layout.profile === null || layout.srgb || keepProfile;
}

async function copyJpegTiles(
  layout: SourceLayout,
  choice: LevelChoice,
  plan: Plan,
  profile: Uint8Array | null,
  bytes: ByteSource,
): Promise<Uint8Array | null> {
  const index = await findJpegIndex(layout, choice.index, bytes);
  const wanted = index === null ? null : findPart(index, choice.rect);
  if (wanted === null || !mayBeJoined(wanted, plan)) return null;
  const stored = await readTiles(wanted, bytes);
  if (stored === null) return null;
  const mosaic = mosaicOf(wanted, stored, profile);
  return isWholeTile(wanted) ? completeTile(mosaic) : joinTiles(mosaic);
}

/** To be asked before anything is read: a part that begins anywhere, as regions do that a reader draws, can hardly ever be joined. */
function mayBeJoined({ index, columns, rows, part }: TilePart<JpegTileIndex>, { quality }: Plan): boolean {
  if (quality === 'gray' && index.colour !== 'gray') return false;
  if (part.x % SMALLEST_MCU !== 0 || part.y % SMALLEST_MCU !== 0) return false;
  const tiles = columns * rows;
  return tiles <= MOST_TILES && tiles * index.tile.width * index.tile.height <= MOST_PIXELS;
}

function mosaicOf({ index, columns, part }: TilePart<JpegTileIndex>, tiles: readonly Uint8Array[], profile: Uint8Array | null): TileMosaic {
  return { tables: index.tables, tiles, columns, tile: index.tile, part, colour: index.colour, profile };
}

/** One tile that needs nothing cut off and no profile put in. */
async function copyWebpTile(
  layout: SourceLayout,
  choice: LevelChoice,
  plan: Plan,
  profile: Uint8Array | null,
  bytes: ByteSource,
): Promise<Uint8Array | null> {
  if (profile !== null || plan.quality === 'gray') return null;
  const index = await findIndex(webpIndexes, readWebpTileIndex, layout, choice.index, bytes);
  const wanted = index === null ? null : findPart(index, choice.rect);
  if (wanted === null || !isWholeTile(wanted)) return null;
  const [tile] = (await readTiles(wanted, bytes)) ?? [];
  return tile === undefined ? null : completeWebp(tile, wanted.index.tile);
}

/** A page that is one JPEG, as it is. */
async function copyWhole(
  stripJpeg: StripJpeg,
  item: Item,
  { region, size, format, quality }: Plan,
  profile: Uint8Array | null,
  files: OpenFiles,
): Promise<Uint8Array | null> {
  const { width, height, colour } = stripJpeg;
  const isWhole = [region, size].every((each) => each.width === width && each.height === height);
  if (!isWhole || format !== 'jpg' || (quality === 'gray' && colour !== 'gray')) return null;
  return files.use(item.source, (bytes) => takeStripJpeg(bytes, stripJpeg, profile));
}

/** Null where the tiles of a level are stored in another way. */
export function findJpegIndex(layout: SourceLayout, level: number, bytes: ByteSource): Promise<JpegTileIndex | null> {
  return findIndex(jpegIndexes, readJpegTileIndex, layout, level, bytes);
}

function findIndex<T extends TileIndex>(
  indexes: WeakMap<SourceLayout, Map<number, Settling<T | null>>>,
  read: (bytes: ByteSource, shape: TiffShape, directory: TiffDirectory) => Promise<T | null>,
  layout: SourceLayout,
  level: number,
  bytes: ByteSource,
): Promise<T | null> {
  const known = indexes.get(layout) ?? new Map<number, Settling<T | null>>();
  indexes.set(layout, known);
  const directory = layout.regionLevels[level]?.directory;
  if (directory === undefined) return Promise.resolve(null);
  const found = known.get(level) ?? settling(readShape(bytes).then((shape) => read(bytes, shape, directory)));
  known.set(level, found);
  found.promise.catch(() => known.delete(level));
  return found.promise;
}

export function findPart<Index extends TileIndex>(index: Index, { x, y, width, height }: Rect): TilePart<Index> {
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

function isWholeTile({ index, columns, rows, part }: TilePart): boolean {
  return columns === 1 && rows === 1 && part.width === index.tile.width && part.height === index.tile.height;
}

/** Null where one was never written, which is for the decoder to fill, or has more bytes than any tile. */
async function readTiles(wanted: TilePart, bytes: ByteSource): Promise<readonly Uint8Array[] | null> {
  const { offsets, byteCounts } = wanted.index;
  const places = tilesOf(wanted);
  const lengths = places.map((place) => byteCounts[place] ?? 0);
  if (!lengths.every(isTileLength)) return null;
  return Promise.all(places.map((place, i) => bytes.read(offsets[place] ?? 0, lengths[i] ?? 0)));
}

function readTilesAtOnce(wanted: TilePart, bytes: BytesAtOnce): readonly Uint8Array[] | null {
  const { offsets, byteCounts } = wanted.index;
  const tiles: Uint8Array[] = [];
  for (const place of tilesOf(wanted)) {
    const length = byteCounts[place] ?? 0;
    if (!isTileLength(length)) return null;
    const tile = Buffer.allocUnsafeSlow(length);
    if (!bytes.readInto(tile, 0, offsets[place] ?? 0, length)) return null;
    tiles.push(tile);
  }
  return tiles;
}

export function tilesOf({ index, firstColumn, firstRow, columns, rows }: TilePart): readonly number[] {
  return Array.from(
    { length: columns * rows },
    (_, i) => firstColumn + (i % columns) + (firstRow + Math.floor(i / columns)) * index.columns,
  );
}
