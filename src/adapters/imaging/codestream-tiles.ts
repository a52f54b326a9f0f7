/**
 * Tiles of a JPEG 2000 codestream, taken out and put together without decoding. ITU-T T.800 annex A.
 * A tile can be moved on the reference grid by whole tiles when the tile's side is a power of two: the wavelets keep their parity, and code-blocks
 * and precincts, whose sides are powers of two as well, divide it in the same way (B.6, B.7).
 */
import { concat } from './bytes.ts';
import { type Codestream, Jp2Error, type Jp2Header } from './jp2-header.ts';
import type { Rect } from './raster.ts';
import type { ByteSource } from './read-bytes.ts';

export interface TilePart {
  readonly tile: number;
  /** In the file. */
  readonly offset: number;
  readonly length: number;
}

/** Columns and rows of tiles, counted from the first that holds pixels. */
export interface TileRange {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

const SOT = 0xff90;
const EOC = 0xffd9;
const MAX_TILE_PARTS = 1_000_000;
/** Markers of the main header that point at or pack what lies in tiles, and are of no use after a selection. */
const POINTERS: ReadonlySet<number> = new Set([0xff55, 0xff57]);
const PACKED_HEADERS = 0xff60;

/** The tiles that hold a rectangle, given from the upper left of the image area. */
export function tilesOf({ x0, y0, tile }: Codestream, rect: Rect): TileRange {
  const left = x0 - tile.x0 + rect.x;
  const top = y0 - tile.y0 + rect.y;
  const column = Math.floor(left / tile.width);
  const row = Math.floor(top / tile.height);
  return {
    column,
    row,
    columns: Math.ceil((left + rect.width) / tile.width) - column,
    rows: Math.ceil((top + rect.height) / tile.height) - row,
  };
}

/** Every tile-part in order. Throws `Jp2Error` where one reaches beyond the end: the file is cut off. */
export async function listTileParts(bytes: ByteSource, { codestream, offset, length }: Jp2Header): Promise<readonly TilePart[]> {
  const parts: TilePart[] = [];
  const end = offset + length;
  for (let at = offset + codestream.headerBytes; at + 2 <= end; ) {
    const marker = view(await bytes.read(at, 2)).getUint16(0);
    if (marker === EOC) return parts;
    if (marker !== SOT) throw new Jp2Error('A tile-part does not follow the one before it');
    const head = view(await bytes.read(at, 12));
    const stated = head.getUint32(6);
    const partLength = stated === 0 ? end - at : stated;
    if (partLength < 14 || at + partLength > end) throw new Jp2Error('The codestream is cut off');
    parts.push({ tile: head.getUint16(4), offset: at, length: partLength });
    if (parts.length > MAX_TILE_PARTS) throw new Jp2Error('Too many tile-parts');
    at += partLength;
  }
  if (parts.length === 0) throw new Jp2Error('The codestream holds no tile');
  return parts;
}

/** Whether there are tiles, and they may be moved and so be taken out. */
export function canTakeTiles({ x0, y0, x1, y1, tile, decompositions }: Codestream): boolean {
  const tiled = tile.width < x1 - x0 || tile.height < y1 - y0;
  const movable = isPowerOfTwo(tile.width) && isPowerOfTwo(tile.height);
  return tiled && movable && Math.min(tile.width, tile.height) >= 2 ** decompositions;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

/**
 * A codestream of its own with just these tiles, moved to the upper left of the grid; null where packet headers are packed in the main
 * header and cannot be divided.
 */
export async function selectTiles(
  bytes: ByteSource,
  header: Jp2Header,
  parts: readonly TilePart[],
  range: TileRange,
): Promise<Uint8Array | null> {
  const { codestream, offset } = header;
  const main = await bytes.read(offset, codestream.headerBytes);
  const kept = keepMarkers(main);
  if (kept === null) return null;
  const across = Math.ceil((codestream.x1 - codestream.tile.x0) / codestream.tile.width);
  const chunks: Uint8Array[] = [writeArea(kept, areaOf(codestream, range))];
  for (const part of parts) {
    const column = (part.tile % across) - range.column;
    const row = Math.floor(part.tile / across) - range.row;
    if (column < 0 || row < 0 || column >= range.columns || row >= range.rows) continue;
    const chunk = copy(await bytes.read(part.offset, part.length));
    view(chunk).setUint16(4, row * range.columns + column);
    view(chunk).setUint32(6, part.length);
    chunks.push(chunk);
  }
  chunks.push(Uint8Array.of(0xff, 0xd9));
  return concat(chunks);
}

export interface Area {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly tile: Codestream['tile'];
}

/** The image area that these tiles cover, moved so that the first of them is the first of its grid. */
export function areaOf({ x0, y0, x1, y1, tile }: Codestream, range: TileRange): Area {
  const movedX = range.column * tile.width;
  const movedY = range.row * tile.height;
  return {
    x0: Math.max(x0 - movedX, tile.x0),
    y0: Math.max(y0 - movedY, tile.y0),
    x1: Math.min(x1 - movedX, tile.x0 + range.columns * tile.width),
    y1: Math.min(y1 - movedY, tile.y0 + range.rows * tile.height),
    tile,
  };
}

/** One codestream out of codestreams of one tile each, in the order of the grid. All were made with the same settings. */
export function joinTiles(tiles: ReadonlyArray<{ bytes: Uint8Array; headerBytes: number }>, area: Area): Uint8Array {
  const first = tiles[0];
  if (first === undefined) throw new Jp2Error('No tiles to join');
  const main = keepMarkers(first.bytes.subarray(0, first.headerBytes));
  if (main === null) throw new Jp2Error('Packed packet headers cannot be joined');
  const chunks = [writeArea(main, area)];
  tiles.forEach(({ bytes, headerBytes }, index) => {
    const end = view(bytes).getUint16(bytes.length - 2) === EOC ? bytes.length - 2 : bytes.length;
    const part = copy(bytes.subarray(headerBytes, end));
    if (view(part).getUint16(0) !== SOT) throw new Jp2Error('A tile without a start');
    view(part).setUint16(4, index);
    view(part).setUint32(6, part.length);
    chunks.push(part);
  });
  chunks.push(Uint8Array.of(0xff, 0xd9));
  return concat(chunks);
}

/** The main header without pointers into tiles; null where it packs their headers. */
function keepMarkers(main: Uint8Array): Uint8Array | null {
  const kept: Uint8Array[] = [main.subarray(0, 2)];
  for (let at = 2; at + 4 <= main.length; ) {
    const marker = view(main).getUint16(at);
    const length = view(main).getUint16(at + 2) + 2;
    if (marker === PACKED_HEADERS) return null;
    if (!POINTERS.has(marker)) kept.push(main.subarray(at, at + length));
    at += length;
  }
  return concat(kept);
}

/** Rewrites SIZ, which always comes first (A.5.1). */
function writeArea(main: Uint8Array, { x0, y0, x1, y1, tile }: Area): Uint8Array {
  const out = copy(main);
  const at = view(out);
  [x1, y1, x0, y0, tile.width, tile.height, tile.x0, tile.y0].forEach((value, i) => {
    at.setUint32(8 + i * 4, value);
  });
  return out;
}

/** `slice` would not copy a Buffer. */
function copy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
