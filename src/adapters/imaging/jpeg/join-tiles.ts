/** Pictures made of stored tiles without decoding a pixel. */
import { BitWriter } from './bits.ts';
import { DC_CHROMINANCE, DC_LUMINANCE, encoderOf } from './huffman.ts';
import { type BlockWriting, codingOf, McuReader, mcuSize } from './read-mcus.ts';
import { JpegError, type JpegStream, type JpegTables, parseJpegStream } from './segments.ts';
import { concatenate, type JpegColour, writeHead } from './write-head.ts';

/** Complete tiles of one directory, row by row, and the part of them that is wanted. */
export interface TileMosaic {
  readonly tables: JpegTables;
  /** As they are stored; `columns` in each row. */
  readonly tiles: readonly Uint8Array[];
  readonly columns: number;
  readonly tile: { readonly width: number; readonly height: number };
  /** Within the mosaic, in pixels. Left and top are on the grid of MCUs. */
  readonly part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly colour: JpegColour;
  readonly profile: Uint8Array | null;
}

/** One stored tile as a JPEG of its own: nothing but its head is new. @throws JpegError where it is not of that size. */
export function completeTile({ tables, tiles, tile, colour, profile }: Omit<TileMosaic, 'part' | 'columns'>): Uint8Array {
  const [bytes] = tiles;
  if (bytes === undefined) throw new JpegError('There is no tile');
  const stream = parseJpegStream(bytes, tables);
  if (stream.frame.width !== tile.width || stream.frame.height !== tile.height) throw new JpegError('The tile is of another size');
  if (stream.frame.kind === 0xc2) throw new JpegError('The tile is progressive');
  const head = writeHead(stream, stream.tables, { width: tile.width, height: tile.height, colour, profile });
  return concatenate([head, bytes.subarray(stream.dataStart, stream.dataEnd), Uint8Array.of(0xff, 0xd9)]);
}

/**
 * A part of neighbouring tiles as one JPEG, with the coefficients that are stored. Null where that cannot be had: where the
 * tiles have tables of their own that differ, or are coded in another way. @throws JpegError where a tile is broken.
 */
export function joinTiles(mosaic: TileMosaic): Uint8Array | null {
  const streams = mosaic.tiles.map((bytes) => parseJpegStream(bytes, mosaic.tables));
  const [first] = streams;
  if (first === undefined || !streams.every((stream) => isJoinable(stream, mosaic) && isAlike(stream, first))) return null;
  const mcu = mcuSize(first);
  const { part, tile, columns } = mosaic;
  if (part.x % mcu.width !== 0 || part.y % mcu.height !== 0 || tile.width % mcu.width !== 0 || tile.height % mcu.height !== 0) return null;

  const coding = codingOf(first);
  const readers = mosaic.tiles.map((bytes, i) => new McuReader(bytes, streams[i] as JpegStream, coding));
  const tables = tablesToWrite(first);
  const head = writeHead(first, tables, { width: part.width, height: part.height, colour: mosaic.colour, profile: mosaic.profile });
  const writer = new BitWriter(
    head,
    mosaic.tiles.reduce((sum, each) => sum + each.length, 0),
  );
  const writing = writingOf(first, tables);
  const predictions = new Int32Array(coding.length);

  const across = { perTile: tile.width / mcu.width, from: part.x / mcu.width, to: Math.ceil((part.x + part.width) / mcu.width) };
  const down = { perTile: tile.height / mcu.height, from: part.y / mcu.height, to: Math.ceil((part.y + part.height) / mcu.height) };
  for (let row = 0; row < down.to; row++) {
    const firstOfRow = Math.floor(row / down.perTile) * columns;
    for (let column = 0; column < columns * across.perTile; column++) {
      const reader = readers[firstOfRow + Math.floor(column / across.perTile)] as McuReader;
      if (row >= down.from && column >= across.from && column < across.to) reader.copy(writer, writing, predictions);
      else reader.skip();
    }
  }
  return writer.end();
}

/** Sequential, of 8 bits, all components in one scan, and of the size of a tile. */
function isJoinable({ frame, scan }: JpegStream, { tile }: TileMosaic): boolean {
  return (
    frame.kind !== 0xc2 &&
    frame.precision === 8 &&
    frame.width === tile.width &&
    frame.height === tile.height &&
    scan.length === frame.components.length
  );
}

/** Coefficients mean the same only under the same quantisation; AC codes are copied, so they must be the same too. */
export function isAlike(a: JpegStream, b: JpegStream): boolean {
  if (a === b) return true;
  return (
    JSON.stringify([a.frame.components, a.scan]) === JSON.stringify([b.frame.components, b.scan]) &&
    a.frame.components.every(({ quantisation }) =>
      isSame(a.tables.quantisation.get(quantisation), b.tables.quantisation.get(quantisation)),
    ) &&
    a.scan.every(
      ({ dc, ac }) => isSameCode(a.tables.dc.get(dc), b.tables.dc.get(dc)) && isSameCode(a.tables.ac.get(ac), b.tables.ac.get(ac)),
    )
  );
}

function isSameCode(a: { counts: Uint8Array; symbols: Uint8Array } | undefined, b: typeof a): boolean {
  return a === b || (isSame(a?.counts, b?.counts) && isSame(a?.symbols, b?.symbols));
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Only what is used, and DC codes in which no size is missing. */
function tablesToWrite({ frame, scan, tables }: JpegStream): JpegTables {
  const used = new Set(frame.components.map(({ quantisation }) => quantisation));
  const [luminance] = scan;
  return {
    quantisation: new Map([...tables.quantisation].filter(([number]) => used.has(number))),
    dc: new Map(scan.map(({ dc }) => [dc, dc === luminance?.dc ? DC_LUMINANCE : DC_CHROMINANCE])),
    ac: new Map([...tables.ac].filter(([number]) => scan.some(({ ac }) => ac === number))),
    restartInterval: 0,
  };
}

function writingOf({ scan }: JpegStream, tables: JpegTables): readonly BlockWriting[] {
  const dcs = new Map([...tables.dc].map(([number, table]) => [number, encoderOf(table)]));
  const acs = new Map([...tables.ac].map(([number, table]) => [number, encoderOf(table)]));
  return scan.map(({ dc, ac }) => {
    const [dcEncoder, acEncoder] = [dcs.get(dc), acs.get(ac)];
    if (dcEncoder === undefined || acEncoder === undefined) throw new JpegError('A table of the scan is missing');
    return { dc: dcEncoder, ac: acEncoder };
  });
}
